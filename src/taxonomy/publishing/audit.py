"""Whether anybody changed the ledger behind its back: every decision and every content held against its seal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from taxonomy.publishing import chain
from taxonomy.publishing.tables import DecisionRow, HeadRow, OpeningRow, ReasonRow, State, SubmissionRow


def faults(session: Session, seals: frozenset[str]) -> Iterator[str]:
    """What is not as it was left, in words; nothing where all is whole.

    ``seals`` are seals that were kept elsewhere: they show that the end of the chain was cut off.
    """
    rows = {row.id: row for row in session.scalars(select(SubmissionRow))}
    decisions = session.scalars(select(DecisionRow).order_by(DecisionRow.id)).all()
    yield from _of_chain(session, decisions, rows)
    said = {decision.submission_id: decision.what for decision in decisions}
    for row in rows.values():
        yield from _of_submission(row, said.get(row.id))
    yield from _of_openings(session)
    if seals - {chain.START} - {decision.seal for decision in decisions}:
        yield "A release was made from decisions that are no longer here: the end of the chain was cut off."


def _of_chain(session: Session, decisions: Sequence[DecisionRow], rows: Mapping[int, SubmissionRow]) -> Iterator[str]:
    previous = chain.START
    for number, decision in enumerate(decisions, start=1):
        if decision.id != number:
            yield f"A decision is missing before decision {decision.id}."
            return
        if decision.seal != decision.link(rows[decision.submission_id]).seal(previous):
            yield f"Decision {number} (submission {decision.submission_id}) is not what was sealed."
        if decision.reason:
            yield from _of_reason(decision, decision.reason)
        previous = decision.seal
    head = session.scalars(select(HeadRow)).one()
    if (head.length, head.seal) != (len(decisions), previous):
        yield f"The chain has {len(decisions)} decisions, and {head.length} were taken."


def _of_openings(session: Session) -> Iterator[str]:
    previous = chain.START
    for number, opening in enumerate(session.scalars(select(OpeningRow).order_by(OpeningRow.id)), start=1):
        if opening.id != number or opening.seal != opening.sealed_over(previous):
            yield f"The list of who opened what is sealed was changed at its entry {number}."
            return
        previous = opening.seal


def _of_reason(decision: DecisionRow, reason: ReasonRow) -> Iterator[str]:
    if decision.reason_commitment != chain.commitment(reason.salt, [reason.why.encode()]):
        yield f"The reason of decision {decision.id} is not what was written."


def _of_submission(row: SubmissionRow, said: str | None) -> Iterator[str]:
    if said != row.state:
        yield f"Submission {row.id} is marked as {row.state}, and no decision says so."
    if row.contents is None:
        if said != State.ERASED:
            yield f"What submission {row.id} said is missing, and nobody erased it."
    elif row.commitment != chain.commitment(row.contents.salt, row.contents.parts):
        yield f"What submission {row.id} says is not what was submitted."
