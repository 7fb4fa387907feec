"""What of an answer is on the screen: in which order, and which page of it. All of it is in the address.

A download takes the same address, and so the same order; it always holds every row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from werkzeug.datastructures import MultiDict

from taxonomy.errors import QueryError
from taxonomy.questions.results import Answer, Row

ROWS: Final = 200  # on a page
ALL: Final = 1000  # rows that may be shown on one page when asked for
_LONGEST: Final = 2000  # characters of an address that every server and browser takes
OF_SCREENS: Final = frozenset({"sort", "page"})

Change = str | int | Sequence[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One page of an answer."""

    answer: Answer  # in the order that is shown, whole
    sort: str  # a column, with a hyphen before it when descending; empty for the answer's own order
    page: int  # from 1; 0 when all is on one page because that was asked for
    path: str
    fields: Mapping[str, Sequence[str]]  # what else the address says

    @property
    def pages(self) -> int:
        """How many there are."""
        return max(1, math.ceil(len(self.answer) / ROWS))

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of this page."""
        return self.answer.rows[(self.page - 1) * ROWS : self.page * ROWS] if self.page else self.answer.rows

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.page - 1) * ROWS + 1 if self.page else 1

    @property
    def whole(self) -> bool:
        """Whether one page may hold every row."""
        return len(self.answer) <= ALL

    @property
    def linked(self) -> bool:
        """Whether the address is short enough for a link; else the same is asked by a form."""
        return len(self.address()) <= _LONGEST

    def order(self, column: str) -> str:
        """How the rows are sorted by a column, as ``aria-sort`` says it."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "none")

    def turned(self, column: str) -> str:
        """The order by a column that its heading leads to."""
        return f"-{column}" if self.sort == column else column

    def asked(self, **changes: Change) -> dict[str, list[str]]:
        """The fields of this screen's address with some changes; None, or no value, leaves a field out."""
        asked = {name: list(values) for name, values in self.fields.items()}
        state = {"sort": self.sort or None, "page": None if self.page == 1 else self.page or "all"} | changes
        for name, value in state.items():
            asked.pop(name, None)
            several = [value] if isinstance(value, str | int) else value
            if several:
                asked[name] = [str(each) for each in several]
        return asked

    def address(self, **changes: Change) -> str:
        """The address with some changes."""
        return self._with(self.path, self.asked(**changes))

    def saved(self, suffix: str) -> str:
        """The address of every row as data, in the order that is shown."""
        return self._with(f"{self.path}.{suffix}", self.asked(page=None))

    @staticmethod
    def _with(path: str, asked: Mapping[str, Sequence[str]]) -> str:
        return quote(path) + (f"?{urlencode(asked, doseq=True, safe='/')}" if asked else "")


def asked(values: MultiDict[str, str]) -> dict[str, Sequence[str]]:
    """What a request says of the screen: its order and its page."""
    return {name: values.getlist(name) for name in sorted(OF_SCREENS) if values.get(name, "").strip()}


def of(answer: Answer, path: str, fields: Mapping[str, Sequence[str]]) -> Screen:
    """The screen that an address asks for.

    Raises:
        QueryError: it sorts by a column that there is not, or names a page that there is not.
    """
    sort, page = (fields[name][0].strip() if fields.get(name) else "" for name in ("sort", "page"))
    column = sort.removeprefix("-")
    if sort and column not in answer.columns:
        raise QueryError(f"There is no column {column[:60]!r}.", hint=f"There are {', '.join(answer.columns)}.")
    ordered = answer.sorted(column, descending=sort.startswith("-")) if sort else answer
    others = {name: values for name, values in fields.items() if name not in OF_SCREENS}
    shown = Screen(answer=ordered, sort=sort, page=_number(page), path=path, fields=others)
    if shown.page > shown.pages or (not shown.page and not shown.whole):
        raise QueryError(f"There is no page {page[:20]!r} of this answer.", hint=f"It has {shown.pages}.")
    return shown


def _number(page: str) -> int:
    if page == "all":
        return 0
    if not page:
        return 1
    if not (page.isascii() and page.isdigit() and int(page[:9]) > 0 and len(page) < 9):
        raise QueryError(f"{page[:20]!r} is not the number of a page.")
    return int(page)
