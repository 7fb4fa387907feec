"""A table of a document as it was printed: its rows and columns, and in each cell what stands there.

The order of rows is that of the document; the order of columns, and of entries in a cell, is the position that the
facts state, where they state one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from taxonomy.namespaces import CONCEPT
from taxonomy.questions.results import Answer, Row
from taxonomy.site import addresses, things
from taxonomy.site.facts import Place

_STATED: Final = CONCEPT + "value-status/stated"
_LAST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure or statement in a cell."""

    text: str
    href: str | None
    status: str | None  # in words, where it is anything else than stated
    note: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its heading, where it stands, and its cells in the order of the columns."""

    heading: str
    place: Place
    cells: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole table. A column without a printed heading has an empty one."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def grid(answer: Answer, places: Sequence[str]) -> Grid:
    """The rows of ``page-table`` as a table; ``places`` are the document's places in their order."""
    order = {place: number for number, place in enumerate(places)}
    rows = sorted(answer, key=lambda row: order.get(str(row["place"]), _LAST))  # sorting keeps the rest of the order
    columns = sorted(dict.fromkeys(_column(row) for row in rows), key=lambda name: _earliest(rows, name))
    lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        lines[str(row["row"] or ""), "" if row["row"] else str(row["place"])].append(row)
    return Grid(tuple(columns), tuple(_line(some, columns) for some in lines.values()))


def _column(row: Row) -> str:
    return str(row["column"] or "")


def _earliest(rows: Sequence[Row], column: str) -> int:
    """Where a column comes: an unnamed one first, the others by the position stated for its cells."""
    if not column:
        return -1
    positions = [row["position"] for row in rows if _column(row) == column]
    return min((position for position in positions if isinstance(position, int)), default=_LAST)


def _line(rows: Sequence[Row], columns: Sequence[str]) -> Line:
    first = rows[0]
    heading = str(first["row"] or first["locator"] or first.label("place"))
    cells = (tuple(_entry(row) for row in rows if _column(row) == column) for column in columns)
    return Line(heading, things.place_of(first), tuple(cells))


def _entry(row: Row) -> Entry:
    status = row.label("status") if row["status"] and row["status"] != _STATED else None
    text = str(row["printed"] or status or row["says"] or row.label("cell"))
    note = str(row["says"]) if row["says"] and row["says"] != text else None
    return Entry(text, addresses.page_of(str(row["cell"])), status if status != text else None, note)
