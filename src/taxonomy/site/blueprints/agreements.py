"""Agreements: the list, and one with its shares, its term and where each figure stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import lists, pages, reading, things
from taxonomy.site.facts import Fact, Thing

bp = Blueprint("agreements", __name__, url_prefix="/agreements")


@bp.route("", methods=["GET", "POST"])
def index() -> Response:
    """Agreements of this release: all of them, or those that the address narrows the list to."""
    return lists.show("agreements/index.html", "page-agreements", name="agreements")


@bp.get("/<slug>")
def show(slug: str) -> Response:
    """One agreement: what it pays for, who pays which share, and until when."""
    iri = things.look_up(reading.pages(), "agreement", slug)
    return pages.show(iri, "agreements/show.html", name=slug, more=_more)


def _more(kg: KnowledgeGraph, agreement: Thing, _mentions: Mapping[str, Fact]) -> Mapping[str, Any]:
    """Its row in the list, whose amount is the stated one or the sum of its shares, and why it is of its kinds."""
    rows = kg.ask("page-agreements", agreement=agreement.iri).rows
    return {"row": rows[0] if rows else None, "why": things.why(kg, agreement.iri)}
