"""Areas: the list, and one area's overview, pathways, services and money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.analysis import funding as money
from taxonomy.analysis import pathways as ways
from taxonomy.errors import TaxonomyError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.pictures import flow, layered
from taxonomy.questions.results import Answer
from taxonomy.site import addresses, negotiation, reading, tables, things

bp = Blueprint("areas", __name__, url_prefix="/areas")


@bp.get("")
def index() -> Response:
    """Every area, with how many services are recorded for it."""
    return negotiation.respond("areas/index.html", reading.pages().ask("page-areas"), name="areas")


@bp.get("/<area>")
def show(area: str) -> AnyResponse:
    """One area: what is recorded of it, and the ways to its map."""
    kg, iri = reading.pages(), reading.pages().area(area)
    if elsewhere := _elsewhere(iri, area):
        return elsewhere
    answer = things.facts(kg, iri)

    def context() -> Mapping[str, Any]:
        pathway, funding = _pathway(kg, iri)[0], _funding(kg, iri)[0]
        return {
            **_area(kg, iri),
            "thing": things.read(kg, answer, iri),
            "mentions": things.mentions(kg.ask("page-mentions", thing=iri)),
            "pathway": pathway,
            "funding": funding,
        }

    return negotiation.respond("areas/show.html", answer, context, name=area, about=[iri])


@bp.get("/<area>/services")
def services(area: str) -> AnyResponse:
    """The services of an area: who provides them, of what kinds, and for whom."""
    kg, iri = reading.pages(), reading.pages().area(area)
    if elsewhere := _elsewhere(iri, area, "/services"):
        return elsewhere
    answer = kg.ask("services-in-area", area=iri)
    return negotiation.respond("areas/services.html", answer, lambda: _area(kg, iri), name=f"{area}-services")


@bp.get("/<area>/pathways")
def pathways(area: str) -> AnyResponse:
    """The stated ways to and between the services of an area: picture, ordered text and table of one list."""
    kg, iri = reading.pages(), reading.pages().area(area)
    if elsewhere := _elsewhere(iri, area, "/pathways"):
        return elsewhere
    pathway, source = _pathway(kg, iri)

    def context() -> Mapping[str, Any]:
        within = kg.label(iri)
        return {
            **_area(kg, iri),
            "pathway": pathway,
            "near": _picture(lambda: layered.draw(pathway.near, _address, within=within, name="near")),
            "beyond": _picture(lambda: layered.draw(pathway.beyond, _address, within=within, name="beyond")),
        }

    return negotiation.respond(
        "areas/pathways.html",
        tables.of_ways(pathway, source),
        context,
        name=f"{area}-pathways",
        about=[edge.link for edge in pathway.edges],
    )


@bp.get("/<area>/funding")
def funding(area: str) -> AnyResponse:
    """Who pays for the services of an area, how much and until when: picture, sums and table."""
    kg, iri = reading.pages(), reading.pages().area(area)
    if elsewhere := _elsewhere(iri, area, "/funding"):
        return elsewhere
    funds, source = _funding(kg, iri)

    def context() -> Mapping[str, Any]:
        within = kg.label(iri)
        return {
            **_area(kg, iri),
            "funding": funds,
            **_picture(lambda: flow.draw(funds, _address, within=within)),
        }

    return negotiation.respond(
        "areas/funding.html",
        tables.of_shares(funds, source),
        context,
        name=f"{area}-funding",
        about=[agreement.name.iri for agreement in funds.agreements],
    )


def _pathway(kg: KnowledgeGraph, iri: str) -> tuple[ways.Pathway, Answer]:
    links, nodes = kg.ask("pathway-links", area=iri), kg.ask("pathway-nodes", area=iri)
    return ways.of(links, nodes, label=kg.label), links


def _funding(kg: KnowledgeGraph, iri: str) -> tuple[money.Funding, Answer]:
    flows = kg.ask("funding-flows", area=iri)
    return money.of(flows, label=kg.label), flows


def _picture(draw: Callable[[], str]) -> Mapping[str, str]:
    """The picture, or why there is none; text and table hold all of it either way."""
    try:
        return {"picture": draw()}
    except TaxonomyError as error:
        return {"undrawn": str(error)}


def _area(kg: KnowledgeGraph, iri: str) -> Mapping[str, Any]:
    """What the heading and the tabs of an area's pages need."""
    return {"iri": iri, "label": kg.label(iri), "base": addresses.page_of(iri)}


def _address(iri: str) -> str:
    return addresses.link_of(iri) or ""


def _elsewhere(iri: str, area: str, tail: str = "") -> AnyResponse | None:
    """To an area's one address, when it was asked for by another of its names."""
    page = addresses.page_of(iri)
    if page is None or page == f"/areas/{area}":
        return None
    form = negotiation.wanted()
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    return redirect(f"{page}{tail}{f'.{form.suffix}' if form else ''}{query}", code=302)
