"""The data dictionary: each column that a record can be filled in with, what it takes, and its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from taxonomy import fields
from taxonomy.fields import Field, Kind
from taxonomy.shapes import shapes
from taxonomy.validation.rules import Rule, rules
from taxonomy.values import Iri

_TEXTS: Final = "Texts"  # what rules about any text have in the place of a column's heading
_WORDS: Final[Mapping[Kind, str]] = {
    "text": "text",
    "prose": "a short text",
    "address": "a web address",
    "integer": "a whole number",
    "decimal": "a number",
    "date": "a date",
    "boolean": "yes or no",
    "name": "a name of",
    "choice": "one of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column with its rules."""

    field: Field
    rules: tuple[Rule, ...]

    @property
    def example(self) -> str:
        """What may be typed into it: the first good example of its rules."""
        given = (rule.good_example for rule in self.rules if rule.heading == self.field.heading and rule.of_one_thing)
        return next((each for each in given if not each.startswith("(")), "")

    @property
    def offers(self) -> tuple[Iri, ...]:
        """Where what is typed must come from: the only values that fit, or else the schemes and classes."""
        return self.field.of_these or self.field.choices or self.field.takes

    def takes(self, label: Callable[[Iri], str]) -> str:
        """What it takes, in words; ``label`` says what a scheme, a class or a concept is called.

        >>> columns()[0].takes(str)
        'a short text'
        """
        kind = "choice" if self.field.of_these else self.field.kind
        return " ".join(filter(None, (_WORDS[kind], ", ".join(map(label, self.offers)))))


@cache
def columns() -> tuple[Column, ...]:
    """Every column, by sheet and then from left to right."""
    return tuple(Column(field=field, rules=tuple(_rules(field))) for field in fields.fields())


def _rules(field: Field) -> list[Rule]:
    """The rules of a column: those with its heading, and those about texts that look at its property."""
    on_sheet = [rule for rule in rules().values() if field.sheet in rule.sheets]
    path = NamedNode(field.path)
    return [
        rule
        for rule in on_sheet
        if rule.heading == field.heading
        or (rule.heading == _TEXTS and path in shapes().below(NamedNode(rule.iri)) and field.kind != "name")
    ]
