"""A briefing on one area: the tables that a committee reads, each with its sentence, its sources and its days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from taxonomy.analysis import figures, rows, shortfalls, tabulated
from taxonomy.analysis.checklist import Checklist, Offer
from taxonomy.analysis.coverage import Coverage
from taxonomy.analysis.figures import Figure, Head
from taxonomy.analysis.funding import Funding
from taxonomy.analysis.gaps import Gap
from taxonomy.analysis.money import NOT_STATED, Total
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.questions.results import Answer, Row

COLUMNS: Final = ("figure", "line", "heading", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a briefing is made of."""

    area: Named
    services: Answer  # of the question services-in-area
    pathway: Pathway
    funding: Funding
    coverage: Coverage
    checklist: Checklist
    gaps: tuple[Gap, ...]
    rivals: Sequence[Row]  # of the question page-rivals, those that concern the area


@dataclass(frozen=True)
class Briefing:
    """The tables in their order."""

    area: Named
    figures: tuple[Figure, ...]

    @cached_property
    def documents(self) -> tuple[Named, ...]:
        """Every document that a table rests on."""
        return tuple(sorted({document for figure in self.figures for document in figure.documents}))

    def answer(self, source: Answer) -> Answer:
        """One row for each cell of each table, as a workbook has them."""
        made = [
            (figure.title, number, head.text, figures.plain(cell))
            for figure in self.figures
            for number, line in enumerate(figure.rows, start=1)
            for head, cell in zip(figure.heads, line, strict=True)
        ]
        return tabulated.answer(COLUMNS, made, source, things=())


def of(told: Told) -> Briefing:
    """The briefing in these answers and analyses.

    Raises:
        KeyError: a question has lost a column that a table needs.
    """
    offers = {offer.service.iri: offer for step in told.checklist.steps for offer in step.offers}
    made = [
        _services(told),
        _ways(told.pathway),
        _silent(told.pathway),
        _sums("sums", "Sums of published amounts", told.funding.summary, told.funding.overall, told.funding),
        _sums("funders", "The same by who pays", _payers(told.funding), told.funding.by_funder, told.funding),
        _ends(list(offers.values()), told.funding),
        *shortfalls.of(told.coverage, told.checklist, told.gaps, told.rivals),
    ]
    return Briefing(told.area, (*made, shortfalls.sources(made)))


def _services(told: Told) -> Figure:
    found = told.services.rows
    count = len({row["service"] for row in found})
    lines = [
        (
            Named(row.label("service"), str(row["service"])),
            str(row["where"] or ""),
            row.label("provider") or _as_printed(row),
            str(row["types"] or ""),
            str(row["for"] or ""),
            rows.day(row, "as_at"),
        )
        for row in found
    ]
    cited = [citation for cell in told.coverage.cells for each in cell.recorded for citation in each.citations]
    return figures.made(
        "services",
        "Services",
        f"{figures.counted(count, 'service')} recorded for the area or for what touches it."
        if count
        else figures.none("service"),
        ("Service", "Where", "Lead provider", "Types", "For whom", "Last stated"),
        lines,
        cited,
        note="“For whom” lists what a source states. Where it is not known, that is not “open to all”.",
    )


def _ways(pathway: Pathway) -> Figure:
    heads = list(pathway.table[0]) if pathway.table else ["Way", "From", "To", "Open or refused"]
    lines = [tuple(line.values()) for line in pathway.table]
    cited = [citation for edge in pathway.edges for citation in edge.citations]
    return figures.made(
        "ways",
        "How people get to services",
        pathway.summary,
        heads,
        lines,
        cited,
        note="Only ways that a source states are here. A refused way is a fact.",
        picture="pathway",
    )


def _silent(pathway: Pathway) -> Figure:
    silent, services = pathway.silent, pathway.services
    return figures.made(
        "no_way_in",
        "Services with no stated way in",
        f"For {len(silent)} of {figures.counted(len(services), 'service')} no source says how people get in."
        if services
        else figures.none("service"),
        ("Service", "Provider"),
        [(node.name, node.provided_by) for node in silent],
        (),
    )


def _sums(key: str, title: str, summary: str, totals: Sequence[Total], funding: Funding) -> Figure:
    lines = [
        (
            total.label if NOT_STATED not in total.of else None,
            str(total.standing),
            total.basis.label if total.basis != NOT_STATED else None,
            total.amount,
            total.known,
            len(total.unknown),
            total.unknown or "none",
        )
        for total in totals
    ]
    return figures.made(
        key,
        title,
        summary,
        (
            *(
                "Of",
                "Standing",
                "For",
                Head("Sum in pounds (£)", figures=True),
                Head("Amounts in the sum", figures=True),
            ),
            *(Head("Agreements with no published amount", figures=True), "Which"),
        ),
        lines,
        [citation for flow in funding.flows for citation in flow.citations],
        note="Money agreed and money proposed are never added together, nor sums for a year and for a whole term. "
        "An amount that is not published is in no sum.",
        picture="funding" if key == "sums" else "",
    )


def _payers(funding: Funding) -> str:
    named = {name for total in funding.by_funder for name in total.of if name != NOT_STATED}
    if not funding.agreements:
        return figures.none("agreement")
    silent = sum(flow.funder is None for flow in funding.flows)
    unnamed = f" For {figures.counted(silent, 'share')} no source says who pays." if silent else ""
    return f"Sources name {figures.counted(len(named), 'funder')}.{unnamed}"


def _ends(offers: Collection[Offer], funding: Funding) -> Figure:
    amounts = {agreement.name.iri: agreement for agreement in funding.agreements}
    paid = {each.agreement: each for offer in offers for each in offer.paid}
    services: dict[Named, list[Named]] = defaultdict(list)
    for offer in offers:
        for each in offer.paid:
            services[each.agreement].append(offer.service)
    lines = []
    for name, each in sorted(paid.items()):
        agreement = amounts.get(name.iri)
        lines.append(
            (
                name,
                tuple(sorted(set(services[name]))),
                each.funders,
                agreement.amount if agreement else None,
                agreement.basis.label if agreement and agreement.basis != NOT_STATED else None,
                str(agreement.standing) if agreement else None,
                max(each.ends) if each.ends else None,
                "; ".join(f"“{term}”" for term in each.terms) or None,
            )
        )
    dated = sum(bool(each.ends) for each in paid.values())
    return figures.made(
        "agreements",
        "Agreements, and until when they run",
        f"A last day is stated for {dated} of {figures.counted(len(paid), 'agreement')}."
        if paid
        else figures.none("agreement"),
        (
            *("Agreement", "Services", "Who pays", Head("Amount in pounds (£)", figures=True), "For", "Standing"),
            *("Last day", "Term as printed"),
        ),
        lines,
        [citation for flow in funding.flows for citation in flow.citations],
    )


def _as_printed(row: Row) -> str:
    printed = row["provider_as_printed"]
    return f"printed as “{printed}”" if printed else ""
