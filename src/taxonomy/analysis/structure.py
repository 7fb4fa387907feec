"""What the shape of a pathway says: where people get stuck, go round in a circle, or depend on one single point."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import networkx as nx

from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.ways import Node, NodeKind

_EVERYBODY = ""  # stands before every start


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A node through which every stated way to some others leads."""

    node: Node
    beyond: tuple[Node, ...]  # what no stated way reaches without it


@dataclass(frozen=True)
class Structure:
    """The findings about one pathway; each is of the ways that are stated, and of no others."""

    dead_ends: tuple[Node, ...]  # a way leads to them, and none is stated that leads on
    circles: tuple[tuple[Node, ...], ...]  # ways that come back to where they began
    unreached: tuple[Node, ...]  # services to which no open way is stated, though one may be refused
    points: tuple[Point, ...]


def of(pathway: Pathway) -> Structure:
    """The findings. Refused ways are never walked, and no way is passed from a group to its members.

    >>> from taxonomy.analysis import pathways
    >>> of(pathways.of([], [], label=str))
    Structure(dead_ends=(), circles=(), unreached=(), points=())
    """
    graph = pathway.graph
    receiving = [node for node in pathway.nodes if node.kind in {NodeKind.SERVICE, NodeKind.GROUP}]
    return Structure(
        dead_ends=tuple(
            node for node in receiving if graph.in_degree(node.name.iri) and not graph.out_degree(node.name.iri)
        ),
        circles=_circles(pathway),
        unreached=tuple(node for node in pathway.services if not graph.in_degree(node.name.iri)),
        points=_points(pathway),
    )


def _circles(pathway: Pathway) -> tuple[tuple[Node, ...], ...]:
    """One circle for each set of nodes that all lead to each other, beginning at the first by name."""
    found = []
    for members in nx.strongly_connected_components(pathway.graph):
        first = min(members, key=lambda iri: pathway.by_iri[iri].name)
        within = pathway.graph.subgraph(members)
        back = sorted(within.predecessors(first), key=lambda iri: pathway.by_iri[iri].name)
        if back:
            shortest = min((nx.shortest_path(within, first, iri) for iri in back), key=len)
            found.append(tuple(pathway.by_iri[iri] for iri in shortest))
    return tuple(sorted(found, key=lambda circle: circle[0].name))


def _points(pathway: Pathway) -> tuple[Point, ...]:
    """Nodes that dominate others from all starts together."""
    graph = pathway.graph.copy()
    starts = [start.node.name.iri for start in pathway.starts if graph.out_degree(start.node.name.iri)]
    graph.add_edges_from((_EVERYBODY, start) for start in starts)
    if _EVERYBODY not in graph:
        return ()
    depends: dict[str, list[str]] = defaultdict(list)
    for node, on in nx.immediate_dominators(graph, _EVERYBODY).items():
        if on is not None and _EVERYBODY not in {node, on}:
            depends[on].append(node)
    points = (
        Point(node=pathway.by_iri[iri], beyond=tuple(sorted(_below(iri, depends, pathway), key=lambda node: node.name)))
        for iri in depends
    )
    return tuple(sorted(points, key=lambda point: (-len(point.beyond), point.node.name)))


def _below(iri: str, depends: dict[str, list[str]], pathway: Pathway) -> list[Node]:
    found, waiting = [], list(depends[iri])
    while waiting:
        here = waiting.pop()
        found.append(pathway.by_iri[here])
        waiting += depends.get(here, ())
    return found
