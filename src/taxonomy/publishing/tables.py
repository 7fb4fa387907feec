"""The tables of the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from taxonomy.publishing.chain import Link, commitment


class State(StrEnum):
    """Where a submission stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # a later version of the same record was published
    WITHDRAWN = "withdrawn"  # no longer public
    ERASED = "erased"  # neither public nor kept: only that it was here, and who decided what


MOST: Final = 2**31 - 1  # the largest number of a row: a larger one is nobody's, and no database takes it


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone: SQLite would forget the zone, so it is kept as UTC and read as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the base class names it
        """The moment as it is stored."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the base class names it
        """The moment as it was."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The tables of the ledger."""

    type_annotation_map = {datetime: UtcDateTime, str: Text, bytes: LargeBinary}  # noqa: RUF012  SQLAlchemy reads it from the class


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


class SubmissionRow(Base):
    """One version of one record; what it says stands in its contents, as long as they are kept."""

    __tablename__ = "submissions"
    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in State)})", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]  # IRI of the organisation that the record is about
    graph: Mapped[str]  # IRI of the named graph it is published as
    commitment: Mapped[str]  # to the contents
    submitted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted: Mapped[datetime]
    state: Mapped[str]
    submitter: Mapped[PersonRow] = relationship(lazy="joined")
    contents: Mapped[ContentsRow | None] = relationship(lazy="joined")


class ContentsRow(Base):
    """What one version says, as it came and as it was read. Never changed, but may have to be destroyed."""

    __tablename__ = "contents"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    salt: Mapped[bytes]
    file_name: Mapped[str]  # as the submitter's machine had it: text to show, never a path to open
    sha256: Mapped[str]  # of the file
    file: Mapped[bytes] = mapped_column(deferred=True)
    content: Mapped[bytes] = mapped_column(deferred=True)  # canonical N-Triples
    report: Mapped[str]  # the report it passed with, as JSON
    restricted: Mapped[list[RestrictedRow]] = relationship(lazy="selectin", order_by="RestrictedRow.number")

    @property
    def parts(self) -> tuple[bytes, ...]:
        """Everything that the commitment is to."""
        sealed = (row.commitment.encode() for row in self.restricted)
        return (self.file_name.encode(), self.sha256.encode(), self.file, self.content, self.report.encode(), *sealed)


class Sealed(StrEnum):
    """What is in a box."""

    FACT = "fact"  # one row of the sheet for the steward
    FILE = "file"  # the file as it came: it holds that sheet, so it is kept in no other way


class RestrictedRow(Base):
    """Something for the steward alone, sealed. It goes when its contents go; only its box changes, for a new key."""

    __tablename__ = "restricted"
    submission_id: Mapped[int] = mapped_column(ForeignKey("contents.submission_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1 within a submission
    what: Mapped[str]
    commitment: Mapped[str]  # to what is in the box; a random salt is in there too
    key: Mapped[str]  # the name of the key that opens it
    box: Mapped[bytes] = mapped_column(deferred=True)


class OpeningRow(Base):
    """One time that somebody opened what is sealed of one submission. Added, never changed; it repeats no value."""

    __tablename__ = "openings"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without gaps
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    what: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    seal: Mapped[str]  # over these facts and the seal before
    person: Mapped[PersonRow] = relationship(lazy="joined")

    def sealed_over(self, previous: str) -> str:
        """The seal of this opening over the one before it."""
        facts = (str(self.id), str(self.submission_id), self.what, str(self.person_id), self.when.isoformat())
        return commitment(b"", map(str.encode, (previous, *facts)))


class RequestRow(Base):
    """Somebody's request about something that is public: to correct it, to erase it, or to reply to it.

    Who asked is not kept: the answer goes to where the question came from.
    """

    __tablename__ = "requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    about: Mapped[str]  # IRI of the thing
    received: Mapped[date]
    due: Mapped[date]
    taken_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    closed: Mapped[date | None] = mapped_column(default=None)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)


class DecisionRow(Base):
    """One thing that one person did to one submission. Added, never changed."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without gaps
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    what: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    reason_commitment: Mapped[str]
    seal: Mapped[str]
    person: Mapped[PersonRow] = relationship(lazy="joined")
    reason: Mapped[ReasonRow | None] = relationship(lazy="joined")

    def link(self, about: SubmissionRow) -> Link:
        """What is sealed of it."""
        return Link(
            number=self.id,
            submission=about.id,
            owner=about.owner,
            graph=about.graph,
            contents=about.commitment,
            what=self.what,
            person=self.person_id,
            when=self.when,
            reason=self.reason_commitment,
        )


class ReasonRow(Base):
    """Why, in somebody's own words. Never changed, but may have to be destroyed with what it speaks of."""

    __tablename__ = "reasons"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    salt: Mapped[bytes]
    why: Mapped[str]


class DraftRow(Base):
    """What one person has begun for one organisation, and not yet handed in; see ``drafts``."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("person_id", "owner"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    owner: Mapped[str]  # IRI of the organisation
    changed: Mapped[datetime]
    version: Mapped[int]
    file_name: Mapped[str]  # text to show, never a path to open
    file: Mapped[bytes]
    form: Mapped[str]
    report: Mapped[bytes]


class ProposalRow(Base):
    """One thing that one steward decided on an organisation that records propose.

    Added, never changed. It repeats what records say, and goes when they have to go.
    """

    __tablename__ = "proposals"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  a number is that of a graph, and never given twice
    id: Mapped[int] = mapped_column(primary_key=True)
    iri: Mapped[str]
    names: Mapped[str]  # as records wrote it then, as JSON
    verdict: Mapped[str]
    known: Mapped[str]  # IRI of the entry that it was matched to; empty where it was not
    label: Mapped[str]  # what it is to be called; empty where it was not accepted
    kind: Mapped[str]  # what it was accepted as; empty where it was not
    why: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    person: Mapped[PersonRow] = relationship(lazy="joined")


class RecheckRow(Base):
    """Whether one record conforms to the rules by which it was last checked; see ``rechecking``. It goes with it."""

    __tablename__ = "rechecks"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, autoincrement=False)
    rules: Mapped[str]  # their fingerprint
    conforms: Mapped[bool]
    findings: Mapped[str]  # JSON
    checked: Mapped[datetime]


class HeadRow(Base):
    """The one row that whoever adds to the chain changes first, so that they take turns."""

    __tablename__ = "head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    seal: Mapped[str]
