"""Contradictions: where sources, or two places of one, give different values."""

from __future__ import annotations

from flask import Blueprint, Response

from taxonomy.site import negotiation, reading, things

bp = Blueprint("contradictions", __name__, url_prefix="/contradictions")


@bp.get("")
def index() -> Response:
    """Every contradiction of this release, with the rival values side by side."""
    answer = reading.pages().ask("page-rivals")
    return negotiation.respond(
        "contradictions/index.html", answer, lambda: {"rivals": things.rivals(answer)}, name="contradictions"
    )
