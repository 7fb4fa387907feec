"""The query page: a box for SPARQL, the answer under it, and everything that the box needs to be of help."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from taxonomy import namespaces
from taxonomy.errors import NotFoundError, QueryError, TaxonomyError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import prefixes
from taxonomy.questions.catalogue import Question
from taxonomy.questions.explaining import explain
from taxonomy.questions.results import Graph
from taxonomy.site import errors, headers, negotiation, reading, screens, strangers
from taxonomy.site.protocol import Asked

bp = Blueprint("querying", __name__, url_prefix="/sparql")

_EXTENSION: Final = "svssv-terms"
_KEPT: Final = 4  # releases whose terms are held
_FORMS: Final = {form.suffix: form for form in negotiation.TABLES}
_START: Final = "start"  # the question of the box when nobody has written anything


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of the query beside its number; ``mark`` is the column of the fault, counted from 1, or 0."""

    number: int
    text: str
    mark: int


def page(asked: Asked) -> Response:
    """The page: with the query in the box, and the answer or the fault below it."""
    if asked.query is None:
        return _page(_example())
    query = prefixes.declared(asked.query.replace("\r\n", "\n"))
    try:
        answer = strangers.sparql(
            reading.free(), query, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs
        )
        if isinstance(answer, Graph):
            return _page(None, query=query, graph=answer)
        fields = {"query": [query], "format": ["html"], **_more(asked)}
        return _page(None, query=query, screen=screens.of(answer, url_for("sparql.sparql"), fields))
    except TaxonomyError as error:
        problem = errors.of(error)
        at = _place(query, error) if isinstance(error, QueryError) else (0, 0)
        response = _page(None, query=query, problem=problem, at=at, lines=_around(query, *at))
        response.status_code = problem.status
        response.headers.extend(problem.headers)
        return response


@bp.route("/answer", methods=["GET", "POST"])
def answer() -> Response:
    """The answer that the page shows, in the same order and with the same labels, as a file; ``as`` is its suffix."""
    form = _FORMS.get(request.values.get("as", ""))
    if form is None:
        raise NotFoundError("form of an answer", request.values.get("as", "")[:20], near=list(_FORMS))
    found = strangers.sparql(reading.free(), request.values.get("query", "").replace("\r\n", "\n"))
    if isinstance(found, Graph):
        raise QueryError("This query gives a graph, which is no table.", hint="Take it from /sparql, as Turtle.")
    shown = screens.of(found, request.path, {"sort": request.values.getlist("sort")[:1]})
    return negotiation.data(negotiation.WRITERS[form](shown.answer), form, "answer")


@bp.get("/terms")
def terms() -> Response:
    """The prefixes, classes, properties and concepts of a release, for completion."""
    kg = reading.pages()
    return negotiation.data(_terms(kg), negotiation.JSON, f"terms-{kg.release.name}")


def _page(example: Question | None, *, query: str | None = None, **context: object) -> Response:
    kg = reading.pages()
    text = query if query is not None else (example or kg.questions[_START]).body
    by_tag: dict[str, list[Question]] = defaultdict(list)
    for name in kg.questions:
        by_tag[next(iter(kg.questions[name].tags), "other")].append(kg.questions[name])
    rendered = render_template(
        "sparql/index.html",
        query=text,
        example=example,
        explained=explain(example, kg.label) if example else (),
        by_tag=dict(sorted(by_tag.items())),
        endpoint=f"{current_app.config['SETTINGS'].public_url}{url_for('sparql.sparql')}",
        asked_release=reading.asked_for(),
        kept=reading.kept(),
        nonce=headers.nonce(),
        **context,
    )
    return make_response(rendered)


def _example() -> Question | None:
    questions = reading.pages().questions
    return questions[request.args["example"]] if request.args.get("example") in set(questions) else None


def _more(asked: Asked) -> Mapping[str, list[str]]:
    """What else the address of the answer has to say."""
    found = {name: request.values.getlist(name)[:1] for name in ("release", "sort", "page")}
    found |= {"default-graph-uri": list(asked.default_graphs), "named-graph-uri": list(asked.named_graphs or ())}
    return {name: values for name, values in found.items() if any(values)}


def _place(query: str, error: QueryError) -> tuple[int, int]:
    """Line and column of the fault; what is missing at the end of a line is shown at the last word there."""
    lines = query.splitlines()
    if not 0 < error.line <= len(lines):
        return 0, 0
    written = lines[error.line - 1].rstrip()
    return error.line, error.column if error.column <= len(written) else written.rfind(" ") + 2


def _around(query: str, line: int, column: int) -> list[NumberedLine]:
    """The line of a fault with its neighbours."""
    lines = query.splitlines() or [""]
    if not line:
        return []
    first = max(1, line - 2)
    some = lines[first - 1 : line + 1]
    return [NumberedLine(number, text, column if number == line else 0) for number, text in enumerate(some, first)]


@bp.record_once
def _keep(state: BlueprintSetupState) -> None:
    held: dict[str, str] = {}
    state.app.extensions[_EXTENSION] = held
    reading.forget_with(state.app, held.clear)


def _terms(kg: KnowledgeGraph) -> str:
    """The terms as JSON, made once for each release."""
    held: dict[str, str] = current_app.extensions[_EXTENSION]
    key = f"{kg.release.name} {kg.release.mark}"
    text = held.get(key)
    if text is None:
        found = [
            {"name": _written(str(row["term"])), "label": str(row["label"] or ""), "kind": str(row["kind"])}
            for row in kg.ask("page-completion")
            if row.is_iri("term")
        ]
        if len(held) >= _KEPT:
            held.clear()
        held[key] = text = json.dumps({"prefixes": namespaces.PREFIXES, "terms": found}, ensure_ascii=False)
    return text


def _written(iri: str) -> str:
    """A term as a query writes it."""
    short = namespaces.shorten(iri)
    return f"<{iri}>" if short == iri else short
