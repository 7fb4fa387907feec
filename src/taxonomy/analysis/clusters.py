"""A large pathway made small enough to read: services that stand together become one box, which can be opened.

Every way of the pathway stays in exactly one line, and a line says the numbers of all its ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.ways import SECTORS, Edge, Node, NodeKind, Sector, Stage, Way

MOST: Final = 30  # boxes that a picture shows singly; where there are more, those that stand together become one
FEW: Final = 8  # of those who send people, and of groups of services, that are shown singly where it is not crowded
CROWDED: Final = 40  # lines; where there would be more, each sector is one box until it is opened
TOGETHER: Final = 20  # of the members of an opened box that are shown singly; more become boxes in their turn
_NO_WAY: Final = "no-way"
_KINDS: Final = {NodeKind.GROUP: "groups", NodeKind.SOURCE: "sources", NodeKind.ORGANISATION: "organisations"}
_SLUGS: Final = {sector: slug for slug, sector in SECTORS.items()}
_NOT_STATED: Final = "not-stated"


class Grouping(StrEnum):
    """By what services are put together."""

    STAGE = "stage"  # and by sector
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Several nodes as one box."""

    key: str  # what opens it, as an address says it
    heading: str
    nodes: tuple[Node, ...]
    sector: Sector
    stage: Stage | None
    kind: NodeKind
    silent: bool  # no way in is stated for any of them


Box = Node | Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Every way of one kind from one box to another."""

    origin: str  # the key of a box
    end: str
    edges: tuple[Edge, ...]  # never empty

    @property
    def way(self) -> Way:
        """Open or refused."""
        return self.edges[0].way


@dataclass(frozen=True)
class Drawn:
    """What a picture shows of a pathway."""

    pathway: Pathway
    boxes: Mapping[str, Box]  # by key
    lines: tuple[Line, ...]

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        """The boxes that hold several nodes."""
        return tuple(box for box in self.boxes.values() if isinstance(box, Cluster))


def of(pathway: Pathway, *, opened: Iterable[str] = (), grouping: Grouping = Grouping.STAGE, most: int = MOST) -> Drawn:
    """The pathway as boxes and lines; ``opened`` are the keys of boxes that are to be shown node by node.

    >>> from taxonomy.analysis import pathways
    >>> of(pathways.of([], [], label=str)).lines
    ()
    """
    if len(pathway.nodes) <= most:
        return _drawn(pathway, list(pathway.nodes))
    some = frozenset(opened)
    fine = _drawn(pathway, _boxes(pathway, some, grouping, coarse=False))
    return fine if len(fine.lines) <= CROWDED else _drawn(pathway, _boxes(pathway, some, grouping, coarse=True))


def _drawn(pathway: Pathway, boxes: list[Box]) -> Drawn:
    by_key = {key(box): box for box in boxes}
    at = {node.name.iri: name for name, box in by_key.items() for node in members(box)}
    lines: dict[tuple[str, str, Way, bool, int], list[Edge]] = defaultdict(list)
    for edge in pathway.edges:
        origin, end = at[edge.origin.name.iri], at[edge.end.name.iri]
        single = not any(isinstance(by_key[name], Cluster) for name in (origin, end))
        lines[(origin, end, edge.way, edge.confirmed, edge.number if single else 0)].append(edge)
    drawn = (Line(origin=origin, end=end, edges=tuple(edges)) for (origin, end, *_), edges in lines.items())
    return Drawn(pathway, by_key, tuple(drawn))


def key(box: Box) -> str:
    """What names a box."""
    return box.key if isinstance(box, Cluster) else box.name.iri


def members(box: Box) -> tuple[Node, ...]:
    """The nodes in a box."""
    return box.nodes if isinstance(box, Cluster) else (box,)


def within(pathway: Pathway, name: str, grouping: Grouping) -> tuple[Node, ...]:
    """The nodes in the box with this key: those of a sector, of one stage or provider in it, or one part of those."""
    named = [(node, _place(node, pathway, grouping)[0]) for node in pathway.nodes]
    if some := tuple(node for node, place in named if name in {place, place.rpartition(".")[0]}):
        return some
    before, _, number = name.rpartition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 4 and int(number)):
        return ()
    start = (int(number) - 1) * TOGETHER
    return tuple(node for node, place in named if place == before)[start : start + TOGETHER]


def _boxes(pathway: Pathway, opened: frozenset[str], grouping: Grouping, *, coarse: bool) -> list[Box]:
    together: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in pathway.nodes:
        name, heading = _place(node, pathway, grouping)
        sector = name.rpartition(".")[0]
        inside = any(key == sector or key.startswith(name) for key in opened)
        if coarse and sector and not inside:
            name, heading = sector, str(node.sector)
        together[(name, heading)].append(node)
    boxes: list[Box] = []
    for (name, heading), nodes in together.items():
        boxes += _clustered(name, heading, nodes, opened, few=1 if coarse else FEW)
    return boxes


def _place(node: Node, pathway: Pathway, grouping: Grouping) -> tuple[str, str]:
    whole = pathway.part_of or pathway
    apart = node.name.iri in whole.silent_iris and not whole.graph.out_degree(node.name.iri)
    return _together(node, grouping, apart=apart)


def _together(node: Node, grouping: Grouping, *, apart: bool) -> tuple[str, str]:
    """The key and the heading of the box that a node stands in."""
    if node.kind is not NodeKind.SERVICE:
        return _KINDS[node.kind], {NodeKind.GROUP: "Groups of services"}.get(node.kind, "Who sends people")
    sector = f"{f'{_NO_WAY}.' if apart else ''}{_SLUGS[node.sector]}"
    if grouping is Grouping.PROVIDER:
        by, silence = (node.providers[0] if node.providers else None), "Provider not stated"
    else:
        by, silence = (node.stages[0].name if node.stages else None), "Stage not stated"
    slug = by.iri.rpartition("/")[2] if by else _NOT_STATED
    return f"{sector}.{slug}", by.label if by else silence


def _clustered(name: str, heading: str, nodes: list[Node], opened: frozenset[str], *, few: int) -> list[Box]:
    if len(nodes) == 1 or (nodes[0].kind is not NodeKind.SERVICE and len(nodes) <= few):
        return list(nodes)
    if not any(key == name or key.startswith(f"{name}.") for key in opened):
        return [_cluster(name, heading, nodes)]
    if len(nodes) <= TOGETHER:
        return list(nodes)
    parts: list[Box] = []
    for number, start in enumerate(range(0, len(nodes), TOGETHER), start=1):
        some = nodes[start : start + TOGETHER]
        part = f"{name}.{number}"
        if part in opened or len(some) == 1:
            parts += some
        else:
            initials = f"{some[0].name.label[:24].strip()} … {some[-1].name.label[:24].strip()}"
            parts.append(_cluster(part, f"{heading}: {initials}", some))
    return parts


def _cluster(name: str, heading: str, nodes: list[Node]) -> Cluster:
    sectors = {node.sector for node in nodes}
    stages = {node.stages[0] for node in nodes if node.stages}
    return Cluster(
        key=name,
        heading=heading,
        nodes=tuple(nodes),
        sector=sectors.pop() if len(sectors) == 1 else Sector.SEVERAL,
        stage=stages.pop() if len(stages) == 1 else None,
        kind=nodes[0].kind,
        silent=name.startswith(_NO_WAY),
    )
