"""A list of things: narrowed, sorted and leafed through by its address, and taken away as it is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, request

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.results import Answer
from taxonomy.site import filters, local, negotiation, reading, screens

More = Callable[[KnowledgeGraph, Answer, date | None], Mapping[str, Any]]


def show(template: str, question: str, *, name: str, more: More = lambda *_: {}) -> Response:
    """The list that a question gives, with the form that narrows it; ``more`` is what else its page shows.

    A question with a parameter ``as_at`` can be asked for what may hold on a day.

    Raises:
        NotFoundError: the address names what this release does not know.
        QueryError: it names a value, a day, a column or a page that there is not.
    """
    kg = reading.pages()
    asked = filters.asked(kg, question)
    day = local.day() if any(each.name == "as_at" for each in kg.questions[question].params) else None
    when = {"as_at": [day.isoformat()]} if day else {}
    fields = filters.keys(asked) | when | screens.asked(request.values)
    screen = screens.of(kg.ask(question, **asked, **when), request.path, fields)

    def context() -> Mapping[str, Any]:
        holding = {str(row[screen.answer.columns[0]]) for row in kg.ask(question, **when)} if when else None
        offered = filters.offered(kg, question, asked, holding)
        return {"screen": screen, "filters": offered, "day": day, **more(kg, screen.answer, day)}

    return negotiation.respond(template, screen.answer, context, name=name)


def whole(template: str, answer: Answer, context: Callable[[], Mapping[str, Any]], *, name: str) -> Response:
    """A list without filters; ``context`` is what else its page shows.

    Raises:
        QueryError: the address names a column or a page that there is not.
    """
    screen = screens.of(answer, request.path, screens.asked(request.values))
    return negotiation.respond(template, screen.answer, lambda: {"screen": screen, **context()}, name=name)
