"""Pathways: how people get to the services of an area, and where they may not go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy.analysis import pathways as ways
from taxonomy.pictures import layered
from taxonomy.site import local, negotiation, tables

bp = Blueprint("pathways", __name__, url_prefix="/areas/<area>/pathways")


@bp.get("")
def show(area: str) -> Response:
    """The stated ways to and between the services of an area: picture, ordered text and table of one list."""
    here = local.opened(area, "/pathways")
    links, nodes = here.kg.ask("pathway-links", area=here.iri), here.kg.ask("pathway-nodes", area=here.iri)
    pathway = ways.of(links, nodes, label=here.kg.label)

    def context() -> Mapping[str, Any]:
        within = here.label
        return {
            **here.heading,
            "pathway": pathway,
            "near": local.picture(lambda: layered.draw(pathway.near, local.address, within=within, name="near")),
            "beyond": local.picture(lambda: layered.draw(pathway.beyond, local.address, within=within, name="beyond")),
        }

    return negotiation.respond(
        "areas/pathways.html",
        tables.of_ways(pathway, links),
        context,
        name=f"{area}-pathways",
        about=[edge.link for edge in pathway.edges],
    )
