"""A file given back with what was found: one's own workbook with comments at its cells, or a second CSV beside a CSV.

What comes back is always a copy. A workbook is opened in a process of its own with limits (``taxonomy.sandbox``), after
its zip was looked into: it is a stranger's.
"""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
import zlib
from typing import Final
from xml.etree.ElementTree import ParseError

import openpyxl
import python_calamine
from openpyxl import Workbook
from openpyxl.utils import exceptions
from openpyxl.worksheet.worksheet import Worksheet

from taxonomy import inside, sandbox
from taxonomy.errors import InputError
from taxonomy.frames import Outlet
from taxonomy.intake import parting, sheets
from taxonomy.questions.writing import harmless
from taxonomy.records import CARRIER
from taxonomy.settings import Bounds
from taxonomy.validation import marks, wire
from taxonomy.validation.earlier import COLUMNS, head_of
from taxonomy.validation.findings import Report
from taxonomy.validation.report_workbook import PROBLEMS, at, fill_in, saved, to_xlsx, write
from taxonomy.validation.rules import LEVELS, rules

XLSX: Final = "xlsx"
CSV: Final = "csv"

_COPY: Final = "This is a copy of your file. What you typed is unchanged; pictures and the like may be missing here."
_FROM_ODS: Final = (
    "This is your file as an Excel workbook. What you typed is unchanged; colours and lists are not here."
)
_HOW: Final = "Each cell that we mean has a comment and a colour; its row says so in the last column."
_LEFT_OUT: Final = "The sheet for the steward is not in this copy. Go on with your own file, where it is."
_MARKED: Final = ("_row", "_column", "_level", "_message", "_how_to_fix", "_value", "_suggestion", "_about", "_rule")
_BROKEN: Final = (  # what the library raises on a workbook that it cannot make sense of
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    exceptions.CellCoordinatesException,
    exceptions.IllegalCharacterError,
    exceptions.InvalidFileException,
    exceptions.NamedRangeException,
    exceptions.SheetTitleException,
)


def suffix_of(report: Report) -> str:
    """What kind of file ``given_back`` makes of this report's file: the ending of its name, without the dot."""
    return CSV if report.kind == "csv" else XLSX


def given_back(data: bytes, report: Report, *, bounds: Bounds | None = None) -> bytes:
    """The file with its findings: a workbook with comments; for a CSV a second one; for other files a list of findings.

    Raises:
        InputError: the workbook could be read, but not written again.
        LimitError: writing it takes more than its share.
    """
    if report.kind == "csv":
        return beside(report).encode("utf-8-sig")  # with the mark by which spreadsheets know UTF-8
    if not data.startswith(b"PK"):
        return to_xlsx(report)
    said = wire.report_out(report)
    request = b"".join((json.dumps(len(said)).encode(), b"\n", said, data))
    return sandbox.run("taxonomy.validation.annotate", request, (bounds or Bounds()).limits)


def beside(report: Report) -> str:
    """A CSV to lay beside one's own: the row and column of each finding, and what it says."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(_MARKED)
    for finding in report.findings:
        row = (
            finding.row or finding.line or "",
            finding.column or "",
            LEVELS[finding.level],
            finding.message,
            finding.how_to_fix,
            finding.value or "",
            finding.suggestion,
            finding.name,
            rules()[finding.rule].name,
        )
        table.writerow([harmless(each) if isinstance(each, str) else each for each in row])
    return out.getvalue()


def answer(request: bytes, out: Outlet) -> None:
    """Write a workbook with its findings.

    Raises:
        InputError: it could not be written again.
    """
    length, _, rest = request.partition(b"\n")
    report, data = wire.report_in(rest[: int(length)]), rest[int(length) :]
    try:
        out.write(_annotated(data, report))
    except _BROKEN as error:
        raise InputError(
            f"Your workbook was checked, but cannot be written again with comments ({type(error).__name__}).",
            hint="Ask for the report as a page instead.",
        ) from None


def _annotated(data: bytes, report: Report) -> bytes:
    sheets.cells(data)  # refuses what must not be opened
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out, the note on the first sheet says
        book, note = _opened(data)
    marks.remove(book)
    left_out = _without_restricted(book)
    problems = book.create_sheet(PROBLEMS if PROBLEMS not in book.sheetnames else f"{PROBLEMS} 2", 0)
    carrier = book.create_sheet(CARRIER)
    for row, (cell, look) in enumerate(marks.put(book, report, problems.title), start=3):
        marks.keep(carrier, row, cell, look)
    _carry(carrier, report, problems.title)
    fill_in(problems, report, notes=(note, _HOW, *left_out), links=True)
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is problems
    return saved(book)


def _without_restricted(book: Workbook) -> tuple[str, ...]:
    """Take away what is for the steward alone: a copy may be handed on. Gives a note, where there was such a sheet."""
    cells = {sheet: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    taken = [
        sheet for sheet, rows in cells.items() if parting.is_restricted(sheet.title, rows) and parting.is_filled(rows)
    ]
    for sheet in taken:
        book.remove(sheet)
    return (_LEFT_OUT,) if taken else ()


def _opened(data: bytes) -> tuple[Workbook, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        is_xlsx = "xl/workbook.xml" in archive.namelist()
    if is_xlsx:
        return openpyxl.load_workbook(io.BytesIO(data), rich_text=True), _COPY
    book, source = Workbook(), python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    book.remove(book.worksheets[0])
    for name in source.sheet_names:
        sheet = book.create_sheet(name)
        for number, row in enumerate(source.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            for column, value in enumerate(row, start=1):
                if isinstance(value, str):
                    if value:
                        write(at(sheet, number, column), value)
                else:
                    at(sheet, number, column).value = value
    return book, _FROM_ODS


def _carry(sheet: Worksheet, report: Report, problems: str) -> None:
    """Put the report on the hidden sheet, for the next check to compare with."""
    sheet.sheet_state = "hidden"
    write(at(sheet, 1, 1), "For the next check: please leave this sheet as it is.")
    write(at(sheet, 1, 2), head_of(report))
    write(at(sheet, 1, 3), problems)
    for column, name in enumerate(COLUMNS, start=1):
        write(at(sheet, 2, column), name)
    for row, finding in enumerate(report.findings, start=3):
        for column, name in enumerate(COLUMNS, start=1):
            write(at(sheet, row, column), str(getattr(finding, name) or ""))


if __name__ == "__main__":
    inside.serve(answer)
