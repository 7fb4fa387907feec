"""The tables of the analysis pages as answers, so that a download holds what the screen shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from taxonomy.analysis.funding import Funding
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.terms import Value

WAYS: Final = ("way", "from", "to", "open_or_refused", "how", "consent", "condition", "stated_for", "place")
SHARES: Final = (
    "agreement",
    "funder",
    "fund",
    "recipients",
    "services",
    "amount",
    "basis",
    "standing",
    "term",
    "ends",
    "place",
)


def of_ways(pathway: Pathway, source: Answer) -> Answer:
    """One row for each way, under the number that it has in the picture and in the text."""
    rows = [
        (
            edge.number,
            edge.origin.name.iri,
            edge.end.name.iri,
            edge.status,
            edge.how,
            edge.consent_stated,
            "; ".join(edge.conditions) or None,
            edge.stated_for,
            edge.place,
        )
        for edge in pathway.edges
    ]
    return _answer(WAYS, rows, source, things=(1, 2))


def of_shares(funding: Funding, source: Answer) -> Answer:
    """One row for each share of each agreement; an amount that no source publishes is empty, never zero."""
    rows = [
        (
            flow.agreement.iri,
            _iri(flow.funder),
            _iri(flow.fund),
            _names(flow.recipients),
            _names(flow.services),
            flow.amount,
            flow.basis.label,
            str(flow.standing),
            flow.term,
            flow.ends,
            flow.place,
        )
        for flow in funding.flows
    ]
    return _answer(SHARES, rows, source, things=(0, 1, 2))


def _answer(
    columns: tuple[str, ...], rows: Sequence[tuple[Value, ...]], source: Answer, *, things: tuple[int, ...]
) -> Answer:
    named = [frozenset(place for place in things if values[place]) for values in rows]
    return Answer(
        columns=columns,
        rows=tuple(Row(columns, values, iris, source.labels) for values, iris in zip(rows, named, strict=True)),
        text=source.text,
        question=source.question,
        release=source.release,
        milliseconds=source.milliseconds,
        labels=source.labels,
        notice=source.notice,
    )


def _iri(name: Named | None) -> str | None:
    return name.iri or None if name else None


def _names(names: Iterable[Named]) -> str | None:
    return "; ".join(name.label for name in names) or None
