"""Sessions: who is signed in at the desk. A browser holds a random word; here stands its fingerprint."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_

from taxonomy.publishing import person as persons
from taxonomy.publishing.accounts import SessionRow
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.person import Person
from taxonomy.publishing.tokens import fingerprint

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=8)
_NOTED: Final = timedelta(minutes=1)  # how exactly it is known when somebody was last here


class Sessions:
    """Those who are signed in at one home. A session ends after half an hour without a request, or after eight."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def begin(self, person: Person, *, now: datetime | None = None) -> str:
        """Sign somebody in: the word that their browser shows from now on, which is kept nowhere."""
        now, word = now or datetime.now(UTC), secrets.token_urlsafe(32)
        over = or_(SessionRow.seen < now - IDLE, SessionRow.begun < now - LONGEST)
        with self._ledger.session() as session:
            session.execute(delete(SessionRow).where(over))
            session.add(SessionRow(sha256=fingerprint(word), person_id=person.id, begun=now, seen=now))
        return word

    def find(self, word: str, *, now: datetime | None = None) -> Person | None:
        """Who is signed in with a word, and is here now; None where nobody is, or is no longer."""
        now = now or datetime.now(UTC)
        with self._ledger.session() as session:
            row = session.get(SessionRow, fingerprint(word))
            if row is None or row.person.disabled or not _lasts(row, now):
                return None
            if now - row.seen >= _NOTED:
                row.seen = now
            return persons.of(row.person)

    def end(self, word: str) -> None:
        """Sign out whoever is signed in with a word."""
        with self._ledger.session() as session:
            session.execute(delete(SessionRow).where(SessionRow.sha256 == fingerprint(word)))


def _lasts(row: SessionRow, now: datetime) -> bool:
    """Whether a session is not over. One from the future is: the clock went back, and its length is not known."""
    return row.begun <= now + _NOTED and now - row.seen < IDLE and now - row.begun < LONGEST
