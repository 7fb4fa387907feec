"""What this site says of itself to programs: the VoID description of the release, and of the query service."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from taxonomy.knowledge import PRACTICE
from taxonomy.site import negotiation, reading, strangers
from taxonomy.site.negotiation import GRAPHS, TURTLE
from taxonomy.store.base import Request

bp = Blueprint("description", __name__)


@bp.get("/.well-known/void")
def void() -> Response:
    """What the release holds, class by class and property by property."""
    notice = {"notice": PRACTICE} if reading.release().practice else {}
    return _described("page-void", "void", **notice)


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
