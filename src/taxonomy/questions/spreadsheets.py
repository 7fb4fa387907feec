"""Workbooks by the United Kingdom's rules for statistics in spreadsheets, so that everybody can read them.

A cover, a list of contents, notes, and one table on each sheet: marked up as a table, from the first column on, with a
title in A1, no joined and no blank cell, and nothing said by colour alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from taxonomy.errors import InputError
from taxonomy.questions.writing import put

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_TAB: Final = 31  # characters that a tab holds
_WIDE: Final = 60  # the widest column, in characters
_CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001  # the same in each: a file differs when its contents do

Value = str | int | Decimal | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table with what is said above it."""

    tab: str
    title: str
    lines: tuple[str, ...]  # sentences between title and table
    heads: tuple[str, ...]  # each different from the others
    rows: tuple[tuple[Value, ...], ...]
    figures: frozenset[int] = field(default_factory=frozenset)  # the columns of numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook before it is written."""

    title: str
    about: tuple[str, ...]  # sentences of the cover
    notes: tuple[tuple[str, str], ...]  # each shorthand, or note, with its meaning
    sheets: tuple[Sheet, ...]


def write(book: Book) -> bytes:
    """The workbook as the bytes of a file.

    Raises:
        InputError: a tab is too long, two are alike, or a table has no row, a blank cell or two equal headings.
    """
    from openpyxl import Workbook  # it takes a fifth of a second to import

    _check(book.sheets)
    made = Workbook()
    made.properties.creator, made.properties.title = "SVSSV", book.title
    made.properties.created = made.properties.modified = _CREATED
    cover = made.worksheets[0]
    cover.title = "Cover"
    _lines(cover, book.title, book.about)
    cover.column_dimensions["A"].width = 100
    contents = Sheet(
        tab="Contents",
        title="Contents",
        lines=("This worksheet contains one table. Each tab is a link.",),
        heads=("Tab", "Title"),
        rows=(("Notes", "Notes"), *((sheet.tab, sheet.title) for sheet in book.sheets)),
    )
    notes = Sheet(
        tab="Notes",
        title="Notes",
        lines=("This worksheet contains one table.",),
        heads=("Note", "What it means"),
        rows=book.notes,
    )
    for number, sheet in enumerate((contents, notes, *book.sheets), start=1):
        _table(made, sheet, number)
    _links(made["Contents"], contents)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _check(sheets: Iterable[Sheet]) -> None:
    tabs: set[str] = {"cover", "contents", "notes"}
    for sheet in sheets:
        if len(sheet.tab) > _TAB or sheet.tab.lower() in tabs:
            raise InputError(f"The tab {sheet.tab!r} is too long, or not the only one of its name.")
        tabs.add(sheet.tab.lower())
        if not sheet.rows or len(set(sheet.heads)) != len(sheet.heads) or not all(sheet.heads):
            raise InputError(f"The table {sheet.tab!r} has no row, or a heading that is blank or not the only one.")
        if any(len(row) != len(sheet.heads) or any(cell in ("", None) for cell in row) for row in sheet.rows):
            raise InputError(f"The table {sheet.tab!r} has a blank cell.")


def _lines(sheet: Worksheet, title: str, lines: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font

    for number, line in enumerate((title, *lines), start=1):
        put(sheet[f"A{number}"], line)
        if sheet.title == "Cover":
            sheet.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)


def _table(book: Workbook, sheet: Sheet, number: int) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    page = book.create_sheet(sheet.tab)
    _lines(page, sheet.title, sheet.lines)
    top = len(sheet.lines) + 2
    for row, line in enumerate((sheet.heads, *sheet.rows), start=top):
        for column, value in enumerate(line, start=1):
            cell = page[f"{get_column_letter(column)}{row}"]
            put(cell, value)
            right = column - 1 in sheet.figures
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if right else None)
            if row == top:
                cell.font = Font(bold=True)
            elif isinstance(value, Decimal):
                cell.number_format = "#,##0.00" if value % 1 else "#,##0"
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
    for column, head in enumerate(sheet.heads, start=1):
        longest = max(len(str(value)) for value in (head, *(row[column - 1] for row in sheet.rows)))
        page.column_dimensions[get_column_letter(column)].width = max(12, min(_WIDE, longest + 2))
    last = f"{get_column_letter(len(sheet.heads))}{top + len(sheet.rows)}"
    table = Table(displayName=f"Table_{number}", name=f"Table_{number}", ref=f"A{top}:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    page.add_table(table)


def _links(page: Worksheet, contents: Sheet) -> None:
    from openpyxl.styles import Font

    first = len(contents.lines) + 3
    for number, (tab, *_) in enumerate(contents.rows, start=first):
        cell = page.cell(number, 1)
        cell.hyperlink = f"#'{tab}'!A1"
        cell.font = Font(underline="single", color="0B4144")
