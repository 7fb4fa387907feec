"""A framework's advice to those who map services, each piece with what is recorded of it here, and what is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from taxonomy.analysis import citations, rows
from taxonomy.analysis.checklist import Checklist
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.coverage import Coverage
from taxonomy.analysis.looking import State
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Label, Named, Row, listed

_UNKNOWN: Final = "not known, which is not the same as none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """One piece of advice, and what this release holds of it."""

    name: Named
    says: str
    citations: tuple[Citation, ...]
    recorded: str  # in a sentence or two
    leads_to: str  # the page of the area with the details, as the end of its path


def of(
    tips: Iterable[Row],
    figures: Iterable[Row],
    *,
    types: Coverage,
    stages: Checklist,
    pathway: Pathway,
    label: Label,
) -> tuple[Tip, ...]:
    """The advice in the rows of ``coverage-tips``, in its order, over the rows of ``coverage-figures``.

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    measured = list(figures)
    told = {
        1: (_services(pathway), "/services"),
        2: (_gaps(types, stages), "/gaps"),
        3: (_capacity(measured, pathway), "/services"),
        4: (_demand(measured, label), ""),
        5: (f"Nothing recorded here looks ahead: {_UNKNOWN}.", ""),
    }
    by_tip: dict[str, list[Row]] = defaultdict(list)
    for row in tips:
        by_tip[rows.needed(row, "tip")].append(row)
    found = []
    for iri, some in by_tip.items():
        recorded, leads_to = told.get(rows.integer(some[0], "position") or 0, (f"{_UNKNOWN.capitalize()}.", ""))
        found.append(
            Tip(
                name=Named(label(iri), iri),
                says=rows.needed(some[0], "says"),
                citations=citations.of(some, label),
                recorded=recorded,
                leads_to=leads_to,
            )
        )
    return tuple(found)


def _services(pathway: Pathway) -> str:
    if not pathway.services:
        return f"No service is recorded: {_UNKNOWN}."
    sectors = Counter(node.sector for node in pathway.services)
    parts = [f"{count} {sector[0].lower()}{sector[1:]}" for sector, count in sorted(sectors.items())]
    return f"{_counted(len(pathway.services), 'service')} recorded, by the sector of who leads: {listed(parts)}."


def _gaps(types: Coverage, stages: Checklist) -> str:
    cells, kinds = len(types.cells), len([step for step in stages.steps if step.cell])
    return (
        f"By place and type, {types.counts[State.RECORDED]} of {cells} cells are recorded, and in "
        f"{types.counts[State.NONE_FOUND]} somebody looked and found none. Of {kinds} stages of the pathway, "
        f"{len(stages.missing)} have no service recorded."
    )


def _capacity(figures: list[Row], pathway: Pathway) -> str:
    services = len(pathway.services)
    waits = {rows.needed(row, "about") for row in figures if rows.needed(row, "kind") == "wait"}
    counted = {rows.needed(row, "about") for row in figures if rows.needed(row, "kind") == "service"}
    if not waits and not counted:
        return f"No figure and no waiting time is recorded for any service: {_UNKNOWN}."
    return (
        f"A waiting time is recorded for {len(waits)} of {_counted(services, 'service')}, and a figure about the work "
        f"of {len(counted)}. For the others it is not known."
    )


def _demand(figures: list[Row], label: Label) -> str:
    about = {rows.needed(row, "figure") for row in figures if rows.needed(row, "kind") == "area"}
    measures = rows.named((row for row in figures if rows.needed(row, "kind") == "area"), "measured", label)
    if not about:
        return f"No figure about this area is recorded: {_UNKNOWN}."
    named = listed([measure.label.lower() for measure in measures])
    return f"{_counted(len(about), 'figure')} about this area {'is' if len(about) == 1 else 'are'} recorded: {named}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
