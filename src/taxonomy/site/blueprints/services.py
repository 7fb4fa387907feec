"""Services: the list, and one with who it is for, the ways in, the money and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import lists, pages, reading, things
from taxonomy.site.facts import Fact, Thing

bp = Blueprint("services", __name__, url_prefix="/services")


@bp.route("", methods=["GET", "POST"])
def index() -> Response:
    """Services of this release: all of them, or those that the address narrows the list to."""
    return lists.show("services/index.html", "page-services", name="services")


@bp.get("/<slug>")
def show(slug: str) -> Response:
    """One service: what is said of it, and where each fact stands."""
    iri = things.look_up(reading.pages(), "service", slug)
    return pages.show(iri, "services/show.html", name=slug, more=_more)


def _more(kg: KnowledgeGraph, service: Thing, mentions: Mapping[str, Fact]) -> Mapping[str, Any]:
    """The agreements that pay for it, as the list of agreements shows them, and why it is of its kinds."""
    paying = [str(value.value) for value in mentions["sv:funds"].values] if "sv:funds" in mentions else []
    return {
        "agreements": kg.ask("page-agreements", agreement=paying).rows if paying else (),
        "why": things.why(kg, service.iri),
    }
