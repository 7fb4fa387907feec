"""Tables found in the sheets of a file: which sheet is meant, where its heading row is, what each column holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import Final

from taxonomy import fields
from taxonomy.context import fold
from taxonomy.errors import InputError
from taxonomy.fields import LABEL, Field
from taxonomy.intake import marks
from taxonomy.intake.headings import LONGEST, Claim, Headings, Likeness, full_title
from taxonomy.records import CARRIER, Match, Place, Problem, letters
from taxonomy.values import Iri

NEEDED: Final = ("Organisation", "Services")
_INSTEAD: Final = {"Services": "Looked for"}  # who commissions services may have none, and say what they looked for
OURS: Final = ("Read me", "Lists", "Problems", "Problems 2", CARRIER, marks.KEPT)  # sheets of ours that hold no facts
WIDE: Final = "all of it"  # a table in which each row is a service, with everything about it beside

_HEADING_ROWS: Final = 20  # a heading row stands among the first so many
_HELP_ROWS: Final = 5  # and help among the first so many below it
_ENOUGH: Final = 2  # headings that show which sheet is meant

Row = tuple[int, tuple[str, ...]]
Mapped = Mapping[str, str]  # a heading, or the cell that it stands in: our heading; empty: not to be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet with its columns."""

    sheet: str  # our name for it
    written: str  # the name that it has in the file
    columns: Mapping[Field, int]  # each field, with the number of its column, from 0
    headings: tuple[str, ...]  # as written
    rows: tuple[Row, ...]  # number as a spreadsheet shows it, and cells

    def place(self, row: int, field: Field | None = None) -> Place:
        """A row, or one cell of it."""
        if field is None or field not in self.columns:
            return Place(sheet=self.written, row=row)
        column = self.columns[field]
        return Place(sheet=self.written, row=row, column=self.headings[column], cell=f"{letters(column)}{row}")

    def field(self, path: Iri) -> Field | None:
        """The column of a property."""
        return next((field for field in self.columns if field.path == path), None)

    def cell(self, texts: Sequence[str], path: Iri) -> str:
        """What a row says in the column of a property; nothing where there is no such column."""
        field = self.field(path)
        column = self.columns[field] if field else len(texts)
        return texts[column] if column < len(texts) else ""

    def with_rows(self, rows: Sequence[Row]) -> Table:
        """The same table with some of its rows."""
        return replace(self, rows=tuple(rows))

    def parts(self) -> Mapping[str, Table]:
        """The columns of each of our sheets, out of a wide table."""
        parts: dict[str, dict[Field, int]] = {}
        for field, number in self.columns.items():
            parts.setdefault(field.sheet, {})[field] = number
        return {sheet: replace(self, sheet=sheet, columns=columns) for sheet, columns in parts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The tables of a file by our names, how their headings were understood, and what is wrong with them."""

    tables: Mapping[str, Table]
    matches: tuple[Match, ...] = ()
    problems: tuple[Problem, ...] = ()


def find(sheets: Mapping[str, list[list[str]]], mapped: Mapped) -> Found:
    """The tables of a file.

    Raises:
        InputError: a heading is to be read as a column that there is not.
    """
    _check(mapped)
    filled = {name: rows for name, rows in sheets.items() if any(map(any, rows)) and not _is_ours(name)}
    meant = _meant(filled, mapped)
    tables: dict[str, Table] = {}
    matches: list[Match] = []
    problems: list[Problem] = []
    for written, rows in filled.items():
        if written in meant:
            reading = _Reading(meant[written], written, rows, mapped)
            tables[meant[written]] = reading.table
            matches += reading.matches()
            problems += reading.problems()
        else:
            place = Place(sheet=written)
            problems.append(Problem(rule="sheetUnknown", place=place, value=written, hint=_near(written)))
    given = {sheet for sheet, table in tables.items() if table.rows}
    missing = [sheet for sheet in NEEDED if not given & {sheet, _INSTEAD.get(sheet, sheet)} and WIDE not in tables]
    problems += [Problem(rule="sheetMissing", place=Place(sheet=sheet), value=sheet) for sheet in missing]
    return Found(tables=tables, matches=tuple(matches), problems=tuple(problems))


class _Reading:
    """One sheet, while its heading row is found and understood."""

    def __init__(self, sheet: str, written: str, rows: list[list[str]], mapped: Mapped) -> None:
        self.known, self._written = _headings(sheet), written
        self._top = _heading_row(self.known, rows)
        self._row = [" ".join(heading.split()) for heading in rows[self._top]]
        self._claims = self.known.read(rows[self._top], self._told(mapped))
        found = ((claim.field, column) for column, claim in enumerate(self._claims))
        columns = {field: column for field, column in found if field}
        helps = {fold(field.help) for field in columns}
        first = self._top + 1
        below = ((number, tuple(row)) for number, row in enumerate(rows[first:], start=first + 1) if any(row))
        self.table = Table(
            sheet=sheet,
            written=written,
            columns=columns,
            headings=tuple(heading[:LONGEST] for heading in self._row),
            rows=tuple(row for row in below if row[0] > first + _HELP_ROWS or not _is_help(row[1], helps)),
        )

    def matches(self) -> Iterator[Match]:
        """How each heading was understood."""
        for column, claim in self._headed():
            title = self.known.title(claim.field) if claim.field else ""
            place = self._place(column)
            yield Match(
                sheet=self._written, cell=place.cell or "", heading=place.column or "", field=title, how=claim.how
            )

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the headings; those that are missing come with those that are not known."""
        unread = []
        for column, claim in self._headed():
            if claim.how != "none":
                continue
            heading, place = self.table.headings[column], self._place(column)
            unread.append(heading)
            if claim.twice and claim.likeness is not None and claim.likeness <= Likeness.SYNONYM:
                yield Problem(rule="columnTwice", place=place, value=heading)
                continue
            several = bool(claim.fields) and claim.likeness is not None
            near = claim.fields or self.known.near(heading)
            hint = f"Did you mean {' or '.join(map(self.known.title, near[:4]))}?" if near else ""
            rule = "columnAmbiguous" if several else "columnUnknown"
            yield Problem(rule=rule, place=place, value=heading, hint=hint)
        place = Place(sheet=self._written, row=self._top + 1)
        others = ", ".join(f'"{heading}"' for heading in unread[:8])
        hint = f"These headings were not read: {others}." if others else ""
        for field in self._missing():
            yield Problem(rule="columnMissing", place=place, value=self.known.title(field), hint=hint)

    def _missing(self) -> Iterator[Field]:
        """Columns that are needed; in a wide table, of those sheets alone that it has columns of."""
        begun = {field.sheet for field in self.table.columns} | set(NEEDED)
        for field in _columns(self.table.sheet):
            implied = self.table.sheet == WIDE and field.path in _implied()
            if field.required and not implied and field.sheet in begun and field not in self.table.columns:
                yield field

    def _headed(self) -> Iterator[tuple[int, Claim]]:
        for column, claim in enumerate(self._claims):
            if self._row[column] and fold(self._row[column]) not in marks.ALL:
                yield column, claim

    def _place(self, column: int) -> Place:
        row = self._top + 1
        return Place(sheet=self._written, row=row, column=self.table.headings[column], cell=f"{letters(column)}{row}")

    def _told(self, mapped: Mapped) -> dict[int, Field | None]:
        """What the user says of some headings, or of their cells, where this sheet has such a column."""
        titles = {fold(heading): title for heading, title in mapped.items()}
        told: dict[int, Field | None] = {}
        for column, heading in enumerate(self._row):
            cell = f"{letters(column)}{self._top + 1}"
            by_heading = titles.get(fold(heading)) if heading else None
            title = mapped.get(f"{self._written}!{cell}", mapped.get(cell, by_heading))
            field = self.known.find(title) if title else None
            if field or title == "":
                told[column] = field
        return told


def _meant(sheets: Mapping[str, list[list[str]]], mapped: Mapped) -> dict[str, str]:
    """Which of our sheets each sheet is: by its name, else by its headings; or that one holds all of it."""
    meant: dict[str, str] = {}
    for by_name in (_named, _named_loosely):
        for written in sheets:
            sheet = by_name(written)
            if sheet and written not in meant and sheet not in meant.values():
                meant[written] = sheet
    if not set(NEEDED) <= set(meant.values()):
        wide = [written for written, rows in sheets.items() if _is_wide(_Reading(WIDE, written, rows, mapped).table)]
        if len(wide) == 1:
            return {wide[0]: WIDE}
        for written, rows in sheets.items():
            like = [sheet for sheet in fields.SHEETS if sheet not in meant.values() and _is_like(sheet, rows)]
            if written not in meant and len(like) == 1:
                meant[written] = like[0]
    return meant


def _is_wide(table: Table) -> bool:
    named = {field.sheet for field in table.columns if field.path == LABEL}
    return set(NEEDED) <= named


def _is_like(sheet: str, rows: list[list[str]]) -> bool:
    """Whether the headings of some sheet are those of ours: all that are needed, and enough to tell."""
    known = _headings(sheet)
    claims = known.read(rows[_heading_row(known, rows)], {})
    read = {claim.field for claim in claims if claim.likeness is not None and claim.likeness <= Likeness.WORDS}
    needed = {field for field in _columns(sheet) if field.required}
    return needed <= read and len(read - {None}) >= _ENOUGH


def _heading_row(known: Headings, rows: list[list[str]]) -> int:
    """The row with most headings that are certain, else with most that are likely, else the first."""
    first = rows[:_HEADING_ROWS]
    certain = [sum(map(known.certain, row)) for row in first]
    if max(certain) < _ENOUGH:
        likely = [sum(claim.field is not None for claim in known.read(row, {})) for row in first]
        certain = likely if max(likely) > max(certain) else certain
    if max(certain):
        return certain.index(max(certain))
    return next(number for number, row in enumerate(rows) if any(row))


@cache
def _headings(sheet: str) -> Headings:
    return Headings(_columns(sheet))


@cache
def _columns(sheet: str) -> tuple[Field, ...]:
    """The columns of a sheet; of a wide table all but those that say which service a row is about: each row is one."""
    if sheet != WIDE:
        return tuple(field for field in fields.fields() if field.sheet == sheet)
    return tuple(field for field in fields.fields() if not field.inverse)


@cache
def _implied() -> frozenset[Iri]:
    """What each row of a wide table says by being about a service."""
    links = (thing.service_by for sheet in fields.SHEETS for thing in fields.things(sheet))
    return frozenset(link for link in links if link)


def _check(mapped: Mapped) -> None:
    known = {fold(name) for field in fields.fields() for name in (field.heading, full_title(field))}
    for title in mapped.values():
        if title and fold(title) not in known:
            near = " or ".join(full_title(field) for field in _headings(WIDE).near(title))
            raise InputError(
                f"There is no column {title[:LONGEST]!r} to read a heading as.",
                hint=f"Did you mean {near}?" if near else "The template shows all columns.",
            )


def _named(written: str) -> str | None:
    return _stems().get(fold(written).rstrip("s"))


def _named_loosely(written: str) -> str | None:
    """The one of our sheets whose name stands among the words of another: "2. Services (north)"."""
    words = f" {fold(written)} "
    found = [sheet for stem, sheet in _stems().items() if f" {stem} " in words or f" {stem}s " in words]
    return found[0] if len(found) == 1 else None


@cache
def _stems() -> Mapping[str, str]:
    return {fold(sheet).rstrip("s"): sheet for sheet in fields.SHEETS}


def _near(written: str) -> str:
    close = get_close_matches(fold(written), map(fold, fields.SHEETS), n=1, cutoff=0.6)
    return f"Did you mean {close[0].capitalize()}?" if close else ""


def _is_ours(written: str) -> bool:
    return fold(written) in map(fold, OURS)


def _is_help(row: Sequence[str], helps: set[str]) -> bool:
    filled = [fold(cell) for cell in row if cell]
    return 2 * sum(cell in helps for cell in filled) > len(filled)
