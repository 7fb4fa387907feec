"""For machines that watch, and for a browser's tab: alive, and what the desk's mark is."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import TaxonomyError
from taxonomy.site import measuring
from taxonomy.site.desk import acting
from taxonomy.store.releases import Manifest

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(alive=True)


@bp.get("/metrics")
def metrics() -> Response:
    """Counts of requests at the desk, and the release in service; for who holds the token in the settings.

    Raises:
        NotFound: anybody else asks.
    """
    return measuring.told(_in_service)


def _in_service() -> Manifest | None:
    try:
        return acting.office().home.current()
    except TaxonomyError:
        return None


@bp.get("/favicon.svg")
def favicon() -> Response:
    """The mark of the desk."""
    response = make_response(render_template("frame/mark.svg"))
    response.headers["Content-Type"] = "image/svg+xml"
    return response


@bp.get("/")
def home() -> AnyResponse:
    """From the bare address to the desk."""
    return redirect("/steward", code=303)
