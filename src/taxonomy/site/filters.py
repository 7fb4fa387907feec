"""The filters of a list: what it can be narrowed to, and what its address narrows it to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, EXAMPLE, GSS, ID
from taxonomy.questions.results import Row
from taxonomy.site import words


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a list can be narrowed to, as the address and as a person says it."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the form over a list."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: str  # what the address says; empty where it says nothing

    @property
    def chosen_label(self) -> str:
        """The chosen value as a person says it; as the address says it where the list has no such choice."""
        return next((choice.label for choice in self.choices if choice.key == self.chosen), self.chosen)


def asked(kg: KnowledgeGraph, question: str) -> Mapping[str, str]:
    """What the address of this request narrows a list to: the parameters of the list's question, if not empty."""
    names = (parameter.name for parameter in kg.questions[question].params)
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def offered(kg: KnowledgeGraph, kind: str, question: str) -> tuple[Filter, ...]:
    """The form over a list: a field for each parameter of its question, with the values that are recorded."""
    chosen = asked(kg, question)
    rows = [row for row in kg.ask("page-choices") if row["list"] == kind]
    return tuple(
        Filter(
            parameter.name,
            words.heading(parameter.name),
            tuple(Choice(each, words.heading(each)) for each in parameter.choices)
            or tuple(_choice(row) for row in rows if row["field"] == parameter.name),
            chosen.get(parameter.name, ""),
        )
        for parameter in kg.questions[question].params
        if parameter.kind != "date"  # a day is asked for by a field of its own
    )


def _choice(row: Row) -> Choice:
    """A value with the shortest name that a parameter understands: a code, a short name, or the IRI."""
    iri = str(row["value"])
    for base in (GSS, CONCEPT, f"{ID}area/", f"{EXAMPLE}id/area/", ID, f"{EXAMPLE}id/"):
        if iri.startswith(base):
            return Choice(iri.removeprefix(base), row.label("value"))
    return Choice(iri, row.label("value"))
