"""Tokens: what a program shows to act for somebody.

A token is drawn at random, shown once and kept only as a fingerprint. Random tokens need no slow hash: there is nothing
to guess from. Each says what it may do of what its holder's roles allow, and may end on a day.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from taxonomy.errors import InputError, NotAllowedError, NotFoundError
from taxonomy.publishing import person as persons
from taxonomy.publishing.accounts import PersonRow, TokenRow
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.person import EVERY_SCOPE, Person, Role, Scope

_SHOWN: Final = 12  # signs of a fingerprint that name a token; they tell nothing of it
_LONGEST: Final = 60  # characters of a label


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token; never the token itself."""

    id: str  # to revoke it by
    holder: str
    label: str  # what it is for; may be empty
    scopes: frozenset[Scope]
    issued: datetime
    expires: datetime | None  # None: when it is revoked


class Tokens:
    """The tokens of one home. People look after their own; an administrator looks after everybody's."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def issue(
        self,
        name: str,
        *,
        by: Person,
        scopes: Iterable[Scope] = EVERY_SCOPE,
        label: str = "",
        expires: datetime | None = None,
    ) -> str:
        """Give somebody one more token, which is shown once; those that they have stay good.

        Raises:
            InputError: it would allow nothing, has ended already, or its label cannot be shown.
            NotFoundError: nobody has this name.
            NotAllowedError: it is somebody else's, and whoever acts is no administrator; or this person may not act.
        """
        label, allowed = " ".join(label.split()), frozenset(scopes)
        if not allowed:
            raise InputError("The token would allow nothing.", hint=f"Scopes are {', '.join(Scope)}.")
        if not label.isprintable() or len(label) > _LONGEST:
            raise InputError(f"{label[:_LONGEST]!r} is no label.", hint=f"Use up to {_LONGEST} letters or digits.")
        if expires and expires <= datetime.now(UTC):
            raise InputError("The token would have ended already.", hint="Choose a day that is still to come.")
        if by.name == name and not allowed <= by.scopes:
            raise NotAllowedError(f"{name} acts with a token that allows less than the new one would.")
        with self._ledger.session() as session:
            _own_or_administrator(by, name)
            row = persons.named(session, name)
            if row.disabled:
                raise NotAllowedError(f"{name} may no longer act here.")
            return issue(session, row, scopes=allowed, label=label, expires=expires)

    def list(self, name: str, *, by: Person) -> tuple[Token, ...]:
        """The tokens of somebody, the oldest first; those that have ended too.

        Raises:
            NotFoundError: nobody has this name.
            NotAllowedError: as for issuing one.
        """
        _own_or_administrator(by, name)
        with self._ledger.session() as session:
            row = persons.named(session, name)
            wanted = select(TokenRow).where(TokenRow.person_id == row.id).order_by(TokenRow.issued, TokenRow.sha256)
            return tuple(_token(each) for each in session.scalars(wanted))

    def revoke(self, name: str, token: str, *, by: Person) -> None:
        """Let one token of somebody be good no longer; ``token`` is its ``id``.

        Raises:
            NotFoundError: nobody has this name, or they have no such token.
            NotAllowedError: as for issuing one.
        """
        _own_or_administrator(by, name)
        with self._ledger.session() as session:
            row = persons.named(session, name)
            held = session.scalars(select(TokenRow).where(TokenRow.person_id == row.id)).all()
            found = [each for each in held if each.sha256[:_SHOWN] == token]
            if not found:
                raise NotFoundError("token", token[:_SHOWN])
            session.execute(delete(TokenRow).where(TokenRow.sha256 == found[0].sha256))

    def holder(self, token: str) -> Person:
        """Whoever acts with a token, with its scopes.

        Raises:
            NotAllowedError: it is no token of anybody's, it has ended, or its holder may no longer act.
        """
        with self._ledger.session() as session:
            known = session.get(TokenRow, fingerprint(token))
            if known is None or _ended(known):
                raise NotAllowedError("This token is not known here: it may have been revoked, or have ended.")
            if known.person.disabled:
                raise NotAllowedError(f"{known.person.name} may no longer act here.")
            return persons.of(known.person, scopes_of(known))


def issue(
    session: Session,
    row: PersonRow,
    *,
    scopes: frozenset[Scope] = EVERY_SCOPE,
    label: str = "",
    expires: datetime | None = None,
) -> str:
    """Add a token for the person of a row; the token, which is kept nowhere."""
    token = "svssv_" + secrets.token_urlsafe(32)
    session.add(
        TokenRow(
            sha256=fingerprint(token),
            person_id=row.id,
            issued=datetime.now(UTC),
            label=label,
            scopes=" ".join(sorted(scopes)),
            expires=expires,
        )
    )
    return token


def good(session: Session, row: PersonRow, token: str) -> TokenRow | None:
    """What is known of a token, where it is this person's and has not ended."""
    known = session.get(TokenRow, fingerprint(token))
    return known if known and known.person_id == row.id and not _ended(known) else None


def fingerprint(secret: str) -> str:
    """What is kept of a random secret."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def scopes_of(row: TokenRow) -> frozenset[Scope]:
    """What a token allows."""
    return frozenset(map(Scope, row.scopes.split()))


def _ended(row: TokenRow) -> bool:
    return row.expires is not None and row.expires <= datetime.now(UTC)


def _own_or_administrator(by: Person, name: str) -> None:
    if by.name != name:
        by.must_be("look after the tokens of others", Role.ADMINISTRATOR, scope=Scope.PEOPLE)


def _token(row: TokenRow) -> Token:
    return Token(
        id=row.sha256[:_SHOWN],
        holder=row.person.name,
        label=row.label,
        scopes=scopes_of(row),
        issued=row.issued,
        expires=row.expires,
    )
