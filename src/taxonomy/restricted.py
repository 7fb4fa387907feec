"""What a workbook may hold for the steward alone: one sheet and its columns, read from ``shapes/restricted/``.

Its rows are no part of a record. They are taken out, and sealed, by the process that opens the file
(``taxonomy.intake.parting``); nothing else ever holds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode

from taxonomy import assets
from taxonomy.namespaces import RDFS, SH, SVSH
from taxonomy.shapes import Shapes

TERM: Final = SVSH + "Restricted"  # the sheet; its columns and kinds begin so too
_COLUMNS: Final = ("about", "kind", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the sheet."""

    name: str  # about, kind or text
    heading: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The sheet."""

    sheet: str
    columns: tuple[Column, ...]
    kinds: tuple[str, ...]  # what stands in the column kind


@cache
def layout() -> Layout:
    """The sheet of this installation.

    >>> layout().sheet, layout().kinds
    ('Kept for the steward', ('address', 'contact', 'other'))
    """
    known = Shapes(
        each.triple
        for path in assets.files("shapes", "restricted/*.ttl")
        for each in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    )
    sheet = NamedNode(TERM)
    columns = {name: NamedNode(f"{TERM}-{name}") for name in _COLUMNS}
    kinds = sorted(known.all(columns["kind"], SVSH + "choice"), key=lambda each: known.one(each, SH + "order") or "")
    return Layout(
        sheet=known.one(sheet, SVSH + "sheet") or "",
        columns=tuple(
            Column(
                name=name,
                heading=known.one(node, SH + "name") or "",
                help=known.one(node, SH + "description") or "",
            )
            for name, node in columns.items()
        ),
        kinds=tuple(known.one(each, RDFS + "label") or "" for each in kinds),
    )
