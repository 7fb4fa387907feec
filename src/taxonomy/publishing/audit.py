"""Whether anybody changed the ledger behind its back: every decision and every content held against its seal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from taxonomy.publishing import chain
from taxonomy.publishing.decisions import Note
from taxonomy.publishing.tables import (
    FORGOTTEN,
    DecisionRow,
    HeadRow,
    OpeningRow,
    ProposalRow,
    ReasonRow,
    SettlementRow,
    State,
    SubmissionRow,
)


def faults(session: Session, seals: frozenset[str]) -> Iterator[str]:
    """What is not as it was left, in words; nothing where all is whole.

    ``seals`` are seals that were kept elsewhere: they show that the end of the chain was cut off.
    """
    rows = {row.id: row for row in session.scalars(select(SubmissionRow))}
    decisions = session.scalars(select(DecisionRow).order_by(DecisionRow.id)).all()
    settlements = session.scalars(select(SettlementRow).order_by(SettlementRow.id)).all()
    links: list[DecisionRow | SettlementRow] = [*decisions, *settlements]
    yield from _of_chain(session, sorted(links, key=lambda link: link.id), rows)
    said = {decision.submission_id: decision.what for decision in decisions if Note.read(decision.what) is None}
    for row in rows.values():
        yield from _of_submission(row, said.get(row.id))
    yield from _of_proposals(session, settlements)
    yield from _of_openings(session)
    if seals - {chain.START} - {link.seal for link in links}:
        yield "A release was made from decisions that are no longer here: the end of the chain was cut off."


def _of_chain(
    session: Session, links: Sequence[DecisionRow | SettlementRow], rows: Mapping[int, SubmissionRow]
) -> Iterator[str]:
    previous = chain.START
    for number, each in enumerate(links, start=1):
        if each.id != number:
            yield f"A decision is missing before decision {each.id}."
            return
        if isinstance(each, SettlementRow):
            if each.seal != each.link.seal(previous):
                yield f"Decision {number} (on a proposal) is not what was sealed."
        else:
            row = rows.get(each.submission_id)
            if row is None:
                yield f"Submission {each.submission_id}, on which decision {number} was taken, is missing."
            elif each.seal != each.link(row).seal(previous):
                yield f"Decision {number} (submission {each.submission_id}) is not what was sealed."
            if each.reason:
                yield from _of_reason(each, each.reason)
        previous = each.seal
    head = session.scalars(select(HeadRow)).one_or_none()
    if head is None:
        yield "How many decisions were taken is no longer written anywhere."
    elif (head.length, head.seal) != (len(links), previous):
        yield f"The chain has {len(links)} decisions, and {head.length} were taken."


def _of_proposals(session: Session, settlements: Sequence[SettlementRow]) -> Iterator[str]:
    held = {row.id: row for row in session.scalars(select(ProposalRow).order_by(ProposalRow.id))}
    forgotten = {each.proposal_id for each in settlements if each.what == FORGOTTEN}
    settled = {each.proposal_id: each for each in settlements if each.what != FORGOTTEN}
    for number, each in settled.items():
        row = held.pop(number, None)
        if row is None:
            if number not in forgotten:
                yield f"What was decided on proposal {number} is missing, and nobody erased it."
        elif (row.commitment, row.person_id, row.when) != (each.contents, each.person_id, each.when):
            yield f"What was decided on proposal {number} is not what was sealed."
    yield from (f"What stands as decided on proposal {number} was never sealed." for number in held)


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
