"""A list of things: narrowed, sorted and leafed through by its address, and taken away as it is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, request

from taxonomy.questions.results import Answer
from taxonomy.site import filters, negotiation, reading, screens


def show(
    template: str,
    question: str,
    *,
    name: str,
    day: date | None = None,
    more: Callable[[Answer], Mapping[str, Any]] = lambda _: {},
) -> Response:
    """The list that a question gives, with the form that narrows it; ``day`` is that of its parameter ``as_at``.

    ``more`` is what else the page shows, from the rows.

    Raises:
        NotFoundError: the address names what this release does not know.
        QueryError: it names a value, a column or a page that there is not.
    """
    kg = reading.pages()
    asked = filters.asked(kg, question)
    on_day: dict[str, list[str]] = {"as_at": [day.isoformat()]} if day else {}
    answer = kg.ask(question, **asked, **on_day)
    screen = screens.of(answer, request.path, filters.keys(asked) | on_day | screens.asked(request.values))
    return negotiation.respond(
        template,
        screen.answer,
        lambda: {
            "screen": screen,
            "filters": filters.offered(kg, question, asked, on_day=on_day),
            **more(screen.answer),
        },
        name=name,
    )


def whole(template: str, answer: Answer, context: Callable[[], Mapping[str, Any]], *, name: str) -> Response:
    """A list without filters; ``context`` is what else its page shows.

    Raises:
        QueryError: the address names a column or a page that there is not.
    """
    screen = screens.of(answer, request.path, screens.asked(request.values))
    return negotiation.respond(template, screen.answer, lambda: {"screen": screen, **context()}, name=name)
