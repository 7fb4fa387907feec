"""An answer as a data frame, where pandas or polars is installed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from taxonomy.errors import InputError
from taxonomy.questions import writing
from taxonomy.questions.rows import Table
from taxonomy.questions.terms import Value, text

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


Sort = Literal["integer", "decimal", "boolean", "date", "time", "text"]
_LONGEST_INTEGER = 2**63 - 1


def sort_of(values: Sequence[Value]) -> Sort:
    """What a column holds, from its known values; mixed or unknown is text.

    >>> sort_of([None, 3]), sort_of([3, Decimal("3.5")]), sort_of([3, "three"]), sort_of([None])
    ('integer', 'decimal', 'text', 'text')
    """
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return (
            "integer" if all(abs(value) <= _LONGEST_INTEGER for value in values if isinstance(value, int)) else "text"
        )
    if kinds in ({Decimal}, {int, Decimal}):
        return "decimal"
    if kinds == {date}:
        return "date"
    if kinds == {datetime}:
        return "time"
    return "text"


def pandas(answer: Table, *, labels: bool) -> pd.DataFrame:
    """A pandas data frame; what is not known is ``<NA>``."""
    library = need("pandas")
    types = {
        "integer": "Int64",
        "decimal": "Float64",
        "boolean": "boolean",
        "date": "datetime64[s]",
        "time": "object",
        "text": "string",
    }
    columns: dict[str, Any] = {}
    for name, values in _columns(answer, labels=labels).items():
        sort = sort_of(values)
        columns[name] = library.Series(_plain(values, sort, float), dtype=types[sort])
    return library.DataFrame(columns)  # type: ignore[no-any-return]  # loaded by name


def polars(answer: Table, *, labels: bool) -> pl.DataFrame:
    """A polars data frame; decimals keep every digit."""
    library = need("polars")
    types = {
        "integer": library.Int64,
        "boolean": library.Boolean,
        "date": library.Date,
        "time": library.Datetime,
        "text": library.String,
    }
    columns = []
    for name, values in _columns(answer, labels=labels).items():
        sort = sort_of(values)
        dtype = library.Decimal(38, _scale(values)) if sort == "decimal" else types[sort]
        columns.append(library.Series(name, _plain(values, sort, Decimal), dtype=dtype, strict=True))
    return library.DataFrame(columns)  # type: ignore[no-any-return]  # loaded by name


def parquet(answer: Table, *, labels: bool) -> bytes:
    """A Parquet file's bytes."""
    out = io.BytesIO()
    polars(answer, labels=labels).write_parquet(out)
    return out.getvalue()


def need(library: str) -> ModuleType:
    """A library that is optional.

    Raises:
        InputError: it is not installed; says how to get it.
    """
    from importlib import import_module

    try:
        return import_module(library)
    except ImportError as error:
        raise InputError(
            f"This needs {library}, which is not installed.", hint=f"Install it: pip install {library}"
        ) from error


def _columns(answer: Table, *, labels: bool) -> dict[str, list[Value]]:
    columns: dict[str, list[Value]] = {name: [] for name in writing.headings(answer, labels=labels)}
    for line in writing.records(answer, labels=labels):
        for held, value in zip(columns.values(), line, strict=True):
            held.append(value)
    return columns


def _plain(values: Sequence[Value], sort: Sort, number: type) -> list[Any]:
    if sort == "text":
        return [None if value is None else text(value) for value in values]
    if sort == "decimal":
        return [None if value is None else number(value) for value in values]
    return list(values)


def _scale(values: Sequence[Value]) -> int:
    exponents = [value.as_tuple().exponent for value in values if isinstance(value, Decimal)]
    return max([0, *(-exponent for exponent in exponents if isinstance(exponent, int))])
