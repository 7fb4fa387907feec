"""What a list can be narrowed to, and how many things each choice would find.

Values of one field are alternatives, fields are conditions that all must hold, and what is left out is left out
whatever else is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from taxonomy.analysis.rows import Row, needed

Chosen = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Facets:
    """Which things each value of each field finds."""

    members: Mapping[str, Mapping[str, frozenset[str]]]

    def counts(self, only: Chosen, without: Chosen) -> Mapping[str, Mapping[str, int]]:
        """How many things each value would find, alone in its field, with all else as it is chosen.

        >>> facets = of([{"thing": "a", "field": "kind", "value": "x"}, {"thing": "b", "field": "kind", "value": "y"},
        ...              {"thing": "a", "field": "place", "value": "z"}])
        >>> facets.counts({"place": ["z"]}, {})["kind"]
        {'x': 1, 'y': 0}
        """
        barred = self._found(without)
        out = frozenset[str]().union(*barred.values())
        kept = self._found(only)
        counts: dict[str, dict[str, int]] = {}
        for field, values in self.members.items():
            others = [things for name, things in kept.items() if name != field]
            counts[field] = {value: len((things - out).intersection(*others)) for value, things in values.items()}
        return counts

    def knows(self, field: str, value: str) -> bool:
        """Whether it is known what a value finds."""
        return value in self.members.get(field, {})

    def also(self, field: str, value: str, things: Iterable[str]) -> Facets:
        """The same with one value more.

        >>> of([]).also("kind", "x", ["a", "b"]).counts({}, {})
        {'kind': {'x': 2}}
        """
        return Facets({**self.members, field: {**self.members.get(field, {}), value: frozenset(things)}})

    def among(self, things: Iterable[str]) -> Facets:
        """The same of some things alone.

        >>> of([]).also("kind", "x", ["a", "b"]).among(["b", "c"]).counts({}, {})
        {'kind': {'x': 1}}
        """
        some = frozenset(things)
        fields = self.members.items()
        return Facets({field: {value: found & some for value, found in values.items()} for field, values in fields})

    def _found(self, chosen: Chosen) -> dict[str, frozenset[str]]:
        """What the values of each field find together; a field without a value says nothing."""
        named = {field: tuple(values) for field, values in chosen.items()}
        return {
            field: frozenset[str]().union(
                *(self.members.get(field, {}).get(value, frozenset[str]()) for value in values)
            )
            for field, values in named.items()
            if values
        }


def of(rows: Iterable[Row]) -> Facets:
    """The facets in rows that name a thing, a field and a value that finds it.

    Raises:
        QueryError: a row has no such column, or an empty cell.
    """
    members: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        members[needed(row, "field")][needed(row, "value")].add(needed(row, "thing"))
    return Facets(
        {field: {value: frozenset(things) for value, things in values.items()} for field, values in members.items()}
    )
