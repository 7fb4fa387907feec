"""CSV as people's programs write it: with commas, semicolons or tabs, in several encodings, texts over many lines."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import Final

from taxonomy.errors import InputError
from taxonomy.intake import texts
from taxonomy.intake.extents import Extent
from taxonomy.intake.texts import LONGEST

_DELIMITERS: Final = (",", ";", "\t")
_SAMPLE: Final = 64 * 2**10  # characters that are looked at to find the delimiter
_SAMPLED: Final = 20  # rows of them
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_FORMULA: Final = re.compile(r'="([^"]*)"')  # how some programs keep a zero at the start
_END: Final = "\ufdd0"  # no character of any text: a last row that shows whether a quotation mark was left open
_SAVE: Final = "Save it as CSV UTF-8, or as an Excel workbook (.xlsx)."


def rows(data: bytes, most: Extent) -> tuple[list[list[str]], str]:
    """The cells of a file, and the encoding that had to be guessed, or "" where it is certain.

    Raises:
        InputError: it is no table of text, or it is too large; says where, and what to do.
    """
    text, guessed = _decoded(data)
    if not text.strip():
        raise InputError("The file is empty.", hint="Export the table again.")
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        text = text[told.end() :]
    found: list[list[str]] = []
    widest = 0
    for row in _parsed(text, told[1] if told else _delimiter(text)):
        found.append([_seen(cell, f"row {len(found) + 1:,}") for cell in row])
        widest = max(widest, len(row))
        most.hold(len(found), widest)
    return found, guessed


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ""
            except UnicodeDecodeError:
                raise InputError(f"The file says that it is {name}, and is not.", hint=_SAVE) from None
    if b"\0" in data:
        return _wide(data), ""
    try:
        return data.decode(), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every second byte of plain text is zero, and no character is."""
    for encoding, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        if data[start::2].count(0) > len(data) // 4:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
    line = data.count(b"\n", 0, data.index(0)) + 1
    raise InputError("The file holds a NUL character, so it is no CSV.", where=f"line {line}", hint=_SAVE)


def _delimiter(text: str) -> str:
    """What stands between cells: the sign that parts most rows, and most of them into equally many cells."""
    sample = text[:_SAMPLE]

    def evenness(delimiter: str) -> tuple[int, int, int]:
        reader, widths = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), list[int]()
        with contextlib.suppress(csv.Error):
            widths += (len(row) for row in itertools.islice(reader, _SAMPLED) if any(map(str.strip, row)))
        parted = [width for width in widths if width > 1]
        usual = max(set(parted), key=lambda width: (parted.count(width), width), default=0)
        return len(parted), parted.count(usual), usual

    return max(_DELIMITERS, key=evenness)


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    if _END in text:
        raise InputError("The file holds a character that no text may hold.", hint=_SAVE)
    whole = io.StringIO(text + ("" if text.endswith("\n") else "\n") + _END, newline="")
    csv.field_size_limit(LONGEST)
    reader, count = csv.reader(whole, delimiter=delimiter), 0
    try:
        for row in reader:
            if row == [_END]:
                return
            if row and row[-1].endswith(_END):
                break
            count += 1
            yield row
    except csv.Error:
        raise InputError(
            f"A text is longer than {LONGEST:,} characters.",
            where=f"row {count + 1:,}",
            hint="Shorten it, or close the quotation mark before it.",
        ) from None
    raise InputError("A quotation mark is not closed.", where=f"row {count + 1:,}", hint="Close it and try again.")


def _seen(cell: str, where: str) -> str:
    text = texts.seen(cell, where)
    formula = _FORMULA.fullmatch(text)
    return formula[1].strip() if formula else text
