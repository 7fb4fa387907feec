"""Checking records before they are submitted: ``validate``, and the ``template`` to fill in."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from taxonomy.cli.context import context
from taxonomy.cli.options import State, pass_state
from taxonomy.cli.output import send
from taxonomy.cli.releasing import bar
from taxonomy.errors import InputError
from taxonomy.settings import Bounds

if TYPE_CHECKING:
    from taxonomy.validation import Report
    from taxonomy.validation.rules import Level

ENGINES: Final = ("auto", "pyshacl-turbo", "pyshacl")  # those of ``taxonomy.validation.engines``
KINDS: Final = (
    "workbook",
    "csv",
    "rdf",
    "oruk",
    "360giving",
    "ocds",
)  # those of ``taxonomy.intake``, which is imported only to check
_REPORTS: Final = ("text", "html", "json", "csv", "ttl", "xlsx")
_SUFFIXES: Final[Mapping[str, str]] = {"txt": "text", "htm": "html"}
_LEVELS: Final[tuple[Level, ...]] = ("must", "check", "could")
_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_MEMORY: Final = 4 * 2**30  # bytes that reading a file may take; a spreadsheet of a few kilobytes can ask for far more


def bounds_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a file may hold and take: on one's own machine more than the site allows."""
    options: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
        click.option(
            "--most-megabytes",
            type=click.FloatRange(min=0, min_open=True),
            default=200,
            show_default=True,
            help="The largest file that is read.",
        ),
        click.option(
            "--most-records",
            type=click.IntRange(1),
            default=100_000,
            show_default=True,
            help="The most organisations in one file.",
        ),
        click.option(
            "--seconds",
            type=click.FloatRange(min=0, min_open=True),
            help="The longest time that reading a file may take.  [default: no limit]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(KINDS), help="What the files are.  [default: told from each file]")
@click.option(
    "--report", "style", type=click.Choice(_REPORTS), help="The form.  [default: by the suffix of -o, or text]"
)
@click.option("--annotate", type=_FILE, metavar="OUT", help="Your file with comments; for CSV, a second CSV.")
@click.option("--against", type=_FILE, metavar="REPORT", help="An earlier report (JSON, or OUT): says what changed.")
@click.option(
    "--map",
    "told",
    multiple=True,
    metavar="HEADING=FIELD",
    help="Read a heading (or the cell that it stands in) as this field; without a field, not at all. May be repeated.",
)
@click.option("--level", type=click.Choice(_LEVELS), default="could", show_default=True, help="Only what is as grave.")
@click.option("-o", "output", type=_FILE, help="A file for the report; its suffix is the form.")
@click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="What runs the rules.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes.  [default: as many as are worth it]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose cluster checks many records.")
@bounds_options
@pass_state
@click.pass_context
def validate(
    ctx: click.Context,
    state: State,
    files: tuple[Path, ...],
    kind: str | None,
    style: str | None,
    annotate: Path | None,
    against: Path | None,
    told: tuple[str, ...],
    level: Level,
    output: Path | None,
    engine: str,
    jobs: int | None,
    scheduler: str | None,
    most_megabytes: float,
    most_records: int,
    seconds: float | None,
) -> None:
    """Check records in workbooks, CSV, RDF or JSON; nothing is kept or published. Exit 1 where something must be fixed.

    \b
    svssv validate records.xlsx
    svssv validate records.xlsx --annotate mend-these.xlsx
    svssv validate record.ttl -o report.html
    """
    from taxonomy import validation
    from taxonomy.validation import report

    style = style_of(style, output)
    _one_only(files, style, annotate, against)
    known, mapping = context(state), mapping_of(told)
    bounds = Bounds(
        bytes=int(most_megabytes * 2**20),
        records=most_records,
        rows=max(Bounds().rows, 10 * most_records),  # an organisation may have several services
        seconds=seconds,
        memory=_MEMORY,
        answer=None,
    )
    conforms, written = True, []
    for path in files:
        if not path.is_file():
            raise InputError("there is no such file.", where=str(path))
        with bar(f"Checking {path.name}") as shown:
            found = validation.check(
                path,
                kind=kind,
                context=known,
                bounds=bounds,
                mapping=mapping,
                against=against,
                engine=engine,
                jobs=jobs,
                scheduler=scheduler,
                progress=shown and partial(shown, f"Checking {path.name}"),
            )
        conforms = conforms and found.conforms
        if annotate:
            _annotate(path, found, annotate, bounds)
        written.append(report.FORMATS[style](_only(found, level)))
    _send(written, style, output)
    ctx.exit(0 if conforms else 1)


@click.command()
@click.option(
    "-o",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("records.xlsx"),
    show_default=True,
    help="The workbook to write.",
)
def template(output: Path) -> None:
    """Write the workbook that providers fill in; its sheets and columns come from the rules for records.

    \b
    svssv template -o records.xlsx
    """
    from taxonomy.intake import template as workbook

    if output.suffix.lower() != ".xlsx":
        raise InputError(f"{output.name!r} is not the name of a workbook.", hint="It ends in .xlsx.")
    written = io.BytesIO()
    workbook.write(written)
    send(written.getvalue(), output)
    click.echo(f"{output} is written. Fill it in, then check it with: svssv validate {output}", err=True)


def style_of(style: str | None, output: Path | None) -> str:
    """The form of the report: as ``--report`` says, else by the file's suffix, else text.

    >>> style_of(None, Path("report.html")), style_of("csv", Path("report.html")), style_of(None, None)
    ('html', 'csv', 'text')

    Raises:
        InputError: the suffix is none that we write.
    """
    if style or output is None:
        return style or "text"
    suffix = output.suffix.lower().removeprefix(".")
    named = _SUFFIXES.get(suffix, suffix)
    if named not in _REPORTS:
        known = ", ".join(f".{each}" for each in (*_REPORTS[1:], "txt"))
        raise InputError(f"{output.name!r} has no suffix that names a form.", hint=f"Use one of {known}, or --report.")
    return named


def mapping_of(told: tuple[str, ...]) -> Mapping[str, str]:
    """What ``--map`` says: each heading, with the field that it is to be read as.

    >>> mapping_of(("Youngest=Age from", "Notes="))
    {'Youngest': 'Age from', 'Notes': ''}

    Raises:
        InputError: one has no equals sign.
    """
    pairs = [each.rpartition("=") for each in told]
    for heading, sign, rest in pairs:
        if not sign or not heading.strip():
            raise InputError(
                f"{rest!r} does not say which heading is which field.", where="--map", hint="Write HEADING=FIELD."
            )
    return {heading.strip(): field.strip() for heading, _, field in pairs}


def _one_only(files: tuple[Path, ...], style: str, *about_one: Path | None) -> None:
    if len(files) > 1 and (style != "text" or any(about_one)):
        words = f"One {style} report is" if style != "text" else "--annotate and --against are"
        raise InputError(f"{words} about one file.", hint="Check them one by one.")


def _only(found: Report, level: Level) -> Report:
    """The report with what is as grave as a level, or graver."""
    kept = {
        number: new
        for new, number in enumerate(
            number
            for number, finding in enumerate(found.findings)
            if _LEVELS.index(finding.level) <= _LEVELS.index(level)
        )
    }
    said = found.difference
    if said:
        said = replace(said, new=tuple(kept[number] for number in said.new if number in kept))
    return replace(
        found,
        findings=tuple(found.findings[number] for number in kept),
        difference=said,
        left_out=_LEVELS[_LEVELS.index(level) + 1 :],
    )


def _annotate(path: Path, found: Report, output: Path, bounds: Bounds) -> None:
    from taxonomy.validation import annotate

    suffix = annotate.suffix_of(found)
    if output.suffix.lower() != f".{suffix}":
        raise InputError(f"{output.name!r} should end in .{suffix}: that is what is written.", where="--annotate")
    if output.exists() and output.samefile(path):
        raise InputError("it would take the place of your own file.", where=str(output), hint="Name another file.")
    send(annotate.given_back(path.read_bytes(), found, bounds=bounds), output)
    click.echo(f"{output} is written: a copy of {path.name} with what was found.", err=True)


def _send(written: list[str | bytes], style: str, output: Path | None) -> None:
    [first, *_] = written
    if isinstance(first, bytes):
        if output is None and sys.stdout.isatty():
            raise InputError(f"A terminal cannot show {style}.", hint=f"Name a file: -o report.{style}")
        send(first, output)
    else:
        send("\n".join(each for each in written if isinstance(each, str)), output)
