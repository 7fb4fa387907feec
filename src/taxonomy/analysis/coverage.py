"""What is recorded of an area, kind by kind, and what is not: a matrix in which no cell is blank.

A cell is *recorded* where a service that touches the area states the kind; which of them cover the area itself, a
part of it, a wider area or one that overlaps it, is said. Else it is what somebody who looked says, and else
*not known*.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from taxonomy.analysis import citations, kinds, looking, rows, tabulated, validity
from taxonomy.analysis.cells import By, Cell, Column, Line, Reach, Recorded
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.looking import State
from taxonomy.analysis.rows import Label, Named, Row, listed
from taxonomy.namespaces import CONCEPT
from taxonomy.questions.results import Answer

ALL_AGES: Final = CONCEPT + "age-group/all-ages"  # a source says that age is no bar: it counts for each age group
COLUMNS: Final = (
    *(
        "kind",
        "area",
        "group",
        "state",
        "services",
        "for_this_area",
        "for_a_part",
        "for_a_wider_area",
        "for_an_overlap",
    ),
    *("names", "looked", "looked_on", "place"),
)


@dataclass(frozen=True)
class Coverage:
    """The matrix. Its counts add up to the number of its cells."""

    by: By
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    as_at: date | None = None  # None: all that is recorded, each with its day
    source: Answer = field(default_factory=lambda: Answer(columns=(), rows=(), text=""), repr=False, compare=False)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, line by line."""
        return tuple(cell for line in self.lines for cell in line.cells)

    @cached_property
    def counts(self) -> Mapping[State, int]:
        """How many cells are in each state; all four are there."""
        counted = Counter(cell.state for cell in self.cells)
        return {state: counted[state] for state in State}

    @cached_property
    def tallies(self) -> tuple[tuple[Column, Mapping[State, int]], ...]:
        """The same for each column."""
        tallied = []
        for place, column in enumerate(self.columns):
            counted = Counter(line.cells[place].state for line in self.lines)
            tallied.append((column, {state: counted[state] for state in State}))
        return tuple(tallied)

    @cached_property
    def services(self) -> tuple[Named, ...]:
        """The services in any cell, each once."""
        return tuple(sorted({each.service for cell in self.cells for each in cell.recorded}))

    @cached_property
    def stated(self) -> str:
        """For which day or days the recorded services are stated."""
        return citations.between(each.on for cell in self.cells for each in cell.recorded)

    @cached_property
    def summary(self) -> str:
        """What the matrix shows, in one or two sentences."""
        groups = any(column.group for column in self.columns)
        places = _count(len(self.columns), "group" if groups else "area")
        cells = _count(len(self.cells), "cell")
        states = listed([f"{state.lower()} in {self.counts[state]}" for state in State])
        told = f"{_count(len(self.lines), self.by.noun, self.by.nouns)} and {places} make {cells}: {states}."
        return f"{told} {self.stated[0].upper()}{self.stated[1:]}." if self.services else told

    @cached_property
    def answer(self) -> Answer:
        """One row for each cell."""
        made = [
            (
                cell.kind.iri,
                cell.column.area.iri,
                cell.column.group.iri if cell.column.group else None,
                str(cell.state),
                len(cell.recorded),
                *(sum(each.reach is reach for each in cell.recorded) for reach in Reach),
                tabulated.names(each.service for each in cell.recorded),
                " ".join(each.sentence for each in cell.looked) or None,
                max((each.on for each in cell.looked if each.on), default=None),
                cell.place or None,
            )
            for cell in self.cells
        ]
        named = {line.kind.iri: line.kind.label for line in self.lines}
        named |= {name.iri: name.label for column in self.columns for name in (column.area, column.name)}
        source = replace(self.source, labels={**self.source.labels, **named})
        return tabulated.answer(COLUMNS, made, source, things=(0, 1, 2))

    def only(self, state: State) -> Coverage:
        """The lines that have a cell in one state."""
        lines = tuple(line for line in self.lines if any(cell.state is state for cell in line.cells))
        return Coverage(self.by, self.columns, lines, self.as_at, self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The rows that a matrix is made of, as the questions ``coverage-…`` give them."""

    concepts: Iterable[Row]
    services: Iterable[Row]
    facets: Iterable[Row]
    statements: Iterable[Row]
    groups: Iterable[Row] = ()  # concepts of the groups that are the columns; none where areas are
    group_facets: Iterable[Row] = ()


def of(
    told: Told,
    areas: Sequence[str],
    *,
    by: By = By.SERVICE_TYPE,
    day: date | None = None,
    label: Label,
    source: Answer | None = None,
) -> Coverage:
    """The matrix of these areas, in their order; with groups, of the groups in the first of them.

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    concepts, groups = list(told.concepts), list(told.groups)
    ordered, within = kinds.tree(concepts, label), {**kinds.within(concepts), **kinds.within(groups)}
    named = [Named(label(iri), iri) for iri in dict.fromkeys(areas)]
    columns = (
        tuple(Column(named[0], group) for group, _ in kinds.tree(groups, label))
        if groups
        else tuple(map(Column, named))
    )
    nearby = _nearby(told.services, day, label)
    facets = _facets(told.facets, kinds.within(concepts), label)
    group_facets = _facets(told.group_facets, kinds.within(groups), label)
    looked = looking.of(told.statements, label=label, day=day)

    def cell(kind: Named, column: Column) -> Cell:
        found = facets.get(kind.iri, {})
        services = [each for each in nearby.get(column.area.iri, ()) if each.service.iri in found]
        if column.group:
            services = [each for each in services if each.service.iri in group_facets.get(column.group.iri, {})]
        asked = frozenset({kind.iri, *([column.group.iri] if column.group else [])})
        return Cell(
            kind=kind,
            column=column,
            recorded=tuple(_placed(each, found[each.service.iri], day) for each in services),
            looked=tuple(
                each for each in looked.get(column.area.iri, ()) if each.bears_on(column.area.iri, asked, within)
            ),
        )

    lines = (Line(kind, depth, tuple(cell(kind, column) for column in columns)) for kind, depth in ordered)
    blank = Answer(columns=(), rows=(), text="")
    return Coverage(by, columns, tuple(lines), day, source or blank)


def _nearby(services: Iterable[Row], day: date | None, label: Label) -> Mapping[str, tuple[Recorded, ...]]:
    """For each area the services that touch it and may run on the day, in order of name."""
    told: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in services:
        if validity.holds(day, rows.day(row, "starts"), rows.day(row, "ends")):
            told[(rows.needed(row, "area"), rows.needed(row, "service"))].append(row)
    found: dict[str, list[Recorded]] = defaultdict(list)
    for (area, service), some in told.items():
        reaches = {Reach(rows.needed(row, "reach")) for row in some}
        dated = any(rows.day(row, "ends") for row in some)
        found[area].append(
            Recorded(
                service=Named(label(service), service),
                reach=next(reach for reach in Reach if reach in reaches),
                covers=rows.named(some, "covers", label),
                citations=citations.of(some, label),
                dated=dated,
                on=None,
                when="",
            )
        )
    return {area: tuple(sorted(some, key=lambda each: each.service)) for area, some in found.items()}


def _facets(
    answer: Iterable[Row], within: Mapping[str, Set[str]], label: Label
) -> Mapping[str, Mapping[str, tuple[Citation, ...]]]:
    """For each kind the services that state it, or a narrower one, with the places that do."""
    told: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in answer:
        stated = rows.needed(row, "stated")
        for kind in within if stated == ALL_AGES else within.get(stated, {stated}):
            told[kind][rows.needed(row, "service")].append(row)
    return {
        kind: {service: citations.of(some, label) for service, some in services.items()}
        for kind, services in told.items()
    }


def _placed(near: Recorded, cited: tuple[Citation, ...], day: date | None) -> Recorded:
    """The service with the places that state the kind; a curator's judgement is never the day that it speaks for."""
    said = _said(cited) or _said(near.citations)
    stale = day is not None and not near.dated and validity.stale(said, day)
    when = citations.on(said)
    when = when.replace("as stated", "last stated", 1) if stale else when
    return replace(near, citations=cited, on=said, when=when)


def _said(cited: Iterable[Citation]) -> date | None:
    return max((each.as_at for each in cited if each.as_at and each.confirmed), default=None)


def _count(number: int, noun: str, nouns: str | None = None) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or noun + 's'}"
