"""The money of an area: ``funding``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from taxonomy.analysis.accounts import Accounts
from taxonomy.analysis.subtotals import Dimension
from taxonomy.analysis.timeline import MONTHS
from taxonomy.analysis.withdrawal import After, Supposition
from taxonomy.cli.options import State, endpoint_option, pass_state, release_option
from taxonomy.cli.output import answer_options, style_of, write
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.store.numbers import ReleaseNumber

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("area")
@click.option("--by", type=click.Choice([str(each) for each in Dimension]), help="Sums, by this.")
@click.option("--timeline", is_flag=True, help="When agreements start and end.")
@click.option("--ending-within", "months", type=click.IntRange(1, 1200), metavar="MONTHS", help="What ends so soon.")
@click.option("--on", type=_DAY, metavar="DATE", help="The day to look ahead from.  [default: today]")
@click.option("--dependence", type=click.Choice(["service", "recipient"]), help="How much of each hangs on one funder.")
@click.option("--without", metavar="FUNDER", help="What would be lost without a funder or an agreement.")
@click.option("--after", type=_DAY, metavar="DATE", help="What would be lost after this day.")
@click.option("--steps", is_flag=True, help="With --without or --after: the steps of pathways, and for whom.")
@click.option("--as-at", "day", type=_DAY, metavar="DATE", help="Only what may be in force on this day.")
@release_option
@endpoint_option
@answer_options
@pass_state
def funding(
    state: State,
    area: str,
    by: str | None,
    timeline: bool,
    months: int | None,
    on: datetime | None,
    dependence: str | None,
    without: str | None,
    after: datetime | None,
    steps: bool,
    day: datetime | None,
    number: ReleaseNumber | None,
    endpoint: str | None,
    style: str | None,
    output: Path | None,
    labels: bool,
) -> None:
    """Show who pays for the services of AREA: every share, or one of the tables that the options name.

    Ends with 1 where nothing is recorded: not known, which is not the same as none.

    \b
    svssv funding E23000036
    svssv funding E23000036 --by funder -o sums.xlsx
    svssv funding E23000036 --ending-within 12 --on 2018-03-12
    svssv funding E23000036 --without organisation/opcc-avon-and-somerset
    """
    wanted = style_of(style, output)
    if sum(map(bool, (by, timeline, months or on, dependence, without, after))) > 1:
        raise click.UsageError("These are different tables: ask for one at a time.")
    if steps and not (without or after):
        raise click.UsageError("--steps goes with --without or --after.")
    with KnowledgeGraph.open(state.place, release=number, endpoint=endpoint) as kg:
        money = kg.funding(area, as_at=day.date() if day else None)
        supposed = _supposed(kg, money, without, after)
        if supposed:
            answer = money.steps(supposed, kg.pathway(area)) if steps else money.without(supposed)
        elif by:
            answer = money.totals(by)
        elif timeline:
            answer = money.timeline
        elif months or on:
            answer = money.ending((on or datetime.now(UTC)).date(), months or MONTHS[-1])
        else:
            answer = money.dependence(dependence) if dependence else money.shares
    write(answer, wanted, output, labels=labels)
    click.echo(money.summary, err=True)
    if not answer.rows and (months or on) and (back := money.looking_back(months or MONTHS[-1])):
        click.echo(f"Nothing recorded ends then. Something did after the day of a source: --on {back}", err=True)
    if not answer.rows:
        raise click.exceptions.Exit(1)


def _supposed(kg: KnowledgeGraph, money: Accounts, thing: str | None, after: datetime | None) -> Supposition | None:
    if thing:
        return money.supposed(kg.thing(thing))
    return After(day=after.date()) if after else None
