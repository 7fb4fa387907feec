"""Spreadsheets of 360Giving: rows become grants by their headings, and each value keeps its cell.

A heading names a field in the words of the crosswalk, with colons between a field and the one in it
(``Recipient Org:Name``), or in the names of the JSON form with slashes (``recipientOrganization/0/name``). Further
sheets hold more values of a grant, which they name by its identifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from taxonomy.context import fold
from taxonomy.records import Place, letters
from taxonomy.standards import crosswalk, threesixty
from taxonomy.standards.crosswalk import Row
from taxonomy.values import Iri

Sheets = Mapping[str, Sequence[Sequence[str]]]  # the text of every cell

_HEADING_ROWS: Final = 20  # a heading row stands among the first so many
_ENOUGH: Final = 3  # known headings make a sheet of grants
_NOT_READ: Final = frozenset({"meta"})  # about the file itself
_ID: Final = ("id",)


@dataclass(frozen=True, slots=True)
class _Column:
    number: int  # from 1
    heading: str  # as written
    keys: tuple[str, ...]  # the names of the JSON form that lead to the field
    row: Row | None  # none: nobody knows this heading


class Grants:
    """The grants of a workbook, as the JSON form has them."""

    def __init__(self, sheets: Sheets) -> None:
        self.value: dict[str, Any] = {"grants": []}
        self.columns: dict[tuple[str, Iri, Iri], tuple[str, str]] = {}
        self.cells: dict[tuple[str, str], str] = {}  # of the columns that are carried, and no others
        self._places: dict[str, Place] = {}
        self._met: dict[str, int] = {}  # number of the first grant with an identifier
        tables = [table for name, rows in sheets.items() if fold(name) not in _NOT_READ for table in _table(name, rows)]
        for name, columns, rows in sorted(tables, key=lambda each: not _is_main(each[1])):
            self._read(name, columns, rows)

    def place(self, pointer: str, /) -> Place:
        """The cell of a value; the row of a grant or of a part of it."""
        while pointer and pointer not in self._places:
            pointer = pointer.rpartition("/")[0]
        return self._places.get(pointer, Place())

    def _read(self, sheet: str, columns: Sequence[_Column], rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        for column in columns:
            if column.row and column.row.about and column.row.property:
                there = letters(column.number - 1), column.heading
                self.columns.setdefault((sheet, column.row.about, column.row.property), there)
        main = _is_main(columns)
        for number, cells in rows:
            said = [(column, cells[column.number - 1].strip()) for column in columns if column.number <= len(cells)]
            grant = self._grant(said, main, Place(sheet=sheet, row=number))
            added = self._named(grant, said)
            for column, text in said:
                cell = f"{letters(column.number - 1)}{number}"
                if column.row and column.row.direction != "none":
                    self.cells[sheet, cell] = text
                if text and (main or column.keys != _ID):
                    place = Place(sheet=sheet, row=number, column=column.heading, cell=cell)
                    self._put(grant, column.keys, text, place, added)

    def _grant(self, said: Sequence[tuple[_Column, str]], main: bool, place: Place) -> int:
        """The number of the grant that a row is about: a new one, or on a further sheet the one that it names."""
        name = next((text for column, text in said if column.keys == _ID), "")
        if not main and name in self._met:
            return self._met[name]
        number = len(self.value["grants"])
        self.value["grants"].append({} if main or not name else {"id": name})
        self._places[f"/grants/{number}"] = place
        self._met.setdefault(name, number)
        return number

    def _named(self, grant: int, said: Sequence[tuple[_Column, str]]) -> dict[str, int]:
        """The members of lists that a row says more of, by the identifiers that it gives."""
        found: dict[str, int] = {}
        for key, text in ((column.keys[0], text) for column, text in said if column.keys[1:] == _ID and text):
            members = self.value["grants"][grant].get(key, ())
            found.update({f"/grants/{grant}/{key}": n for n, each in enumerate(members) if each.get("id") == text})
        return found

    def _put(self, grant: int, keys: tuple[str, ...], text: str, place: Place, added: dict[str, int]) -> None:
        inside, pointer = self.value["grants"][grant], f"/grants/{grant}"
        for key in keys[:-1]:
            members, pointer = inside.setdefault(key, []), f"{pointer}/{key}"
            if not isinstance(members, list):
                return  # another column gave one text for all of it
            number = added.setdefault(pointer, len(members))
            if number == len(members):
                members.append({})
                self._places[f"{pointer}/{number}"] = Place(sheet=place.sheet, row=place.row)
            inside, pointer = members[number], f"{pointer}/{number}"
        inside.setdefault(keys[-1], text)
        self._places[f"{pointer}/{keys[-1].replace('~', '~0').replace('/', '~1')}"] = place


def is_like(sheets: Sheets) -> bool:
    """Whether the sheets of a workbook hold grants, told from their headings.

    >>> is_like({"grants": [["Identifier", "Title", "Recipient Org:Name", "Funding Org:Name"]]})
    True
    >>> is_like({"Services": [["Name of service", "Type of service", "Title"]]})
    False
    """
    tables = (columns for name, rows in sheets.items() for _, columns, _ in _table(name, rows))
    return any(any(len(column.keys) > 1 for column in columns if column.row) for columns in tables)


def _table(
    name: str, rows: Sequence[Sequence[str]]
) -> Iterator[tuple[str, list[_Column], list[tuple[int, Sequence[str]]]]]:
    """A sheet below its headings; nothing where it has none of ours."""
    known = [sum(_field(text) is not None for text in row) for row in rows[:_HEADING_ROWS]]
    if not known or max(known) < _ENOUGH:
        return
    top = known.index(max(known))
    columns = [_column(number, text) for number, text in enumerate(rows[top], start=1) if text.strip()]
    below = [(number, row) for number, row in enumerate(rows[top + 1 :], start=top + 2) if any(map(str.strip, row))]
    yield name, columns, below


def _is_main(columns: Sequence[_Column]) -> bool:
    """Whether a sheet describes grants, and not only what they consist of."""
    return any(len(column.keys) == 1 and column.keys != _ID for column in columns if column.row)


def _column(number: int, heading: str) -> _Column:
    found = _field(heading)
    return _Column(number, heading.strip(), *(found or ((heading.strip(),), None)))


@cache
def _field(heading: str) -> tuple[tuple[str, ...], Row] | None:
    """The names that lead to the field of a heading, and its row in the crosswalk."""
    table = crosswalk.load(threesixty.TABLE)
    by_title = "/" not in heading
    keys: list[str] = []
    path = "grant"
    for step in heading.split(":" if by_title else "/"):
        if step.strip().isdecimal():
            continue
        path = path if table.beneath(path) else path.removeprefix("grant/")
        below = ((key, table.at(f"{path}/{key}")[0]) for key in table.beneath(path))
        written = fold(step) if by_title else step.strip()
        key = next((key for key, row in below if written == (fold(row.heading) if by_title else key)), None)
        if key is None or not written:
            return None
        keys.append(key)
        path = f"{path}/{key}"
    return (tuple(keys), table.at(path)[0]) if keys else None
