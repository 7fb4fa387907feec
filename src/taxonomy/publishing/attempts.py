"""Tries to sign in: so many in an hour, and no more, for each name, each address, and each name from one address.

Names and addresses are kept as salted hashes only; salt and tries are thrown away after an hour at most.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from taxonomy.budgets import network
from taxonomy.errors import LimitError
from taxonomy.publishing.accounts import AttemptRow, SaltRow
from taxonomy.publishing.ledger import Ledger

_KEPT: Final = timedelta(hours=1)
MOST_BOTH: Final = 5  # wrong passwords of one name from one address
MOST_ADDRESS: Final = 30  # from one address: an office has several people
MOST_NAME: Final = 50  # of one name from anywhere: few to a guesser, and too many to lock somebody out in passing


class Attempts:
    """The tries of this hour, at one home."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def begin(self, name: str, address: str, *, now: datetime | None = None) -> None:
        """Note a try, before anything is compared: many at once count too.

        Raises:
            LimitError: there were too many; says how long to wait. It is the same whether anybody has the name.
        """
        now = now or datetime.now(UTC)
        with self._ledger.session() as session:
            salt = _salt(session, now)
            row = _row(salt.salt, name, address, now)
            session.add(row)
            session.flush()
            for column, most in (
                (AttemptRow.both, MOST_BOTH),
                (AttemptRow.address, MOST_ADDRESS),
                (AttemptRow.name, MOST_NAME),
            ):
                found = select(func.count()).where(column == getattr(row, column.key))
                if (session.scalar(found) or 0) > most:
                    wait = max((salt.made + _KEPT - now).total_seconds(), 1.0)
                    minutes = math.ceil(wait / 60)
                    raise LimitError(
                        "budget",
                        f"There were too many tries to sign in. Try again in {minutes} "
                        f"{'minute' if minutes == 1 else 'minutes'}.",
                        wait=wait,
                    )

    def tidy(self, *, now: datetime | None = None) -> None:
        """Throw away what is older than an hour, where nobody tried since."""
        with self._ledger.session() as session:
            if kept := session.get(SaltRow, 1):
                _renewed(session, kept, now or datetime.now(UTC))

    def succeeded(self, name: str, address: str) -> None:
        """Forget the tries of somebody who has shown who they are, from where they are."""
        with self._ledger.session() as session:
            if salt := session.get(SaltRow, 1):
                both = _row(salt.salt, name, address, salt.made).both
                session.execute(delete(AttemptRow).where(AttemptRow.both == both))


def _salt(session: Session, now: datetime) -> SaltRow:
    """The salt of this hour; a new one throws away what was known by the old."""
    kept = session.get(SaltRow, 1, with_for_update=True)
    if kept is None:
        kept = SaltRow(id=1, salt=secrets.token_bytes(16), made=now)
        session.add(kept)
    return _renewed(session, kept, now)


def _renewed(session: Session, kept: SaltRow, now: datetime) -> SaltRow:
    if not timedelta() <= now - kept.made < _KEPT:
        session.execute(delete(AttemptRow))
        kept.salt, kept.made = secrets.token_bytes(16), now
    return kept


def _row(salt: bytes, name: str, address: str, now: datetime) -> AttemptRow:
    whose, where = name.casefold(), network(address)
    return AttemptRow(
        name=_hashed(salt, "name", whose),
        address=_hashed(salt, "address", where),
        both=_hashed(salt, "both", whose, where),
        when=now,
    )


def _hashed(salt: bytes, *parts: str) -> str:
    text = "\0".join(parts).encode(errors="surrogateescape")
    return hashlib.blake2b(text, key=salt, digest_size=16).hexdigest()
