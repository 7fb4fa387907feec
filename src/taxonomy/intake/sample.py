"""The template workbook, filled in by a made-up centre: what a good record looks like."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
import yaml

from taxonomy import assets
from taxonomy.intake import template


def workbook() -> bytes:
    """The workbook as the bytes of a file; it is marked as a practice record."""
    empty = io.BytesIO()
    template.write(empty)
    book = openpyxl.load_workbook(empty)
    marks = book["Read me"]
    for [cell] in marks.iter_rows(min_col=1, max_col=1):
        if cell.value == "Practice record":
            marks.cell(cell.row, 2).value = "yes"
    for sheet, rows in _rows().items():
        columns = {
            str(cell.value).removesuffix(template.REQUIRED): cell.column for cell in book[sheet][1] if cell.value
        }
        for number, row in enumerate(rows, start=template.FIRST_ROW):
            for heading, value in row.items():
                book[sheet].cell(number, columns[heading]).value = _typed(value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    [path] = assets.files("shapes", "samples/made-up-centre.yaml")
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows


def _typed(value: Any) -> Any:
    """What a person would type: yes and no are words there."""
    return ("yes" if value else "no") if isinstance(value, bool) else value
