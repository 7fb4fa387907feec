"""Requests: what people ask to have corrected, erased or answered, each with its clock; who asked is not kept."""

from __future__ import annotations

from datetime import date
from typing import Final, TypeVar

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import InputError, NotAllowedError
from taxonomy.publishing.requests import Kind, Outcome, Request, Requests
from taxonomy.questions.results import Answer, Row
from taxonomy.site import dress, errors, negotiation
from taxonomy.site.desk import acting, forms, saying
from taxonomy.site.errors import Problem

bp = Blueprint("requests", __name__, url_prefix="/steward/requests")

_COLUMNS: Final = ("number", "kind", "about", "received", "due", "where_it_stands", "closed")
_ABOUT: Final = frozenset({2})
_Word = TypeVar("_Word", Kind, Outcome)


@bp.get("")
def index() -> Response:
    """All requests: those that wait first, the most pressing before the others; then those that are closed."""
    if (form := negotiation.named()) and form is not negotiation.JSON:
        return saying.saved(_table(_all()), form, "requests")
    return _page()


@bp.post("")
def add() -> AnyResponse:
    """Write down a request, once; it is due in one month."""
    held, kept = _held(), None
    try:
        kind, about, day = _among(Kind, "kind"), request.form.get("about", "").strip(), _day()
        kept = next((each for each in held.list() if _is_the_same(each, kind, about, day)), None)
        kept = kept or held.add(kind, about, acting.me(), received=day)
    except InputError as error:
        return _page(errors.of(error), wanted="add")
    return _go_on(kept)


@bp.post("/<int:number>/close")
def close(number: int) -> AnyResponse:
    """Write down how a request ended, once."""
    held = _held()
    try:
        outcome = _among(Outcome, "outcome")
        closed = next((each for each in held.list() if each.id == number and each.outcome is outcome), None)
        closed = closed or held.close(number, outcome, acting.me())
    except (InputError, NotAllowedError) as error:
        return _page(errors.of(error), wanted=f"outcome-{number}")
    return _go_on(closed)


def _held() -> Requests:
    return Requests(acting.desk().ledger)


def _all() -> tuple[Request, ...]:
    held = _held()
    return (*held.open(), *(each for each in held.list()[::-1] if each.closed))


def _is_the_same(one: Request, kind: Kind, about: str, day: date | None) -> bool:
    """Whether the same form came twice: what it says was added since its page was opened."""
    known, received = forms.number(request.form.get("seen", "")), day or dress.today()
    return known is not None and one.id > known and (one.kind, one.about, one.received) == (kind, about, received)


def _day() -> date | None:
    """The day on which it arrived; None where the form leaves it empty.

    Raises:
        InputError: it is no day.
    """
    return forms.day("received") if request.form.get("received", "").strip() else None


def _among(words: type[_Word], field: str) -> _Word:
    given = request.form.get(field, "")
    if given not in set(words):
        raise InputError(f"No {field} was chosen.", hint=f"Use {', '.join(words)}.")
    return words(given)


def _go_on(kept: Request) -> AnyResponse:
    if negotiation.prefers_page():
        return redirect(f"{url_for('requests.index')}#request-{kept.id}", code=303)
    return saying.respond("", {"request": kept})


def _page(problem: Problem | None = None, *, wanted: str = "") -> Response:
    found = _all()
    context = {
        "typed": request.form,
        "wanted": wanted,
        "today": dress.today(),
        "kinds": saying.KINDS,
        "outcomes": saying.OUTCOMES,
        "forms": saying.FORMS,
        "seen": max((each.id for each in found), default=0),
    }
    return forms.shown("desk/requests.html", {"requests": found}, problem, **context)


def _table(found: tuple[Request, ...]) -> Answer:
    """Requests as the list shows them."""
    labels: dict[str, str] = {each.about: saying.called(each.about) for each in found}
    today = dress.today()
    rows = [
        (
            each.id,
            saying.KINDS[each.kind],
            each.about,
            each.received,
            each.due,
            saying.OUTCOMES[each.outcome] if each.outcome else ("Late" if each.late(today) else "Open"),
            each.closed,
        )
        for each in found
    ]
    return Answer(
        columns=_COLUMNS, rows=tuple(Row(_COLUMNS, each, _ABOUT, labels) for each in rows), text="", labels=labels
    )
