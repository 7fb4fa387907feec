"""Areas side by side: the same measures of each, with where they come from, and with what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from taxonomy.analysis import citations, tabulated
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.coverage import Coverage
from taxonomy.analysis.funding import Funding
from taxonomy.analysis.gaps import Gap
from taxonomy.analysis.money import Total, pounds
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named, listed
from taxonomy.analysis.ways import Way
from taxonomy.questions.results import Answer

COLUMNS: Final = ("measure", "area", "value", "detail", "sources", "stated")
MOST: Final = 4  # areas side by side
LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One area, as four analyses tell it."""

    area: Named
    types: Coverage
    stages: Coverage
    needs: Coverage
    pathway: Pathway
    funding: Funding
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One measure of one area."""

    area: Named
    value: str
    detail: str  # empty where there is no more to say
    documents: tuple[Named, ...]
    stated: str  # for which days; empty where nothing is recorded
    leads_to: str  # the page of the area that shows it, as the end of its path


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the comparison: the same measure of every area."""

    name: str
    entries: tuple[Entry, ...]


def of(profiles: Sequence[Profile]) -> tuple[Measure, ...]:
    """The measures of these areas, line by line."""
    lines: dict[str, list[Entry]] = {name: [] for name, *_ in _MEASURES} if profiles else {}
    for profile in profiles:
        for name, tail, measure in _MEASURES:
            value, detail, cited = measure(profile)
            lines[name].append(_entry(profile.area, value, detail, cited, tail))
    return tuple(Measure(name, tuple(entries)) for name, entries in lines.items())


def table(measures: Iterable[Measure], source: Answer) -> Answer:
    """One row for each measure of each area."""
    made = [
        (
            measure.name,
            entry.area.iri,
            entry.value,
            entry.detail or None,
            tabulated.names(entry.documents),
            entry.stated or None,
        )
        for measure in measures
        for entry in measure.entries
    ]
    return tabulated.answer(COLUMNS, made, source, things=(1,))


_Measured = tuple[str, str, list[Citation]]  # value, detail and what states it


def _services(profile: Profile) -> _Measured:
    cited = _of_cells(profile.types) + _of_cells(profile.stages) + _of_cells(profile.needs)
    here = sum(any(area == profile.area for area in node.covers) for node in profile.pathway.services)
    other = len(profile.pathway.services) - here
    detail = f"{here} for this very area, {other} for a part of it, a wider one or one that overlaps it"
    return _known(len(profile.pathway.services)), detail if profile.pathway.services else "", cited


def _types(profile: Profile) -> _Measured:
    return _kinds(profile.types)


def _stages(profile: Profile) -> _Measured:
    return _kinds(profile.stages)


def _needs(profile: Profile) -> _Measured:
    return _kinds(profile.needs)


def _ways(profile: Profile) -> _Measured:
    edges = profile.pathway.edges
    refused = sum(edge.way is Way.REFUSED for edge in edges)
    detail = f"{len(edges) - refused} open, {refused} refused" if edges else ""
    return _known(len(edges)), detail, [citation for edge in edges for citation in edge.citations]


def _silent(profile: Profile) -> _Measured:
    silent = profile.pathway.silent
    if not profile.pathway.services:
        return "Not known", "", []
    return (
        f"{len(silent)} of {len(profile.pathway.services)}",
        listed([node.name.label for node in silent]),
        [],
    )


def _agreements(profile: Profile) -> _Measured:
    agreements = profile.funding.agreements
    return _known(len(agreements)), "", _of_funding(profile.funding)


def _unpriced(profile: Profile) -> _Measured:
    agreements, unknown = profile.funding.agreements, profile.funding.unknown
    if not agreements:
        return "Not known", "", []
    names = listed([agreement.name.label for agreement in unknown])
    return f"{len(unknown)} of {len(agreements)}", names, _of_funding(profile.funding)


def _money(profile: Profile) -> _Measured:
    totals = profile.funding.overall
    return "; ".join(map(_total, totals)) or "Not known", "", _of_funding(profile.funding)


def _gaps(profile: Profile) -> _Measured:
    names = listed([gap.name.label for gap in profile.gaps])
    return _known(len(profile.gaps)), names, [citation for gap in profile.gaps for citation in gap.citations]


_MEASURES: Final = (
    ("Services recorded", "/services", _services),
    ("Types of service recorded", "/gaps", _types),
    ("Stages of the pathway recorded", "/gaps/pathway", _stages),
    ("Needs recorded", "/gaps/pathway", _needs),
    ("Stated ways to services", "/pathways", _ways),
    ("Services with no stated way in", "/pathways", _silent),
    ("Agreements recorded", "/funding", _agreements),
    ("Agreements with no published amount", "/funding", _unpriced),
    ("Sums of published amounts", "/funding", _money),
    ("Statements of sources about gaps", "/gaps/printed", _gaps),
)


def _entry(area: Named, value: str, detail: str, cited: list[Citation], tail: str) -> Entry:
    documents = {citation.document for citation in cited if citation.document}
    days: list[date | None] = [citation.as_at for citation in cited if citation.confirmed]
    return Entry(
        area=area,
        value=value,
        detail=detail,
        documents=tuple(sorted(documents)),
        stated=citations.between(days) if days else "",
        leads_to=tail,
    )


def _kinds(coverage: Coverage) -> _Measured:
    found = [line.kind.label for line in coverage.lines if any(cell.recorded for cell in line.cells)]
    value = f"{len(found)} of {len(coverage.lines)}" if found else f"Not known: none of {len(coverage.lines)} recorded"
    return value, listed(found), _of_cells(coverage)


def _total(total: Total) -> str:
    sums = f"{pounds(total.amount)} {total.basis.label.lower()}" if total.amount is not None else "No published amount"
    return f"{sums}, {total.standing.lower()}"


def _known(number: int) -> str:
    return str(number) if number else "Not known: none recorded"


def _of_cells(coverage: Coverage) -> list[Citation]:
    return [citation for cell in coverage.cells for each in cell.recorded for citation in each.citations]


def _of_funding(funding: Funding) -> list[Citation]:
    return [citation for flow in funding.flows for citation in flow.citations]
