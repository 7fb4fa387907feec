"""Pathways: how people get to the services of an area, where they may not go, and what is open to one person."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response

from taxonomy.analysis import clusters, structure, turning
from taxonomy.analysis.clusters import Drawn, Grouping
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.told import Ways
from taxonomy.pictures import layered
from taxonomy.site import journeys, local, negotiation
from taxonomy.site.local import Local

bp = Blueprint("pathways", __name__, url_prefix="/areas/<area>/pathways")

_SAID: Final = ("referral-sources", "turning-eighteen", "waiting", "pre-trial-therapy")  # wherever sources say it


@bp.get("")
def show(area: str) -> Response:
    """The stated ways to and between the services of an area: picture, ordered text and table of one list."""
    here = local.opened(area, "/pathways")
    ways = here.kg.pathways(here.iri, **journeys.asked())
    return negotiation.respond(
        "areas/pathways.html",
        ways,
        partial(_page, here, ways),
        name=f"{area}-pathways",
        about=[edge.link for edge in ways.edges],
    )


def _page(here: Local, ways: Ways) -> Mapping[str, Any]:
    draw = partial(_drawn, here, ways)
    by, kg, pathway = journeys.grouping(), here.kg, ways.pathway
    pictures = {name: _boxes(part, by) for name, part in (("near", pathway.near), ("beyond", pathway.beyond))}
    return {
        **here.heading,
        "ways": ways,
        "pathway": pathway,
        "reach": ways.reach,
        "form": journeys.form(ways.whole, kg.terms),
        "near": draw(pictures["near"], "near"),
        "beyond": draw(pictures["beyond"], "beyond"),
        "clustered": any(drawn.clusters for drawn in pictures.values()) or bool(journeys.opened()),
        "opened": [(key, journeys.closes(key)) for key in journeys.opened()],
        "grouped": [(each, journeys.grouped(each)) for each in Grouping if each is not by],
        "structure": structure.of(ways.whole),
        "eighteen": turning.of(pathway, ways.reach.rules, kg.terms),
        "terms": kg.terms,
        "waits": kg.waits(here.iri, as_at=pathway.day),
        "said": {name: kg.ask(name) for name in _SAID},
    }


def _boxes(pathway: Pathway, by: Grouping) -> Drawn:
    return clusters.of(pathway, opened=journeys.opened(), grouping=by)


def _drawn(here: Local, ways: Ways, drawn: Drawn, name: str) -> Mapping[str, str]:
    reach = ways.reach if ways.reach.asked else None
    return local.picture(
        lambda: layered.draw(drawn, local.address, within=here.label, name=name, reach=reach, opens=journeys.opens)
    )
