"""Checking records before they are submitted: ``validate``, and the ``template`` to fill in."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from taxonomy.cli.options import State, pass_state
from taxonomy.cli.output import send
from taxonomy.errors import InputError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.store.releases import Home

if TYPE_CHECKING:
    from taxonomy.validation import Context

_REPORTS: Final = ("text", "json", "csv", "ttl")
_LEVELS: Final = ("must", "check", "could")


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(["workbook", "rdf"]), help="What the files are.  [default: by suffix]")
@click.option("--report", "style", type=click.Choice(_REPORTS), default="text", show_default=True, help="The form.")
@click.option("--level", type=click.Choice(_LEVELS), default="could", show_default=True, help="Only what is as grave.")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="A file for the report.")
@pass_state
@click.pass_context
def validate(
    ctx: click.Context,
    state: State,
    files: tuple[Path, ...],
    kind: str | None,
    style: str,
    level: str,
    output: Path | None,
) -> None:
    """Check records in workbooks or RDF files; nothing is kept or published. Exit 1 where something must be fixed.

    \b
    svssv validate records.xlsx
    svssv validate record.ttl --report json -o report.json
    """
    from taxonomy import validation
    from taxonomy.validation import report

    if len(files) > 1 and style != "text":
        raise InputError(f"One {style} report is about one file.", hint="Check them one by one.")
    known = context(state)
    conforms, texts = True, []
    for path in files:
        if not path.is_file():
            raise InputError("there is no such file.", where=str(path))
        found = validation.check(path, kind=kind, context=known)
        conforms = conforms and found.conforms
        asked = tuple(finding for finding in found.findings if _LEVELS.index(finding.level) <= _LEVELS.index(level))
        texts.append(report.FORMATS[style](replace(found, findings=asked)))
    send("\n".join(texts), output)
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


def context(state: State) -> Context:
    """What a record may name: the things of the release in service, where there is one."""
    from taxonomy.validation import Context

    if not (state.place / "home.json").exists() or Home.open(state.place).current() is None:
        return Context.bundled()
    with KnowledgeGraph.open(state.place) as kg:
        return Context.from_kg(kg)
