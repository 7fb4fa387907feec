"""Passwords: what people sign in with at the desk. Kept as argon2 hashes; whether a name is known cannot be told.

A password has 12 to 200 signs. There is no rule about kinds of signs: length is what makes one hard to guess.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import UTC, datetime
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select

from taxonomy.errors import InputError, NotAllowedError
from taxonomy.publishing import person as persons
from taxonomy.publishing.accounts import PasswordRow, PersonRow, SessionRow
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import needs_administrator
from taxonomy.publishing.person import Person

SHORTEST: Final = 12
LONGEST: Final = 200
_FEWEST: Final = 5  # different signs
_HASHER: Final = PasswordHasher()  # 64 MiB and three rounds, as RFC 9106 advises
_AT_ONCE: Final = BoundedSemaphore(2)  # each takes that memory
_WRONG: Final = "The name or the password is not right."


class Passwords:
    """The passwords of one home.

    >>> from taxonomy.publishing.people import People, Role
    >>> with Ledger(":memory:") as ledger:
    ...     robin, _ = People(ledger).add("robin", [Role.CONTRIBUTOR])
    ...     Passwords(ledger).set("robin", "a made-up password")
    ...     Passwords(ledger).shown("robin", "a made-up password") == robin
    True
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def set(self, name: str, password: str, *, by: Person | None = None) -> None:
        """Give somebody a password, in the place of any that they have; whoever is signed in as them is so no longer.

        People set their own; an administrator, or, where there is none, whoever can write in the home, sets others'.

        Raises:
            InputError: the password is too easily guessed; says why.
            NotFoundError: nobody has this name.
            NotAllowedError: it is somebody else's, and whoever acts is no administrator; or they may no longer act.
        """
        hashed = _hash(_fit(name, password))
        with self._ledger.session() as session:
            if by is None or by.name != name:
                needs_administrator(session, by)
            row = persons.named(session, name)
            if row.disabled:
                raise NotAllowedError(f"{name} may no longer act here.")
            session.merge(PasswordRow(person_id=row.id, hash=hashed, changed=datetime.now(UTC)))
            session.execute(delete(SessionRow).where(SessionRow.person_id == row.id))

    def shown(self, name: str, password: str) -> Person:
        """The person who shows that they are somebody, by that person's password.

        It takes the same time, and fails in the same words, whether the name or the password is wrong.

        Raises:
            NotAllowedError: they do not belong together, or the person may no longer act.
        """
        with self._ledger.session() as session:
            row = persons.find(session, name)
            kept = session.get(PasswordRow, row.id) if row else None
            hashed = kept.hash if kept else _nobody()
            person = persons.of(row) if row and kept else None
        right = _verify(hashed, password)
        if person is None or not right or person.disabled:
            raise NotAllowedError(_WRONG)
        if _HASHER.check_needs_rehash(hashed):
            self._renew(person.id, hashed, _hash(password))
        return person

    def held(self) -> bool:
        """Whether anybody can sign in with one."""
        able = select(PasswordRow.person_id).join(PersonRow).where(PersonRow.disabled.is_(None)).limit(1)
        with self._ledger.session() as session:
            return session.scalar(able) is not None

    def _renew(self, person: int, old: str, new: str) -> None:
        with self._ledger.session() as session:
            kept = session.get(PasswordRow, person)
            if kept and kept.hash == old:  # or it was changed meanwhile
                kept.hash = new


def prepare() -> None:
    """Make ready what is compared for an unknown name, so that the first such name takes no longer than others."""
    _nobody()


def _fit(name: str, password: str) -> str:
    """The password, where it is not too easily guessed."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"A password has {SHORTEST} to {LONGEST} signs, and this has {len(password)}.",
            hint="Three or four words that nobody would put together are easy to keep in mind.",
        )
    if len(set(plain)) < _FEWEST:
        raise InputError("The password repeats the same few signs.", hint="Use words that do not belong together.")
    if name.casefold() in plain:
        raise InputError("The password holds the name.", hint="Use words that nobody would think of with you.")
    return password


def _hash(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(_bytes(password))


def _verify(hashed: str, password: str) -> bool:
    if len(password) > LONGEST:
        password = ""  # nobody has one so long, and hashing it would cost more
    with _AT_ONCE:
        try:
            return _HASHER.verify(hashed, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode(errors="surrogateescape")


@cache
def _nobody() -> str:
    """The hash of a password that nobody has, to be compared where there is none."""
    return _HASHER.hash(secrets.token_urlsafe())
