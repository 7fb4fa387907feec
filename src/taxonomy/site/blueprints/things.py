"""Things whose kind has no list of its own: funds, budgets, exercises, groups, statistics and the rest."""

from __future__ import annotations

from flask import Blueprint, Response

from taxonomy.site import pages, reading
from taxonomy.site import things as records

bp = Blueprint("things", __name__, url_prefix="/things")


@bp.get("/<kind>/<slug>")
def show(kind: str, slug: str) -> Response:
    """One thing: what is said of it, and where each fact stands."""
    iri = records.look_up(reading.pages(), kind, slug)
    return pages.show(iri, "things/show.html", name=slug)
