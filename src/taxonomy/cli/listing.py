"""Lists of our own records on standard output, for people or for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from taxonomy.cli.output import send
from taxonomy.questions.writing import printable

_WIDE: Final = 100_000  # columns of a table that no terminal has to fit

form_option = click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", help="The form.")


def show_table(rows: Sequence[Sequence[object]]) -> None:
    """Print rows for people; the first one holds the headings."""
    table = Table(*map(str, rows[0]), box=None, header_style="bold", pad_edge=False)
    for row in rows[1:]:
        table.add_row(*(Text(printable(_words(cell))) for cell in row))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDE, highlight=False).print(table)


def show_json(records: Any) -> None:
    """Print one frozen record, or several, for programs; facts picked from one do as well."""
    plain = list(map(_facts, records)) if isinstance(records, tuple) else _facts(records)
    send(json.dumps(plain, indent=2, ensure_ascii=False, default=_plain) + "\n", None)


def _facts(record: Any) -> Mapping[str, Any]:
    return record if isinstance(record, dict) else asdict(record)


def _words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    return (
        value.isoformat()
        if isinstance(value, datetime)
        else sorted(value)
        if isinstance(value, frozenset)
        else str(value)
    )
