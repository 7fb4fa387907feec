"""Organisations: the list, and one with its facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import lists, pages, reading, things
from taxonomy.site.facts import Fact, Thing

bp = Blueprint("organisations", __name__, url_prefix="/organisations")


@bp.route("", methods=["GET", "POST"])
def index() -> Response:
    """Organisations of this release: all of them, or those that the address narrows the list to."""
    return lists.show("organisations/index.html", "page-organisations", name="organisations")


@bp.get("/<slug>")
def show(slug: str) -> Response:
    """One organisation: what is said of it, and where each fact stands."""
    iri = things.look_up(reading.pages(), "organisation", slug)
    return pages.show(iri, "organisations/show.html", name=slug, more=_why)


def _why(kg: KnowledgeGraph, organisation: Thing, _mentions: Mapping[str, Fact]) -> Mapping[str, Any]:
    return {"why": things.why(kg, organisation.iri)}
