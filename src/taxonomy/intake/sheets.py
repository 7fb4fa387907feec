"""The worker that opens a stranger's spreadsheet: the bytes of a workbook or of CSV in, its cells as text out.

All of it happens in a process of its own with limits (``taxonomy.sandbox``).
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Final

import python_calamine

from taxonomy import inside, restricted
from taxonomy.errors import InputError
from taxonomy.frames import Outlet
from taxonomy.intake import archives, delimited, parting, texts
from taxonomy.intake.extents import Extent
from taxonomy.sealing import Seal
from taxonomy.settings import Bounds

Cell = str | float | bool | time | date | datetime | timedelta
Rows = list[list[str]]

_DIGITS: Final = ".15g"  # as many as a spreadsheet shows


def cells(data: bytes, most: Extent | None = None) -> Mapping[str, Rows]:
    """The text of every cell of a workbook, by sheet; row 1 and column A come first, also where they are empty.

    Raises:
        InputError: it is no workbook that can be read safely; says why, and what to do.
    """
    return _opened(data, most or extent(Bounds()))[0]


def extent(bounds: Bounds) -> Extent:
    """How far the sheets of one file may reach."""
    return Extent(rows=bounds.rows, columns=bounds.columns)


def _opened(data: bytes, most: Extent) -> tuple[dict[str, Rows], dict[str, str]]:
    if archives.look_inside(data, most) == "csv":
        tables = {PurePath(name).stem: delimited.rows(content, most) for name, content in archives.files(data)}
        return {name: rows for name, (rows, _) in tables.items()}, {name: how for name, (_, how) in tables.items()}
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: _rows(book, name, most) for name in book.sheet_names}, {}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise InputError(f"The workbook is damaged ({str(error)[:100]}).", hint=archives.SAVE_AS) from None


def _rows(book: python_calamine.CalamineWorkbook, name: str, most: Extent) -> Rows:
    sheet = book.get_sheet_by_name(name)
    most.hold(sheet.total_height, sheet.total_width)
    return [[_text(cell, name) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(cell: Cell, sheet: str) -> str:
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case float():
            return format(cell, _DIGITS)
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
    return texts.seen(str(cell), f'sheet "{sheet}"')


def answer(request: bytes, out: Outlet) -> None:
    """Write the cells of a spreadsheet, and how its letters were read where that was a guess, as JSON.

    What is for the steward alone is not among them: it is sealed here, or left here.
    """
    head, _, data = request.partition(b"\n")
    asked = json.loads(head)
    most = Extent(rows=asked["rows"], columns=asked["columns"])
    if asked["csv"]:
        rows, how = delimited.rows(data, most)
        sheets, guessed = {asked["name"]: rows}, {asked["name"]: how}
    else:
        sheets, guessed = _opened(data, most)
    parted = parting.part(sheets, Seal.told(asked["seal"]) if asked["seal"] else None)
    answer = {
        "sheets": parted.sheets,
        "guessed": guessed,
        "boxes": [[box.key, box.commitment, box.content.hex()] for box in parted.boxes],
        "aside": [[problem.rule, problem.place.sheet, problem.place.row] for problem in parted.problems],
    }
    out.write(json.dumps(answer).encode())


if __name__ == "__main__":
    inside.serve(answer, before=restricted.layout)
