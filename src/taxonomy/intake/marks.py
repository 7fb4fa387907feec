"""Marks that a file bears about itself: that it is a made-up record, and from which template it was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from taxonomy import fields, restricted
from taxonomy.context import fold
from taxonomy.naming import Kept, is_ours
from taxonomy.records import CARRIER, Place, Problem
from taxonomy.values import Iri

PRACTICE: Final = "Practice record"
VERSION: Final = "Template version"
KEPT: Final = "SVSSV addresses"  # the hidden sheet with the addresses that things keep when they get another name
ALL: Final = frozenset({fold(PRACTICE), fold(VERSION), fold(CARRIER)})

_YES: Final = frozenset({"yes", "y", "true", "1"})
_ROWS: Final = 50  # a mark stands among the first so many

Sheets = Mapping[str, list[list[str]]]


def is_practice(sheets: Sheets) -> bool:
    """Whether a cell says "Practice record", and the one beside or below it yes."""
    return any(fold(text) in _YES for _, text in _beside(sheets, PRACTICE))


def kept(sheets: Sheets) -> Kept:
    """The addresses that things have already, by their kind and name; from the hidden sheet, where there is one."""
    rows = (row[:3] for row in sheets.get(KEPT, ()) if len(row) > 2)  # kind, name, address
    return {(kind, fold(name)): Iri(address) for kind, name, address in rows if is_ours(address, kind)}


def version() -> str:
    """A short mark of the template: it changes when a column does.

    >>> len(version())
    8
    """
    return hashlib.sha256(repr((fields.fields(), restricted.layout())).encode()).hexdigest()[:8]


def other_version(sheets: Sheets) -> Iterator[Problem]:
    """What to say of a file that was made from another version of the template."""
    stamps = [(place, text) for place, text in _beside(sheets, VERSION) if text]
    if stamps and version() not in {text for _, text in stamps}:
        place, text = stamps[0]
        yield Problem(rule="templateOther", place=place, value=text[:20])


def _beside(sheets: Sheets, mark: str) -> Iterator[tuple[Place, str]]:
    for sheet, rows in sheets.items():
        for number, row in enumerate(rows[:_ROWS]):
            for column, cell in enumerate(row):
                if cell and len(cell) < len(mark) + 5 and fold(cell) == fold(mark):
                    place = Place(sheet=sheet, row=number + 1)
                    yield from ((place, text) for text in row[column + 1 : column + 2])
                    yield from ((place, text) for below in rows[number + 1 : number + 2] for text in below[column:][:1])
