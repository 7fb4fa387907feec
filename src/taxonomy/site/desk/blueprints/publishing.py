"""Publishing: what is approved goes into the next release."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import ConflictError, CurationError, InputError, NotFoundError, TaxonomyError
from taxonomy.publishing.ledger import State
from taxonomy.site import errors, negotiation
from taxonomy.site.desk import acting, forms, saying, tasklist
from taxonomy.site.errors import Problem
from taxonomy.store import numbers

bp = Blueprint("publishing", __name__, url_prefix="/steward/publish")

_LONGEST: Final = 200  # characters of a note


@bp.post("")
def publish() -> AnyResponse:
    """Build the next release with the approved submissions that were chosen."""
    desk, person, given = acting.desk(), acting.me(), request.form.getlist("number")
    note = request.form.get("note", "").strip()
    try:
        chosen = _numbers(given)
        forms.no_longer_than(_LONGEST, note, "note")
        states = {desk.show(number, to=person).state for number in chosen}
        if states != {State.PUBLISHED}:  # or the same form came twice, and it is done
            desk.publish(chosen, person, note=note)
    except (ConflictError, CurationError, InputError) as error:
        problem = _problem(error)
        if negotiation.prefers_page():
            return tasklist.page(problem=problem, chosen=frozenset(given), note=note)
        return errors.respond(problem)
    release = acting.office().home.current()
    number = release.name if release else 0
    if negotiation.prefers_page():
        return redirect(url_for("publishing.done", release=number), code=303)
    return saying.respond("", {"release": number, "submissions": tuple(desk.show(each) for each in chosen)})


@bp.get("/<release>")
def done(release: str) -> AnyResponse:
    """What a release that was just made changed."""
    try:
        manifest = acting.office().home.manifest(numbers.read(release))
    except ValueError:
        raise NotFoundError("release", release[:20]) from None
    data = {"release": manifest.name, "built": manifest.built, "note": manifest.note, "changed": manifest.changed}
    return saying.respond("desk/published.html", data)


def _numbers(given: list[str]) -> tuple[int, ...]:
    """The submissions that were chosen.

    Raises:
        InputError: none was, or one is no number.
    """
    if not given:
        raise InputError("Nothing was chosen.", hint="Tick what to publish.")
    numbers = {forms.number(each) for each in given}
    if None in numbers:
        raise InputError("A submission is named by its number.", hint="Choose from the list.")
    return tuple(sorted(each for each in numbers if each is not None))


def _problem(error: TaxonomyError) -> Problem:
    """What keeps a release back, in words: a record that does not fit is the steward's to return."""
    if isinstance(error, CurationError):
        return Problem(
            status=409,
            title="Nothing was published",
            detail=f"The next release would not be sound: {error.detail}",
            hint="Return the record that this is about, or ask whoever looks after the data.",
        )
    return errors.of(error)
