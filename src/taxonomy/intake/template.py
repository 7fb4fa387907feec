"""The workbook that providers fill in, made from the shapes: headings, help, drop-downs, required marks, a stamp.

Its words about a field are the shapes' own; only the page that explains the workbook is written here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Final, TypeVar

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from taxonomy import fields, restricted
from taxonomy.context import Context
from taxonomy.fields import Field
from taxonomy.intake import marks
from taxonomy.namespaces import SV
from taxonomy.naming import Kept
from taxonomy.records import letters
from taxonomy.values import Iri

REQUIRED: Final = " (required)"
FIRST_ROW: Final = 3  # below the headings and the help
LAST_ROW: Final = 500
Value = str | int | float | date
Rows = Mapping[str, Sequence[Mapping[str, Value]]]  # by sheet; each row is values by heading
_Cell = TypeVar("_Cell", bound=Cell | MergedCell)

_HEADING = PatternFill("solid", fgColor="1D4E5F")
_HELP = PatternFill("solid", fgColor="EEF3F5")
_YES_NO: Final = ("yes", "no")
_ALONE: Final = 'What a steward must know, and nobody else, goes on the sheet "{}". It is sealed when you hand it in.'
_SERVICE: Final = Iri(SV + "Service")
_CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001  # the same day in each, so that one version is one file

_SHEETS: Final = (
    "Fill in the sheets Organisation, Services and Eligibility, and others where you can. One row is one thing. "
    "A commissioner without services fills in Organisation and Looked for."
)
_READ_ME: Final = (
    ("Record of one organisation",),
    (_SHEETS,),
    ("Headings that end in (required) must be filled in. Leave empty what you do not know, or what is not public.",),
    ("Where there is a list, pick from it. Where several fit, put a semicolon between them.",),
    ("Never write names of people, their own phone numbers or e-mail addresses, or where a refuge is.",),
    ("Check the file before you send it: nothing is published by checking, and the file is not kept.",),
    (),  # what is said of the sheet for the steward
    (marks.PRACTICE, "no"),
    (marks.VERSION, ""),
)


def write(target: Path | IO[bytes], *, context: Context | None = None) -> None:
    """Write the workbook to fill in.

    ``context`` holds what the drop-downs offer; without one, what the knowledge folders name.
    """
    made(context or Context.bundled()).save(target)


def filled_in(rows: Rows, *, context: Context, practice: bool = False, kept: Kept | None = None) -> bytes:
    """The workbook with what a record says in its rows, each by heading, as the bytes of a file.

    ``practice`` marks it as a made-up record; ``kept`` are the addresses that its things have already.
    """
    book = made(context)
    book["Read me"]["B8"].value = _YES_NO[0 if practice else 1]
    for sheet, things in rows.items():
        columns = {each.heading: number for number, each in enumerate(fields.of(sheet), start=1)}
        for number, thing in enumerate(things, start=FIRST_ROW):
            for heading, value in thing.items():
                _put(book[sheet].cell(number, columns[heading]), value)
    if kept:
        addresses = book.create_sheet(marks.KEPT)
        addresses.sheet_state = "hidden"
        for number, ((kind, name), address) in enumerate(kept.items(), start=1):
            for column, text in enumerate((kind, name, address), start=1):
                _put(addresses.cell(number, column), text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bare(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A workbook of nothing but these cells, as the bytes of a file: for a program that reads it, and at once."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_put(WriteOnlyCell(sheet), text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def made(context: Context) -> Workbook:
    """The workbook before anything is filled in."""
    book = Workbook()
    book.properties.created = book.properties.modified = _CREATED
    book.properties.creator = "SVSSV"
    _read_me(book)
    lists = _lists(context)
    for sheet in fields.SHEETS:
        _sheet(book.create_sheet(sheet), fields.of(sheet), lists)
    _restricted_sheet(book.create_sheet(restricted.layout().sheet))
    _list_sheet(book.create_sheet("Lists"), lists)
    return book


def _put(cell: _Cell, value: Value) -> _Cell:
    """Put a value into a cell; a text stays what it is, and never becomes a formula, a number or a day."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) or None if isinstance(value, str) else value
    if cell.value and isinstance(value, str):
        cell.data_type = "s"
    return cell


def _read_me(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.title = "Read me"
    for line in _READ_ME:
        sheet.append(line)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A7"] = _ALONE.format(restricted.layout().sheet)
    sheet["B9"] = marks.version()
    sheet.column_dimensions["A"].width = 100
    choice = DataValidation(type="list", formula1=f'"{",".join(_YES_NO)}"')
    sheet.add_data_validation(choice)
    choice.add("B8")


def _sheet(sheet: Worksheet, columns: Sequence[Field], lists: Mapping[tuple[Iri, ...], Sequence[str]]) -> None:
    for number, field in enumerate(columns):
        letter = letters(number)
        _head(sheet, letter, field.heading + (REQUIRED if field.required else ""), field.help)
        if (choice := _drop_down(field, lists)) is not None:
            sheet.add_data_validation(choice)
            choice.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.freeze_panes = f"B{FIRST_ROW}"


def _restricted_sheet(sheet: Worksheet) -> None:
    """The sheet whose rows are sealed before anybody sees them."""
    for number, column in enumerate(restricted.layout().columns):
        _head(sheet, letters(number), column.heading, column.help)
        if column.name == "kind":
            choice = DataValidation(type="list", formula1=f'"{",".join(restricted.layout().kinds)}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letters(number)}{FIRST_ROW}:{letters(number)}{LAST_ROW}")
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _head(sheet: Worksheet, letter: str, title: str, told: str) -> None:
    """The heading of a column, and the help below it."""
    heading, help_ = sheet[f"{letter}1"], sheet[f"{letter}2"]
    heading.value, help_.value = title, told
    heading.font, heading.fill = Font(bold=True, color="FFFFFF"), _HEADING
    help_.font, help_.fill = Font(italic=True), _HELP
    heading.alignment = help_.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[letter].width = 26


def _drop_down(field: Field, lists: Mapping[tuple[Iri, ...], Sequence[str]]) -> DataValidation | None:
    offers = field.of_these or field.takes or field.choices
    if field.kind == "boolean":
        formula = f'"{",".join(_YES_NO)}"'
    elif _SERVICE in field.takes and len(field.takes) == 1:
        formula = f"Services!$A${FIRST_ROW}:$A${LAST_ROW}"
    elif offers in lists:
        column = letters(list(lists).index(offers))
        formula = f"Lists!${column}$2:${column}${len(lists[offers]) + 1}"
    else:
        return None
    choice = DataValidation(type="list", formula1=formula, allow_blank=True)
    choice.showErrorMessage = False  # a list helps; it does not forbid two values, or a new name
    return choice


def _lists(context: Context) -> dict[tuple[Iri, ...], Sequence[str]]:
    """What each drop-down offers: members of the schemes and classes that a column takes, or kinds to choose from."""
    lists: dict[tuple[Iri, ...], Sequence[str]] = {}
    for field in fields.fields():
        if field.choices:
            lists[field.choices] = [context.label(each) for each in field.choices]
        elif field.of_these:
            lists[field.of_these] = [context.label(each) for each in field.of_these]
        elif field.takes and field.takes != (_SERVICE,):
            offers = context.offers(each for each in field.takes if each != _SERVICE)
            if offers:
                lists[field.takes] = offers
    return lists


def _list_sheet(sheet: Worksheet, lists: Mapping[tuple[Iri, ...], Sequence[str]]) -> None:
    for number, (offers, labels) in enumerate(lists.items()):
        letter = letters(number)
        sheet[f"{letter}1"] = ", ".join(each.slug.replace("-", " ") for each in offers)
        sheet[f"{letter}1"].font = Font(bold=True)
        for row, label in enumerate(labels, start=2):
            sheet[f"{letter}{row}"] = label
        sheet.column_dimensions[letter].width = 30
