"""The page of one thing: the same for every kind, with the template of its own kind over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import negotiation, reading, things
from taxonomy.site.facts import Fact, Thing

More = Callable[[KnowledgeGraph, Thing, Mapping[str, Fact]], Mapping[str, Any]]


def show(iri: str, template: str, *, name: str, more: More | None = None) -> Response:
    """One thing: its facts with their places, what names it, and what else its kind's page shows.

    Raises:
        NotFoundError: nothing is said of it in this release.
    """
    kg = reading.pages()
    answer = things.facts(kg, iri)

    def context() -> Mapping[str, Any]:
        thing = things.read(kg, answer, iri)
        named_by = things.mentions(kg.ask("page-mentions", thing=iri))
        return {"thing": thing, "mentions": named_by, **(more(kg, thing, named_by) if more else {})}

    return negotiation.respond(template, answer, context, name=name, about=[iri])
