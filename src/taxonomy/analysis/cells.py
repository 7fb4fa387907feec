"""One kind of service in one area or for one group of people: what a coverage matrix is made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taxonomy.analysis import looking
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.looking import Looked, State
from taxonomy.analysis.rows import Named, listed
from taxonomy.errors import QueryError


class By(StrEnum):
    """What the lines of a matrix are."""

    SERVICE_TYPE = "service-type"
    NEED = "need"
    COMMUNITY = "community"
    STAGE = "stage"
    AGE_GROUP = "age-group"

    @property
    def noun(self) -> str:
        """One of them in words."""
        return _NOUNS[self][0]

    @property
    def nouns(self) -> str:
        """Several of them in words."""
        return _NOUNS[self][1]


_NOUNS = {
    By.SERVICE_TYPE: ("type of service", "types of service"),
    By.NEED: ("need", "needs"),
    By.COMMUNITY: ("community", "communities"),
    By.STAGE: ("stage of the pathway", "stages of the pathway"),
    By.AGE_GROUP: ("age group", "age groups"),
}


class Reach(StrEnum):
    """How the area that a service covers lies to the one that is looked at."""

    HERE = "here"
    INSIDE = "inside"
    WIDER = "wider"
    OVERLAPPING = "overlapping"

    @property
    def words(self) -> str:
        """It in words."""
        return _REACHES[self]


_REACHES = {
    Reach.HERE: "for this area",
    Reach.INSIDE: "for a part of it",
    Reach.WIDER: "for a wider area",
    Reach.OVERLAPPING: "for an area that overlaps it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One service in one cell, and why it stands there."""

    service: Named
    reach: Reach  # the nearest, where it covers several areas
    covers: tuple[Named, ...]
    citations: tuple[Citation, ...]  # what states the kind
    on: date | None  # the latest day for which a document or a record speaks; None where none gives a day
    dated: bool  # whether a source states on which day it ends
    when: str  # the same in words, never as if it were today


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is of: an area, or a group of people in it."""

    area: Named
    group: Named | None = None

    @property
    def name(self) -> Named:
        """What its heading says."""
        return self.group or self.area


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What is known of one kind in one area."""

    kind: Named
    column: Column
    recorded: tuple[Recorded, ...]
    looked: tuple[Looked, ...]  # also where a service is recorded: sources that differ stay side by side

    @property
    def state(self) -> State:
        """One of the four states."""
        return State.RECORDED if self.recorded else looking.latest(self.looked)

    @property
    def words(self) -> str:
        """The state, with the number of services where there are some."""
        return f"{self.state} ({len(self.recorded)})" if self.recorded else str(self.state)

    @property
    def reach(self) -> str:
        """For which areas the services are recorded, in words; empty where there are none."""
        counts = Counter(each.reach for each in self.recorded)
        if len(counts) == 1:
            return next(iter(counts)).words
        return listed([f"{counts[reach]} {reach.words}" for reach in Reach if reach in counts])

    @property
    def place(self) -> str:
        """Where the state is stated, and for which day; empty where nobody states anything."""
        told = [citation for each in self.recorded for citation in each.citations]
        told += [citation for each in self.looked for citation in each.citations]
        return "; ".join(dict.fromkeys(citation.place for citation in told))


@dataclass(frozen=True, slots=True)
class Line:
    """One kind over all columns."""

    kind: Named
    depth: int  # how many kinds it is below
    cells: tuple[Cell, ...]


def by_of(key: str) -> By:
    """What the lines are, as an address or the shell says it.

    >>> by_of("need").nouns
    'needs'

    Raises:
        QueryError: it is none of these.
    """
    try:
        return By(key)
    except ValueError:
        raise QueryError(f"{key[:40]!r} is nothing to look at coverage by.", hint=f"Use {', '.join(By)}.") from None


def state_of(key: str) -> State:
    """A state, as an address says it.

    >>> state_of("not-known")
    <State.NOT_KNOWN: 'Not known'>

    Raises:
        QueryError: it is none of the four.
    """
    for state in State:
        if state.key == key:
            return state
    raise QueryError(f"{key[:40]!r} is no state of coverage.", hint=f"Use {', '.join(state.key for state in State)}.")
