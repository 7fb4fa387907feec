"""Where somebody looked for a kind of service, and what came of it: four states, of which one is never stated.

*Recorded* follows from services. The other three are what a coverage statement says, or, for *not known*, that there is
none. A statement that nothing was found in an area, or of a kind, holds for each part of the area and of the kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taxonomy.analysis import citations, rows
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.rows import Label, Named, Row, listed
from taxonomy.days import written
from taxonomy.namespaces import CONCEPT


class State(StrEnum):
    """What is known about a kind of service in an area."""

    RECORDED = "Recorded"
    NONE_FOUND = "Looked for and none found"
    NOT_APPLICABLE = "Not applicable"
    NOT_KNOWN = "Not known"

    @property
    def key(self) -> str:
        """The state as an address says it.

        >>> State.NONE_FOUND.key
        'none-found'
        """
        return _KEYS[self]


_KEYS = {
    State.RECORDED: "recorded",
    State.NONE_FOUND: "none-found",
    State.NOT_APPLICABLE: "not-applicable",
    State.NOT_KNOWN: "not-known",
}
_STATED = {CONCEPT + "coverage-state/" + key: state for state, key in _KEYS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One statement that somebody looked for a kind of service in an area."""

    iri: str
    looked_in: Named
    looked_for: tuple[Named, ...]  # of several kinds: a service that is all of them
    state: State
    by: Named | None  # None: the source does not say who looked
    looked_on: date | None  # None: it does not say on which day
    says: str | None
    citations: tuple[Citation, ...]

    @property
    def on(self) -> date | None:
        """The day on which they looked; where none is given, the latest for which a source speaks; None without any."""
        return self.looked_on or max((each.as_at for each in self.citations if each.as_at), default=None)

    @property
    def place(self) -> str:
        """Where it is stated, and for which day."""
        return citations.places(self.citations)

    @property
    def sentence(self) -> str:
        """Who looked for what and where, in words."""
        what = listed([kind.label for kind in self.looked_for])
        who = self.by.label if self.by else "Somebody whom the source does not name"
        day = f"on {written(self.looked_on)}" if self.looked_on else citations.on(self.on)
        return f"{who} looked for {what} in {self.looked_in.label}: {self.state.lower()}, {day}."

    def bears_on(self, area: str, kinds: Set[str], within: Mapping[str, Set[str]]) -> bool:
        """Whether it says something of these kinds in an area.

        ``kinds`` are the ones that a service would have to be, and ``within`` gives for each kind all that it is a kind
        of, itself among them.
        """
        named = {kind.iri for kind in self.looked_for}
        if self.state is not State.NONE_FOUND:
            return self.looked_in.iri == area and named == kinds
        wider = frozenset[str]().union(*(within.get(kind, {kind}) for kind in kinds))
        return bool(named) and named <= wider


def of(answer: Iterable[Row], *, label: Label, day: date | None = None) -> Mapping[str, tuple[Looked, ...]]:
    """The statements in the rows of the question ``coverage-statements``, by the area asked for.

    With a day, what was said later is left out: it tells nothing of that day.

    >>> of([], label=str)
    {}

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    told: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in answer:
        told[(rows.needed(row, "area"), rows.needed(row, "statement"))].append(row)
    found: dict[str, list[Looked]] = defaultdict(list)
    for (area, iri), some in told.items():
        looked = _looked(iri, some, label)
        if looked is not None and (day is None or looked.on is None or looked.on <= day):
            found[area].append(looked)
    return {area: tuple(all_looked) for area, all_looked in found.items()}


def latest(looked: Iterable[Looked]) -> State:
    """What the newest of several statements says; of two of one day, the one that says more."""
    if not (told := tuple(looked)):
        return State.NOT_KNOWN
    order = list(State)
    return max(told, key=lambda each: (each.on or date.min, -order.index(each.state))).state


def _looked(iri: str, told: list[Row], label: Label) -> Looked | None:
    states = [_STATED[state] for state in rows.texts(told, "state") if state in _STATED]
    if not states:
        return None
    looked_in, by = rows.needed(told[0], "looked_in"), rows.text(told[0], "looked_by")
    return Looked(
        iri=iri,
        looked_in=Named(label(looked_in), looked_in),
        looked_for=rows.named(told, "looked_for", label),
        state=states[0],
        by=Named(label(by), by) if by else None,
        looked_on=rows.day(told[0], "looked_on"),
        says=" ".join(rows.texts(told, "says")) or None,
        citations=citations.of(told, label),
    )
