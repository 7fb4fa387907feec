"""Cited answers: ``POST /q`` makes one, ``/q/<id>`` shows it and says whether it still holds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy import citing
from taxonomy.citing import Again, Citations
from taxonomy.errors import LimitError, NotFoundError, QueryError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.citation import Citation
from taxonomy.questions.results import Answer, Graph
from taxonomy.site import negotiation, reading, strangers
from taxonomy.store.numbers import ReleaseNumber

bp = Blueprint("citations", __name__, url_prefix="/q")

_SHOWN: Final = 100  # rows that differ, on a page
_NOT_VALUES: Final = frozenset({"question", "query", "release"})
_ENTRIES: Final[Mapping[str, tuple[str, Callable[[Citation], str]]]] = {
    "bib": ("application/x-bibtex", lambda citation: citation.bibtex),
    "ris": ("application/x-research-info-systems", lambda citation: citation.ris),
    "txt": ("text/plain", lambda citation: f"{citation}\n"),
}


@bp.post("")
def cite() -> AnyResponse:
    """Ask a question, or a query, of a release, and keep what is needed to cite the answer."""
    kept = _kept(_citation())
    address = url_for("citations.show", name=kept.id)
    if negotiation.prefers_page():
        return redirect(address, code=303)
    response = make_response(kept.to_json())
    response.status_code = 201
    response.headers["Location"] = address
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response


@bp.get("/<name>")
def show(name: str) -> Response:
    """One cited answer: what was asked, how to cite it, and whether it still holds."""
    citation = _at(_citations().get(name))
    form = negotiation.wanted((negotiation.JSON,))
    if form is not None and form is not negotiation.JSON:
        raise NotFoundError("form of a citation", form.suffix, near=["json"])
    own = _again(citation, citation.release)
    current = reading.in_service().name
    now = own if citation.release == current else _again(citation, current)
    if form:
        return _as_json(citation, own, now)
    sides = citing.differing(own.answer, now.answer) if own.answer and now.answer else ()
    differing = [side.with_labels(reading.pages().labels(side.iris)) for side in sides]
    page = render_template(
        "citations/show.html", citation=citation, own=own, now=now, differing=differing, shown=_SHOWN
    )
    return make_response(page)


@bp.get("/<name>/<any(bib, ris, txt):entry>")
def write(name: str, entry: str) -> Response:
    """The citation for a reference manager, or as one line of text."""
    citation = _at(_citations().get(name))
    media_type, written = _ENTRIES[entry]
    response = make_response(written(citation))
    response.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="svssv-{citation.id}.{entry}"'
    return response


def _citation() -> Citation:
    """The citation of what the request asks."""
    query, question = request.form.get("query", "").replace("\r\n", "\n"), request.form.get("question", "")
    if bool(query.strip()) == bool(question):
        raise QueryError("There is nothing to cite.", hint="Send a query, or the name of a question with its values.")
    if question:
        kg = reading.pages()
        if question not in set(kg.questions):
            kg.questions[question]  # says what is near
            raise NotFoundError("question", question)
        given: Mapping[str, Any] = {key: some for key, some in request.form.lists() if key not in _NOT_VALUES}
        return kg.ask(question, **given).citation
    return strangers.sparql(reading.free(), query, labels=False, graphs="application/n-triples").citation


def _again(citation: Citation, number: ReleaseNumber) -> Again:
    free = citation.question is None
    try:
        with reading.opened(number, free=free) as kg:
            return citing.ask_again(citation, functools.partial(strangers.sparql if free else _trusted, kg), number)
    except (NotFoundError, LimitError, StoreError) as error:
        return Again(release=number, state="not answered", detail=str(error))


def _trusted(kg: KnowledgeGraph, query: str, **how: Any) -> Answer | Graph:
    """The query of a named question, which needs no stranger's share."""
    return kg.sparql(query, **how)


def _as_json(citation: Citation, own: Again, now: Again) -> Response:
    checked = [
        {
            "release": each.release,
            "state": each.state,
            "detail": each.detail,
            "rows": each.citation.rows if each.citation else None,
            "hash": each.citation.hash if each.citation else None,
        }
        for each in ([own] if own is now else [own, now])
    ]
    response = make_response(citation.to_json(suggested=str(citation), checked=checked))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response


def _kept(citation: Citation) -> Citation:
    return _at(_citations().keep(citation))


def _citations() -> Citations:
    return Citations(reading.current().home.citations_path)


def _at(citation: Citation) -> Citation:
    settings = current_app.config["SETTINGS"]
    return citation.at(f"{settings.public_url}{url_for('citations.show', name=citation.id)}")
