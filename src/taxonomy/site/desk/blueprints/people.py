"""People: who may act here, for administrators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import InputError, NotAllowedError
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.tokens import Tokens
from taxonomy.questions.results import Answer, Row
from taxonomy.site import errors, negotiation
from taxonomy.site.desk import acting, forms, saying
from taxonomy.site.errors import Problem

bp = Blueprint("people", __name__, url_prefix="/steward/people")

_COLUMNS: Final = ("name", "roles", "organisations", "areas", "added", "disabled")


@bp.get("")
def index() -> Response:
    """Everybody, and a form to add somebody."""
    if (form := negotiation.named()) and form is not negotiation.JSON:
        return saying.saved(_table(_people().list()), form, "people")
    return _list()


@bp.post("")
def add() -> AnyResponse:
    """Add somebody; their token is shown once."""
    held, name = _people(), request.form.get("name", "")
    try:
        person, token = held.add(
            name,
            forms.roles(),
            organisations=forms.lines("organisations"),
            areas=forms.lines("areas"),
            by=acting.me(),
        )
    except InputError as error:
        return _again(error, _list)
    return forms.once(token, person.name, url_for("people.show", person=person.id))


@bp.get("/<int:person>")
def show(person: int) -> Response:
    """One person: what they do, for whom, and their tokens."""
    return _one(_people().numbered(person))


@bp.post("/<int:person>/roles")
def assign(person: int) -> AnyResponse:
    """Change what somebody does, and for whom."""
    found = _people().numbered(person)
    try:
        _people().assign(
            found.name,
            roles=forms.roles(),
            organisations=forms.lines("organisations"),
            areas=forms.lines("areas"),
            by=acting.me(),
        )
    except (InputError, NotAllowedError) as error:
        return _again(error, lambda problem: _one(found, problem))
    return _back(found)


@bp.post("/<int:person>/password")
def password(person: int) -> AnyResponse:
    """Set somebody's password; whoever is signed in as them is so no longer."""
    found = _people().numbered(person)
    try:
        Passwords(acting.desk().ledger).set(found.name, forms.new_password(), by=acting.me())
    except (InputError, NotAllowedError) as error:
        return _again(error, lambda problem: _one(found, problem))
    return _back(found)


@bp.post("/<int:person>/tokens")
def issue(person: int) -> AnyResponse:
    """Give somebody one more token, which is shown once."""
    found = _people().numbered(person)
    try:
        token = Tokens(acting.desk().ledger).issue(found.name, by=acting.me(), **forms.token())
    except (InputError, NotAllowedError) as error:
        return _again(error, lambda problem: _one(found, problem))
    return forms.once(token, found.name, url_for("people.show", person=person))


@bp.post("/<int:person>/tokens/<token>/revoke")
def revoke(person: int, token: str) -> AnyResponse:
    """Let one token of somebody be good no longer."""
    found = _people().numbered(person)
    Tokens(acting.desk().ledger).revoke(found.name, token, by=acting.me())
    return _back(found)


@bp.post("/<int:person>/disable")
def disable(person: int) -> AnyResponse:
    """Let somebody act no longer."""
    found = _people().numbered(person)
    try:
        _people().disable(found.name, by=acting.me())
    except NotAllowedError as error:
        return _again(error, lambda problem: _one(found, problem))
    return _back(found)


@bp.post("/<int:person>/enable")
def enable(person: int) -> AnyResponse:
    """Let somebody act again."""
    found = _people().numbered(person)
    _people().enable(found.name, by=acting.me())
    return _back(found)


def _people() -> People:
    return People(acting.desk().ledger)


def _list(problem: Problem | None = None) -> Response:
    data = {"people": tuple(map(saying.about, _people().list()))}
    return forms.shown("desk/people.html", data, problem, roles=tuple(Role), typed=request.form, forms=saying.FORMS)


def _table(found: Iterable[Person]) -> Answer:
    """People as the list shows them."""
    rows = tuple(
        Row(
            _COLUMNS,
            (
                each.name,
                ", ".join(sorted(each.roles)),
                " ".join(sorted(each.organisations)) or None,
                " ".join(sorted(each.areas)) or None,
                each.added,
                each.disabled,
            ),
            frozenset(),
            {},
        )
        for each in found
    )
    return Answer(columns=_COLUMNS, rows=rows, text="")


def _one(person: Person, problem: Problem | None = None) -> Response:
    tokens = Tokens(acting.desk().ledger).list(person.name, by=acting.me())
    data = {"person": saying.about(person), "tokens": tokens}
    return forms.shown("desk/person.html", data, problem, roles=tuple(Role), typed=request.form)


def _again(error: InputError | NotAllowedError, page: forms.Page) -> Response:
    """The page again, with what is wrong and what was typed; for a program, the error."""
    if not negotiation.prefers_page():
        raise error
    problem = errors.of(error)
    return page(Problem(status=problem.status, title="There is a problem", detail=problem.detail, hint=problem.hint))


def _back(person: Person) -> AnyResponse:
    if negotiation.prefers_page():
        return redirect(url_for("people.show", person=person.id), code=303)
    return _one(_people().numbered(person.id))
