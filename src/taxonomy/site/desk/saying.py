"""How the desk answers: the words of its pages, and the same rows for a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Final

from flask import Flask, Response, jsonify, make_response, render_template

from taxonomy.publishing.decisions import Decision
from taxonomy.publishing.ledger import State, Submission
from taxonomy.publishing.people import Person, Role, Scope
from taxonomy.publishing.requests import Kind, Outcome
from taxonomy.questions.results import Answer
from taxonomy.site import negotiation, reading, words
from taxonomy.site.desk import acting, guard
from taxonomy.site.negotiation import Form
from taxonomy.store.manifests import PRACTICE
from taxonomy.values import Iri

FORMS: Final = guard.FORMS
STATES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "Waiting for a steward",
    State.RETURNED: "Returned, to be mended",
    State.APPROVED: "Approved, not yet published",
    State.PUBLISHED: "Published",
    State.SUPERSEDED: "Replaced by a later version",
    State.WITHDRAWN: "Withdrawn",
    State.ERASED: "Erased",
}
KINDS: Final[Mapping[Kind, str]] = {
    Kind.CORRECTION: "To correct something",
    Kind.ERASURE: "To erase something",
    Kind.REPLY: "To reply to something",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.CORRECTED: "It was corrected",
    Outcome.ERASED: "It was erased",
    Outcome.REPLIED: "The reply stands beside the fact",
    Outcome.REFUSED: "It was refused, and whoever asked was told why",
    Outcome.DROPPED: "Whoever asked took it back",
}


def init_app(app: Flask) -> None:
    """Give the templates the words of the desk, and who is here."""
    app.jinja_env.filters.update(
        moment=moment, state=STATES.__getitem__, slug=lambda iri: Iri(iri).slug, called=called, decided=decided
    )
    app.jinja_env.globals.update(here=_here, form_mark=guard.mark, MARK_FIELD=guard.FIELD, Role=Role, Scope=Scope)


def moment(value: datetime) -> str:
    """A moment as people write it.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 3, 9, 5, tzinfo=UTC))
    '3 November 2026, 09:05 UTC'
    """
    return f"{words.day(value)}, {value:%H:%M} UTC"


def respond(template: str, data: Mapping[str, Any], **context: Any) -> Response:
    """A page for a person; ``data`` as JSON for a program."""
    if negotiation.prefers_page():
        return make_response(render_template(template, **data, **context))
    return jsonify({name: _plain(value) for name, value in data.items()})


def called(iri: str) -> str:
    """What an organisation is called in the release in service; its slug where it is not in it."""
    labels = reading.pages().labels([iri]) if acting.office().home.current() else {}
    return labels.get(iri) or Iri(iri).slug


def decided(decision: Decision) -> str:
    """What was decided, in words."""
    note = decision.note
    if note is None:
        return decision.what.capitalize()
    return f"{note.kind.capitalize()} until {words.day(note.until)}" if note.until else note.kind.capitalize()


def saved(answer: Answer, form: Form, name: str) -> Response:
    """A list as a file to keep; a practice home's says so in its name and in a column of its own."""
    practice = acting.office().home.practice
    response = make_response(negotiation.WRITERS[form](replace(answer, notice=PRACTICE if practice else "")))
    response.headers["Content-Type"] = form.media_type + ("" if form is negotiation.XLSX else "; charset=utf-8")
    kept_as = f"{'practice-' if practice else ''}{name}.{form.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{kept_as}"'
    return response


def about(person: Person) -> Mapping[str, Any]:
    """What is shown of somebody: not by which token they act."""
    names = ("id", "name", "roles", "organisations", "areas", "added", "disabled")
    return {name: getattr(person, name) for name in names}


def _here() -> object:
    """Who is here, for the frame; None where nobody has signed in."""
    return acting.caller().person


def _plain(value: object) -> Any:
    """A record of ours as JSON has it."""
    match value:
        case Submission():
            return _plain(asdict(value) | {"state": value.state.value})
        case date():  # a moment is one too
            return value.isoformat()
        case frozenset():
            return sorted(map(_plain, value))
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case _ if hasattr(value, "__dataclass_fields__"):
            return _plain(asdict(value))  # type: ignore[call-overload]  # the line above says that it is one
        case _:
            return value
