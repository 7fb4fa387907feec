"""The ways by which people get to the services of an area, as its sources state them.

One list of edges feeds picture, ordered text and table. A refused way is a fact and stays in the list; a service to
which no way is stated stays among the nodes. What is said of a group of services is never passed to its members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import networkx as nx

from taxonomy.analysis import citations, rows, validity, walks
from taxonomy.analysis.rows import Label, Named, Row
from taxonomy.analysis.walks import Walk
from taxonomy.analysis.ways import Edge, Node, NodeKind, Sector, Stage, Way
from taxonomy.namespaces import SV

_SECTORS = {
    SV + "VoluntaryOrganisation": Sector.VOLUNTARY,
    SV + "StatutoryOrganisation": Sector.STATUTORY,
    SV + "PrivateOrganisation": Sector.PRIVATE,
}


@dataclass(frozen=True)
class Pathway:
    """The ways of one area. ``edges`` is the one list that picture, text and table are made from."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    day: date | None = None  # what is not in force on it is left out; None: everything that is recorded
    part_of: Pathway | None = None  # None: it is whole

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The open ways between the nodes, by IRI. A refused way leads nowhere."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(node.name.iri for node in self.nodes)
        graph.add_edges_from((edge.origin.name.iri, edge.end.name.iri) for edge in self.edges if edge.way is Way.OPEN)
        return graph

    @cached_property
    def by_iri(self) -> dict[str, Node]:
        """The nodes by their IRI."""
        return {node.name.iri: node for node in self.nodes}

    @cached_property
    def services(self) -> tuple[Node, ...]:
        """The services among the nodes."""
        return tuple(node for node in self.nodes if node.kind is NodeKind.SERVICE)

    @cached_property
    def near(self) -> Pathway:
        """The services, and the ways that are stated for this area; each keeps its number."""
        return self._part(wider=False, besides=self.services)

    @cached_property
    def beyond(self) -> Pathway:
        """The ways that are stated for a wider area; each keeps its number."""
        return self._part(wider=True, besides=())

    def only(self, edges: Iterable[Edge], besides: Iterable[Node] = ()) -> Pathway:
        """These of the ways, what stands at their ends, and some nodes besides; each way keeps its number."""
        some = tuple(edges)
        kept = {node.name.iri for edge in some for node in (edge.origin, edge.end)}
        kept |= {node.name.iri for node in besides}
        nodes = tuple(node for node in self.nodes if node.name.iri in kept)
        return Pathway(nodes, some, self.day, self.part_of or self)

    def _part(self, *, wider: bool, besides: tuple[Node, ...]) -> Pathway:
        return self.only((edge for edge in self.edges if edge.wider is wider), besides)

    @cached_property
    def silent(self) -> tuple[Node, ...]:
        """Services with no stated way in, neither open nor refused. Silence is not "open to all".

        A way that a part of a pathway leaves out is a stated way all the same.
        """
        reached = {edge.end.name.iri for edge in (self.part_of or self).edges}
        return tuple(service for service in self.services if service.name.iri not in reached)

    @cached_property
    def silent_iris(self) -> frozenset[str]:
        """The same by their IRIs."""
        return frozenset(node.name.iri for node in self.silent)

    @cached_property
    def starts(self) -> tuple[Walk, ...]:
        """From each beginning, every step; senders first. None leads on from a refused one, or from group to member."""
        return walks.of(self.edges, self.by_iri, self.graph)

    @cached_property
    def table(self) -> tuple[dict[str, str], ...]:
        """The edges as lines of a table, by heading."""
        return tuple(edge.cells for edge in self.edges)

    @cached_property
    def text(self) -> str:
        """The whole picture as ordered text: from each start, numbered steps, then the silent services."""
        lines = [self.summary]
        for start in self.starts:
            lines += ["", f"From {start.node.name}"]
            lines += [f"{n}. {step.sentence} ({step.place})" for n, step in enumerate(start.steps, start=1)]
            lines += [f"From {node.name} it goes on as told above." for node in start.told_before]
        if self.silent:
            lines += [
                "",
                "No way in is stated for these services. A way to a group is not taken as a way to each of them.",
            ]
            lines += [f"- {service.name}" for service in self.silent]
        return "\n".join(lines)

    @cached_property
    def stated(self) -> str:
        """For which day or days the ways are stated."""
        return citations.between(citation.as_at for edge in self.edges for citation in edge.citations)

    @cached_property
    def summary(self) -> str:
        """What the picture shows, in one or two sentences."""
        if not self.nodes:
            return "No service and no way to one is recorded for this area: not known, which is not the same as none."
        refused = sum(edge.way is Way.REFUSED for edge in self.edges)
        services, ways = _count(len(self.services), "service"), _count(len(self.edges), "stated way")
        told = f"{services} and {ways}: {len(self.edges) - refused} open and {refused} refused."
        wider = sum(edge.wider for edge in self.edges)
        if wider:
            told += f" {wider} of the ways {'is' if wider == 1 else 'are'} stated for a wider area, not for this one."
        silent = f" No way in is stated for {len(self.silent)} of the {services}." if self.silent else ""
        return f"{told}{silent} {self.stated[0].upper()}{self.stated[1:]}." if self.edges else told + silent


def of(links: Iterable[Row], services: Iterable[Row], *, label: Label, day: date | None = None) -> Pathway:
    """The pathway in the rows of the questions ``pathway-links`` and ``pathway-nodes``.

    With a day, what had ended by then or had not begun is left out, and a way with it that leads to or from it.

    >>> of([], [], label=str).summary
    'No service and no way to one is recorded for this area: not known, which is not the same as none.'

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    by_service: dict[str, list[Row]] = defaultdict(list)
    for row in services:
        by_service[rows.needed(row, "service")].append(row)
    nodes = {iri: _service(iri, told, label) for iri, told in by_service.items()}
    gone = {iri for iri, node in nodes.items() if not validity.holds(day, node.starts, node.ends)}
    nodes = {iri: node for iri, node in nodes.items() if iri not in gone}

    by_way: dict[tuple[str, str, Way, str], list[Row]] = defaultdict(list)
    for row in links:
        ends = (rows.needed(row, "from"), rows.needed(row, "to"))
        in_force = validity.holds(day, rows.day(row, "starts"), rows.day(row, "ends"))
        if not in_force or gone & set(ends):
            continue
        by_way[(*ends, Way(rows.needed(row, "kind")), rows.needed(row, "link"))].append(row)
    for (origin, end, _, _), told in by_way.items():
        nodes.setdefault(
            origin, Node(name=Named(label(origin), origin), kind=NodeKind(rows.needed(told[0], "from_kind")))
        )
        if end not in nodes:  # a group, or a service outside the area
            nodes[end] = Node(
                name=Named(label(end), end),
                kind=NodeKind(rows.needed(told[0], "to_kind")),
                sector=_sector(told),
                stages=tuple(Stage(position=None, name=name) for name in rows.named(told, "stage", label)),
            )

    ways = sorted(by_way, key=lambda way: (nodes[way[0]].name, nodes[way[1]].name, way[2], way[3]))
    edges = (_edge(n, way, nodes, by_way[way], label) for n, way in enumerate(ways, start=1))
    return Pathway(tuple(sorted(nodes.values(), key=lambda node: node.name)), tuple(edges), day)


def _edge(number: int, way: tuple[str, str, Way, str], nodes: dict[str, Node], told: list[Row], label: Label) -> Edge:
    origin, end, kind, link = way
    consents = {consent for row in told if (consent := rows.flag(row, "consent")) is not None}
    return Edge(
        number=number,
        link=link,
        way=kind,
        origin=nodes[origin],
        end=nodes[end],
        mechanisms=rows.named(told, "mechanism", label),
        consent=consents.pop() if len(consents) == 1 else None,
        conditions=rows.texts(told, "condition"),
        rules=rows.named(told, "rule", label),
        citations=citations.of(told, label),
        wider=all(rows.flag(row, "wider") for row in told),
        starts=rows.earliest(told, "starts"),
        ends=rows.latest(told, "ends"),
    )


def _service(iri: str, told: list[Row], label: Label) -> Node:
    positions = {stage: rows.integer(row, "position") for row in told if (stage := rows.text(row, "stage"))}
    leads = {rows.text(row, "provider") for row in told if rows.flag(row, "leads")}
    stages = (Stage(position=positions[name.iri], name=name) for name in rows.named(told, "stage", label))
    return Node(
        name=Named(label(iri), iri),
        kind=NodeKind.SERVICE,
        sector=_sector(told),
        covers=rows.named(told, "covers", label),
        providers=tuple(sorted(rows.named(told, "provider", label), key=lambda name: (name.iri not in leads, name))),
        provider_as_printed=" / ".join(rows.texts(told, "provider_as_printed")) or None,
        stages=tuple(sorted(stages, key=_place)),
        groups=rows.named(told, "group", label),
        starts=rows.earliest(told, "starts"),
        ends=rows.latest(told, "ends"),
        said=rows.latest(told, "as_at"),
    )


def _sector(told: list[Row]) -> Sector:
    sectors = {_SECTORS[iri] for iri in rows.texts(told, "sector") if iri in _SECTORS}
    if len(sectors) > 1:
        return Sector.SEVERAL
    return sectors.pop() if sectors else Sector.NOT_STATED


def _place(stage: Stage) -> tuple[int, Named]:
    last = 1_000_000  # a stage that the scheme does not place comes after those that it does
    return (last if stage.position is None else stage.position, stage.name)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
