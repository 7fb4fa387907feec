"""Source documents: the list, and one with what is recorded of it, section by section, and what is left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy import sources
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import lists, pages, reading, things
from taxonomy.site.facts import Fact, Thing

bp = Blueprint("sources", __name__, url_prefix="/sources")


@bp.route("", methods=["GET", "POST"])
def index() -> Response:
    """Source documents of this release: all of them, or those that the address narrows the list to."""
    return lists.show("sources/index.html", "page-sources", name="sources")


@bp.get("/<slug>")
def show(slug: str) -> Response:
    """One document: who published it, the day it speaks for, and its places."""
    iri = things.look_up(reading.pages(), "source", slug)
    return pages.show(iri, "sources/show.html", name=slug, more=_places)


def _places(kg: KnowledgeGraph, source: Thing, _mentions: Mapping[str, Fact]) -> Mapping[str, Any]:
    """Its sections, each with the places in it that state something; and the places that no section names."""
    places = kg.ask("page-places", source=source.iri)
    report = sources.of(source.iri)
    if report is None:
        return {"report": None, "places": places}
    stated = {str(row["place"]): row for row in places}
    sections = [(each, [stated[place] for place in each.places if place in stated]) for each in report.sections]
    other = [row for name, row in stated.items() if name not in report.places]
    return {"report": report, "places": places, "sections": sections, "other": other}
