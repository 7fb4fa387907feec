"""What this site says of itself to programs: the release as VoID, the query service, and every address as OpenAPI."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, current_app, make_response, request, url_for

from taxonomy.questions import catalogue
from taxonomy.site import negotiation, openapi, reading, strangers
from taxonomy.site.negotiation import GRAPHS, JSON, TURTLE
from taxonomy.store import dumps
from taxonomy.store.base import Request

bp = Blueprint("description", __name__)

_EXTENSION: Final = "svssv-openapi"


@bp.get("/.well-known/void")
def void() -> Response:
    """What the release holds, class by class and property by property, and where the whole of it is."""
    release, more = reading.release(), dict[str, str]()
    if release.notice:
        more["notice"] = release.notice
    if current_app.config["KEEPS"] and dumps.find(reading.current().home.folder(release.name)):
        address = url_for("releases.whole", number=release.name)
        more["dump"] = current_app.config["SETTINGS"].public_url + address
    return _described("page-void", "void", **more)


@bp.get("/openapi.json")
def addresses() -> Response:
    """Every address of this site: what it takes, and what it answers."""
    app = current_app
    if _EXTENSION not in app.extensions:  # the app's rules do not change once it answers
        described = openapi.document(app.url_map, catalogue.load(), app.config["SETTINGS"].public_url)
        app.extensions[_EXTENSION] = json.dumps(described, ensure_ascii=False)
    response = make_response(app.extensions[_EXTENSION])
    response.headers["Content-Type"] = f"{JSON.media_type}; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def service() -> Response:
    """What the query service does, for those who ask it nothing."""
    return _described("page-service-description", "sparql")


def _described(question: str, name: str, **more: str) -> Response:
    form = negotiation.wanted(GRAPHS) or TURTLE
    kg = reading.pages()
    query = kg.bind(kg.questions[question], site=current_app.config["SETTINGS"].public_url, **more)
    reply = strangers.ask(
        Request(query=query, graphs=form.media_type)
    )  # counting all of it is nothing for the pages' lane
    return negotiation.data(reply.body.decode(), form, name)
