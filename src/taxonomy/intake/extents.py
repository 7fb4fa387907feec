"""How far the sheets of a workbook reach, told from its XML by a linear scan, before a parser makes room for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from taxonomy.errors import InputError, TooLargeError

_FAR: Final = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br\s*=\s*["\']([A-Z]{0,9})([0-9]{1,20})["\']')
_ODS: Final = re.compile(
    rb"<(?P<what>/?table:table-row|table:table|table:(?:covered-)?table-cell)"
    rb"(?P<said>(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?/?)>(?P<ends>(?=</table:))?"
)
_ROWS_REPEATED: Final = re.compile(rb"\stable:number-rows-repeated\s*=\s*[\"']([^\"']*)")
_COLUMNS_REPEATED: Final = re.compile(rb"\stable:number-columns-repeated\s*=\s*[\"']([^\"']*)")


_CELLS: Final = 100  # of one sheet for each row that it may have, the empty ones among them


@dataclass(frozen=True, slots=True)
class Extent:
    """How many rows and columns a sheet may have."""

    rows: int
    columns: int

    def hold(self, rows: int, columns: int) -> None:
        """Go on only with a sheet that reaches no further.

        Raises:
            InputError: it does.
        """
        cells = _CELLS * self.rows
        if rows > self.rows or columns > self.columns or rows * columns > cells:
            raise TooLargeError(
                f"A sheet reaches to row {rows:,} and column {columns:,}; the most is {self.rows:,} rows, "
                f"{self.columns:,} columns and {cells:,} cells.",
                hint="Delete what is far below or far right, and save it again.",
            )


def look_at_xlsx(name: str, content: bytes, most: Extent) -> None:
    """Refuse a part of an Excel workbook that reaches too far.

    Raises:
        InputError: it does; names the cell.
    """
    if not name.startswith("xl/worksheets/"):
        return
    rows = columns = 0
    for letters, number in _FAR.findall(content):
        rows, columns = max(rows, int(number)), max(columns, _column(letters))
        most.hold(rows, columns)


def look_at_ods(name: str, content: bytes, most: Extent) -> None:
    """Refuse a part of an OpenDocument spreadsheet that reaches too far; here a row or a cell may stand for many.

    Empty rows and cells at the end do not count: every such file has a million of them.

    Raises:
        InputError: it does.
    """
    if name != "content.xml":
        return
    row = column = repeated = widest = 0
    for tag in _ODS.finditer(content):
        what, said, alone = tag["what"], tag["said"], tag["said"].endswith(b"/")
        if what == b"table:table":
            row = widest = 0
        elif what == b"table:table-row":
            column, repeated = 0, _times(_ROWS_REPEATED, said)
            row += repeated if alone else 0
        elif what == b"/table:table-row":
            row += repeated
        else:
            column += _times(_COLUMNS_REPEATED, said)
            if b"value" in said or not (alone or tag["ends"] is not None):
                widest = max(widest, column)
                most.hold(row + repeated, widest)


def _times(repeated: re.Pattern[bytes], said: bytes) -> int:
    found = repeated.search(said)
    if found is None:
        return 1
    if not re.fullmatch(rb"[0-9]{1,10}", found[1]):
        raise InputError("A row or a cell is repeated an unreadable number of times.", hint="Save the file again.")
    return int(found[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
