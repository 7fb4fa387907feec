"""Somebody who may act here: in which roles, for which organisations and areas, and by which right now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from taxonomy.errors import NotAllowedError, NotFoundError
from taxonomy.publishing.accounts import PersonRow


class Role(StrEnum):
    """What somebody does here. One person may have several roles."""

    CONTRIBUTOR = "contributor"  # submits the records of the organisations that they speak for
    COMMISSIONER = "commissioner"  # submits what a commissioner knows of its areas
    STEWARD = "steward"  # approves, returns and publishes what others submitted
    ADMINISTRATOR = "administrator"  # looks after people and their tokens


class Scope(StrEnum):
    """What a token lets its holder do, of what their roles allow. Looking needs none."""

    SUBMIT = "submit"
    REVIEW = "review"  # approve and return
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    PEOPLE = "people"  # look after people and their tokens


EVERY_SCOPE: Final = frozenset(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may act here."""

    id: int
    name: str  # a name to act by, not necessarily the name they were given
    roles: frozenset[Role]
    added: datetime
    disabled: datetime | None = None  # None: may act
    organisations: frozenset[str] = frozenset()  # IRIs of those whose records they submit and see
    areas: frozenset[str] = frozenset()  # codes of those that they commission in
    scopes: frozenset[Scope] = field(default=EVERY_SCOPE)  # what the token that they act with allows

    def must_be(self, to: str, *roles: Role, scope: Scope | None = None) -> None:
        """Make sure that this person has one of the roles that a step takes, and acts with a token that allows it.

        >>> robin = Person(id=1, name="robin", roles=frozenset({Role.CONTRIBUTOR}), added=datetime(2026, 11, 1))
        >>> robin.must_be("publish records", Role.STEWARD)
        Traceback (most recent call last):
        taxonomy.errors.NotAllowedError: robin may not publish records: only somebody with the role steward may.

        Raises:
            NotAllowedError: the person has none of them, or the token is not for this; says what it takes.
        """
        if self.roles.isdisjoint(roles):
            raise NotAllowedError(f"{self.name} may not {to}: only somebody with the role {' or '.join(roles)} may.")
        if scope and scope not in self.scopes:
            raise NotAllowedError(f"{self.name} may not {to} with this token: it takes one with the scope {scope}.")

    def sees(self, owner: str) -> bool:
        """Whether the record of an organisation is this person's to see.

        >>> own = frozenset({"https://example.org/id/organisation/made-up-centre"})
        >>> roles = frozenset({Role.CONTRIBUTOR})
        >>> robin = Person(id=1, name="robin", roles=roles, added=datetime(2026, 11, 1), organisations=own)
        >>> robin.sees("https://example.org/id/organisation/made-up-centre"), robin.sees("https://example.org/id/x")
        (True, False)
        """
        return Role.STEWARD in self.roles or owner in self.organisations


def find(session: Session, name: str) -> PersonRow | None:
    """The row of somebody by name; None where nobody has it."""
    if not name.isprintable():  # no such name is ever given, and some such text no database takes
        return None
    return session.scalar(select(PersonRow).where(PersonRow.name == name))


def named(session: Session, name: str) -> PersonRow:
    """The row of somebody by name.

    Raises:
        NotFoundError: nobody has this name; names the nearest.
    """
    row = find(session, name)
    if row is None:
        names = session.scalars(select(PersonRow.name)).all()
        raise NotFoundError("person", name, near=get_close_matches(name, names))
    return row


def of(row: PersonRow, scopes: frozenset[Scope] = EVERY_SCOPE) -> Person:
    """The person of a row, acting with these scopes."""
    return Person(
        id=row.id,
        name=row.name,
        roles=frozenset(Role(held.role) for held in row.roles),
        added=row.added,
        disabled=row.disabled,
        organisations=frozenset(remit.key for remit in row.remits if remit.kind == "organisation"),
        areas=frozenset(remit.key for remit in row.remits if remit.kind == "area"),
        scopes=scopes,
    )
