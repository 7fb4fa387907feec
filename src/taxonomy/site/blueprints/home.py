"""The home page: what this release holds, and the way to an area."""

from __future__ import annotations

from flask import Blueprint, render_template

from taxonomy.namespaces import SV
from taxonomy.site import reading

bp = Blueprint("home", __name__)


_CARDS = 12  # areas shown on the home page; all of them are on the page of areas


@bp.get("/")
def index() -> str:
    """Headline counts of this release, the areas with most services of their own, and what covers a whole country."""
    kg = reading.pages()
    areas = kg.ask("page-areas").rows
    own = [row for row in areas if row["own"] and row["kind"] == SV + "PoliceForceArea"]
    own.sort(key=lambda row: (-int(str(row["own"])), row.label("area")))
    return render_template(
        "home/index.html",
        counts=kg.ask("page-counts").rows[0],
        areas=own[:_CARDS],
        more=len(own) > _CARDS,
        everywhere=[row for row in areas if row["whole"] and row["kind"] == SV + "Country"],
    )
