"""A list of things: narrowed, sorted and leafed through by its address, and taken away as it is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from taxonomy.questions.results import Answer
from taxonomy.site import filters, negotiation, reading, screens


def show(template: str, question: str, *, name: str) -> Response:
    """The list that a question gives, with the form that narrows it.

    Raises:
        NotFoundError: the address names what this release does not know.
        QueryError: it names a value, a column or a page that there is not.
    """
    kg = reading.pages()
    asked = filters.asked(kg, question)
    screen = screens.of(kg.ask(question, **asked), request.path, filters.keys(asked) | screens.asked(request.values))
    return negotiation.respond(
        template,
        screen.answer,
        lambda: {"screen": screen, "filters": filters.offered(kg, question, asked)},
        name=name,
    )


def whole(template: str, answer: Answer, context: Callable[[], Mapping[str, Any]], *, name: str) -> Response:
    """A list without filters; ``context`` is what else its page shows.

    Raises:
        QueryError: the address names a column or a page that there is not.
    """
    screen = screens.of(answer, request.path, screens.asked(request.values))
    return negotiation.respond(template, screen.answer, lambda: {"screen": screen, **context()}, name=name)
