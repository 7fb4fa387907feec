"""Marks on the cells of a workbook: a comment in words, a fill, and a word at the end of the row; and away with them.

What stands in a cell is never touched. The look that a marked cell had before is kept on the hidden sheet, so that the
next check finds the workbook as its owner made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from taxonomy.records import CARRIER
from taxonomy.validation.findings import Finding, Report
from taxonomy.validation.report_workbook import FILLS, PROBLEMS, at, lead, write
from taxonomy.validation.rules import LEVELS, Level, rules

AUTHOR: Final = "SVSSV"
_LINE: Final = "--- From checking this file ---"  # below it stands what we say, above it what the owner says
_EDGE: Final = Side(style="thick", color="982828")
_KEPT: Final = 11  # the column of the hidden sheet where looks are kept; findings stand before it
_CHARACTERS_OF_A_LINE: Final = 52
_PIXELS: Final = (380, 19)  # the width of a comment, and the height of one line of it

Spots = Mapping[tuple[str, str], Sequence[Finding]]  # sheet and cell: what is wrong there


def spots_of(report: Report, book: Workbook) -> Spots:
    """The cell where each finding is marked; what is about a row or a sheet is marked at its first cell."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        for place in (finding.place, *finding.others):
            if place.sheet in book.sheetnames:
                found.setdefault((place.sheet, place.cell or f"A{place.row or 1}"), []).append(finding)
    return found


def put(book: Workbook, report: Report, problems: str) -> Iterator[tuple[Cell, Cell]]:
    """Mark every cell that a finding is about; yields each marked cell with one that holds the look it had before."""
    words: dict[tuple[str, int], list[str]] = {}
    for (name, address), findings in spots_of(report, book).items():
        cell = at(book[name], *coordinate_to_tuple(address))
        level = _gravest(findings)
        yield _looks_of(cell)
        cell.fill = PatternFill("solid", fgColor=FILLS[level])
        _comment(cell, findings)
        words.setdefault((name, cell.row), []).append(f"* {LEVELS[level]}: {cell.coordinate}")
    for (name, row), said in words.items():
        sheet = book[name]
        first = at(sheet, row, 1)
        yield _looks_of(first)
        first.border = Border(left=_EDGE, right=first.border.right, top=first.border.top, bottom=first.border.bottom)
        _say(sheet, row, said, top=_heading_row(report, name), link=problems)


def remove(book: Workbook) -> None:
    """Take away what an earlier check left: comments, fills, the words at the ends of rows, and its two sheets."""
    if CARRIER not in book.sheetnames:
        return
    looks = {(str(row[0].value), str(row[1].value)): row[2] for row in _kept(book[CARRIER])}
    problems = str(at(book[CARRIER], 1, 3).value)
    for name in (CARRIER, problems):
        if name in book.sheetnames and (name == CARRIER or name.startswith(PROBLEMS)):
            del book[name]
    for sheet in book.worksheets:
        _clear(sheet, looks)


def keep(sheet: Worksheet, row: int, cell: Cell, look: Cell) -> None:
    """Write on the hidden sheet how a cell looked before it was marked."""
    write(at(sheet, row, _KEPT), str(cell.parent.title))
    write(at(sheet, row, _KEPT + 1), cell.coordinate)
    kept = at(sheet, row, _KEPT + 2)
    kept.fill, kept.border = _like(look.fill), _like(look.border)


def _kept(sheet: Worksheet) -> Iterator[tuple[Cell, Cell, Cell]]:
    for row in range(1, sheet.max_row + 1):
        cells = at(sheet, row, _KEPT), at(sheet, row, _KEPT + 1), at(sheet, row, _KEPT + 2)
        if cells[0].value:
            yield cells


def _looks_of(cell: Cell) -> tuple[Cell, Cell]:
    look = Cell(cell.parent, row=1, column=1)
    look.fill, look.border = _like(cell.fill), _like(cell.border)
    return cell, look


def _like(style: Any) -> Any:
    """A look that may be given to another cell: the library shares those that are in use."""
    return copy(style)


def _clear(sheet: Worksheet, looks: Mapping[tuple[str, str], Cell]) -> None:
    ours = {f"00{colour}" for colour in FILLS.values()}
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell, Cell):
                continue
            look = looks.get((sheet.title, cell.coordinate))
            if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb) in ours:
                cell.fill = _like(look.fill) if look else PatternFill()
            if cell.border.left and cell.border.left.style == _EDGE.style and look:
                cell.border = _like(look.border)
            if cell.comment:
                _strip(cell)
            if cell.value == CARRIER:
                _empty(sheet, cell)


def _strip(cell: Cell) -> None:
    own, line, _ = str(cell.comment.text if cell.comment else "").partition(_LINE)
    if line:
        cell.comment = Comment(own.strip(), AUTHOR) if own.strip() else None


def _empty(sheet: Worksheet, heading: Cell) -> None:
    """Take the column of words away."""
    for row in range(heading.row, sheet.max_row + 1):
        cell = sheet.cell(row, heading.column)
        if isinstance(cell, Cell):
            cell.value, cell.hyperlink, cell.font = None, None, Font()


def _say(sheet: Worksheet, row: int, said: Sequence[str], *, top: int, link: str) -> None:
    column = _word_column(sheet, top)
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell) and row != top:
        write(cell, "; ".join(said))
        lead(cell, link, "A1")


def _word_column(sheet: Worksheet, top: int) -> int:
    """The column of the words: the first one that is free over all rows, with a heading that the reader passes over."""
    last = next((cell for cell in sheet[top] if cell.value == CARRIER), None)
    if last is not None:
        return int(last.column)
    column = sheet.max_column + 1
    heading = sheet.cell(top, column)
    if isinstance(heading, Cell):
        write(heading, CARRIER)
        heading.font = Font(bold=True)
    return column


def _heading_row(report: Report, sheet: str) -> int:
    return min((coordinate_to_tuple(each.cell)[0] for each in report.matches if each.sheet == sheet), default=1)


def _gravest(findings: Sequence[Finding]) -> Level:
    levels = list(LEVELS)
    return min((finding.level for finding in findings), key=levels.index)


def _comment(cell: Cell, findings: Sequence[Finding]) -> None:
    own = str(cell.comment.text).strip() if cell.comment else ""
    said = "\n\n".join(_words(finding, cell) for finding in findings)
    text = "\n".join(filter(None, (own, _LINE if own else "", said))) if own else f"{_LINE}\n{said}"
    comment = Comment(text, AUTHOR)
    width, line = _PIXELS
    lines = sum(1 + len(each) // _CHARACTERS_OF_A_LINE for each in text.split("\n"))
    comment.width, comment.height = width, min(30, lines + 1) * line
    cell.comment = comment


def _words(finding: Finding, cell: Cell) -> str:
    elsewhere = "" if finding.cell in {None, cell.coordinate} else f"See also {finding.where}."
    suggested = f"We suggest: {finding.suggestion}" if finding.suggestion else ""
    leave = f"You may leave it when {finding.can_ignore_when}." if finding.can_ignore_when else ""
    lines = (
        f"* {LEVELS[finding.level].upper()}: {finding.message}",
        finding.how_to_fix,
        suggested,
        elsewhere,
        leave,
        f"Rule {rules()[finding.rule].name}",
    )
    return "\n".join(filter(None, lines))
