"""A reader's reply as an HTTP answer: its type, an ETag of release and media type, and 304 for those who hold it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Response, make_response, request

from taxonomy.site import errors, reading
from taxonomy.site.errors import Problem
from taxonomy.store.base import Kind, Reply
from taxonomy.store.tokens import changes_by_itself

_NAMES: Final = {"graph": "a graph", "bindings": "a table", "boolean": "yes or no"}


def held(query: str, media_types: Iterable[str | None]) -> Response | None:
    """Not modified, where the caller holds the answer already: the query need not be asked to know that."""
    if request.method == "POST" or changes_by_itself(query):
        return None
    tags = {_tag(media_type) for media_type in media_types if media_type} - {""}
    known = tags & request.if_none_match.as_set(include_weak=True)
    return _tagged(Response(status=304), known.pop()) if known else None


def of(reply: Reply, media_type: str, query: str) -> Response:
    """The whole answer."""
    response = make_response(reply.body)
    text = "; charset=utf-8" if media_type.startswith("text/") else ""
    response.headers["Content-Type"] = media_type + text
    if changes_by_itself(query):
        response.headers["Cache-Control"] = "no-store"
        return response
    return _tagged(response, _tag(media_type))


def not_acceptable(kind: Kind | None, offered: Iterable[str]) -> Response:
    """The caller takes no form in which the answer could be written."""
    gives = f"This gives {_NAMES[kind]}, which" if kind else "An answer"
    problem = Problem(
        status=406,
        title="Not in that form",
        detail=f"{gives} cannot be written as asked.",
        hint=f"Accept one of {', '.join(dict.fromkeys(offered))}.",
    )
    return errors.respond(problem)


def _tag(media_type: str) -> str:
    """Releases never change, so release and form say which answer it is; weak, for rows without an order may move.

    Empty where it is not known what the release holds.
    """
    release = reading.release()
    if not release.hash:  # a server elsewhere: its content may change under the same number
        return ""
    return f"{release.name}-{release.hash[:16]}-{media_type.partition('/')[2]}"


def _tagged(response: Response, tag: str) -> Response:
    if tag:
        response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
