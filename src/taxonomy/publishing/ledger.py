"""The ledger: what was submitted, what was decided about it, by whom, when and why.

One SQLite file in the home, through SQLAlchemy, so that several machines can later share one on a server. Submitted
content never changes and decisions are only ever added: triggers in the database hold even a careless script to that.
This module keeps; who may do what is decided in ``people`` and ``desk``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from taxonomy.errors import NotAllowedError, NotFoundError, StoreError
from taxonomy.publishing import tables
from taxonomy.publishing.tables import DecisionRow, State, SubmissionRow

__all__ = ["Arrival", "Decision", "Ledger", "State", "Submission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One version of one record, without its bytes."""

    id: int
    owner: str  # IRI of the organisation
    graph: str  # IRI of the named graph
    file_name: str  # text to show, never a path to open
    sha256: str  # of the file as it came
    report: Mapping[str, Any]  # what its check found
    submitted_by: str  # a person's name to act by
    submitted: datetime
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry of a submission's history."""

    what: State
    who: str
    when: datetime
    why: str  # empty: no reason was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the ledger keeps of a file that conformed."""

    owner: str
    graph: str
    file_name: str
    sha256: str
    file: bytes
    content: bytes  # N-Triples
    report: str  # JSON


class Ledger:
    """The ledger of one home. Opening it makes it where there is none.

    >>> with Ledger(":memory:") as ledger:
    ...     ledger.submissions()
    ()
    """

    def __init__(self, place: Path | str) -> None:
        """Open the ledger in a file.

        Raises:
            StoreError: it cannot be opened, is no ledger, or was made by another version.
        """
        self._engine: Engine = create_engine(f"sqlite:///{place}")
        event.listen(self._engine, "connect", tables.prepare)
        try:
            if isinstance(place, Path):
                place.touch(mode=0o600)  # what was submitted is not for every user of the machine
            with self._engine.connect() as connection:
                tables.create(connection)
        except (DatabaseError, OSError, StoreError) as error:
            self.close()
            detail = error.orig if isinstance(error, DatabaseError) else error
            raise StoreError(f"The ledger {place} cannot be opened: {detail}") from error

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: kept when the block ends well, undone otherwise.

        Raises:
            StoreError: the database refused, for example because the disk is full or another process is writing.
        """
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except DatabaseError as error:
            raise StoreError(f"The ledger could not do that: {error.orig}.") from error

    def add(self, arrival: Arrival, *, by: int, why: str = "") -> Submission:
        """Keep a file that conformed, as submitted by the person with the number ``by``."""
        now = datetime.now(UTC)
        with self.session() as session:
            row = SubmissionRow(
                owner=arrival.owner,
                graph=arrival.graph,
                file_name=arrival.file_name,
                sha256=arrival.sha256,
                file=arrival.file,
                content=arrival.content,
                report=arrival.report,
                submitted_by=by,
                submitted=now,
                state=State.SUBMITTED,
            )
            session.add(row)
            session.flush()
            session.add(DecisionRow(submission_id=row.id, what=State.SUBMITTED, person_id=by, when=now, why=why))
            return _submission(row)

    def move(self, number: int, old: State, new: State, *, by: int, why: str = "") -> None:
        """Take a submission from one state to the next, and write down who did it.

        Raises:
            NotAllowedError: it is no longer in the state that the decision was taken on.
        """
        with self.session() as session:
            self._move(session, number, old, new, by=by, why=why)

    def publish(self, numbers: Iterable[int], *, by: int, why: str) -> None:
        """Mark approved submissions as published, and what they replace as superseded; all of it or nothing.

        Raises:
            NotAllowedError: one of them is no longer approved.
        """
        with self.session() as session:
            for number in numbers:
                owner = select(SubmissionRow.owner).where(SubmissionRow.id == number).scalar_subquery()
                before = select(SubmissionRow.id).where(
                    SubmissionRow.owner == owner, SubmissionRow.state == State.PUBLISHED
                )
                for old in session.scalars(before).all():
                    self._move(session, old, State.PUBLISHED, State.SUPERSEDED, by=by, why=f"Replaced by {number}.")
                self._move(session, number, State.APPROVED, State.PUBLISHED, by=by, why=why)

    @staticmethod
    def _move(session: Session, number: int, old: State, new: State, *, by: int, why: str) -> None:
        change = update(SubmissionRow).where(SubmissionRow.id == number, SubmissionRow.state == old).values(state=new)
        if session.scalar(change.returning(SubmissionRow.id)) is None:
            raise NotAllowedError(f"Submission {number} is no longer {old}. Look at it again before you decide.")
        session.add(DecisionRow(submission_id=number, what=new, person_id=by, when=datetime.now(UTC), why=why))

    def submissions(self, *states: State) -> tuple[Submission, ...]:
        """Submissions in the order they came; only those in one of the states, where any is given."""
        wanted = select(SubmissionRow).order_by(SubmissionRow.id)
        if states:
            wanted = wanted.where(SubmissionRow.state.in_(states))
        with self.session() as session:
            return tuple(_submission(row) for row in session.scalars(wanted))

    def submission(self, number: int) -> Submission:
        """One submission.

        Raises:
            NotFoundError: there is none with this number.
        """
        with self.session() as session:
            return _submission(_row(session, number))

    def content(self, number: int) -> bytes:
        """The record of one submission, as canonical N-Triples.

        Raises:
            NotFoundError: there is none with this number.
        """
        with self.session() as session:
            return _row(session, number).content

    def history(self, number: int) -> tuple[Decision, ...]:
        """What was decided about one submission, first to last.

        Raises:
            NotFoundError: there is none with this number.
        """
        wanted = select(DecisionRow).where(DecisionRow.submission_id == number).order_by(DecisionRow.id)
        with self.session() as session:
            _row(session, number)
            return tuple(
                Decision(what=State(row.what), who=row.person.name, when=row.when, why=row.why)
                for row in session.scalars(wanted)
            )


def _row(session: Session, number: int) -> SubmissionRow:
    row = session.get(SubmissionRow, number)
    if row is None:
        raise NotFoundError("submission", str(number))
    return row


def _submission(row: SubmissionRow) -> Submission:
    return Submission(
        id=row.id,
        owner=row.owner,
        graph=row.graph,
        file_name=row.file_name,
        sha256=row.sha256,
        report=json.loads(row.report),
        submitted_by=row.submitter.name,
        submitted=row.submitted,
        state=State(row.state),
    )
