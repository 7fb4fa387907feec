"""Tables found in the sheets of a workbook: which sheet is meant, where its heading row is, what each column holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from taxonomy import fields
from taxonomy.context import fold
from taxonomy.fields import Field
from taxonomy.records import Place, Problem

NEEDED: Final = ("Organisation", "Services")
OURS: Final = ("Read me", "Lists", "Problems")  # sheets of the template that hold no facts
_HEADING_ROWS: Final = 20  # a heading row stands among the first so many
_SHOWN: Final = 60  # characters of a heading in a problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet with its columns."""

    sheet: str  # our name for it
    written: str  # the name that it has in the file
    columns: Mapping[Field, int]  # each field, with the number of its column, from 0
    headings: tuple[str, ...]  # as written
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # number as a spreadsheet shows it, and cells

    def place(self, row: int, field: Field | None = None) -> Place:
        """A row, or one cell of it."""
        if field is None or field not in self.columns:
            return Place(sheet=self.written, row=row)
        column = self.columns[field]
        return Place(sheet=self.written, row=row, column=self.headings[column], cell=f"{letters(column)}{row}")


def letters(column: int) -> str:
    """A column's letters, from its number.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def find(sheets: Mapping[str, list[list[str]]]) -> tuple[dict[str, Table], tuple[Problem, ...]]:
    """The tables of a workbook by our names, and what is wrong with its sheets and headings."""
    meant = {written: _sheet_meant(written) for written in sheets}
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for written, rows in sheets.items():
        sheet = meant[written]
        if sheet is None or sheet in tables:
            if fold(written) not in map(fold, OURS) and any(any(row) for row in rows):
                problems.append(
                    Problem(rule="sheetUnknown", place=Place(sheet=written), value=written, hint=_near(written))
                )
        elif any(any(row) for row in rows):
            tables[sheet], found = _table(sheet, written, rows)
            problems += found
    missing = [sheet for sheet in NEEDED if sheet not in tables or not tables[sheet].rows]
    problems += [Problem(rule="sheetMissing", place=Place(sheet=sheet), value=sheet) for sheet in missing]
    return tables, tuple(problems)


def _sheet_meant(written: str) -> str | None:
    stems = {fold(sheet).rstrip("s"): sheet for sheet in fields.SHEETS}
    return stems.get(fold(written).rstrip("s"))


def _near(written: str) -> str:
    close = get_close_matches(fold(written), map(fold, fields.SHEETS), n=1, cutoff=0.6)
    return f"Did you mean {close[0].capitalize()}?" if close else ""


def _table(sheet: str, written: str, rows: list[list[str]]) -> tuple[Table, list[Problem]]:
    known = {name: field for field in fields.fields() if field.sheet == sheet for name in _spellings(field)}
    matches = [sum(_plain(cell) in known for cell in row) for row in rows[:_HEADING_ROWS]]
    first = next(number for number, row in enumerate(rows) if any(row))
    top = matches.index(max(matches)) if max(matches) else first
    columns: dict[Field, int] = {}
    problems: list[Problem] = []
    for column, heading in enumerate(rows[top]):
        field = known.get(_plain(heading))
        place = Place(sheet=written, row=top + 1, column=heading[:_SHOWN], cell=f"{letters(column)}{top + 1}")
        if field in columns:
            problems.append(Problem(rule="columnTwice", place=place, value=heading[:_SHOWN]))
        elif field:
            columns[field] = column
        elif heading and _plain(heading) not in _MARKS:
            close = get_close_matches(_plain(heading)[:_SHOWN], known, n=1, cutoff=0.6)
            hint = f"Did you mean {known[close[0]].heading}?" if close else ""
            problems.append(Problem(rule="columnUnknown", place=place, value=heading[:_SHOWN], hint=hint))
    missing = [each for each in fields.fields() if each.sheet == sheet and each.required and each not in columns]
    problems += [
        Problem(rule="columnMissing", place=Place(sheet=written, row=top + 1), value=field.heading) for field in missing
    ]
    helps = {fold(field.help) for field in columns}
    below = tuple(
        (number, tuple(row))
        for number, row in enumerate(rows[top + 1 :], start=top + 2)
        if any(row) and not _is_help(row, helps)
    )
    headings = tuple(heading[:_SHOWN] for heading in rows[top])
    return Table(sheet=sheet, written=written, columns=columns, headings=headings, rows=below), problems


_MARKS: Final = frozenset({"practice record"})  # read elsewhere, and no column of facts


def _spellings(field: Field) -> Iterator[str]:
    yield from (fold(each) for each in (field.heading, *field.also_called))


def _plain(heading: str) -> str:
    """A heading without its mark: "Age from (required)", "Age from *"."""
    return fold(heading).removesuffix(" required")


def _is_help(row: list[str], helps: set[str]) -> bool:
    filled = [fold(cell) for cell in row if cell]
    return 2 * sum(cell in helps for cell in filled) > len(filled)
