"""The ledger: what was submitted, what was decided about it, by whom, when and why.

One SQLite file in the home, or a PostgreSQL database that several machines share, through SQLAlchemy. Contents never
change, and decisions are only ever added, each sealed over the one before it: the database refuses all else, and
``faults`` shows what was done to it behind its back. Contents and reasons can be destroyed, and the chain stays whole.
This module keeps; who may do what is decided in ``people`` and ``desk``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from taxonomy.errors import ConflictError, GoneError, NotFoundError, StoreError
from taxonomy.publishing import audit, chain, decisions, engines
from taxonomy.publishing import submission as submissions
from taxonomy.publishing.base import MOST
from taxonomy.publishing.decisions import Decision, Note
from taxonomy.publishing.submission import Arrival, Submission
from taxonomy.publishing.tables import (
    ContentsRow,
    DecisionRow,
    HeadRow,
    ReasonRow,
    RecheckRow,
    RestrictedRow,
    State,
    SubmissionRow,
)
from taxonomy.settings import Settings
from taxonomy.store.releases import Home

__all__ = ["Arrival", "Decision", "Ledger", "Note", "State", "Submission"]


class Ledger:
    """The ledger of one home. Opening it makes it where there is none.

    >>> with Ledger(":memory:") as ledger:
    ...     ledger.submissions()
    ()
    """

    def __init__(self, place: Path | str) -> None:
        """Open the ledger in a file, or in the PostgreSQL database at an address.

        Raises:
            InputError: the address is none of a database.
            StoreError: it cannot be opened, is no ledger, or was made by another version.
        """
        self._engine = engines.opened(place)

    @staticmethod
    def begun(home: Home) -> bool:
        """Whether a home has a ledger; one that only publishes curated data needs none."""
        return bool(Settings.read().ledger) or home.ledger_path.is_file()

    @classmethod
    def of(cls, home: Home) -> Ledger:
        """The ledger of a home: in the database that ``SVSSV_LEDGER`` names, else in the home's own file.

        Raises:
            InputError: the setting is no address of a database.
            StoreError: as for opening one.
        """
        return cls(Settings.read().ledger or home.ledger_path)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
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
        with self.session() as session:
            contents = ContentsRow(
                salt=chain.salt(),
                file_name=arrival.file_name,
                sha256=arrival.sha256,
                file=arrival.file,
                content=arrival.content,
                report=arrival.report,
                restricted=[
                    RestrictedRow(number=number, what=what, commitment=box.commitment, key=box.key, box=box.content)
                    for number, (what, box) in enumerate(arrival.restricted, start=1)
                ],
            )
            row = SubmissionRow(
                owner=arrival.owner,
                graph=arrival.graph,
                commitment=chain.commitment(contents.salt, contents.parts),
                submitted_by=by,
                submitted=datetime.now(UTC),
                state=State.SUBMITTED,
                contents=contents,
            )
            session.add(row)
            session.flush()
            decisions.decide(session, row, State.SUBMITTED, by=by, why=why)
            return submissions.read(row)

    def move(self, number: int, old: State, new: State, *, by: int, why: str = "", seen: int | None = None) -> None:
        """Take a submission from one state to the next, and write down who did it.

        ``seen`` is the number of the last decision on it that the person saw; without it, the state alone is compared.

        Raises:
            ConflictError: it is no longer in the state that the decision was taken on, or was decided on since.
        """
        with self.session() as session:
            self._move(session, number, old, new, by=by, why=why, seen=seen)

    def publish(self, numbers: Iterable[int], *, by: int, why: str) -> None:
        """Mark approved submissions as published, and what they replace as superseded; all of it or nothing.

        Raises:
            ConflictError: one of them is no longer approved.
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

    def erase(self, numbers: Iterable[int], *, by: int, why: str = "") -> None:
        """Destroy what some submissions said: file, findings, values, what is sealed, and the reasons given until now.

        That they were here, and who decided what about them, stays in the chain, with ``why``, which should repeat
        nothing of what was destroyed. Not to be undone.

        Raises:
            NotFoundError: there is no such submission.
        """
        with self.session() as session:
            for number in numbers:
                row = row_of(session, number)
                old = State(row.state)
                if old is State.ERASED:
                    continue
                spoken = select(DecisionRow.id).where(DecisionRow.submission_id == number)
                told = session.scalars(spoken).all()
                self._move(session, number, old, State.ERASED, by=by, why=why)
                session.execute(delete(RestrictedRow).where(RestrictedRow.submission_id == number))
                session.execute(delete(RecheckRow).where(RecheckRow.submission_id == number))
                session.execute(delete(ContentsRow).where(ContentsRow.submission_id == number))
                session.execute(delete(ReasonRow).where(ReasonRow.decision_id.in_(told)))
        self.shred()

    def shred(self) -> None:
        """See to it that what was deleted or exchanged is in no file of the database any more."""
        engines.shred(self._engine)

    def remark(self, number: int, state: State, note: Note, *, by: int, why: str, seen: int | None = None) -> None:
        """Write down what somebody decided about a submission that stays as it is; ``state`` and ``seen`` as above.

        Raises:
            ConflictError: it is no longer in that state, or was decided on since.
        """
        with self.session() as session:
            self._move(session, number, state, state, by=by, why=why, seen=seen, note=note)

    @staticmethod
    def _move(
        session: Session,
        number: int,
        old: State,
        new: State,
        *,
        by: int,
        why: str,
        seen: int | None = None,
        note: Note | None = None,
    ) -> None:
        change = update(SubmissionRow).where(SubmissionRow.id == number, SubmissionRow.state == old).values(state=new)
        if session.scalar(change.returning(SubmissionRow.id)) is None:
            raise ConflictError(f"Submission {number} is no longer {old}. Look at it again before you decide.")
        row = row_of(session, number)
        if seen is not None:
            newest = select(DecisionRow.id).where(DecisionRow.submission_id == number).order_by(DecisionRow.id.desc())
            if session.scalar(newest.limit(1)) != seen:
                raise ConflictError(f"Somebody decided on submission {number} meanwhile. Look at it again.")
        decisions.decide(session, row, note or new, by=by, why=why)

    def submissions(self, *states: State, owner: str | None = None) -> tuple[Submission, ...]:
        """Submissions in the order they came; only those in one of the states, and of the owner, where given."""
        wanted = select(SubmissionRow).order_by(SubmissionRow.id)
        if states:
            wanted = wanted.where(SubmissionRow.state.in_(states))
        if owner is not None:
            wanted = wanted.where(SubmissionRow.owner == owner)
        with self.session() as session:
            return tuple(submissions.read(row) for row in session.scalars(wanted))

    def submission(self, number: int) -> Submission:
        """One submission.

        Raises:
            NotFoundError: there is none with this number.
        """
        with self.session() as session:
            return submissions.read(row_of(session, number))

    def content(self, number: int) -> bytes:
        """The record of one submission, as canonical N-Triples.

        Raises:
            NotFoundError: there is none with this number.
            GoneError: it was erased.
        """
        with self.session() as session:
            contents = row_of(session, number).contents
            if contents is None:
                raise GoneError("submission", str(number))
            return contents.content

    def history(self, number: int) -> tuple[Decision, ...]:
        """What was decided about one submission, first to last.

        Raises:
            NotFoundError: there is none with this number.
        """
        wanted = select(DecisionRow).where(DecisionRow.submission_id == number).order_by(DecisionRow.id)
        with self.session() as session:
            row_of(session, number)
            return tuple(decisions.read(row) for row in session.scalars(wanted))

    @property
    def seal(self) -> str:
        """The seal of the last decision; kept elsewhere, it shows later whether decisions were taken away."""
        with self.session() as session:
            return session.scalars(select(HeadRow.seal)).one()

    def faults(self, *, seals: Iterable[str] = ()) -> Iterator[str]:
        """What shows that somebody changed the ledger behind its back, in words; nothing where it is whole.

        ``seals`` are seals that were kept elsewhere, as in the manifests of releases.
        """
        with self.session() as session:
            yield from audit.faults(session, frozenset(seals))


def row_of(session: Session, number: int) -> SubmissionRow:
    """The row of one submission, within a transaction.

    Raises:
        NotFoundError: there is none with this number.
    """
    row = session.get(SubmissionRow, number) if number <= MOST else None
    if row is None:
        raise NotFoundError("submission", str(number))
    return row
