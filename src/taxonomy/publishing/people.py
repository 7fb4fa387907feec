"""People: who may act, in which roles, and the tokens that show that it is they.

A token is drawn at random, shown once and kept only as a fingerprint. Random tokens need no slow hash: there is nothing
to guess from.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from taxonomy.errors import InputError, NotAllowedError, NotFoundError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.tables import PersonRow, RoleRow, TokenRow


class Role(StrEnum):
    """What somebody does here. One person may have several roles."""

    CONTRIBUTOR = "contributor"  # submits records of a provider
    COMMISSIONER = "commissioner"  # submits what a commissioner knows of its area
    STEWARD = "steward"  # approves, returns and publishes what others submitted
    ADMINISTRATOR = "administrator"  # looks after people and their tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may act here."""

    id: int
    name: str  # a name to act by, not necessarily the name they were given
    roles: frozenset[Role]
    added: datetime
    disabled: datetime | None = None  # None: may act

    def must_be(self, to: str, *roles: Role) -> None:
        """Make sure that this person has one of the roles that a step takes.

        >>> robin = Person(id=1, name="robin", roles=frozenset({Role.CONTRIBUTOR}), added=datetime.now(UTC))
        >>> robin.must_be("publish records", Role.STEWARD)
        Traceback (most recent call last):
        taxonomy.errors.NotAllowedError: robin may not publish records: only somebody with the role steward may.

        Raises:
            NotAllowedError: the person has none of them; says which role it takes.
        """
        if self.roles.isdisjoint(roles):
            raise NotAllowedError(f"{self.name} may not {to}: only somebody with the role {' or '.join(roles)} may.")


class People:
    """The people of one home.

    >>> with Ledger(":memory:") as ledger:
    ...     robin, token = People(ledger).add("robin", [Role.CONTRIBUTOR])
    ...     People(ledger).verified("robin", token) == robin
    True
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, name: str, roles: Iterable[Role], *, by: Person | None = None) -> tuple[Person, str]:
        """Add somebody; gives the person and a token, which is not kept and cannot be shown again.

        Until the home has an administrator, whoever can write in its folder adds people; from then on an
        administrator does.

        Raises:
            InputError: the name or the roles cannot be used.
            NotAllowedError: the home has an administrator, and nobody with that role is acting.
        """
        held = frozenset(roles)
        name = " ".join(name.split())
        if not name or not name.isprintable() or len(name) > 60:
            raise InputError(f"{name!r} is not a name to act by.", hint="Use 1 to 60 letters, digits or signs.")
        if not held:
            raise InputError(f"{name} needs at least one role.", hint=f"Roles are {', '.join(Role)}.")
        with self._ledger.session() as session:
            _needs_administrator(session, by)
            if _find(session, name):
                raise InputError(f"There is already somebody called {name}.", hint="Choose another name to act by.")
            row = PersonRow(name=name, added=datetime.now(UTC), roles=[RoleRow(role=role) for role in sorted(held)])
            session.add(row)
            session.flush()
            return _person(row), _issue(session, row)

    def renew(self, name: str, *, by: Person | None = None) -> str:
        """A new token for somebody, shown once; the old one is good no longer.

        Raises:
            NotFoundError: nobody has this name.
            NotAllowedError: as for adding.
        """
        with self._ledger.session() as session:
            _needs_administrator(session, by)
            row = _named(session, name)
            session.execute(delete(TokenRow).where(TokenRow.person_id == row.id))
            return _issue(session, row)

    def disable(self, name: str, *, by: Person | None = None) -> None:
        """Let somebody act no longer. What they did stays in the history, under their name.

        Raises:
            NotFoundError: nobody has this name.
            NotAllowedError: as for adding.
        """
        with self._ledger.session() as session:
            _needs_administrator(session, by)
            _named(session, name).disabled = datetime.now(UTC)

    def list(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        with self._ledger.session() as session:
            return tuple(_person(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.name)))

    def find(self, name: str) -> Person:
        """Somebody, by name.

        Raises:
            NotFoundError: nobody has this name; names the nearest.
        """
        with self._ledger.session() as session:
            return _person(_named(session, name))

    def verified(self, name: str, token: str) -> Person:
        """The person who acts, shown by a token to be that person.

        Raises:
            NotAllowedError: the name and the token do not belong together, or the person may no longer act.
        """
        with self._ledger.session() as session:
            row = _find(session, name)
            known = session.get(TokenRow, _fingerprint(token))
            if row is None or known is None or known.person_id != row.id:
                raise NotAllowedError(f"This is not the token of {name}. It was shown once, when {name} was added.")
            if row.disabled:
                raise NotAllowedError(f"{name} may no longer act here.")
            return _person(row)


def _find(session: Session, name: str) -> PersonRow | None:
    if not name.isprintable():  # no such name is ever given, and some such text no database takes
        return None
    return session.scalar(select(PersonRow).where(PersonRow.name == name))


def _named(session: Session, name: str) -> PersonRow:
    row = _find(session, name)
    if row is None:
        names = session.scalars(select(PersonRow.name)).all()
        raise NotFoundError("person", name, near=get_close_matches(name, names))
    return row


def _needs_administrator(session: Session, by: Person | None) -> None:
    if session.scalar(select(RoleRow).where(RoleRow.role == Role.ADMINISTRATOR).limit(1)) is None:
        return
    if by is None:
        raise NotAllowedError("This home has an administrator, who looks after its people: say who acts (--by NAME).")
    by.must_be("look after people", Role.ADMINISTRATOR)


def _issue(session: Session, row: PersonRow) -> str:
    token = "svssv_" + secrets.token_urlsafe(32)
    session.add(TokenRow(sha256=_fingerprint(token), person_id=row.id, issued=datetime.now(UTC)))
    return token


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def _person(row: PersonRow) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        roles=frozenset(Role(held.role) for held in row.roles),
        added=row.added,
        disabled=row.disabled,
    )
