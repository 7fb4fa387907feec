"""How long people wait for the services of an area, as somebody measured it on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from taxonomy.analysis import citations, rows, validity
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.rows import Label, Named, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One waiting time of one service. Worthless without its day."""

    service: Named
    status: Named | None  # whether people are taken on; None: not stated
    value: Decimal | None  # None: not stated, never zero
    unit: Named | None
    days: Decimal | None  # about how many, only to put waits in order
    printed: str | None
    waits_for: Named | None
    measured_on: date | None
    citations: tuple[Citation, ...]

    @property
    def length(self) -> str:
        """How long, as printed, else the figure with its unit."""
        if self.printed or self.value is None:
            return self.printed or "how long is not known"
        figure = f"{self.value:f}".rstrip("0").rstrip(".") if "." in f"{self.value:f}" else f"{self.value:f}"
        return f"{figure} {self.unit.label.lower()}" if self.unit else f"{figure}, unit not stated"

    @property
    def place(self) -> str:
        """Where it is stated, and for which day."""
        return citations.places(self.citations)


def of(answer: Iterable[Row], *, label: Label, day: date | None = None) -> tuple[Wait, ...]:
    """The waiting times in the rows of the question ``pathway-waits``, longest first, those of unknown length last.

    With a day, what was measured after it is left out.

    >>> of([], label=str)
    ()

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    by_wait: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in answer:
        if validity.holds(day, rows.day(row, "measured_on"), None):
            by_wait[(rows.needed(row, "service"), rows.needed(row, "waiting"))].append(row)
    waits = [_wait(service, told, label) for (service, _), told in by_wait.items()]
    return tuple(sorted(waits, key=lambda wait: (wait.days is None, -(wait.days or 0), wait.service, wait.length)))


def _wait(service: str, told: list[Row], label: Label) -> Wait:
    first = told[0]  # rows differ only in what states it: the shapes allow one figure and one status

    def name(column: str) -> Named | None:
        iri = rows.text(first, column)
        return Named(label(iri), iri) if iri else None

    return Wait(
        service=Named(label(service), service),
        status=name("status"),
        value=rows.amount(first, "value"),
        unit=name("unit"),
        days=rows.amount(first, "days"),
        printed=rows.text(first, "printed"),
        waits_for=name("waits_for"),
        measured_on=rows.day(first, "measured_on"),
        citations=citations.of(told, label),
    )
