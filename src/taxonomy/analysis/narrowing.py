"""A pathway narrowed to one stage, one sector or one service; the ways keep their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx

from taxonomy.analysis import clusters
from taxonomy.analysis.clusters import Grouping
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.analysis.ways import SECTORS, Node, NodeKind
from taxonomy.errors import NotFoundError

NOT_STATED: Final = "not-stated"
_BEGIN: Final = {NodeKind.SOURCE, NodeKind.SERVICE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What of an area is asked for; all of it where nothing is named."""

    stage: str = ""  # the slug of a stage, or not-stated
    sector: str = ""  # one of SECTORS
    service: str = ""  # what names a service: see ``found``
    boxes: tuple[str, ...] = ()  # keys of boxes of the picture: what is in any of them
    grouping: Grouping = Grouping.STAGE  # by what the boxes put services together

    def of(self, pathway: Pathway) -> Pathway:
        """The services asked for, with the ways that lead to and from them.

        Raises:
            NotFoundError: there is no such stage, sector or service here; names the nearest.
        """
        if not (self.stage or self.sector or self.service or self.boxes):
            return pathway
        kept = [service for service in pathway.services if self._staged(service, pathway) and self._led(service)]
        if self.boxes:
            boxed = {node.name.iri for key in self.boxes for node in self._boxed(key, pathway)}
            kept = [
                node for node in pathway.nodes if node.name.iri in boxed and (node in kept or not self._of_services)
            ]
        if not self.service:
            iris = {node.name.iri for node in kept}
            touching = (edge for edge in pathway.edges if {edge.origin.name.iri, edge.end.name.iri} & iris)
            return pathway.only(touching, kept)
        one = found(pathway, self.service)
        before, after = nx.ancestors(pathway.graph, one.name.iri), nx.descendants(pathway.graph, one.name.iri)
        ends, origins = {one.name.iri, *before}, {one.name.iri, *after}
        along = (edge for edge in pathway.edges if edge.end.name.iri in ends or edge.origin.name.iri in origins)
        return pathway.only(along, [one])

    def _staged(self, service: Node, pathway: Pathway) -> bool:
        if not self.stage:
            return True
        if self.stage not in stages(pathway):
            raise NotFoundError("stage", self.stage, near=list(stages(pathway))[:3])
        slugs = [stage.name.iri.rpartition("/")[2] for stage in service.stages]
        return self.stage in (slugs or [NOT_STATED])

    @property
    def _of_services(self) -> bool:
        """Whether it asks for something that only services have."""
        return bool(self.stage or self.sector)

    def _boxed(self, key: str, pathway: Pathway) -> tuple[Node, ...]:
        found = clusters.within(pathway, key, self.grouping)
        if not found:
            raise NotFoundError("box of the picture", key)
        return found

    def _led(self, service: Node) -> bool:
        if self.sector and self.sector not in SECTORS:
            raise NotFoundError("sector", self.sector, near=list(SECTORS))
        return not self.sector or service.sector is SECTORS[self.sector]


def stages(pathway: Pathway) -> Mapping[str, str]:
    """The stages at which services of a pathway work, by slug, in order, with what is not stated last."""
    ordered = {(stage.position or 0, stage.name) for service in pathway.services for stage in service.stages}
    return {name.iri.rpartition("/")[2]: name.label for _, name in sorted(ordered)} | {NOT_STATED: "Stage not stated"}


def key(name: Named) -> str:
    """The short name of a node, as an address says it: its kind and slug.

    >>> key(Named("Police", "https://w3id.org/svssv/concept/referral-source/police"))
    'referral-source/police'
    """
    return "/".join(name.iri.rsplit("/", 2)[1:])


def found(pathway: Pathway, said: str) -> Node:
    """The node that somebody means: by its IRI, short name, slug, label, or the beginning of its label.

    Raises:
        NotFoundError: there is none, or more than one; names some.
    """
    wanted = said.strip().casefold()
    some: list[Node] = []
    for names in (_exact, _plain, _beginning, _part):
        some = some or [node for node in pathway.nodes if wanted and names(node.name, wanted)]
    if len(some) != 1:
        near = [key(node.name) for node in some] or [key(node.name) for node in pathway.nodes if node.kind in _BEGIN]
        raise NotFoundError("place on the pathways of this area", said, near=near[:4])
    return some[0]


def _exact(name: Named, wanted: str) -> bool:
    return wanted in {name.iri.casefold(), key(name).casefold()}


def _plain(name: Named, wanted: str) -> bool:
    return wanted in {name.label.casefold(), name.iri.rpartition("/")[2].casefold()}


def _beginning(name: Named, wanted: str) -> bool:
    return name.label.casefold().startswith(wanted)


def _part(name: Named, wanted: str) -> bool:
    return wanted in name.label.casefold()
