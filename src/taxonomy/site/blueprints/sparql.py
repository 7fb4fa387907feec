"""SPARQL: the protocol for programs, and a plain form for people at the same address."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, request

from taxonomy.site import answers, errors, protocol, reading, strangers
from taxonomy.site.blueprints import description, querying
from taxonomy.site.errors import Problem
from taxonomy.site.protocol import Asked

bp = Blueprint("sparql", __name__)

_OPEN = ("/sparql", "/graphs", "/.well-known/void", "/openapi.json")
_TO_ALL: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, SVSSV-Practice",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_BEFOREHAND: Final = {  # what a browser asks before it sends a script's request
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


@bp.after_app_request
def open_to_all(response: Response) -> Response:
    """Scripts of any site may ask; nothing here depends on who asks."""
    if request.path.startswith(_OPEN):
        response.headers.update(_TO_ALL)
        if request.method == "OPTIONS":
            response.headers.update(_BEFOREHAND)
    return response


@bp.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """Answer a query, describe the service, or show the form."""
    asked = protocol.read(request)
    reading.names(asked.release)
    if asked.query is None:
        return querying.page(asked) if asked.page else description.service()
    if shut := reading.shut():
        return errors.respond(_closed(shut))
    return querying.page(asked) if asked.page else _answer(asked)


def _answer(asked: Asked) -> Response:
    query = asked.query or ""
    if asked.bindings is asked.graphs is None:
        return answers.not_acceptable(None, [*protocol.BINDINGS.values(), *protocol.GRAPHS.values()])
    if response := answers.held(query, [asked.bindings, asked.graphs]):
        return response
    reply = strangers.ask(asked.request(f"{current_app.config['SETTINGS'].public_url}/sparql"))
    media_type = asked.wanted(reply.kind)
    if media_type is None:
        offered = protocol.GRAPHS if reply.kind == "graph" else protocol.BINDINGS
        return answers.not_acceptable(reply.kind, offered.values())
    return answers.of(reply, media_type, query)


def _closed(detail: str) -> Problem:
    return Problem(
        status=503,
        title="Free queries are switched off",
        detail=detail,
        hint="The named questions work. On your own machine, use svssv query.",
    )
