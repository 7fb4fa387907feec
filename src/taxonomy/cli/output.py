"""An answer on standard output or in a file, in the form that was asked for.

A file is written whole or not at all: beside its place first, then moved into it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from taxonomy.errors import InputError
from taxonomy.questions.results import Answer, Graph
from taxonomy.questions.writing import printable

TABLES: Final = ("table", "json", "jsonl", "csv", "tsv", "xlsx", "parquet", "md")
GRAPHS: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
_SUFFIXES: Final = {"txt": "table", "markdown": "md", "ndjson": "jsonl", "xml": "rdf"}
_BINARY: Final = ("xlsx", "parquet")
_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_BLOCK: Final = 64 * 1024
_WIDE: Final = 100_000  # columns of a table that no terminal has to fit


def answer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``-o``, ``--format`` and ``--labels``, the same on every command that answers with rows."""
    options: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
        click.option(
            "--labels/--no-labels", default=True, help="Labels beside, or in place of, IRIs.  [default: labels]"
        ),
        click.option("--format", "style", type=click.Choice([*TABLES, *GRAPHS]), help="The form of the answer."),
        click.option("-o", "output", type=_FILE, help="A file to write; its suffix is the form."),
    )
    for option in options:
        command = option(command)
    return command


def style_of(style: str | None, output: Path | None) -> str:
    """The form wanted: as ``--format`` says, else by the file's suffix, else a table.

    >>> style_of(None, Path("answer.csv")), style_of("json", Path("answer.csv")), style_of(None, None)
    ('csv', 'json', 'table')

    Raises:
        InputError: the suffix is none that we write.
    """
    if style or output is None:
        return style or "table"
    suffix = output.suffix.lower().removeprefix(".")
    suffix = _SUFFIXES.get(suffix, suffix)
    if suffix not in TABLES and suffix not in GRAPHS:
        known = ", ".join(f".{each}" for each in (*TABLES[1:], *GRAPHS))
        raise InputError(f"{output.name!r} has no suffix that names a form.", hint=f"Use one of {known}, or --format.")
    return suffix


def write(result: Answer | Graph, style: str, output: Path | None, *, labels: bool = True) -> None:
    """The answer where and how it is wanted.

    Raises:
        InputError: the answer has no such form, or is bytes that a terminal cannot show.
    """
    if isinstance(result, Graph):
        if style != "table" and style not in GRAPHS:
            raise InputError(
                f"The answer is a graph, which has no {style} form.", hint=f"Use one of {', '.join(GRAPHS)}."
            )
        send(result.text if result.text.endswith("\n") else result.text + "\n", output)
    elif style in GRAPHS:
        raise InputError(f"The answer is rows, which have no {style} form.", hint=f"Use one of {', '.join(TABLES)}.")
    elif style == "table":
        _show(result, output, labels=labels)
    elif style in _BINARY and output is None and sys.stdout.isatty():
        raise InputError(f"A terminal cannot show {style}.", hint=f"Name a file: -o answer.{style}")
    else:
        send(_written(result, style, labels=labels), output)


def send(content: str | bytes, output: Path | None) -> None:
    """Text or bytes to standard output, or whole into a file."""
    if output is None:
        out = sys.stdout if isinstance(content, str) else sys.stdout.buffer
        for start in range(0, len(content), _BLOCK):  # a reader that goes away is noticed between two blocks
            out.write(content[start : start + _BLOCK])  # type: ignore[arg-type]  # str or bytes, as was opened
        return
    data = content if isinstance(content, bytes) else content.encode()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
    except OSError as error:
        raise InputError(f"Cannot be written: {error.strerror}.", where=str(output)) from error
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        beside.chmod(0o666 & ~_mask())
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _written(answer: Answer, style: str, *, labels: bool) -> str | bytes:
    writers: dict[str, Callable[..., str | bytes]] = {
        "json": answer.to_json,
        "jsonl": answer.to_jsonl,
        "csv": answer.to_csv,
        "tsv": answer.to_tsv,
        "xlsx": answer.to_xlsx,
        "parquet": answer.to_parquet,
        "md": answer.to_markdown,
    }
    return writers[style](labels=labels)


def _show(answer: Answer, output: Path | None, *, labels: bool) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    numeric = {name for name in answer.columns if all(_is_number(row[name]) for row in answer.rows)}
    for name in answer.columns:
        table.add_column(name, justify="right" if name in numeric else "left", overflow="fold")
    for row in answer.rows:
        cells = [row.label(name) if labels else str("" if row[name] is None else row[name]) for name in answer.columns]
        table.add_row(*(Text(printable(cell)) for cell in cells))
    wide = output is not None or not sys.stdout.isatty()
    console = Console(file=sys.stdout, width=_WIDE if wide else None, highlight=False)
    if output is None:
        console.print(table)
    else:
        with console.capture() as shown:
            console.print(table)
        send(shown.get(), output)
    where = f" in release {answer.release}" if answer.release else ""
    notice = f". {answer.notice}" if answer.notice else ""
    rows = "1 row" if len(answer) == 1 else f"{len(answer)} rows"
    click.echo(f"{rows}{where}, {answer.milliseconds:.0f} ms{notice}", err=True)


def _is_number(value: object) -> bool:
    return value is None or (
        not isinstance(value, bool | str) and hasattr(value, "__add__") and not hasattr(value, "year")
    )
