"""The home page: what this release holds, and the way to an area."""

from __future__ import annotations

from flask import Blueprint, render_template

from taxonomy.site import reading

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """Headline counts of this release, and the areas that something is recorded for."""
    kg = reading.pages()
    areas = [row for row in kg.ask("page-areas") if row["services"]]
    return render_template("home/index.html", counts=kg.ask("page-counts").rows[0], areas=areas)
