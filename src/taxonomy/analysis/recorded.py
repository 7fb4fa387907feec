"""How much is recorded for each of some areas, and how near to the area it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from taxonomy.analysis.rows import Label, Named, Row, integer, listed, text


class State(StrEnum):
    """What is known of an area, from the most to nothing."""

    WHOLE = "recorded for the whole area"
    PART = "recorded only for a part of it"
    WIDER = "recorded only for a wider area"
    OVERLAPPING = "recorded only for an area that overlaps it"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How many things of one sort are recorded for an area; each is counted once, where it stands nearest.

    >>> here = Recorded(area=Named("Made-Up Shire", ""), whole=0, part=2, wider=1, overlapping=0)
    >>> str(here.state), here.nearest, here.told
    ('recorded only for a part of it', 2, '2 for a part of it and 1 for a wider area')
    """

    area: Named
    whole: int  # stated for this very area
    part: int  # only for an area that lies in it
    wider: int  # only for an area that it lies in
    overlapping: int  # only for an area that shares a part with it

    @property
    def state(self) -> State:
        """The first of the states that anything is in; none is not known, which is not the same as none."""
        return next((state for state, count in self._counts if count), State.NOT_KNOWN)

    @property
    def nearest(self) -> int:
        """How many things are in that state."""
        return dict(self._counts).get(self.state, 0)

    @property
    def told(self) -> str:
        """Every count that is not nought, in words."""
        words = ("the whole area", "a part of it", "a wider area", "an area that overlaps it")
        counts = (self.whole, self.part, self.wider, self.overlapping)
        return (
            listed([f"{count} for {name}" for name, count in zip(words, counts, strict=True) if count]) or "not known"
        )

    @property
    def _counts(self) -> tuple[tuple[State, int], ...]:
        return (
            (State.WHOLE, self.whole),
            (State.PART, self.part),
            (State.WIDER, self.wider),
            (State.OVERLAPPING, self.overlapping),
        )


def of(rows: Iterable[Row], *, label: Label) -> tuple[Recorded, ...]:
    """The areas in the rows of ``areas-recorded``, in their order.

    Raises:
        QueryError: a column is missing, or holds another kind of value.
    """
    found = []
    for row in rows:
        iri = text(row, "area") or ""
        counts = {name: integer(row, name) or 0 for name in ("whole", "part", "wider", "overlapping")}
        found.append(Recorded(area=Named(label(iri), iri), **counts))
    return tuple(found)
