"""Decisions on submissions: how one is added to the chain, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from taxonomy.publishing import chain
from taxonomy.publishing.tables import DecisionRow, HeadRow, ReasonRow, State, SubmissionRow

KEPT: Final = "kept as it is"
ASKED: Final = "asked to be mended"
_WRITTEN: Final = re.compile(
    rf"(?P<kind>{KEPT}|{ASKED})(?: until (?P<until>\d{{4}}-\d\d-\d\d))? by rules (?P<rules>[0-9a-f]+)"
)
_SHOWN: Final = 16  # characters of the fingerprint of the rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody decided on a public version that no longer conforms, while it stays as it is.

    >>> note = Note(kind=KEPT, until=date(2027, 3, 1), rules="0" * 16)
    >>> str(note), Note.read(str(note)) == note, Note.read("published")
    ('kept as it is until 2027-03-01 by rules 0000000000000000', True, None)
    """

    kind: str
    rules: str  # the beginning of the fingerprint of the rules that it was decided under
    until: date | None = None  # the day from which it holds no longer; None: until something is done

    def __str__(self) -> str:
        until = f" until {self.until}" if self.until else ""
        return f"{self.kind}{until} by rules {self.rules[:_SHOWN]}"

    @classmethod
    def read(cls, text: str) -> Note | None:
        """A note as the chain has it; None where it is something else."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        until = date.fromisoformat(found["until"]) if found["until"] else None
        return cls(kind=found["kind"], rules=found["rules"], until=until)

    def holds(self, rules: str, today: date) -> bool:
        """Whether it still stands: the rules are those that it was decided under, and its day has not come."""
        return rules.startswith(self.rules) and (self.until is None or today < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry of a submission's history."""

    number: int  # its place in the chain
    what: State | str  # a state that it was taken into; or in words, where it stayed as it was
    who: str
    when: datetime
    why: str | None  # empty: no reason was given; None: the reason was destroyed with what it spoke of
    note: Note | None = None  # None: it was taken into another state


def decide(session: Session, row: SubmissionRow, what: State | Note, *, by: int, why: str) -> None:
    """Add one decision to the chain."""
    number, previous = turn(session)
    reason = ReasonRow(salt=chain.salt(), why=why)
    decision = DecisionRow(
        id=number,
        submission_id=row.id,
        what=str(what),
        person_id=by,
        when=datetime.now(UTC),
        reason_commitment=chain.commitment(reason.salt, [why.encode()]),
        reason=reason,
    )
    decision.seal = decision.link(row).seal(previous)
    session.add(decision)
    sealed(session, decision.seal)


def wait_for_turn(session: Session) -> None:
    """Let nobody else add to the chain until this transaction ends."""
    session.execute(update(HeadRow).where(HeadRow.id == 1).values(length=HeadRow.length))


def turn(session: Session) -> tuple[int, str]:
    """The next number of the chain, and the seal before it. Whoever asks for it waits for whoever is adding."""
    change = update(HeadRow).where(HeadRow.id == 1).values(length=HeadRow.length + 1)
    number, previous = session.execute(change.returning(HeadRow.length, HeadRow.seal)).one()
    return int(number), str(previous)


def sealed(session: Session, seal: str) -> None:
    """The chain now ends with this seal."""
    session.execute(update(HeadRow).where(HeadRow.id == 1).values(seal=seal))


def read(row: DecisionRow) -> Decision:
    """A decision, as the chain has it."""
    note = Note.read(row.what)
    return Decision(
        number=row.id,
        what=_said(note) if note else State(row.what),
        who=row.person.name,
        when=row.when,
        why=row.reason.why if row.reason else None,
        note=note,
    )


def _said(note: Note) -> str:
    return f"{note.kind} until {note.until}" if note.until else note.kind
