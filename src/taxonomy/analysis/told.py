"""The ways of an area as an answer: the same rows on the page, in a download, in the shell and in Python."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from taxonomy.analysis import reach as walking
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.reach import Passage, Reach, Step
from taxonomy.analysis.ways import Edge, Node
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.terms import Value

_BETWEEN: Final = ("route", "step")
_WAYS: Final = ("way", "from", "to", "open_or_refused", "how", "consent", "condition", "stated_for", "as_at")
_ON_THE_DAY: Final = ("on_the_day",)
_FOR_THE_PERSON: Final = ("for_this_person", "why")
_PLACE: Final = ("place",)
_PASSABLE: Final = {Passage.OPEN, Passage.NOT_KNOWN}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ways(Answer):
    """One row for each way, under the number that it has in the picture and in the text.

    Where an end is asked for, one row for each step of each route to it, shortest first.
    """

    reach: Reach  # over all that is recorded
    pathway: Pathway  # the ways that are shown, and what stands at their ends
    end: Node | None = None

    @property
    def whole(self) -> Pathway:
        """All that is recorded, where the answer is narrowed to a part."""
        return self.reach.pathway

    @property
    def nodes(self) -> tuple[Node, ...]:
        """What stands at the ends of the ways, and services without one."""
        return self.pathway.nodes

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The ways of the area, in order."""
        return self.pathway.edges

    @property
    def services(self) -> tuple[Node, ...]:
        """The services of the area."""
        return self.pathway.services

    @property
    def summary(self) -> str:
        """What is recorded, in one or two sentences."""
        return self.pathway.summary

    @property
    def routes(self) -> tuple[tuple[Step, ...], ...]:
        """The ways to the end that was asked for, shortest first; none where no end was."""
        return walking.routes(self.reach, self.end) if self.end else ()

    @property
    def found(self) -> bool:
        """Whether there is a way at all that is open to the person, or may be."""
        return bool(self.rows) if self.end else any(step.passage in _PASSABLE for step in self.reach.steps)


def of(reach: Reach, source: Answer, *, shown: Pathway | None = None, end: Node | None = None) -> Ways:
    """The ways as rows; ``source`` is the answer that they were read from, which lends its query and release."""
    pathway = shown or reach.pathway
    person, day = reach.asked or end is not None, reach.pathway.day is not None
    columns = (*_WAYS, *(_ON_THE_DAY if day else ()), *(_FOR_THE_PERSON if person else ()), *_PLACE)
    cells = partial(_cells, reach, day=day, person=person)
    if end is None:
        told = [cells(reach.by_number[edge.number]) for edge in pathway.edges]
    else:
        columns = (*_BETWEEN, *columns)
        told = [
            (number, place, *cells(step))
            for number, route in enumerate(walking.routes(reach, end), start=1)
            for place, step in enumerate(route, start=1)
        ]
    labels = {node.name.iri: node.name.label for node in reach.pathway.nodes}
    things = frozenset(columns.index(name) for name in ("from", "to"))
    return Ways(
        columns=columns,
        rows=tuple(Row(columns, values, things, labels) for values in told),
        text=source.text,
        question=source.question,
        release=source.release,
        milliseconds=source.milliseconds,
        labels=labels,
        notice=source.notice,
        reach=reach,
        pathway=pathway,
        end=end,
    )


def _cells(reach: Reach, step: Step, *, day: bool, person: bool) -> tuple[Value, ...]:
    edge = step.edge
    return (
        edge.number,
        edge.origin.name.iri,
        edge.end.name.iri,
        edge.status,
        edge.how,
        edge.consent_stated,
        edge.condition_stated or None,
        edge.stated_for,
        edge.said,
        *((edge.last_stated(reach.pathway.day) or "nothing says that it has ended",) if day else ()),
        *((str(step.passage), step.why or "nothing stated stands against it") if person else ()),
        edge.place,
    )
