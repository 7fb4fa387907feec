"""Pages that are kept: what a page says of one release on one day is the same for everybody, so it is made once.

Only in this process and only of pages that nothing but the release, the day and the address decides. They lie with the
open release: when another takes its place, or something is withdrawn from it, they go with it.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, current_app, g, request

from taxonomy.site import dress, negotiation, reading
from taxonomy.site.doors import Page

_KEPT: Final = frozenset(  # blueprints whose pages are made of the release alone
    {
        "agreements",
        "areas",
        "briefing",
        "comparison",
        "contradictions",
        "coverage",
        "funding",
        "graphs",
        "home",
        "ontology",
        "organisations",
        "pathways",
        "services",
        "sources",
        "taxonomy",
        "things",
    }
)


def init_app(app: Flask) -> None:
    """Give what is kept before any view is asked, and keep what a view has made, packed as it is sent."""
    app.before_request(_given)
    app.after_request(_keep)


def _given() -> Response | None:
    """The page that is kept for this request; None where it has to be made."""
    if not _may_be_kept():
        return None
    key = _key()
    page = reading.kept_pages().get(key)
    if page is None:
        g.keep_as = key
        return None
    response = current_app.response_class(page.body)
    response.headers.clear()
    response.headers.extend(page.headers)
    return response


def _keep(response: Response) -> Response:
    key = g.pop("keep_as", None)
    whole = response.status_code == 200 and response.mimetype == "text/html" and response.is_sequence
    if key is None or not whole or key != _key():  # the day may have ended meanwhile
        return response
    reading.kept_pages().put(key, Page(response.get_data(), tuple(response.headers)))
    return response


def _may_be_kept() -> bool:
    """Whether the release, the day and the address decide all that this request is answered."""
    if request.method not in {"GET", "HEAD"} or request.blueprint not in _KEPT:
        return False
    return negotiation.wanted() is None


def _key() -> tuple[object, ...]:
    """Beside release and day: the address, exactly as it was asked, and whether the answer may be packed."""
    return dress.today(), request.root_path, request.path, request.query_string, bool(request.accept_encodings["gzip"])
