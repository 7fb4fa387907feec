"""The tables of a briefing about what is not there, or not known: gaps, open questions, contradictions; and sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from taxonomy.analysis import figures
from taxonomy.analysis.checklist import Checklist
from taxonomy.analysis.coverage import Coverage
from taxonomy.analysis.figures import Cell, Figure, Head
from taxonomy.analysis.gaps import Gap
from taxonomy.analysis.looking import State
from taxonomy.analysis.rows import Named
from taxonomy.days import written
from taxonomy.questions.results import Row


def of(
    coverage: Coverage, checklist: Checklist, gaps: Sequence[Gap], rivals: Sequence[Row]
) -> tuple[Figure, Figure, Figure, Figure]:
    """The tables in their order; ``rivals`` are those rows of ``page-rivals`` that concern the area."""
    return _matrix(coverage), _checklist(checklist), _gaps(gaps), _rivals(rivals)


def _matrix(coverage: Coverage) -> Figure:
    cells = coverage.cells
    lines = [
        (
            cell.kind,
            str(cell.state),
            len(cell.recorded),
            tuple(each.service for each in cell.recorded) if cell.recorded else figures.NOT_APPLICABLE,
            cell.reach if cell.recorded else figures.NOT_APPLICABLE,
            " ".join(each.sentence for each in cell.looked) or "nobody recorded",
        )
        for cell in cells
    ]
    cited = [citation for cell in cells for each in cell.recorded for citation in each.citations]
    cited += [citation for cell in cells for each in cell.looked for citation in each.citations]
    return figures.made(
        "gaps",
        "Types of service: recorded, looked for, not known",
        coverage.summary,
        ("Type of service", "State", Head("Services", figures=True), "Which", "Recorded for", "Who looked"),
        lines,
        cited,
        note=f"“{State.NOT_KNOWN}” means that nothing is recorded. There may be a service, or none.",
    )


def _checklist(checklist: Checklist) -> Figure:
    lines: list[Sequence[Cell | None]] = []
    for step in checklist.steps:
        if not step.offers:
            lines.append((step.kind, step.state, *[None] * 5, "whether there is a service"))
        lines += [
            (
                step.kind,
                step.state,
                offer.service,
                "; ".join(offer.ages),
                "; ".join(offer.genders),
                offer.ways_in,
                offer.funding,
                "; ".join(offer.questions) or "none",
            )
            for offer in step.offers
        ]
    cells = checklist.coverage.cells
    return figures.made(
        "pathway_gaps",
        "What is missing along the pathway",
        checklist.summary,
        ("Stage of the pathway", "State", "Service", "Ages", "Genders", "Ways in", "Paid for", "Open questions"),
        lines,
        [citation for cell in cells for each in cell.recorded for citation in each.citations],
    )


def _gaps(gaps: Sequence[Gap]) -> Figure:
    return figures.made(
        "gaps_printed",
        "What sources say of gaps",
        f"Sources make {figures.counted(len(gaps), 'statement')} about gaps here."
        if gaps
        else figures.none("statement about gaps"),
        ("Statement", "In brief", "About", "Area", "Where it is stated"),
        [(gap.name, gap.says, gap.about or "nobody in particular", gap.area, gap.place) for gap in gaps],
        [citation for gap in gaps for citation in gap.citations],
        note="These are the words of documents in brief. They decide no state in the table of types.",
    )


def _rivals(rivals: Sequence[Row]) -> Figure:
    by_contradiction: Mapping[object, list[Row]] = defaultdict(list)
    for row in rivals:
        by_contradiction[row["contradiction"]].append(row)
    lines = [
        (
            Named(row.label("contradiction"), str(row["contradiction"])),
            row.label("subject"),
            row.label("property"),
            f"{_said(row)}, printed as “{row['printed']}”" if row["printed"] else _said(row),
            str(row["locator"] or row.label("place")),
        )
        for rows in by_contradiction.values()
        for row in rows
    ]
    documents = {Named(row.label("source"), str(row["source"])) for row in rivals if row["source"]}
    count = len(by_contradiction)
    told = figures.made(
        "contradictions",
        "Where sources differ",
        f"Sources differ in {figures.counted(count, 'thing')} that concern the area. Neither value is preferred."
        if count
        else "No contradiction is recorded for this area. Sources that nobody has compared may still differ.",
        ("Contradiction", "About", "What differs", "Value", "Where it is stated"),
        lines,
        (),
    )
    return replace(told, documents=tuple(sorted(documents)))


def sources(made: Sequence[Figure]) -> Figure:
    """The documents that the tables rest on, and which rest on each."""
    used: dict[Named, list[str]] = defaultdict(list)
    for figure in made:
        for document in figure.documents:
            used[document].append(figure.title)
    return Figure(
        key="sources",
        title="Sources",
        summary=f"The tables rest on {figures.counted(len(used), 'document')}."
        if used
        else "No document speaks of this area.",
        heads=(Head("Document"), Head("Tables that rest on it")),
        rows=tuple((document, "; ".join(titles)) for document, titles in sorted(used.items())),
        documents=tuple(sorted(used)),
        stated="",
    )


def _said(row: Row) -> str:
    """The value that a claim gives, in words."""
    value = row["value"]
    if isinstance(value, date):
        return written(value)
    return f"{value:,}" if isinstance(value, int | Decimal) and not isinstance(value, bool) else row.label("value")
