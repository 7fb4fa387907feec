"""Questions: the catalogue, and one question as a form with its answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request

from taxonomy import namespaces, validation
from taxonomy.errors import NotFoundError, QueryError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import competency
from taxonomy.questions.catalogue import Catalogue, Parameter, Question
from taxonomy.questions.competency import CompetencyQuestion
from taxonomy.questions.results import Row
from taxonomy.site import errors, negotiation, reading, screens, words
from taxonomy.site.filters import Choice

bp = Blueprint("questions", __name__, url_prefix="/questions")

_NOT_VALUES: Final = screens.OF_SCREENS | {"release"}
_TO_CHOOSE: Final = 300  # things in a list; of more, one is typed
_LONGEST_SEARCH: Final = 100  # characters


@bp.get("")
def index() -> str:
    """Every question that anybody may ask, by subject, or those that hold some words."""
    questions = reading.pages().questions
    sought = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    by_tag: dict[str, list[Question]] = defaultdict(list)
    for question in _found(questions, sought):
        by_tag[next(iter(question.tags), "other")].append(question)
    return render_template("questions/index.html", by_tag=dict(sorted(by_tag.items())), sought=sought)


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


@bp.route("/<name>", methods=["GET", "POST"])  # by form where the values are too long for an address
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
    fields = {key: values for key, values in request.values.lists() if any(values)}
    given: Mapping[str, Any] = {key: values for key, values in fields.items() if key not in _NOT_VALUES}
    complete = all(parameter.optional or parameter.name in given for parameter in question.params)
    if negotiation.wanted() is None and not given and not complete:
        return _form(kg, question, given)
    try:
        _refuse_format(name, given)
        screen = screens.of(kg.answer(question, **given), request.path, fields)
    except (QueryError, NotFoundError) as error:
        if negotiation.wanted() or not negotiation.prefers_page():
            raise
        problem = errors.of(error)
        response = _form(kg, question, given, problem=problem)
        response.status_code = problem.status
        return response
    return negotiation.respond(
        "questions/show.html",
        screen.answer,
        lambda: {"screen": screen, **_context(kg, question, given)},
        name=name,
    )


def _refuse_format(name: str, given: Mapping[str, Any]) -> None:
    """Say where the form of an answer is named, to whom takes it for a parameter, as at the query service."""
    if "format" in given:
        forms = ", ".join(f".{form.suffix}" for form in negotiation.LINKED)
        raise QueryError("A question takes no format.", hint=f"Put it after the name {name}: one of {forms}.")


def _found(questions: Catalogue, sought: str) -> Iterable[Question]:
    """The questions whose file holds every word that is sought; each word may be the beginning of one."""
    parts = sought.casefold().split()
    for name in questions:
        question = questions[name]
        told = (name, question.summary, question.note, *question.tags, *question.answers, *question.columns.values())
        text = " ".join((*told, *question.columns, *(each.help for each in question.params))).casefold()
        if all(part in text for part in parts):
            yield question


def _form(kg: KnowledgeGraph, question: Question, given: Mapping[str, Any], **context: object) -> Response:
    return make_response(render_template("questions/show.html", **_context(kg, question, given), **context))


def _context(kg: KnowledgeGraph, question: Question, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the form needs."""
    return {
        "question": question,
        "given": given,
        "choices": {parameter.name: _choices(kg, parameter) for parameter in question.params},
        "kept": reading.kept(),
        "asked_release": reading.asked_for(),
    }


def _choices(kg: KnowledgeGraph, parameter: Parameter) -> Sequence[Choice]:
    """The values that a person can choose from; empty where the value is typed."""
    match parameter.kind:
        case "choice":
            return [Choice(each, each) for each in parameter.choices]
        case "boolean":
            return [Choice("true", "yes"), Choice("false", "no")]
        case "area":
            areas = [row for row in kg.ask("known-areas") if row["name"] == row["label"]]
            return [Choice(str(row["code"] or str(row["area"]).rpartition("/")[2]), _called(row)) for row in areas]
        case "concept" if scheme := _kind_named_by(parameter):
            rows = kg.ask("page-concepts", scheme=namespaces.SCHEME + scheme).rows
            found = [Choice(str(row["concept"]).removeprefix(namespaces.CONCEPT), row.label("concept")) for row in rows]
            return sorted(found, key=lambda choice: choice.label.casefold())
        case "thing" if kind := _kind_named_by(parameter):
            return _things(kg, kind)
        case _:
            return []


def _kind_named_by(parameter: Parameter) -> str:
    """The kind or scheme of its example, where the parameter's own name says that it takes no other."""
    kind = parameter.example[0].partition("/")[0] if parameter.example else ""
    return kind if kind.endswith(parameter.name.rpartition("_")[2]) else ""


def _things(kg: KnowledgeGraph, kind: str) -> Sequence[Choice]:
    """The things of one kind, by label, where there are few enough to choose from."""
    bases = (f"{namespaces.ID}{kind}/", f"{namespaces.EXAMPLE}id/{kind}/")
    rows = kg.ask("page-choosing", start=bases).rows
    if len(rows) > _TO_CHOOSE:
        return []
    return [Choice(str(row["thing"]).removeprefix(namespaces.ID), str(row["label"])) for row in rows]


def _called(row: Row) -> str:
    ended = row["ended"]
    return f"{row['label']} (until {words.day(ended)})" if isinstance(ended, date) else str(row["label"])
