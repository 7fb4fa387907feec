"""Areas: the list, and one area's overview and services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy.site import local, negotiation, reading, things

bp = Blueprint("areas", __name__, url_prefix="/areas")


@bp.get("")
def index() -> Response:
    """Every area, with how many services are recorded for it."""
    return negotiation.respond("areas/index.html", reading.pages().ask("page-areas"), name="areas")


@bp.get("/<area>")
def show(area: str) -> Response:
    """One area: what is recorded of it, and the ways to its map."""
    here = local.opened(area)
    answer = things.facts(here.kg, here.iri)

    def context() -> Mapping[str, Any]:
        return {
            **here.heading,
            "thing": things.read(here.kg, answer, here.iri),
            "mentions": things.mentions(here.kg.ask("page-mentions", thing=here.iri)),
            "pathway": here.kg.pathway(here.iri),
            "funding": here.kg.funding(here.iri),
        }

    return negotiation.respond("areas/show.html", answer, context, name=area, about=[here.iri])


@bp.get("/<area>/services")
def services(area: str) -> Response:
    """The services of an area: who provides them, of what kinds, and for whom."""
    here = local.opened(area, "/services")
    answer = here.kg.ask("services-in-area", area=here.iri)
    return negotiation.respond("areas/services.html", answer, lambda: here.heading, name=f"{area}-services")
