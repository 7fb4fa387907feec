"""Urgent withdrawal: what is public must go now, out of every release; said before, done by a form, told afterwards."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import CurationError, InputError, NotAllowedError, StoreError, TaxonomyError
from taxonomy.publishing.ledger import State
from taxonomy.publishing.purging import ONCE_PUBLIC
from taxonomy.site import errors, negotiation
from taxonomy.site.desk import acting, deciding, forms, saying
from taxonomy.site.errors import Problem

bp = Blueprint("urgent", __name__, url_prefix="/steward/submissions/<int:number>/urgent")


@bp.get("")
def ask(number: int) -> AnyResponse:
    """What an urgent withdrawal does and does not reach, and the form for it."""
    if acting.desk().show(number, to=acting.me()).state is State.ERASED:
        return redirect(url_for("urgent.done", number=number), code=303)
    return _page(number)


@bp.post("")
def carry_out(number: int) -> AnyResponse:
    """Take every public version of the record out of all releases, and destroy what it said, once."""
    desk, person, why = acting.desk(), acting.me(), request.form.get("reason", "").strip()
    problem = None
    try:
        forms.no_longer_than(forms.LONGEST_REASON, why, "reason")
        seen, instead = deciding.seen(), _instead()
        if not deciding.done_already(desk.history(number, to=person), State.ERASED, person, seen):
            desk.purge([number], person, why, instead=instead, seen=seen)
    except (CurationError, InputError, NotAllowedError, StoreError) as error:
        if not negotiation.prefers_page():
            raise
        problem = _problem(error)
    if desk.show(number, to=person).state is not State.ERASED:
        return _page(number, problem)
    if problem:  # it has gone, and only what should take its place is not public
        return _told(number, problem)
    if negotiation.prefers_page():
        return redirect(url_for("urgent.done", number=number), code=303)
    return _told(number)


@bp.get("/done")
def done(number: int) -> AnyResponse:
    """What was withdrawn, which releases took the place of which, and what is left to do by hand."""
    if acting.desk().show(number, to=acting.me()).state is not State.ERASED:
        return redirect(url_for("urgent.ask", number=number), code=303)
    return _told(number)


def _instead() -> int | None:
    """The version to publish in its place, where one was chosen.

    Raises:
        InputError: it is no number.
    """
    given = request.form.get("instead", "")
    number = forms.number(given)
    if given and number is None:
        raise InputError("A submission is named by its number.", hint="Choose from the list.")
    return number


def _page(number: int, problem: Problem | None = None) -> Response:
    desk, person, home = acting.desk(), acting.me(), acting.office().home
    found = desk.show(number, to=person)
    versions = [each for each in desk.list() if each.graph == found.graph]
    data = {
        "submission": found,
        "seen": desk.history(number, to=person)[-1].number,
        "public": tuple(each for each in versions if each.state in ONCE_PUBLIC),
        "approved": tuple(each for each in versions if each.state is State.APPROVED and each.id != number),
        "releases": tuple(each.name for each in home.held() if found.graph in each.graphs),
        "under_way": any(each.touches([found.graph]) for each in home.withheld()),
    }
    return forms.shown("desk/urgent.html", data, problem, typed=request.form)


def _told(number: int, problem: Problem | None = None) -> Response:
    desk, home = acting.desk(), acting.office().home
    found = desk.show(number, to=acting.me())
    versions = [each for each in desk.list() if each.graph == found.graph]
    places = [(old, each.name, day) for each in home.releases() for old, day in each.replaces.items()]
    data = {
        "submission": found,
        "erased": tuple(each.id for each in versions if each.state is State.ERASED),
        "kept": tuple(each.id for each in versions if each.state not in {State.ERASED, State.PUBLISHED}),
        "instead": tuple(each.id for each in versions if each.state is State.PUBLISHED),
        "replaced": tuple({"release": old, "by": str(new), "on": day} for old, new, day in places[::-1]),
    }
    if not negotiation.prefers_page():
        return saying.respond("", data)
    last = desk.history(number)[-1]
    response = make_response(render_template("desk/withdrawn.html", **data, last=last, problem=problem))
    if problem:
        response.status_code = problem.status
    return response


def _problem(error: TaxonomyError) -> Problem:
    """What went wrong, in words; a record that does not fit the next release is the steward's to return."""
    if isinstance(error, CurationError):
        detail = f"The next release would not be sound: {error.detail}"
        return Problem(status=409, title="It could not be published", detail=detail)
    return errors.of(error)
