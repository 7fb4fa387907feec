"""The tables of the ledger that say who may act: people, their roles, and how they show who they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from taxonomy.publishing.base import Base


class PersonRow(Base):
    """Somebody who may act here; a name to act by, not necessarily the name they were given."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    added: Mapped[datetime]
    disabled: Mapped[datetime | None] = mapped_column(default=None)
    roles: Mapped[list[RoleRow]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    remits: Mapped[list[RemitRow]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class RoleRow(Base):
    """One role of one person."""

    __tablename__ = "roles"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class RemitRow(Base):
    """One organisation that a person speaks for, or one area that a person commissions in."""

    __tablename__ = "remits"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # organisation or area
    key: Mapped[str] = mapped_column(primary_key=True)  # the organisation's IRI; the area's code


class TokenRow(Base):
    """The fingerprint of a token; the token itself is shown once and never kept."""

    __tablename__ = "tokens"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issued: Mapped[datetime]
    label: Mapped[str] = mapped_column(default="")  # what it is for, in its holder's words
    scopes: Mapped[str]  # words with spaces between them
    expires: Mapped[datetime | None] = mapped_column(default=None)  # None: when it is revoked
    person: Mapped[PersonRow] = relationship(lazy="joined")


class PasswordRow(Base):
    """What is kept of a person's password: an argon2 hash."""

    __tablename__ = "passwords"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    hash: Mapped[str]
    changed: Mapped[datetime]


class SessionRow(Base):
    """A visit of somebody who signed in, by the fingerprint of what their browser holds."""

    __tablename__ = "sessions"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    begun: Mapped[datetime]
    seen: Mapped[datetime]
    person: Mapped[PersonRow] = relationship(lazy="joined")


class AttemptRow(Base):
    """One try to sign in that did not succeed, or has not yet. Kept for an hour at most, like the salt."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # salted hashes, all three
    address: Mapped[str]
    both: Mapped[str]
    when: Mapped[datetime]


class SaltRow(Base):
    """The one salt of the attempts of this hour."""

    __tablename__ = "salt"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes]
    made: Mapped[datetime]
