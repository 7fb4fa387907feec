"""A made-up workbook with something for the steward alone, for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from taxonomy.intake import sample, template
from taxonomy.restricted import layout

ADDRESS = "12 Canary Lane, Madeupton"
CONTACT = "Robin Canarysson, night desk"
ROWS = (("Made-Up Counselling", "address", ADDRESS), ("Made-Up Centre", "contact", CONTACT))


def workbook(path: Path, rows: Sequence[Sequence[str]] = ROWS, *, sheet: str = "") -> Path:
    """Write the sample record with some rows on the sheet for the steward, which may bear another name."""
    book = openpyxl.load_workbook(io.BytesIO(sample.workbook()))
    kept = book[layout().sheet]
    for number, row in enumerate(rows, start=template.FIRST_ROW):
        for column, text in enumerate(row, start=1):
            kept.cell(number, column, text)
    kept.title = sheet or layout().sheet
    book.save(path)
    return path


def holding(folder: Path, *secrets: str) -> list[str]:
    """The files below a folder that hold one of some texts, in bytes as they stand."""
    held = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [str(path) for path, data in held.items() if any(secret.encode() in data for secret in secrets)]
