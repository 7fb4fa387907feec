"""From a link to a thing on the public site, as the desk's pages have them, to that site."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

bp = Blueprint("elsewhere", __name__)


@bp.get("/<any(services, organisations, agreements, sources, areas, taxonomy, ontology, things, graphs):noun>")
@bp.get("/<any(services, organisations, agreements, sources, areas, taxonomy, ontology, things, graphs):noun>/<path:_>")
def public(noun: str, _: str = "") -> AnyResponse:  # noqa: ARG001  the address as it stands says both
    """The same address on the public site."""
    return redirect(current_app.config["SETTINGS"].public_url + request.path, code=303)
