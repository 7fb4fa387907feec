"""Coverage: ``coverage``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from taxonomy.analysis.cells import By
from taxonomy.cli.options import State, endpoint_option, pass_state, release_option
from taxonomy.cli.output import answer_options, style_of, write
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.store.numbers import ReleaseNumber

_BY = click.Choice([by.value for by in By])


@click.command()
@click.argument("areas", nargs=-1, required=True, metavar="AREA…")
@click.option("--by", type=_BY, default=By.SERVICE_TYPE.value, show_default=True, help="What is looked for.")
@click.option("--across", type=_BY, help="Groups of people in one area as columns, in place of areas.")
@click.option("--parts", is_flag=True, help="The parts of each area as columns too, as the page has them.")
@click.option(
    "--as-at", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only what may hold on this day."
)
@release_option
@endpoint_option
@answer_options
@pass_state
def coverage(
    state: State,
    areas: tuple[str, ...],
    by: str,
    across: str | None,
    parts: bool,
    day: datetime | None,
    number: ReleaseNumber | None,
    endpoint: str | None,
    style: str | None,
    output: Path | None,
    labels: bool,
) -> None:
    """Say for each AREA what is recorded, looked for and not found, not applicable or not known.

    \b
    svssv coverage E23000036
    svssv coverage E23000036 --parts --by need -o gaps.xlsx
    svssv coverage "Avon and Somerset" E10000018 --by community --as-at 2018-03-12
    """
    wanted = style_of(style, output)
    as_at: date | None = day.date() if day else None
    with KnowledgeGraph.open(state.place, release=number, endpoint=endpoint) as kg:
        found = kg.coverage(areas, by=by, across=across, parts=parts, as_at=as_at)
    write(found.answer, wanted, output, labels=labels)
    click.echo(found.summary, err=True)
