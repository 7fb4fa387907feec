"""The worker that opens a stranger's workbook: the bytes of an .xlsx file in, its cells as text out.

A workbook is a zip of XML, and both can be bombs. So the zip is looked at before anything is opened, and all of it
happens in a process of its own with limits (``taxonomy.sandbox``).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import python_calamine

from taxonomy import sandbox
from taxonomy.errors import InputError

ENTRIES: Final = 200
INFLATED: Final = 50 * 2**20  # bytes
RATIO: Final = 100  # inflated to packed
ROWS: Final = 510
COLUMNS: Final = 200
LONGEST: Final = 10_000  # characters of one cell

_SAVE_AS: Final = "Save it as an Excel workbook (.xlsx) and try again."
_OLE: Final = b"\xd0\xcf\x11\xe0"  # how an encrypted workbook and an old .xls begin
_FAR: Final = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br="([A-Z]{0,4})([0-9]{1,9})"')

Cell = str | float | bool | time | date | datetime | timedelta


def cells(data: bytes) -> Mapping[str, list[list[str]]]:
    """The text of every cell, by sheet; row 1 and column A come first, also where they are empty.

    Raises:
        InputError: it is no workbook that can be read safely; says why, and what to do.
    """
    _look_inside(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: _rows(book, name) for name in book.sheet_names}
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise InputError(f"The workbook is damaged ({str(error)[:100]}).", hint=_SAVE_AS) from None


def _rows(book: python_calamine.CalamineWorkbook, name: str) -> list[list[str]]:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[_text(cell, name) for cell in row] for row in rows]


def _text(cell: Cell, sheet: str) -> str:
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
    text = str(cell).strip()
    if len(text) > LONGEST:
        raise InputError(f"A text is longer than {LONGEST:,} characters.", where=f'sheet "{sheet}"', hint="Shorten it.")
    return text


def _look_inside(data: bytes) -> None:
    if not data.strip():
        raise InputError("The file is empty.", hint=_SAVE_AS)
    if data.startswith(_OLE):
        raise InputError(
            "The workbook has a password, or is of the old .xls kind.", hint=f"Remove the password. {_SAVE_AS}"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look_at(archive)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise InputError(f"The file is no Excel workbook, or only a part of one ({error}).", hint=_SAVE_AS) from None


def _look_at(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > ENTRIES:
        raise InputError(f"The workbook has {len(entries):,} parts; the most is {ENTRIES}.", hint=_SAVE_AS)
    if any(".." in name.split("/") or name.startswith("/") or "\\" in name for name in names):
        raise InputError("The workbook has a part with a path that leads out of it.", hint="It will not be opened.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise InputError("The workbook holds macros.", hint=_SAVE_AS)
    unusual = any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries)
    if unusual or "xl/workbook.xml" not in names:
        raise InputError("The file is a zip archive, but no Excel workbook.", hint=_SAVE_AS)
    if sum(entry.file_size for entry in entries) > min(INFLATED, RATIO * packed + 2**20):
        raise _bomb()
    inflated = 0
    for entry in entries:
        content = bytearray()
        for block in _blocks(archive, entry):
            inflated += len(block)
            if inflated > INFLATED:
                raise _bomb()
            content += block
        _look_at_part(entry.filename, bytes(content))


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while block := part.read(2**20):
            yield block


def _look_at_part(name: str, content: bytes) -> None:
    if not name.endswith((".xml", ".rels")):
        return
    start = content[:1000].replace(b"\0", b"")  # UTF-16 as well
    if b"<!DOCTYPE" in start or b"<!ENTITY" in content.replace(b"\0", b""):
        raise InputError("The workbook holds XML with declarations of its own.", hint=_SAVE_AS)
    if name.startswith("xl/worksheets/"):
        for letters, number in _FAR.findall(content):
            if int(number) > ROWS or _column(letters) > COLUMNS:
                raise InputError(
                    f"A sheet has more than {ROWS:,} rows or {COLUMNS} columns (cell {(letters + number).decode()}).",
                    hint="Delete what is far below or far right, and save it again.",
                )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _bomb() -> InputError:
    return InputError("The workbook would be larger than 50 MB when unpacked.", hint="Remove pictures and try again.")


def answer(request: bytes, out: sandbox.Outlet) -> None:
    """Write the cells of a workbook, as JSON."""
    out.write(json.dumps(cells(request)).encode())


if __name__ == "__main__":
    sandbox.serve(answer)
