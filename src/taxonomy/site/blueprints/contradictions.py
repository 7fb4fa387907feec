"""Contradictions: where sources, or two places of one, give different values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy.site import negotiation, reading, things
from taxonomy.site.facts import Rivals

bp = Blueprint("contradictions", __name__, url_prefix="/contradictions")


@bp.get("")
def index() -> Response:
    """Every contradiction of this release, with the rival values side by side."""
    answer = reading.pages().ask("page-rivals")

    def context() -> Mapping[str, Any]:
        by_sources: dict[str, list[Rivals]] = defaultdict(list)
        for each in things.rivals(answer):
            by_sources["; ".join(each.sources) or "No single document"].append(each)
        return {"by_sources": dict(sorted(by_sources.items()))}

    return negotiation.respond("contradictions/index.html", answer, context, name="contradictions")
