"""Questions: the catalogue, and one question as a form with its answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from taxonomy import validation
from taxonomy.errors import NotFoundError, QueryError
from taxonomy.questions import competency
from taxonomy.questions.catalogue import Question
from taxonomy.questions.competency import CompetencyQuestion
from taxonomy.site import errors, negotiation, reading

bp = Blueprint("questions", __name__, url_prefix="/questions")


@bp.get("")
def index() -> str:
    """Every question that anybody may ask, by subject."""
    questions = reading.pages().questions
    by_tag: dict[str, list[Question]] = defaultdict(list)
    for name in questions:
        by_tag[next(iter(questions[name].tags), "other")].append(questions[name])
    return render_template("questions/index.html", by_tag=dict(sorted(by_tag.items())))


@bp.get("/coverage")
def coverage() -> str:
    """The questions that the product is meant to answer, by part: what answers each, and what no source says yet."""
    by_part: dict[str, list[CompetencyQuestion]] = defaultdict(list)
    for each in competency.load():
        by_part[each.part].append(each)
    states = Counter(each.state for each in competency.load())
    rules = {str(iri).rpartition("#")[2]: rule for iri, rule in validation.rules().items()}
    catalogue = reading.pages().questions
    return render_template("questions/coverage.html", by_part=by_part, states=states, catalogue=catalogue, rules=rules)


@bp.get("/<name>")
def show(name: str) -> Response:
    """One question: its form and, once it has the values it needs, its answer."""
    kg = reading.pages()
    if name not in set(kg.questions):
        near = NotFoundError("question", name)
        try:
            kg.questions[name]
        except NotFoundError as error:
            near = error
        raise near
    question = kg.questions[name]
    given: Mapping[str, Any] = {key: values for key, values in request.args.lists() if any(values) and key != "release"}
    complete = all(parameter.optional or parameter.name in given for parameter in question.params)
    if negotiation.wanted() is None and not given and not complete:
        return _form(question, given)
    try:
        answer = kg.answer(question, **given)
    except (QueryError, NotFoundError) as error:
        if negotiation.wanted():
            raise
        problem = errors.of(error)
        response = _form(question, given, problem=problem)
        response.status_code = problem.status
        return response
    return negotiation.respond("questions/show.html", answer, lambda: _context(question, given), name=name)


def _form(question: Question, given: Mapping[str, Any], **context: object) -> Response:
    return make_response(render_template("questions/show.html", **_context(question, given), **context))


def _context(question: Question, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the form needs; areas to choose from only where one is asked for."""
    takes_area = any(parameter.kind == "area" for parameter in question.params)
    return {
        "question": question,
        "given": given,
        "areas": reading.pages().ask("known-areas").rows if takes_area else (),
    }
