"""Releases: the list, and one with what it holds."""

from __future__ import annotations

from flask import Blueprint, render_template

from taxonomy.errors import NotFoundError
from taxonomy.site import reading

bp = Blueprint("releases", __name__, url_prefix="/releases")


@bp.get("")
def index() -> str:
    """Every release that this home keeps, the newest first."""
    kept = sorted(reading.current().home.releases(), key=lambda manifest: manifest.number, reverse=True)
    return render_template("releases/index.html", kept=kept, current=reading.release())


@bp.get("/<int:number>")
def show(number: int) -> str:
    """One release: when it was built, and what it holds."""
    kept = {manifest.number: manifest for manifest in reading.current().home.releases()}
    if number not in kept:
        raise NotFoundError("release", str(number), near=[str(reading.release().number)])
    return render_template("releases/show.html", manifest=kept[number], current=reading.release())
