"""A spreadsheet in; records with their cells, and what is wrong with its sheets and headings, out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from taxonomy import fields, sandbox
from taxonomy.context import Context, fold
from taxonomy.errors import NoRecordError
from taxonomy.fields import LABEL, Field
from taxonomy.intake import marks, tables
from taxonomy.intake.filling import Filled
from taxonomy.intake.tables import WIDE, Found, Mapped, Row, Table
from taxonomy.records import Columns, Place, Problem, letters
from taxonomy.sealing import Box, Seal
from taxonomy.settings import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The cells of a spreadsheet."""

    sheets: Mapping[str, list[list[str]]]
    guessed: Mapping[str, str]  # sheets that were CSV: the encoding that was guessed, or "" where it is certain
    boxes: tuple[Box, ...] = ()  # what was on the sheet for the steward, sealed
    aside: tuple[Problem, ...] = ()  # what is wrong with that sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A spreadsheet, read: its records while nothing is added to them that follows from their facts."""

    found: Found
    records: tuple[Filled, ...]
    problems: tuple[Problem, ...]

    @property
    def columns(self) -> Columns:
        """Where the column of each property of a class of things is, also where nothing stands in it."""
        return {
            (table.written, field.about, field.path): (letters(number), table.headings[number])
            for table in self.found.tables.values()
            for field, number in table.columns.items()
        }

    @property
    def cells(self) -> dict[tuple[str, str], str]:
        """What stands in each cell that a finding may point at."""
        return {
            (table.written, f"{letters(column)}{row}"): text
            for table in self.found.tables.values()
            for row, texts in table.rows
            for column, text in enumerate(texts)
            if text
        }


def open_sheets(data: bytes, name: str, bounds: Bounds, *, csv: bool = False, seal: Seal | None = None) -> Opened:
    """The text of every cell, by sheet; the one sheet of a CSV file is called as the file.

    What is for the steward alone is in none of them: with a seal it is sealed, without one it is not read.

    Raises:
        InputError: it is no spreadsheet that can be read safely.
        LimitError: reading it takes more than its share.
    """
    asked = {"csv": csv, "name": PurePath(name).stem, "rows": bounds.rows, "columns": bounds.columns}
    asked["seal"] = seal.text if seal else ""
    request = json.dumps(asked).encode() + b"\n" + data
    told = json.loads(sandbox.run("taxonomy.intake.sheets", request, bounds.limits))
    return Opened(
        sheets=told["sheets"],
        guessed=told["guessed"],
        boxes=tuple(
            Box(key=key, commitment=commitment, content=bytes.fromhex(content))
            for key, commitment, content in told["boxes"]
        ),
        aside=tuple(Problem(rule=rule, place=Place(sheet=sheet, row=row)) for rule, sheet, row in told["aside"]),
    )


def read(opened: Opened, context: Context, mapped: Mapped) -> Read:
    """The records of a spreadsheet.

    Raises:
        InputError: it has none of the sheets of a record.
    """
    found = tables.find(opened.sheets, mapped)
    if not found.tables:
        raise NoRecordError(
            f"The file has none of the sheets {', '.join(fields.SHEETS[:-1])} and {fields.SHEETS[-1]}.",
            hint="Fill in the template, or name your sheets and headings as there.",
        )
    practice, wide, kept = marks.is_practice(opened.sheets), WIDE in found.tables, marks.kept(opened.sheets)
    problems = [*_guesses(opened), *opened.aside, *marks.other_version(opened.sheets), *found.problems]
    parted: list[Mapping[str, Table]] = [found.tables]
    if wide:
        problems += _of_nobody(found.tables[WIDE])
        parted = list(_parted(found.tables[WIDE]))
    records = tuple(Filled(each, wide=wide, practice=practice, context=context, kept=kept) for each in parted)
    for record in records:
        record.read()
        problems += record.problems
    return Read(found=found, records=records, problems=tuple(problems))


def _parted(table: Table) -> Iterator[Mapping[str, Table]]:
    """The rows of a wide table by the organisation that they name, each as the tables of one record."""
    name = _owner(table)
    groups: dict[str, list[Row]] = {}
    for row in table.rows:
        if named := _text(row, table, name):
            groups.setdefault(fold(named), []).append(row)
    parts = table.parts()
    for rows in groups.values():
        yield {sheet: part.with_rows(rows) for sheet, part in parts.items()}


def _of_nobody(table: Table) -> Iterator[Problem]:
    name = _owner(table)
    for row in table.rows:
        if not _text(row, table, name):
            yield Problem(rule="ownerMissing", place=table.place(row[0], name))


def _owner(table: Table) -> Field:
    return next(field for field in table.columns if (field.sheet, field.path) == ("Organisation", LABEL))


def _text(row: Row, table: Table, field: Field) -> str:
    column = table.columns[field]
    return row[1][column] if column < len(row[1]) else ""


def _guesses(opened: Opened) -> Iterator[Problem]:
    """What to say where the letters of a CSV file had to be guessed."""
    for sheet, encoding in opened.guessed.items():
        if encoding:
            yield Problem(rule="lettersGuessed", place=Place(sheet=sheet), value=encoding)
