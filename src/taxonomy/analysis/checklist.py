"""What is missing along the pathway: for each stage or need the services, for whom they are, and what nobody says.

A checklist is made from what is recorded. An open question says that something is not known; it never says that there
is nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from taxonomy.analysis import rows, tabulated
from taxonomy.analysis.cells import Cell
from taxonomy.analysis.coverage import Coverage
from taxonomy.analysis.looking import State
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Label, Named, Row, listed
from taxonomy.analysis.ways import Edge, Node, Way
from taxonomy.days import written
from taxonomy.questions.results import Answer

COLUMNS: Final = (
    *("step", "state", "service", "provider", "ages", "genders", "ways_in", "ways_refused", "funding", "not_known"),
    "stated",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One agreement that pays for a service, and until when, as far as it says."""

    agreement: Named
    funders: tuple[Named, ...]
    status: Named | None
    ends: tuple[date, ...]  # more than one where shares end on different days; empty: not stated
    terms: tuple[str, ...]  # as printed

    @property
    def until(self) -> str:
        """Until when, in words."""
        days = listed([written(day) for day in self.ends])
        terms = listed([f"“{term}”" for term in self.terms])
        told = f"until {days}" if days else "no last day is stated"
        standing = f", {self.status.label.lower()}" if self.status else ""
        return f"{told}{f', term printed as {terms}' if terms else ''}{standing}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One service as a checklist shows it; what is empty is not known."""

    service: Named
    provided_by: str
    ages: tuple[str, ...]
    genders: tuple[str, ...]
    open_ways: tuple[Edge, ...]
    refused_ways: tuple[Edge, ...]
    paid: tuple[Paid, ...]
    when: str  # for which day it is stated

    @property
    def ways_in(self) -> str:
        """From whom people may come, in words; empty where no source says."""
        return _origins(self.open_ways)

    @property
    def ways_refused(self) -> str:
        """From whom people may not come, in words; empty where no source says."""
        return _origins(self.refused_ways)

    @property
    def funding(self) -> str:
        """Which agreements pay for it and until when, in words; empty where none is recorded."""
        return "; ".join(f"{paid.agreement.label}: {paid.until}" for paid in self.paid)

    @property
    def questions(self) -> tuple[str, ...]:
        """What no source recorded here says of it."""
        told = {
            "who provides it": self.provided_by,
            "for which ages it is": self.ages,
            "for which genders it is": self.genders,
            "how people get in": self.open_ways,
            "who pays for it": self.paid,
            "until when it is paid for": all(paid.ends for paid in self.paid),  # also true where none is recorded
        }
        return tuple(question for question, answered in told.items() if not answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage or need, with the services that state it."""

    kind: Named | None  # None: services of which no stage or need is stated
    cell: Cell | None  # what is known of the kind in the area
    offers: tuple[Offer, ...]

    @property
    def state(self) -> str:
        """What is known of the kind, in words."""
        return self.cell.words if self.cell else f"{State.NOT_KNOWN}: no source states it"


@dataclass(frozen=True)
class Checklist:
    """Every stage, or every need, and at the end the services of which none is stated."""

    coverage: Coverage
    steps: tuple[Step, ...]

    @cached_property
    def missing(self) -> tuple[Step, ...]:
        """The stages or needs for which no service is recorded."""
        return tuple(step for step in self.steps if step.cell and not step.offers)

    @cached_property
    def summary(self) -> str:
        """How much of the list is filled, in one or two sentences."""
        kinds = [step for step in self.steps if step.cell]
        found, nouns = len(kinds) - len(self.missing), self.coverage.by.nouns
        told = f"A service is recorded for {found} of {len(kinds)} {nouns}."
        services = {offer.service for step in self.steps for offer in step.offers}
        if not services:
            return f"{told} No service at all is recorded here: not known, which is not the same as none."
        silent = sum(len(step.offers) for step in self.steps if step.cell is None)
        return f"{told} For {silent} of {len(services)} services no {self.coverage.by.noun} is stated."


def of(
    coverage: Coverage, pathway: Pathway, people: Iterable[Row], agreements: Iterable[Row], *, label: Label
) -> Checklist:
    """The checklist of one area: its matrix by stage or need, its ways, and the rows of two questions.

    They are ``coverage-people`` and ``coverage-agreements``.

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    aspects: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in people:
        aspects[(rows.needed(row, "service"), rows.needed(row, "aspect"))].add(rows.needed(row, "says"))
    ways = _by_end(pathway.edges)
    paid = _paid(agreements, label)
    nodes = {node.name.iri: node for node in pathway.services}
    said = {each.service.iri: each.when for cell in coverage.cells for each in cell.recorded}

    def offer(service: Named) -> Offer:
        node = nodes.get(service.iri)
        into = ways.get(service.iri, ())
        return Offer(
            service=service,
            provided_by=node.provided_by if node else "",
            ages=tuple(sorted(aspects[(service.iri, "age")])),
            genders=tuple(sorted(aspects[(service.iri, "gender")])),
            open_ways=tuple(edge for edge in into if edge.way is Way.OPEN),
            refused_ways=tuple(edge for edge in into if edge.way is Way.REFUSED),
            paid=paid.get(service.iri, ()),
            when=said.get(service.iri, ""),
        )

    steps = [
        Step(kind=line.kind, cell=line.cells[0], offers=tuple(offer(each.service) for each in line.cells[0].recorded))
        for line in coverage.lines
    ]
    placed = {each.service for cell in coverage.cells for each in cell.recorded}
    rest = _others(nodes.values(), placed)
    if rest:
        steps.append(Step(kind=None, cell=None, offers=tuple(offer(service) for service in rest)))
    return Checklist(coverage, tuple(steps))


def table(checklist: Checklist) -> Answer:
    """One row for each service at each step; one for a step without a service."""
    made = [
        (
            step.kind.iri if step.kind else None,
            step.state,
            *(_cells(offer) if offer else (None,) * 7),
            "; ".join(offer.questions) or None if offer else "whether there is a service",
            offer.when or None if offer else None,
        )
        for step in checklist.steps
        for offer in (step.offers or (None,))
    ]
    return tabulated.answer(COLUMNS, made, checklist.coverage.answer, things=(0, 2))


def _cells(offer: Offer) -> tuple[str | None, ...]:
    return (
        offer.service.iri,
        offer.provided_by or None,
        "; ".join(offer.ages) or None,
        "; ".join(offer.genders) or None,
        offer.ways_in or None,
        offer.ways_refused or None,
        offer.funding or None,
    )


def _paid(agreements: Iterable[Row], label: Label) -> Mapping[str, tuple[Paid, ...]]:
    """For each service the agreements that pay for it."""
    told: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in agreements:
        told[(rows.needed(row, "service"), rows.needed(row, "agreement"))].append(row)
    found: dict[str, list[Paid]] = defaultdict(list)
    for (service, agreement), some in told.items():
        statuses = [each for each in rows.named(some, "status", label) if not each.iri.endswith("/not-stated")]
        found[service].append(
            Paid(
                agreement=Named(label(agreement), agreement),
                funders=rows.named(some, "funder", label),
                status=statuses[0] if len(statuses) == 1 else None,
                ends=tuple(sorted({day for row in some if (day := rows.day(row, "ends"))})),
                terms=rows.texts(some, "term"),
            )
        )
    return {service: tuple(sorted(paid, key=lambda each: each.agreement)) for service, paid in found.items()}


def _origins(edges: Iterable[Edge]) -> str:
    return listed(list(dict.fromkeys(edge.origin.name.label for edge in edges)))


def _by_end(edges: Sequence[Edge]) -> Mapping[str, tuple[Edge, ...]]:
    found: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[edge.end.name.iri].append(edge)
    return {iri: tuple(into) for iri, into in found.items()}


def _others(nodes: Iterable[Node], placed: set[Named]) -> tuple[Named, ...]:
    known = {service.iri for service in placed}
    return tuple(sorted(node.name for node in nodes if node.name.iri not in known))
