"""Concepts of a scheme as a tree: what is a kind of what, and in which order they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from taxonomy.analysis import rows
from taxonomy.analysis.rows import Label, Named, Row


def tree(concepts: Sequence[Row], label: Label) -> list[tuple[Named, int]]:
    """Every kind with its depth, each below the first of those that it is a kind of."""
    positions: dict[str, int] = {}
    above = _above(concepts)
    for row in concepts:
        position = rows.integer(row, "position")
        positions[rows.needed(row, "concept")] = 1_000_000 if position is None else position
    names = {iri: Named(label(iri), iri) for iri in positions}
    below: dict[str | None, list[str]] = defaultdict(list)
    for iri, kinds in above.items():
        known = sorted(names[each] for each in kinds if each in names and each != iri)
        below[known[0].iri if known else None].append(iri)
    found: list[tuple[Named, int]] = []
    waiting = [(iri, 0) for iri in sorted(below[None], key=lambda each: (positions[each], names[each]), reverse=True)]
    while waiting:
        iri, depth = waiting.pop()
        found.append((names[iri], depth))
        under = sorted(below[iri], key=lambda each: (positions[each], names[each]), reverse=True)
        waiting += [(each, depth + 1) for each in under]
    return found


def within(concepts: Sequence[Row]) -> Mapping[str, Set[str]]:
    """For each kind, all that it is a kind of, itself among them."""
    above = _above(concepts)
    found = {}
    for iri in above:
        seen, waiting = {iri}, [iri]
        while waiting:
            new = above.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        found[iri] = frozenset(seen)
    return found


def _above(concepts: Iterable[Row]) -> dict[str, set[str]]:
    above: dict[str, set[str]] = defaultdict(set)
    for row in concepts:
        broader = rows.text(row, "broader")
        above[rows.needed(row, "concept")] |= {broader} if broader else set()
    return above
