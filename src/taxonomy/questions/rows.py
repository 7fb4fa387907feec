"""One row of an answer: its values, and the labels of the things that they name; and what any table of rows has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Protocol

from taxonomy import namespaces
from taxonomy.questions.terms import Term, Value, text
from taxonomy.store.numbers import ReleaseNumber


class Row(Mapping[str, Value]):
    """One row: values by column, and the label of each.

    >>> row = Row(("service",), ("https://example.org/id/service/1",), frozenset({0}), {})
    >>> row["service"], row.is_iri("service")
    ('https://example.org/id/service/1', True)
    """

    __slots__ = ("_columns", "_iris", "_labels", "_values")

    def __init__(
        self, columns: tuple[str, ...], values: tuple[Value, ...], iris: frozenset[int], labels: Mapping[str, str]
    ) -> None:
        self._columns, self._values, self._iris, self._labels = columns, values, iris, labels

    def __getitem__(self, column: str) -> Value:
        try:
            return self._values[self._columns.index(column)]
        except ValueError:
            raise KeyError(column) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return f"Row({dict(self)!r})"

    def with_labels(self, labels: Mapping[str, str]) -> Row:
        """The same row, with these labels for its things."""
        return Row(self._columns, self._values, self._iris, labels)

    def is_iri(self, column: str) -> bool:
        """Whether the value there names a thing (an IRI), and so may have a label."""
        return column in self._columns and self._columns.index(column) in self._iris

    def label(self, column: str) -> str:
        """The label of the thing there; where there is none, the value as text; empty where it is not known."""
        value = self[column]
        if value is None:
            return ""
        if self.is_iri(column):
            return self._labels.get(str(value)) or namespaces.shorten(str(value))
        return text(value)


def rank(row: Row, column: str) -> tuple[int, Decimal, str]:
    """Where a value comes among values of any kind."""
    value = row[column]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return 0, Decimal(value), ""
    return 1, Decimal(0), row.label(column).casefold()


def row_of(columns: tuple[str, ...], cells: tuple[Term | None, ...]) -> Row:
    """The row of a table of terms."""
    iris = frozenset(place for place, term in enumerate(cells) if term and term.is_iri)
    return Row(columns, tuple(term.python if term else None for term in cells), iris, {})


class Table(Protocol):
    """What is written out: rows of the same columns, and what they answer."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in order."""

    @property
    def iri_columns(self) -> tuple[str, ...]:
        """Those that hold IRIs, and so may have labels beside them."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, in order."""

    @property
    def text(self) -> str:
        """The query as it was sent."""

    @property
    def question(self) -> str | None:
        """The question's name; None for free SPARQL."""

    @property
    def release(self) -> ReleaseNumber | None:
        """The release that was asked; None where that is not known."""

    @property
    def notice(self) -> str:
        """What every copy has to say of itself."""
