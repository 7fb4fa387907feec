"""What a form says of the history that its sender saw, so that nobody decides on what they have not seen, or twice."""

from __future__ import annotations

from flask import request

from taxonomy.errors import InputError
from taxonomy.publishing.ledger import Decision, State
from taxonomy.publishing.person import Person
from taxonomy.site.desk import acting, forms


def seen() -> int | None:
    """The number of the last decision that whoever decides saw.

    Raises:
        InputError: a page's form does not say it.
    """
    given = request.form.get("seen", "")
    if (number := forms.number(given)) is not None:
        return number
    if acting.caller().with_token and not given:
        return None
    raise InputError("The form does not say what you saw.", hint="Open the page again.")


def done_already(history: tuple[Decision, ...], into: State | str, by: Person, seen: int | None) -> bool:
    """Whether the same form came twice: this person's same step is the next after what they saw."""
    last = history[-1]
    before = history[-2].number if len(history) > 1 else None
    what = last.note.kind if last.note else last.what
    return seen is not None and before == seen and (what, last.who) == (into, by.name)
