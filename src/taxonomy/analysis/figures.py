"""A table that can stand alone: title, one sentence, headings, cells, and where and for which day it is stated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from taxonomy.analysis import citations
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.rows import Named


class Missing(Enum):
    """Why a cell holds no value: each has its words, and the shorthand that statistical spreadsheets use."""

    NOT_KNOWN = (
        "Not known",
        "[x]",
        "Not known. No source recorded here says. It is not zero, and not the same as none.",
    )
    NOT_APPLICABLE = ("Not applicable", "[z]", "Not applicable. The question does not arise for this line.")

    @property
    def words(self) -> str:
        """What a page says."""
        return self.value[0]

    @property
    def shorthand(self) -> str:
        """What a cell of a workbook says."""
        return self.value[1]

    @property
    def meaning(self) -> str:
        """What the notes of a workbook say of the shorthand."""
        return self.value[2]


NOT_KNOWN: Final = Missing.NOT_KNOWN
NOT_APPLICABLE: Final = Missing.NOT_APPLICABLE

Cell = str | int | Decimal | date | Named | tuple[Named, ...] | Missing


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column, with its unit where it has one."""

    text: str
    figures: bool = False  # whether numbers stand below it


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One table of a briefing. No cell is blank."""

    key: str  # names it in addresses and on a tab
    title: str
    summary: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    documents: tuple[Named, ...]
    stated: str  # for which day or days
    note: str = ""
    picture: str = ""  # which picture goes with it; empty where there is none


def made(
    key: str,
    title: str,
    summary: str,
    heads: Sequence[str | Head],
    lines: Iterable[Sequence[Cell | None]],
    cited: Iterable[Citation],
    *,
    note: str = "",
    picture: str = "",
) -> Figure:
    """A table of lines in which nothing means not known, with the documents and days of what states them."""
    documents, stated = sources(cited)
    return Figure(
        key=key,
        title=title,
        summary=summary,
        heads=tuple(Head(head) if isinstance(head, str) else head for head in heads),
        rows=tuple(tuple(known(cell) for cell in line) for line in lines),
        documents=documents,
        stated=stated,
        note=note,
        picture=picture,
    )


def known(value: Cell | None) -> Cell:
    """A value, or that it is not known; an empty list of names is not known either.

    >>> known(None), known(()), known(0)
    (<Missing.NOT_KNOWN: ...>, <Missing.NOT_KNOWN: ...>, 0)
    """
    return NOT_KNOWN if value is None or value in ("", ()) else value


def plain(cell: Cell) -> str | int | Decimal | date:
    """A cell as a spreadsheet holds it: names as text, what is missing as its shorthand.

    >>> plain((Named("a", ""), Named("b", ""))), plain(NOT_KNOWN), plain(Decimal("1.5"))
    ('a; b', '[x]', Decimal('1.5'))
    """
    if isinstance(cell, Missing):
        return cell.shorthand
    if isinstance(cell, tuple):
        return "; ".join(name.label for name in cell)
    return cell.label if isinstance(cell, Named) else cell


def sources(cited: Iterable[Citation]) -> tuple[tuple[Named, ...], str]:
    """The documents of some citations, and for which days they speak; empty where there is none."""
    places = list(cited)
    documents = {place.document for place in places if place.document}
    days = [place.as_at for place in places if place.confirmed]
    return tuple(sorted(documents)), citations.between(days) if days else ""


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "service"), counted(0, "service")
    ('1 service', '0 services')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def none(noun: str) -> str:
    """That nothing is recorded, in words that do not say that there is none."""
    return f"No {noun} is recorded for this area: not known, which is not the same as none."
