"""What sources say of gaps in an area: printed statements, which stand beside the matrix and decide no cell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from taxonomy.analysis import citations, rows, tabulated
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.rows import Label, Named, Row
from taxonomy.questions.results import Answer

COLUMNS: Final = ("gap", "says", "about", "speaks_of", "area", "stated_for", "reported_by", "place")
_REACHES: Final = {
    "here": "this area",
    "inside": "a part of it",
    "wider": "a wider area",
    "before": "an area that this one followed",
    "overlapping": "an area that overlaps it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One statement of a source about a gap."""

    name: Named
    says: str | None
    about: tuple[Named, ...]  # communities, services and harms
    kinds: tuple[Named, ...]  # a need that is not met, people who are not reached
    area: Named
    stated_for: str  # how that area lies to the one asked for, in words
    reported_by: tuple[Named, ...]
    citations: tuple[Citation, ...]

    @property
    def place(self) -> str:
        """Where it is stated, and for which day."""
        return citations.places(self.citations)


def of(answer: Iterable[Row], *, label: Label) -> tuple[Gap, ...]:
    """The statements in the rows of the question ``coverage-gaps``, those about the area itself first.

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    told: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in answer:
        told[(rows.needed(row, "gap"), rows.needed(row, "about_area"))].append(row)
    order = list(_REACHES)
    found = [
        (
            min(order.index(rows.needed(row, "reach")) for row in some),
            Gap(
                name=Named(label(gap), gap),
                says=" ".join(rows.texts(some, "says")) or None,
                about=rows.named(some, "about", label),
                kinds=rows.named(some, "kind", label),
                area=Named(label(area), area),
                stated_for=_REACHES[min((rows.needed(row, "reach") for row in some), key=order.index)],
                reported_by=rows.named(some, "reported_by", label),
                citations=citations.of(some, label),
            ),
        )
        for (gap, area), some in told.items()
    ]
    return tuple(gap for _, gap in sorted(found, key=lambda pair: (pair[0], pair[1].name, pair[1].area)))


def table(gaps: Iterable[Gap], source: Answer) -> Answer:
    """One row for each statement and area."""
    made = [
        (
            gap.name.iri,
            gap.says,
            tabulated.names(gap.about),
            tabulated.names(gap.kinds),
            gap.area.iri,
            gap.stated_for,
            tabulated.names(gap.reported_by),
            gap.place,
        )
        for gap in gaps
    ]
    return tabulated.answer(COLUMNS, made, source, things=(0, 4))
