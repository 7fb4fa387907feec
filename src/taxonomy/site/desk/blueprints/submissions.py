"""Submissions: the list; one with what it changes, how the public will see it, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import ConflictError, InputError, NotFoundError
from taxonomy.publishing.decisions import ASKED, KEPT
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import State, Submission
from taxonomy.publishing.people import Person, Role
from taxonomy.publishing.purging import ONCE_PUBLIC
from taxonomy.publishing.waivers import DAY, Waivers
from taxonomy.questions.results import Answer, Row
from taxonomy.site import errors, negotiation
from taxonomy.site.desk import acting, deciding, forms, rehearsed, saying, versions
from taxonomy.site.errors import Problem

bp = Blueprint("submissions", __name__, url_prefix="/steward/submissions")

_COLUMNS: Final = ("number", "organisation", "submitted_by", "when", "where_it_stands")
_IRIS: Final = frozenset({1})


@bp.get("")
def index() -> Response:
    """Submissions that are theirs to see; in the state that the address names, where it names one."""
    named = request.args.get("state", "")
    if named and named not in set(State):
        raise NotFoundError("state", named[:20], near=[state.value for state in State])
    found = acting.desk().list(*([State(named)] if named else []), to=acting.me())
    if (form := negotiation.named()) and form is not negotiation.JSON:
        return saying.saved(_table(found[::-1]), form, "submissions")
    context = {"states": saying.STATES, "named": named, "forms": saying.FORMS}
    return saying.respond("desk/submissions.html", {"submissions": found[::-1]}, **context)


@bp.get("/<int:number>")
def show(number: int) -> Response:
    """One submission: what it changes, what its check found, its history, and the next step."""
    desk, person = acting.desk(), acting.me()
    found = desk.show(number, to=person)
    if not negotiation.prefers_page():
        return saying.respond("", {"submission": found, "history": desk.history(number, to=person)})
    return _page(desk, found, person)


@bp.get("/<int:number>/preview")
def preview(number: int) -> str:
    """How the public site will show it, from this record alone."""
    desk = acting.desk()
    found = desk.show(number, to=acting.me())
    return render_template("desk/preview.html", submission=found, things=versions.as_public(desk, found), at=versions)


@bp.get("/<int:number>/elsewhere")
def elsewhere(number: int) -> AnyResponse:
    """What publishing it now would change elsewhere: a release is put together with it, and written nowhere."""
    desk = acting.desk()
    found = desk.show(number, to=acting.me())
    return make_response(render_template("desk/elsewhere.html", submission=found, seen=rehearsed.of(desk, found)))


@bp.post("/<int:number>/approve")
def approve(number: int) -> AnyResponse:
    """Agree that it may become public."""
    return _decide(number, State.APPROVED, lambda desk, by, why, seen: desk.approve(number, by, why, seen=seen))


@bp.post("/<int:number>/return")
def give_back(number: int) -> AnyResponse:
    """Send it back; the reason says what to mend."""
    return _decide(number, State.RETURNED, lambda desk, by, why, seen: desk.return_(number, by, why, seen=seen))


@bp.post("/<int:number>/withdraw")
def withdraw(number: int) -> AnyResponse:
    """Take it out of the next release, and say why."""
    return _decide(number, State.WITHDRAWN, lambda desk, by, why, seen: desk.withdraw([number], by, why, seen=seen))


@bp.post("/<int:number>/keep")
def keep(number: int) -> AnyResponse:
    """Let a public record that no longer conforms stay as it is until a day."""

    def step(desk: Desk, by: Person, why: str, seen: int | None) -> None:
        Waivers(desk.ledger).keep(number, by, forms.day("until", where=DAY), why, seen=seen)

    return _decide(number, KEPT, step)


@bp.post("/<int:number>/ask")
def ask(number: int) -> AnyResponse:
    """Ask for a mended version of a public record that no longer conforms."""
    return _decide(number, ASKED, lambda desk, by, why, seen: Waivers(desk.ledger).ask(number, by, why, seen=seen))


def _table(found: Sequence[Submission]) -> Answer:
    """Submissions as the list shows them."""
    labels = {each.owner: saying.called(each.owner) for each in found}
    rows = tuple(
        Row(
            _COLUMNS, (each.id, each.owner, each.submitted_by, each.submitted, saying.STATES[each.state]), _IRIS, labels
        )
        for each in found
    )
    return Answer(columns=_COLUMNS, rows=rows, text="", labels=labels)


def _decide(number: int, into: State | str, step: Callable[[Desk, Person, str, int | None], object]) -> AnyResponse:
    """Take one step, once; where it cannot be taken, nothing that was typed is lost."""
    desk, person, why = acting.desk(), acting.me(), request.form.get("reason", "").strip()
    seen = deciding.seen()
    try:
        forms.no_longer_than(forms.LONGEST_REASON, why, "reason")
        if not deciding.done_already(desk.history(number, to=person), into, person, seen):
            step(desk, person, why, seen)
    except (ConflictError, InputError) as error:
        problem = errors.of(error)
        if not negotiation.prefers_page():
            raise
        return _page(desk, desk.show(number, to=person), person, problem=problem, typed=why, wanted=into)
    if negotiation.prefers_page():
        return redirect(url_for("submissions.show", number=number), code=303)
    return saying.respond("", {"submission": desk.show(number, to=person)})


def _page(
    desk: Desk,
    found: Submission,
    person: Person,
    *,
    problem: Problem | None = None,
    typed: str = "",
    wanted: State | str | None = None,
) -> Response:
    history = desk.history(found.id, to=person)
    steward = Role.STEWARD in person.roles
    lapse = Waivers(desk.ledger).of(found)
    context: Mapping[str, Any] = {
        "submission": found,
        "history": history,
        "seen": history[-1].number,
        "beside": None if found.state is State.ERASED else versions.beside(desk, found),
        "own": found.submitted_by == person.name,
        "may_approve": steward and found.state is State.SUBMITTED and found.submitted_by != person.name,
        "may_return": steward and found.state in {State.SUBMITTED, State.APPROVED},
        "may_publish": steward and found.state is State.APPROVED,
        "may_withdraw": steward and found.state is State.PUBLISHED,
        "may_purge": steward and found.state in ONCE_PUBLIC,
        "lapse": lapse,
        "of_day": problem is not None and problem.detail.startswith(DAY),
        "may_let_stay": steward and lapse is not None and found.state is State.PUBLISHED,
        "problem": problem,
        "typed": typed,
        "wanted": wanted,
    }
    response = make_response(render_template("desk/submission.html", **context))
    if problem:
        response.status_code = problem.status
    return response
