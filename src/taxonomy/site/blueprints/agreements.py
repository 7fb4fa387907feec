"""Agreements: the list, and one with its shares, its term and where each figure stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response

from taxonomy.analysis import validity
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.results import Answer
from taxonomy.site import lists, pages, reading, things
from taxonomy.site.facts import Fact, Thing

bp = Blueprint("agreements", __name__, url_prefix="/agreements")


@bp.route("", methods=["GET", "POST"])
def index() -> Response:
    """Agreements of this release: all of them, or those that the address narrows the list to, or that hold on a day."""
    return lists.show("agreements/index.html", "page-agreements", name="agreements", more=_on)


@bp.get("/<slug>")
def show(slug: str) -> Response:
    """One agreement: what it pays for, who pays which share, and until when."""
    iri = things.look_up(reading.pages(), "agreement", slug)
    return pages.show(iri, "agreements/show.html", name=slug, more=_more)


def _on(kg: KnowledgeGraph, answer: Answer, day: date | None) -> Mapping[str, Any]:
    """How many of them have no stated end, and were last spoken of so long before the day that they may be over."""
    return {"old": _old(kg, answer, day) if day else 0, "stale_months": validity.STALE_MONTHS}


def _old(kg: KnowledgeGraph, answer: Answer, day: date) -> int:
    terms = kg.ask("agreement-terms", as_at=day.isoformat())
    old = {row["agreement"] for row in terms if str(row["in_force"]).startswith("last stated")}
    return sum(row["agreement"] in old for row in answer)


def _more(kg: KnowledgeGraph, agreement: Thing, _mentions: Mapping[str, Fact]) -> Mapping[str, Any]:
    """Its row in the list, whose amount is the stated one or the sum of its shares, and why it is of its kinds."""
    rows = kg.ask("page-agreements", agreement=agreement.iri).rows
    return {"row": rows[0] if rows else None, "why": things.why(kg, agreement.iri)}
