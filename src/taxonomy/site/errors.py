"""The one place where errors become answers: a status, and the same four facts as a page or as JSON."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from taxonomy.errors import (
    ConflictError,
    GoneError,
    InputError,
    LimitError,
    NoRecordError,
    NotAllowedError,
    NotFoundError,
    NotHereError,
    QueryError,
    RefusedQueryError,
    ReplacedError,
    SeveralError,
    StoreError,
    TaxonomyError,
    TooLargeError,
    UnknownKindError,
    WithheldError,
)
from taxonomy.site import measuring, negotiation

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 5
_OUTSIDE = frozenset(
    {"release", "citation", "question", "submission", "person", "token", "record", "draft", "section", "row", "request"}
)  # what no release holds
_UNREAD: Final[Mapping[type[InputError], tuple[int, str]]] = {
    TooLargeError: (413, "That file is too large"),
    UnknownKindError: (415, "That kind of file is not read here"),
    NoRecordError: (422, "That file is no record"),
    InputError: (400, "That file could not be read"),
}
_TITLES = {
    400: "That could not be read",
    403: "Not allowed",
    404: "Not found",
    405: "Not done here",
    413: "Too large",
    503: "Try again",
}
_WORDS: Final[Mapping[int, str]] = {
    400: "What was sent is not in a form that can be read here.",
    404: "There is no page at this address.",
    405: "This address does not take that method.",
    406: "This address has none of the forms that were asked for.",
    413: "What was sent is larger than this address takes.",
    415: "This address does not read that kind of content.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, in the words that a page and a program get alike."""

    status: int
    title: str
    detail: str
    hint: str = ""
    near: Sequence[str] = ()
    headers: tuple[tuple[str, str], ...] = ()


def init_app(app: Flask) -> None:
    """Turn every error, ours or the framework's, into an answer; a fault of our own shows no traceback."""
    app.register_error_handler(TaxonomyError, lambda error: respond(of(error)))
    app.register_error_handler(ReplacedError, _replaced)
    app.register_error_handler(HTTPException, lambda error: respond(of_http(error)))
    app.register_error_handler(Exception, _unforeseen)


def of(error: TaxonomyError) -> Problem:
    """The problem that one of our own errors means over HTTP."""
    match error:
        case NotFoundError():
            return _missing(error)
        case NotHereError():
            hint = "Ask whoever runs this site."
            return Problem(status=404, title="Not available here", detail=str(error), hint=hint)
        case RefusedQueryError():
            return Problem(status=400, title="This query is refused", detail=str(error))
        case QueryError():
            return Problem(status=400, title=_TITLES[400], detail=str(error))
        case LimitError():
            return _too_much(error)
        case InputError():
            status, title = next(said for kind, said in _UNREAD.items() if isinstance(error, kind))
            detail = f"{error.where}: {error.detail}" if error.where else error.detail
            return Problem(status=status, title=title, detail=detail, hint=error.hint)
        case NotAllowedError():
            return _not_allowed(error)
        case StoreError():
            again = (("Retry-After", str(_RETRY_SECONDS)),)
            return Problem(status=503, title="Not ready", detail=str(error), headers=again)
        case _:
            _log.error("an error without a status of its own", exc_info=error)
            return _fault()


def _missing(error: NotFoundError) -> Problem:
    match error:
        case GoneError():
            return _gone(error)
        case SeveralError():
            detail = f"“{_shown(error.key)}” is the name of more than one {error.kind}: {' or '.join(error.near)}."
            hint = "Put the code of the one that you mean into the address."
            return Problem(status=404, title="More than one has that name", detail=detail, hint=hint, near=error.near)
    where = "" if error.kind in _OUTSIDE else " in this release"
    detail = f"There is no {error.kind} with the name “{_shown(error.key)}”{where}."
    hint = f"Did you mean {' or '.join(error.near)}?" if error.near else "Start from one of the lists."
    return Problem(status=404, title="Not found", detail=detail, hint=hint, near=error.near)


def _gone(error: GoneError) -> Problem:
    if isinstance(error, ReplacedError):
        successor = (("Link", f'</releases/{error.by}>; rel="successor-version"'),)
        hint = f"Ask release {error.by} instead."
        return Problem(status=410, title="Replaced", detail=str(error), hint=hint, headers=successor)
    return Problem(status=410, title="No longer kept", detail=str(error), hint="The list of releases says more.")


def _not_allowed(error: NotAllowedError) -> Problem:
    """What may not be done by this person (403), or by nobody until they have looked again (409)."""
    if isinstance(error, ConflictError):
        return Problem(status=409, title="Somebody was faster", detail=str(error), hint="Look at it again.")
    return Problem(status=403, title="Not allowed", detail=str(error))


def _too_much(error: LimitError) -> Problem:
    """What a limit means: too large (413), more than a client's share (429), or to be tried again (503)."""
    measuring.passed(error.limit)
    wait = math.ceil(error.wait) if error.limit == "budget" else _RETRY_SECONDS
    again = (("Retry-After", str(wait)),)
    match error.limit:
        case "bytes" | "complexity":
            return Problem(status=413, title="That is more than one answer may hold", detail=error.detail)
        case "budget":
            return Problem(status=429, title="More than your share", detail=error.detail, headers=again)
        case limit:
            title = "Too many at once" if limit == "busy" else "That took more than its share"
            return Problem(status=503, title=title, detail=error.detail, headers=again)


def of_http(error: HTTPException) -> Problem:
    """The problem that the framework found before any view was asked."""
    status = error.code or 500
    hints = {
        404: "Check the address, or start from one of the lists.",
        405: "Open it as a page, or see what it takes in /openapi.json.",
        415: "Send application/sparql-query, or a form with a field named query.",
        413: "Take a smaller file, or check it with the shell: svssv validate.",
    }
    kept = ("Allow", "Retry-After", "Location")
    return Problem(
        status=status,
        title=_TITLES.get(status, error.name),
        detail=_said(error, status),
        hint=hints.get(status, ""),
        headers=tuple((name, value) for name, value in error.get_headers() if name in kept),
    )


def _said(error: HTTPException, status: int) -> str:
    """What a view said of the error; else our words, since the framework's speak of URLs, servers and proxies."""
    if error.description and error.description != type(error).description:
        return error.description
    return _WORDS.get(status) or error.description or error.name


def respond(problem: Problem, *, page: bool = True) -> Response:
    """The problem as a page for a browser, as JSON for a program or where no page was asked for."""
    if page and negotiation.prefers_page():
        response = make_response(render_template("error.html", problem=problem))
    else:
        names = ("title", "detail", "status", "hint")
        response = jsonify(error={name: getattr(problem, name) for name in names})
    response.status_code = problem.status
    for name, value in problem.headers:
        response.headers[name] = value
    return response


def in_the_form_named(response: Response) -> Response:
    """An address with the suffix of a form gives that form, or nothing: never a page in its place."""
    form = negotiation.named()
    looks = request.method in {"GET", "HEAD"} and response.status_code == 200
    if form is None or not looks or response.mimetype == form.media_type:
        return response
    response.close()
    return respond(of(NotFoundError("form of this page", form.suffix)))


def _replaced(error: ReplacedError) -> Response:
    """A release that was asked by its number is gone; one that was in service until now answers again soon."""
    named = {*(request.view_args or {}).values(), *request.values.values()}
    if str(error.key) in map(str, named) or request.blueprint == "citations":
        return respond(of(error))
    return respond(of(WithheldError("Something is being withdrawn from this release. It answers again in a moment.")))


def _unforeseen(error: Exception) -> Response:
    _log.error("an error that nobody foresaw", exc_info=error)
    return respond(_fault())


def _fault() -> Problem:
    return Problem(
        status=500,
        title="Something went wrong here",
        detail="The fault is ours, not yours. It has been noted without any of what you typed.",
        hint="Go back, or start from the home page.",
    )


def _shown(key: str) -> str:
    return key if len(key) <= 80 else key[:80] + "…"
