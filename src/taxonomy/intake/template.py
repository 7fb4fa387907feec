"""The workbook that providers fill in, made from the shapes: headings, help, drop-downs, required marks, a stamp.

Its words about a field are the shapes' own; only the page that explains the workbook is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from taxonomy import fields
from taxonomy.context import Context
from taxonomy.fields import Field
from taxonomy.intake import marks
from taxonomy.namespaces import SV
from taxonomy.records import letters
from taxonomy.values import Iri

REQUIRED: Final = " (required)"
FIRST_ROW: Final = 3  # below the headings and the help
LAST_ROW: Final = 500
_HEADING = PatternFill("solid", fgColor="1D4E5F")
_HELP = PatternFill("solid", fgColor="EEF3F5")
_YES_NO: Final = ("yes", "no")
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
    (),
    (marks.PRACTICE, "no"),
    (marks.VERSION, ""),
)


def write(target: Path | IO[bytes], *, context: Context | None = None) -> None:
    """Write the workbook to fill in.

    ``context`` holds what the drop-downs offer; without one, what the knowledge folders name.
    """
    context = context or Context.bundled()
    book = Workbook()
    book.properties.created = book.properties.modified = _CREATED
    book.properties.creator = "SVSSV"
    _read_me(book)
    lists = _lists(context)
    for sheet in fields.SHEETS:
        _sheet(book.create_sheet(sheet), [each for each in fields.fields() if each.sheet == sheet], lists)
    _list_sheet(book.create_sheet("Lists"), lists)
    book.save(target)


def _read_me(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.title = "Read me"
    for line in _READ_ME:
        sheet.append(line)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["B9"] = marks.version()
    sheet.column_dimensions["A"].width = 100
    choice = DataValidation(type="list", formula1=f'"{",".join(_YES_NO)}"')
    sheet.add_data_validation(choice)
    choice.add("B8")


def _sheet(sheet: Worksheet, columns: Sequence[Field], lists: Mapping[tuple[Iri, ...], Sequence[str]]) -> None:
    for number, field in enumerate(columns):
        letter = letters(number)
        heading, help_ = sheet[f"{letter}1"], sheet[f"{letter}2"]
        heading.value, help_.value = field.heading + (REQUIRED if field.required else ""), field.help
        heading.font, heading.fill = Font(bold=True, color="FFFFFF"), _HEADING
        help_.font, help_.fill = Font(italic=True), _HELP
        heading.alignment = help_.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].width = 26
        if (choice := _drop_down(field, lists)) is not None:
            sheet.add_data_validation(choice)
            choice.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.freeze_panes = f"B{FIRST_ROW}"


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
