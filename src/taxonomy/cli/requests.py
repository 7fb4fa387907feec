"""``requests``: what people ask about something that is public, each with its clock."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import Group, pass_state
from taxonomy.cli.options import State as Shell
from taxonomy.cli.people import acting
from taxonomy.cli.submissions import by_option
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.requests import Kind, Outcome, Requests
from taxonomy.store.releases import Home


@click.group(cls=Group)
def requests() -> None:
    """Keep what people ask to have corrected, erased or answered, and by when. Who asked is not kept.

    \b
    svssv requests list --open
    """


@requests.command()
@click.argument("kind", type=click.Choice([each.value for each in Kind]))
@click.argument("about", metavar="IRI")
@click.option("--received", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it arrived.  [default: today]")
@by_option
@pass_state
def add(shell: Shell, kind: str, about: str, received: datetime | None, name: str) -> None:
    """Write down a request of a KIND about the thing with an IRI. It is due in one month.

    \b
    SVSSV_TOKEN=… svssv requests add correction https://w3id.org/svssv/id/service/made-up --by sam
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        day = received.date() if received else None
        kept = Requests(ledger).add(Kind(kind), about, acting(ledger, name), received=day)
    click.echo(f"Request {kept.id} is due on {kept.due}.", err=True)
    if kept.kind is Kind.ERASURE:
        click.echo("An address that can put somebody in danger does not wait: svssv withdraw ID --urgent", err=True)


@requests.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that wait for an answer, the most pressing first.")
@form_option
@pass_state
def list_(shell: Shell, only_open: bool, style: str) -> None:
    """List requests, with the day by which each is due.

    \b
    svssv requests list --open
    """
    today = datetime.now(UTC).date()
    with Ledger.of(Home.open(shell.place)) as ledger:
        kept = Requests(ledger)
        found = kept.open() if only_open else kept.list()
    if style == "json":
        show_json(found)
        return
    rows = [
        (
            each.id,
            each.kind,
            each.about,
            each.received,
            each.due,
            each.outcome or ("LATE" if each.late(today) else "open"),
        )
        for each in found
    ]
    show_table([("id", "kind", "about", "received", "due", "state"), *rows])


@requests.command()
@click.argument("number", metavar="ID", type=click.IntRange(1))
@click.argument("outcome", type=click.Choice([each.value for each in Outcome]))
@by_option
@pass_state
def close(shell: Shell, number: int, outcome: str, name: str) -> None:
    """Write down how a request ended, today.

    \b
    SVSSV_TOKEN=… svssv requests close 1 corrected --by sam
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        Requests(ledger).close(number, Outcome(outcome), acting(ledger, name))
    click.echo(f"Request {number} is closed: {outcome}.", err=True)
