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

from taxonomy.analysis import narrowing
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.ways import Edge, Node, NodeKind, Sector, Stage, Way

MOST: Final = 30  # boxes that a picture shows singly; where there are more, those that stand together become one
FEW: Final = 8  # of those who send people, and of groups of services, that are always shown singly
TOGETHER: Final = 20  # of the members of an opened box that are shown singly; more become boxes in their turn
_NO_WAY: Final = "no-way"
_KINDS: Final = {NodeKind.GROUP: "groups", NodeKind.SOURCE: "sources", NodeKind.ORGANISATION: "organisations"}
_SLUGS: Final = {sector: slug for slug, sector in narrowing.SECTORS.items()}


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
    boxes = list(pathway.nodes) if len(pathway.nodes) <= most else _boxes(pathway, frozenset(opened), grouping)
    by_key = {key(box): box for box in boxes}
    at = {node.name.iri: name for name, box in by_key.items() for node in members(box)}
    lines: dict[tuple[str, str, Way, bool], list[Edge]] = defaultdict(list)
    for edge in pathway.edges:
        origin, end = at[edge.origin.name.iri], at[edge.end.name.iri]
        single = not any(isinstance(by_key[name], Cluster) for name in (origin, end))
        part = str(edge.number) if single else ""
        lines[(origin, end + part, edge.way, edge.confirmed)].append(edge)
    drawn = (
        Line(origin=at[edges[0].origin.name.iri], end=at[edges[0].end.name.iri], edges=tuple(edges))
        for edges in lines.values()
    )
    return Drawn(pathway, by_key, tuple(drawn))


def key(box: Box) -> str:
    """What names a box."""
    return box.key if isinstance(box, Cluster) else box.name.iri


def members(box: Box) -> tuple[Node, ...]:
    """The nodes in a box."""
    return box.nodes if isinstance(box, Cluster) else (box,)


def _boxes(pathway: Pathway, opened: frozenset[str], grouping: Grouping) -> list[Box]:
    silent = {node.name.iri for node in pathway.silent}
    sending = {edge.origin.name.iri for edge in pathway.edges}
    together: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in pathway.nodes:
        apart = node.name.iri in silent and node.name.iri not in sending
        together[_together(node, grouping, apart=apart)].append(node)
    boxes: list[Box] = []
    for (name, heading), nodes in together.items():
        boxes += _clustered(name, heading, nodes, opened, silent=name.startswith(_NO_WAY))
    return boxes


def _together(node: Node, grouping: Grouping, *, apart: bool) -> tuple[str, str]:
    """The key and the heading of the box that a node stands in."""
    if node.kind is not NodeKind.SERVICE:
        return _KINDS[node.kind], {NodeKind.GROUP: "Groups of services"}.get(node.kind, "Who sends people")
    before = f"{_NO_WAY}." if apart else ""
    if grouping is Grouping.PROVIDER:
        lead = node.providers[0] if node.providers else None
        slug = lead.iri.rpartition("/")[2] if lead else narrowing.NOT_STATED
        return f"{before}{slug}", lead.label if lead else "Provider not stated"
    stage = node.stages[0].name if node.stages else None
    slug = stage.iri.rpartition("/")[2] if stage else narrowing.NOT_STATED
    return f"{before}{_SLUGS[node.sector]}.{slug}", stage.label if stage else "Stage not stated"


def _clustered(name: str, heading: str, nodes: list[Node], opened: frozenset[str], *, silent: bool) -> list[Box]:
    if len(nodes) == 1 or (nodes[0].kind is not NodeKind.SERVICE and len(nodes) <= FEW):
        return list(nodes)
    if name not in opened:
        return [_cluster(name, heading, nodes, silent=silent)]
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
            parts.append(_cluster(part, f"{heading}: {initials}", some, silent=silent))
    return parts


def _cluster(name: str, heading: str, nodes: list[Node], *, silent: bool) -> Cluster:
    sectors = {node.sector for node in nodes}
    stages = {node.stages[0] for node in nodes if node.stages}
    return Cluster(
        key=name,
        heading=heading,
        nodes=tuple(nodes),
        sector=sectors.pop() if len(sectors) == 1 else Sector.SEVERAL,
        stage=stages.pop() if len(stages) == 1 else None,
        kind=nodes[0].kind,
        silent=silent,
    )
