"""One row of an answer, read cell by cell into the kinds of value that an analysis works with.

A row is any mapping from column to value, so that an analysis can be tried without a store. A column that is missing is
a fault of the query, and says so; an empty cell is ``None``, which means that the source does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from taxonomy.errors import QueryError

Row = Mapping[str, object]
Label = Callable[[str], str]  # from an IRI to its label

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """Something by its label and IRI; sorts by label, so that lists read in order."""

    label: str
    iri: str

    def __str__(self) -> str:
        return self.label


def text(row: Row, column: str) -> str | None:
    """The text or IRI in a cell.

    >>> text({"term": "3 years +1"}, "term")
    '3 years +1'

    Raises:
        QueryError: the row has no such column, or the cell holds another kind of value.
    """
    return _cell(row, column, str)


def amount(row: Row, column: str) -> Decimal | None:
    """The figure in a cell, exactly as stated; ``None`` is unknown, never zero.

    >>> amount({"amount": Decimal("80000")}, "amount")
    Decimal('80000')

    Raises:
        QueryError: the row has no such column, or the cell holds another kind of value.
    """
    value = row.get(column)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else _cell(row, column, Decimal)


def day(row: Row, column: str) -> date | None:
    """The date in a cell.

    Raises:
        QueryError: the row has no such column, or the cell holds another kind of value.
    """
    return _cell(row, column, date)


def integer(row: Row, column: str) -> int | None:
    """The whole number in a cell.

    Raises:
        QueryError: the row has no such column, or the cell holds another kind of value.
    """
    return _cell(row, column, int)


def flag(row: Row, column: str) -> bool | None:
    """The yes or no in a cell.

    Raises:
        QueryError: the row has no such column, or the cell holds another kind of value.
    """
    return _cell(row, column, bool)


def needed(row: Row, column: str) -> str:
    """The text or IRI in a cell that is never empty.

    Raises:
        QueryError: the cell is empty, missing or of another kind.
    """
    value = text(row, column)
    if value is None:
        raise QueryError(f"The answer leaves {column!r} empty, which an analysis cannot do without.")
    return value


def texts(rows: Iterable[Row], column: str) -> tuple[str, ...]:
    """Every different text of a column, in order.

    >>> texts([{"condition": "b"}, {"condition": None}, {"condition": "a"}, {"condition": "b"}], "condition")
    ('a', 'b')
    """
    return tuple(sorted({value for row in rows if (value := text(row, column)) is not None}))


def earliest(rows: Iterable[Row], column: str) -> date | None:
    """The first day of a column; ``None`` where it gives none.

    >>> earliest([{"starts": date(2018, 1, 1)}, {"starts": None}, {"starts": date(2017, 6, 1)}], "starts")
    datetime.date(2017, 6, 1)
    """
    return min((value for row in rows if (value := day(row, column)) is not None), default=None)


def latest(rows: Iterable[Row], column: str) -> date | None:
    """The last day of a column; ``None`` where it gives none."""
    return max((value for row in rows if (value := day(row, column)) is not None), default=None)


def named(rows: Iterable[Row], column: str, label: Label) -> tuple[Named, ...]:
    """Everything that a column names, each once, in order of label.

    >>> [str(name) for name in named([{"provider": "b"}, {"provider": "a"}, {"provider": "b"}], "provider", str.upper)]
    ['A', 'B']
    """
    return tuple(sorted(Named(label(iri), iri) for iri in texts(rows, column)))


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _cell(row: Row, column: str, kind: type[_Kind]) -> _Kind | None:
    try:
        value = row[column]
    except KeyError:
        raise QueryError(f"The answer has no column {column!r}.") from None
    if value is None or isinstance(value, kind):
        return value
    raise QueryError(f"The column {column!r} holds {value!r}, where {kind.__name__} was expected.")
