"""The home of the desk: what waits for whoever is here."""

from __future__ import annotations

from flask import Blueprint, Response

from taxonomy.site.desk import tasklist

bp = Blueprint("tasks", __name__, url_prefix="/steward")


@bp.get("")
def index() -> Response:
    """What waits, what was returned, what is approved and not yet public, and what should be confirmed."""
    return tasklist.page()
