"""What is for the steward alone, taken out of a file before anything else sees it.

This runs where the file is opened, in a worker with limits. With a seal, each row leaves that process as a closed box;
without one, nothing of the sheet does but that it is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from taxonomy import restricted
from taxonomy.context import fold
from taxonomy.records import Place, Problem
from taxonomy.sealing import Box, Seal

Rows = list[list[str]]

_HEADING_ROWS: Final = 20  # a heading row stands among the first so many
_WORD: Final = "steward"  # in the name of a sheet: enough to keep it from everybody else


@dataclass(slots=True)
class Parted:
    """A file's sheets without those for the steward, what was sealed of these, and what is wrong with them."""

    sheets: dict[str, Rows] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def part(sheets: Mapping[str, Rows], seal: Seal | None) -> Parted:
    """Take the sheets for the steward out of a file; their rows are sealed where there is a seal."""
    parted = Parted()
    for name, rows in sheets.items():
        if not is_restricted(name, rows):
            parted.sheets[name] = rows
        elif seal is None:
            if is_filled(rows):
                parted.problems.append(Problem(rule="stewardSheet", place=Place(sheet=name)))
        else:
            _seal(name, rows, seal, parted)
    return parted


def is_restricted(name: str, rows: Sequence[Sequence[object]]) -> bool:
    """Whether a sheet is for the steward: its name says so, or one of its headings does.

    >>> is_restricted("2. Kept for the Steward!", []), is_restricted("Services", [["Name of service"]])
    (True, False)
    """
    mark = fold(restricted.layout().columns[-1].heading)
    return _WORD in fold(name).split() or any(
        fold(cell) == mark for row in rows[:_HEADING_ROWS] for cell in row if isinstance(cell, str) and cell
    )


def is_filled(rows: Sequence[Sequence[object]]) -> bool:
    """Whether somebody wrote anything on such a sheet."""
    return any(True for _ in _filled(rows))


def _seal(name: str, rows: Rows, seal: Seal, parted: Parted) -> None:
    columns = _columns(rows)
    for number, row in _filled(rows):
        said = {what: str(row[column]) for what, column in columns.items() if column < len(row)}
        if not (said.get("about") and said.get("text")):
            parted.problems.append(Problem(rule="stewardRow", place=Place(sheet=name, row=number)))
            continue
        kinds = {fold(each): each for each in restricted.layout().kinds}
        said["kind"] = kinds.get(fold(said.get("kind", "")), restricted.layout().kinds[-1])
        parted.boxes.append(seal.close(json.dumps(said, ensure_ascii=False).encode()))


def _filled(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows that somebody wrote, by number: neither the headings nor the help below them."""
    columns = restricted.layout().columns
    ours = {fold(each.heading) for each in columns} | {fold(each.help) for each in columns}
    for number, row in enumerate(rows, start=1):
        if any(fold(str(cell)) not in ours for cell in row if cell is not None and cell != ""):
            yield number, row


def _columns(rows: Rows) -> Mapping[str, int]:
    """The place of each of our columns, in the row that has most of them."""
    headings = {fold(each.heading): each.name for each in restricted.layout().columns}
    found = [
        {headings[fold(cell)]: number for number, cell in enumerate(row) if fold(cell) in headings}
        for row in rows[:_HEADING_ROWS]
    ]
    return max(found, key=len, default={})
