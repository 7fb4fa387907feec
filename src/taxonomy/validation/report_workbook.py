"""A report as a workbook: a sheet "Problems" with one row for each finding.

The same sheet is added to the copy of a workbook that its owner gets back; there, each row leads to its cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from copy import copy
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from taxonomy.questions.writing import printable
from taxonomy.validation import outline, spots
from taxonomy.validation.findings import Finding, Report
from taxonomy.validation.report_text import counted
from taxonomy.validation.rules import LEVELS, Level, rules

PROBLEMS: Final = "Problems"
FILLS: Final[Mapping[Level, str]] = {"must": "F6D7D2", "check": "FFF2B3", "could": "D9EAF7"}
_WIDTHS: Final = {
    "Number": 9,
    "Level": 12,
    "Where": 34,
    "About": 26,
    "What stands there": 30,
    "What is wrong": 44,
    "How to mend it": 50,
    "We suggest": 24,
    "Why we ask": 44,
    "You may leave it when": 34,
    "Rule": 34,
}
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
_CELL_CHARACTERS: Final = 32_000


def to_xlsx(report: Report) -> bytes:
    """The report as a workbook."""
    book = Workbook()
    book.properties.creator = "SVSSV"
    sheet = book.worksheets[0]
    sheet.title = PROBLEMS
    fill_in(sheet, report)
    return saved(book)


def fill_in(sheet: Worksheet, report: Report, *, notes: tuple[str, ...] = (), links: bool = False) -> None:
    """Write the findings on a sheet, under the verdict; with ``links``, each row leads to its cell in this workbook."""
    said = outline.of(report)
    steps = (f"{number}. {step}" for number, step in enumerate(said.steps, start=1))
    above = (
        said.verdict,
        counted(said),
        said.changes,
        said.stopped,
        *notes,
        f"{said.steps_heading}:",
        *steps,
        said.footer,
    )
    lines = list(filter(None, above))
    for number, line in enumerate(lines, start=1):
        write(at(sheet, number, 1), line)
    at(sheet, 1, 1).font = Font(bold=True, size=14)
    top = len(lines) + 2
    for column, (heading, width) in enumerate(_WIDTHS.items(), start=1):
        cell = at(sheet, top, column)
        cell.value, cell.font, cell.alignment = heading, Font(bold=True), _WRAPPED
        sheet.column_dimensions[cell.column_letter].width = width
    cells = spots.standing(report)
    for number, finding in enumerate(report.findings, start=1):
        for column, text in enumerate(_texts(finding, number, cells), start=1):
            cell = at(sheet, top + number, column)
            write(cell, text)
            cell.alignment = _WRAPPED
        _mark(at(sheet, top + number, 2), finding.level)
        if links and finding.sheet:
            lead(at(sheet, top + number, 3), finding.sheet, finding.cell or f"A{finding.row or 1}")
    sheet.freeze_panes = f"A{top + 1}"
    if report.findings:
        last = at(sheet, top + len(report.findings), len(_WIDTHS)).coordinate
        sheet.auto_filter.ref = f"A{top}:{last}"


def saved(book: Workbook) -> bytes:
    """A workbook as the bytes of a file; nothing of it touches the disk on the way."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _InMemory(book, archive).save()
    return out.getvalue()


class _InMemory(ExcelWriter):
    """The library's writer puts each sheet into a temporary file first; nothing of an upload may be kept on a disk."""

    def write_worksheet(self, ws: Any) -> None:
        """Add one sheet to the archive."""
        ws._drawing = SpreadsheetDrawing()  # noqa: SLF001  # as the method that this one replaces
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images  # noqa: SLF001  # openpyxl has no public way
        writer: Any = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001  # openpyxl has no public way
        self._archive.writestr(  # type: ignore[attr-defined]  # the types leave it out
            ws.path[1:], writer.read()
        )
        self.manifest.append(ws)


def at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell by numbers from 1; where it was joined with others, the one that holds their value."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    joined = next(each for each in sheet.merged_cells.ranges if cell.coordinate in each)
    return at(sheet, joined.min_row, joined.min_col)


def write(cell: Cell, text: str | int) -> None:
    """Put a text or number into a cell; a text never becomes a formula."""
    if isinstance(text, int):
        cell.value = text
        return
    cell.value = _plain(text)
    cell.data_type = "s"


def lead(cell: Cell, sheet: str, to: str) -> None:
    """Make a cell a link to another one of the same workbook."""
    cell.hyperlink = f"#'{sheet.replace(chr(39), chr(39) * 2)}'!{to}"
    font = copy(cell.font)
    cell.font = Font(name=font.name, size=font.size, underline="single", color="0B4144")


def _texts(finding: Finding, number: int, cells: spots.Cells) -> tuple[str | int, ...]:
    rule = rules()[finding.rule]
    return (
        number,
        LEVELS[finding.level],
        finding.where,
        finding.name,
        spots.said(finding, cells),
        finding.message,
        finding.how_to_fix,
        finding.suggestion,
        rule.why,
        finding.can_ignore_when,
        rule.name,
    )


def _mark(cell: Cell, level: Level) -> None:
    cell.fill = PatternFill("solid", fgColor=FILLS[level])
    cell.font = Font(bold=True)


def _plain(text: str) -> str:
    return re.sub(r"\r\n?", "\n", printable(text))[:_CELL_CHARACTERS]
