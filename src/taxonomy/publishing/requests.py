"""What people ask about something that is public: to correct it, to erase it, or to reply to it; each with its clock.

The law gives one month. Who asked is not kept here: the answer goes to where the question came from. An address that
can put somebody in danger waits for no clock: it is withdrawn at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import select

from taxonomy.days import later
from taxonomy.errors import InputError, NotAllowedError, NotFoundError
from taxonomy.namespaces import EXAMPLE, ID
from taxonomy.publishing.base import MOST
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.person import Person, Role
from taxonomy.publishing.tables import RequestRow
from taxonomy.values import Iri


class Kind(StrEnum):
    """What is asked."""

    CORRECTION = "correction"
    ERASURE = "erasure"
    REPLY = "reply"


class Outcome(StrEnum):
    """How a request ended. A word and no text, so that nothing about a person is written here."""

    CORRECTED = "corrected"
    ERASED = "erased"
    REPLIED = "replied"  # the provider's reply stands beside the fact
    REFUSED = "refused"  # whoever asked was told why, and where to complain
    DROPPED = "dropped"  # whoever asked took it back


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request."""

    id: int
    kind: Kind
    about: Iri
    received: date
    due: date
    closed: date | None = None  # None: it is open
    outcome: Outcome | None = None

    def late(self, today: date) -> bool:
        """Whether the month is over and nobody has answered.

        >>> asked = Request(id=1, kind=Kind.REPLY, about=Iri(ID), received=date(2026, 10, 1), due=date(2026, 11, 1))
        >>> asked.late(date(2026, 11, 1)), asked.late(date(2026, 11, 2))
        (False, True)
        """
        return self.closed is None and today > self.due


class Requests:
    """The requests of one home."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def add(self, kind: Kind, about: str, by: Person, *, received: date | None = None) -> Request:
        """Write down that something was asked; ``received`` is today where it is not given.

        Raises:
            InputError: ``about`` is no address of a thing, or the day is still to come.
            NotAllowedError: this person is neither steward nor administrator.
        """
        _may(by)
        today = datetime.now(UTC).date()
        received = received or today
        if not (about.startswith((ID, EXAMPLE)) and about.isprintable() and " " not in about and len(about) < 500):
            raise InputError("This is no address of a thing.", hint=f"It begins with {ID} and stands on its page.")
        if received > today:
            raise InputError(f"{received} is still to come.", hint="Give the day on which it arrived.")
        row = RequestRow(kind=kind, about=about, received=received, due=later(received, 1), taken_by=by.id)
        with self._ledger.session() as session:
            session.add(row)
            session.flush()
            return _request(row)

    def close(self, number: int, outcome: Outcome, by: Person) -> Request:
        """Write down how a request ended.

        Raises:
            NotFoundError: there is none with this number.
            NotAllowedError: it is closed already, or this person is neither steward nor administrator.
        """
        _may(by)
        with self._ledger.session() as session:
            row = session.get(RequestRow, number) if number <= MOST else None
            if row is None:
                raise NotFoundError("request", str(number))
            if row.closed:
                raise NotAllowedError(f"Request {number} was closed on {row.closed}: {row.outcome}.")
            row.closed, row.closed_by, row.outcome = datetime.now(UTC).date(), by.id, outcome
            return _request(row)

    def list(self) -> tuple[Request, ...]:
        """Every request, in the order in which they came."""
        with self._ledger.session() as session:
            return tuple(map(_request, session.scalars(select(RequestRow).order_by(RequestRow.id))))

    def open(self) -> tuple[Request, ...]:
        """Those that wait for an answer, the most pressing first."""
        return tuple(sorted((each for each in self.list() if not each.closed), key=lambda each: (each.due, each.id)))


def _may(by: Person) -> None:
    by.must_be("look after requests", Role.STEWARD, Role.ADMINISTRATOR)


def _request(row: RequestRow) -> Request:
    return Request(
        id=row.id,
        kind=Kind(row.kind),
        about=Iri(row.about),
        received=row.received,
        due=row.due,
        closed=row.closed,
        outcome=Outcome(row.outcome) if row.outcome else None,
    )
