"""The ways through an area: ``pathways``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from taxonomy.analysis.person import GENDERS, PLACES
from taxonomy.cli.options import State, endpoint_option, pass_state, release_option
from taxonomy.cli.output import answer_options, style_of, write
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.writing import printable
from taxonomy.store.numbers import ReleaseNumber

_YES_NO = click.Choice(["yes", "no"])


@click.command()
@click.argument("area")
@click.option("--from", "starts", multiple=True, metavar="X", help="Where the person begins; may be repeated.")
@click.option("--to", "end", metavar="Y", default="", help="Where they want to get to: the routes, shortest first.")
@click.option("--age", type=int, metavar="N", help="Completed years.")
@click.option("--gender", type=click.Choice(list(GENDERS)), help="As a rule about gender would take it.")
@click.option("--reported", type=_YES_NO, help="Whether they have reported to the police.")
@click.option("--recent", type=_YES_NO, help="Whether the harm was recent.")
@click.option("--lives", type=click.Choice(list(PLACES)), help="Whether they live in the area.")
@click.option("--harmed", type=click.Choice(list(PLACES)), help="Whether it happened in the area.")
@click.option("--relation", metavar="TERM", help="How they stand to the harm, such as carer.")
@click.option("--harm", multiple=True, metavar="TERM", help="What they have experienced; may be repeated.")
@click.option("--community", multiple=True, metavar="TERM", help="A community they belong to; may be repeated.")
@click.option("--circumstance", multiple=True, metavar="TERM", help="A circumstance of theirs; may be repeated.")
@click.option("--need", multiple=True, metavar="TERM", help="What they need support with; may be repeated.")
@click.option("--as-at", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only what is in force then.")
@release_option
@endpoint_option
@answer_options
@pass_state
def pathways(
    state: State,
    /,
    area: str,
    starts: tuple[str, ...],
    end: str,
    day: datetime | None,
    number: ReleaseNumber | None,
    endpoint: str | None,
    style: str | None,
    output: Path | None,
    labels: bool,
    **said: Any,
) -> None:
    """Say which ways lead through AREA; for a person, which are open to them, and why the others are not.

    \b
    svssv pathways E23000036
    svssv pathways "Avon and Somerset" --from police
    svssv pathways E23000036 --from self --age 15 --reported no
    svssv pathways E23000036 --from sarcs-england --to sexual-violence-counselling-england -o routes.csv

    What is not said of the person is not known. Ends with 1 where no way is found that is open, or may be.
    """
    wanted = style_of(style, output)
    with KnowledgeGraph.open(state.place, release=number, endpoint=endpoint) as kg:
        as_at = day.date() if day else None
        ways = kg.pathways(area, start=starts, end=end, as_at=as_at, **said)
    write(ways, wanted, output, labels=labels)
    summary = ways.reach.summary if ways.reach.asked else ways.summary
    click.echo(printable(summary), err=True)
    if not ways.found:
        click.echo("No way is found that is open, or may be.", err=True)
        click.get_current_context().exit(1)
