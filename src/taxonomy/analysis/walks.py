"""Walks: from each beginning of the ways of an area, every step that leads on, as the text tells them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx

from taxonomy.analysis.ways import SENDERS, Edge, Node, Way

_MOST_STEPS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Somebody with whom a way begins, and every step that leads on from there, nearest first."""

    node: Node
    steps: tuple[Edge, ...]
    told_before: tuple[Node, ...] = ()  # from here it goes on as an earlier start tells


def of(
    edges: Iterable[Edge], nodes: Mapping[str, Node], graph: nx.DiGraph[str], *, most: int = _MOST_STEPS
) -> tuple[Walk, ...]:
    """The walks over these ways, senders first. None leads on from a refused way.

    ``nodes`` are all that stand at the ends, by IRI and in their order; ``graph`` holds the open ways between them.
    Where there would be more than ``most`` steps, what an earlier walk has told is not told again.
    """
    ways_out = defaultdict(list)
    for edge in edges:
        ways_out[edge.origin.name.iri].append(edge)
    # Where ways run in a circle, no member of the circle comes first: the first by name stands for it.
    circles = nx.condensation(graph)
    places = {iri: place for place, iri in enumerate(nodes)}
    first = {min(circles.nodes[c]["members"], key=places.__getitem__) for c, ways in circles.in_degree() if ways == 0}
    begin = [nodes[iri] for iri in first & set(ways_out)]
    begin.sort(key=lambda node: (node.kind not in SENDERS, places[node.name.iri]))
    told = [Walk(node=node, steps=_walk(node, ways_out)) for node in begin]
    if sum(len(walk.steps) for walk in told) <= most:
        return tuple(told)
    return tuple(_once(begin, ways_out))


def _walk(start: Node, ways_out: Mapping[str, list[Edge]]) -> tuple[Edge, ...]:
    steps: list[Edge] = []
    seen, waiting = {start.name.iri}, deque([start.name.iri])
    while waiting:
        for edge in ways_out.get(waiting.popleft(), ()):
            steps.append(edge)
            if edge.way is Way.OPEN and edge.end.name.iri not in seen:
                seen.add(edge.end.name.iri)
                waiting.append(edge.end.name.iri)
    return tuple(steps)


def _once(begin: Iterable[Node], ways_out: Mapping[str, list[Edge]]) -> Iterator[Walk]:
    """As ``_walk`` from each beginning, but where an earlier one has told how it goes on, it is not told again."""
    told: set[str] = set()
    for start in begin:
        steps = _walk(start, {iri: edges for iri, edges in ways_out.items() if iri not in told})
        walked = {start.name.iri, *(edge.origin.name.iri for edge in steps)}
        before = {edge.end.name.iri: edge.end for edge in steps if edge.way is Way.OPEN and edge.end.name.iri in told}
        told |= walked
        yield Walk(node=start, steps=steps, told_before=tuple(sorted(before.values(), key=lambda node: node.name)))
