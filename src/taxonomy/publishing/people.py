"""People: who may act here, in which roles, and for which organisations and areas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from taxonomy.errors import InputError, NotAllowedError, NotFoundError
from taxonomy.namespaces import EXAMPLE, ID
from taxonomy.publishing import person as persons
from taxonomy.publishing import tokens
from taxonomy.publishing.accounts import PasswordRow, PersonRow, RemitRow, RoleRow, SessionRow, TokenRow
from taxonomy.publishing.base import MOST
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.person import EVERY_SCOPE, Person, Role, Scope

__all__ = ["EVERY_SCOPE", "People", "Person", "Role", "Scope"]

_LONGEST: Final = 60  # characters of a name
_ORGANISATION: Final = re.compile(rf"(?:{re.escape(ID)}|{re.escape(EXAMPLE)}id/)organisation/[A-Za-z0-9][A-Za-z0-9_-]*")


class People:
    """The people of one home.

    >>> with Ledger(":memory:") as ledger:
    ...     robin, token = People(ledger).add("robin", [Role.CONTRIBUTOR])
    ...     People(ledger).verified("robin", token) == robin
    True
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(
        self,
        name: str,
        roles: Iterable[Role],
        *,
        organisations: Iterable[str] = (),
        areas: Iterable[str] = (),
        by: Person | None = None,
    ) -> tuple[Person, str]:
        """Add somebody; gives the person and a token, which is not kept and cannot be shown again.

        ``organisations`` are the IRIs of those that they speak for, ``areas`` the codes of those that they commission
        in. Until the home has an administrator, whoever can write in its folder adds people; from then on an
        administrator does.

        Raises:
            InputError: the name, the roles, an organisation or an area cannot be used.
            NotAllowedError: the home has an administrator, and nobody with that role is acting.
        """
        held = frozenset(roles)
        name = " ".join(name.split())
        if not name:
            raise InputError("No name was given.", hint="Write a name to act by.")
        if not name.isprintable() or len(name) > _LONGEST:
            raise InputError(f"{name!r} is not a name to act by.", hint="Use 1 to 60 letters, digits or signs.")
        if not held:
            raise InputError(f"{name} needs at least one role.", hint=f"Roles are {', '.join(Role)}.")
        with self._ledger.session() as session:
            needs_administrator(session, by)
            if persons.find(session, name):
                raise InputError(f"There is already somebody called {name}.", hint="Choose another name to act by.")
            row = PersonRow(
                name=name,
                added=datetime.now(UTC),
                roles=[RoleRow(role=role) for role in sorted(held)],
                remits=list(_remits(organisations, areas)),
            )
            session.add(row)
            session.flush()
            return persons.of(row), tokens.issue(session, row)

    def assign(
        self,
        name: str,
        *,
        roles: Iterable[Role] = (),
        organisations: Iterable[str] = (),
        areas: Iterable[str] = (),
        by: Person | None = None,
    ) -> Person:
        """Give somebody these roles, organisations and areas, in the place of those that they have.

        Raises:
            InputError: no role would be left; an organisation or an area cannot be used.
            NotFoundError: nobody has this name.
            NotAllowedError: as for adding; or nobody would be left who looks after people.
        """
        held = frozenset(roles)
        if not held:
            raise InputError(f"{name} needs at least one role.", hint="Disable who should act no longer.")
        with self._ledger.session() as session:
            needs_administrator(session, by)
            row = persons.named(session, name)
            if Role.ADMINISTRATOR not in held:
                _not_the_last(session, row)
            known = {Role(each.role): each for each in row.roles}
            row.roles[:] = [known.get(role) or RoleRow(role=role) for role in sorted(held)]
            remits = {(each.kind, each.key): each for each in row.remits}
            row.remits[:] = [remits.get((each.kind, each.key)) or each for each in _remits(organisations, areas)]
            session.flush()
            return persons.of(row)

    def renew(self, name: str, *, by: Person | None = None) -> str:
        """A new token for somebody, shown once; all old ones are good no longer.

        Raises:
            NotFoundError: nobody has this name.
            NotAllowedError: as for adding.
        """
        with self._ledger.session() as session:
            needs_administrator(session, by)
            row = persons.named(session, name)
            session.execute(delete(TokenRow).where(TokenRow.person_id == row.id))
            return tokens.issue(session, row)

    def disable(self, name: str, *, by: Person | None = None) -> None:
        """Let somebody act no longer, at once. What they did stays in the history, under their name.

        Raises:
            NotFoundError: nobody has this name.
            NotAllowedError: as for adding; or nobody would be left who looks after people.
        """
        with self._ledger.session() as session:
            needs_administrator(session, by)
            row = persons.named(session, name)
            _not_the_last(session, row)
            row.disabled = row.disabled or datetime.now(UTC)
            session.execute(delete(SessionRow).where(SessionRow.person_id == row.id))

    def enable(self, name: str, *, by: Person | None = None) -> None:
        """Let somebody act again, in their roles. Old tokens and the old password stay good for nothing.

        Raises:
            NotFoundError: nobody has this name.
            NotAllowedError: as for adding.
        """
        with self._ledger.session() as session:
            needs_administrator(session, by)
            row = persons.named(session, name)
            if row.disabled is None:
                return
            row.disabled = None
            for held in (TokenRow, PasswordRow):
                session.execute(delete(held).where(held.person_id == row.id))

    def list(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        with self._ledger.session() as session:
            return tuple(persons.of(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.name)))

    def numbered(self, number: int) -> Person:
        """Somebody, by number.

        Raises:
            NotFoundError: nobody has this number.
        """
        with self._ledger.session() as session:
            row = session.get(PersonRow, number) if number <= MOST else None
            if row is None:
                raise NotFoundError("person", str(number))
            return persons.of(row)

    def find(self, name: str) -> Person:
        """Somebody, by name.

        Raises:
            NotFoundError: nobody has this name; names the nearest.
        """
        with self._ledger.session() as session:
            return persons.of(persons.named(session, name))

    def verified(self, name: str, token: str) -> Person:
        """The person who acts, shown by a token to be that person, with the scopes of the token.

        Raises:
            NotAllowedError: the name and the token do not belong together, the token has ended, or the person may no
                longer act.
        """
        with self._ledger.session() as session:
            row = persons.find(session, name)
            known = tokens.good(session, row, token) if row else None
            if row is None or known is None:
                raise NotAllowedError(f"This is not the token of {name}, or it has ended. A token is shown once.")
            if row.disabled:
                raise NotAllowedError(f"{name} may no longer act here.")
            return persons.of(row, tokens.scopes_of(known))


def needs_administrator(session: Session, by: Person | None) -> None:
    """Make sure that an administrator acts, where the home has one.

    Raises:
        NotAllowedError: it has, and whoever acts is none.
    """
    if session.scalar(select(RoleRow).where(RoleRow.role == Role.ADMINISTRATOR).limit(1)) is None:
        return
    if by is None:
        raise NotAllowedError("This home has an administrator, who looks after its people: say who acts (--by NAME).")
    by.must_be("look after people", Role.ADMINISTRATOR, scope=Scope.PEOPLE)


def _not_the_last(session: Session, row: PersonRow) -> None:
    """Make sure that somebody is left who looks after people, where somebody does."""
    others = (
        select(func.count())
        .select_from(RoleRow)
        .join(PersonRow, PersonRow.id == RoleRow.person_id)
        .where(RoleRow.role == Role.ADMINISTRATOR, PersonRow.disabled.is_(None), PersonRow.id != row.id)
    )
    is_one = any(held.role == Role.ADMINISTRATOR for held in row.roles) and row.disabled is None
    if is_one and not session.scalar(others):
        raise NotAllowedError(f"{row.name} is the only administrator left. Give somebody else that role first.")


def _remits(organisations: Iterable[str], areas: Iterable[str]) -> Iterable[RemitRow]:
    for iri in sorted({" ".join(each.split()) for each in organisations}):
        if not _ORGANISATION.fullmatch(iri):
            raise InputError(f"{iri!r} is no organisation's IRI.", hint="It is on the organisation's page.")
        yield RemitRow(kind="organisation", key=iri)
    for code in sorted({each.strip() for each in areas}):
        if not code or not code.isprintable() or len(code) > _LONGEST or " " in code:
            raise InputError(f"{code!r} is no area's code.", hint="For example E23000036.")
        yield RemitRow(kind="area", key=code)
