"""The tables of the analysis pages and the catalogues as answers, so that a download holds what the screen shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from taxonomy import namespaces
from taxonomy.analysis import tabulated
from taxonomy.analysis.gazetteer import Match
from taxonomy.analysis.recorded import Recorded
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.terms import Value
from taxonomy.validation import LEVELS, Rule
from taxonomy.validation.dictionary import Column
from taxonomy.values import Iri

RECORDED: Final = ("area", "state", "whole", "part", "wider", "overlapping")
RULES: Final = (
    *("rule", "level", "sheets", "column", "title", "message", "why", "how_to_fix"),
    *("good_example", "bad_example", "can_ignore_when"),
)
COLUMNS: Final = (
    *("sheet", "heading", "other_headings", "help", "takes", "required", "several", "example"),
    *("about", "property", "rules"),
)


def of_rules(some: Iterable[Rule]) -> Answer:
    """One row for each rule, in the words of its shape."""
    rows = [
        (
            rule.name,
            LEVELS[rule.level],
            "; ".join(rule.sheets) or None,
            rule.heading,
            rule.title,
            rule.message,
            rule.why,
            rule.how_to_fix,
            rule.good_example,
            rule.bad_example,
            rule.can_ignore_when or None,
        )
        for rule in some
    ]
    return _of_files(RULES, rows)


def of_columns(some: Iterable[Column], label: Callable[[Iri], str]) -> Answer:
    """One row for each column that a record can be filled in with."""
    rows = [
        (
            column.field.sheet,
            column.field.heading,
            "; ".join(column.field.also_called) or None,
            column.field.help,
            column.takes(label),
            "yes" if column.field.required else "no",
            "yes" if column.field.many else "no",
            column.example or None,
            namespaces.shorten(column.field.about),
            namespaces.shorten(column.field.path),
            "; ".join(rule.name for rule in column.rules),
        )
        for column in some
    ]
    return _of_files(COLUMNS, rows)


def _of_files(columns: tuple[str, ...], rows: Sequence[tuple[Value, ...]]) -> Answer:
    """Rows that follow from the files of this installation, whatever the release."""
    return Answer(columns=columns, rows=tuple(Row(columns, values, frozenset(), {}) for values in rows), text="")


def of_recorded(areas: Sequence[Recorded], source: Answer) -> Answer:
    """One row for each area: what is known of it in words, and how many are recorded for it, in it and around it."""
    rows = [(each.area.iri, str(each.state), each.whole, each.part, each.wider, each.overlapping) for each in areas]
    return tabulated.answer(RECORDED, rows, source, things=(0,))


def of_found(matches: Sequence[Match], source: Answer) -> Answer:
    """The rows of the areas that were found, best first, each with the name or code that it was found by."""
    rows = {str(row["area"]): row for row in source}
    columns = (*source.columns, "found_by")
    things = tuple(source.columns.index(column) for column in source.iri_columns)
    found = [
        (*row.values(), f"{match.how}: {match.by}") for match in matches if (row := rows.get(match.place.name.iri))
    ]
    return tabulated.answer(columns, found, source, things=things)
