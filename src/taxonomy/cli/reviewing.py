"""``svssv review``: what was submitted, and what is decided on it.

Whoever decides says so with ``--by NAME`` and shows it with the token in ``SVSSV_TOKEN``.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial

import click

from taxonomy.cli.context import context
from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import Group, pass_state
from taxonomy.cli.options import State as Shell
from taxonomy.cli.output import send
from taxonomy.cli.people import acting
from taxonomy.cli.proposals import accept, leave, match, proposals, undo
from taxonomy.cli.submissions import by_option, listed, number_argument, opened, reason_option
from taxonomy.publishing.ledger import State
from taxonomy.publishing.rechecking import Rechecking
from taxonomy.publishing.waivers import Waivers
from taxonomy.values import Iri


@click.group(cls=Group)
def review() -> None:
    """Look at what was submitted, and approve or return it.

    \b
    svssv review list
    """


@review.command("list")
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in State]),
    multiple=True,
    help="Only these; may be repeated.",
)
@form_option
@pass_state
def list_(shell: Shell, states: tuple[str, ...], style: str) -> None:
    """List submissions in the order they came.

    \b
    svssv review list --state submitted
    """
    with opened(shell) as desk:
        found = desk.list(*map(State, states))
    if style == "json":
        show_json(found)
        return
    show_table(listed(found))
    click.echo("1 submission" if len(found) == 1 else f"{len(found)} submissions", err=True)


@review.command()
@number_argument
@click.option("--record", is_flag=True, help="Print the record itself, as N-Triples.")
@form_option
@pass_state
def show(shell: Shell, number: int, record: bool, style: str) -> None:
    """Show one submission: whose it is, what its check found, or the record itself.

    \b
    svssv review show 1 --record
    """
    with opened(shell) as desk:
        found = desk.show(number)
        content = desk.ledger.content(number) if record else b""
    if record:
        send(content.decode(), None)
    elif style == "json":
        show_json(found)
    else:
        facts = [(name, value) for name, value in asdict(found).items() if name != "report"]
        doubts = [(each["level"], f"{each['name']}: {each['message']}") for each in found.report.get("findings", ())]
        checked = [("check", found.report["verdict"])] if found.report else []
        show_table([("what", "value"), *facts, *checked, *doubts])


@review.command()
@number_argument
@by_option
@reason_option("Why, for the history.", required=False)
@pass_state
def approve(shell: Shell, number: int, name: str, reason: str) -> None:
    """Agree that a submission may become public. It takes a steward who did not submit it.

    \b
    SVSSV_TOKEN=… svssv review approve 1 --by sam --reason "Checked with the provider"
    """
    with opened(shell) as desk:
        desk.approve(number, acting(desk.ledger, name), reason)
    click.echo(f"Approved {number}. Make it public: svssv publish {number} --by NAME", err=True)


@review.command("return")
@number_argument
@by_option
@reason_option("What to mend.")
@pass_state
def return_(shell: Shell, number: int, name: str, reason: str) -> None:
    """Send a submission back, saying what to mend.

    \b
    SVSSV_TOKEN=… svssv review return 1 --by sam --reason "The contract has ended"
    """
    with opened(shell) as desk:
        desk.return_(number, acting(desk.ledger, name), reason)
    click.echo(f"Returned {number}.", err=True)


@review.command()
@number_argument
@by_option
@click.option(
    "--until",
    required=True,
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which it is to be decided on again, within a year.",
)
@reason_option("Why it may stay.")
@pass_state
def keep(shell: Shell, number: int, name: str, until: datetime, reason: str) -> None:
    """Keep a public record that no longer conforms as it is, until a day. Recheck lists what no longer conforms.

    \b
    SVSSV_TOKEN=… svssv review keep 1 --until 2027-03-01 --by sam --reason "The new rule starts in April"
    """
    with opened(shell) as desk:
        Waivers(desk.ledger).keep(number, acting(desk.ledger, name), until.date(), reason)
    click.echo(f"Kept {number} as it is until {until:%Y-%m-%d}.", err=True)


@review.command()
@number_argument
@by_option
@reason_option("What to mend; the organisation reads it.")
@pass_state
def ask(shell: Shell, number: int, name: str, reason: str) -> None:
    """Ask for a mended version of a public record that no longer conforms. What is public stays meanwhile.

    \b
    SVSSV_TOKEN=… svssv review ask 1 --by sam --reason "Say for which ages it is"
    """
    with opened(shell) as desk:
        Waivers(desk.ledger).ask(number, acting(desk.ledger, name), reason)
    click.echo(f"Asked for a mended version of {number}; it stays public as it is.", err=True)


@review.command()
@form_option
@pass_state
def recheck(shell: Shell, style: str) -> None:
    """Check all that is approved or published again, by the rules as they are now, and list what no longer conforms.

    Nothing is changed by it: a record stays as it was published until a steward decides (keep, ask, return, withdraw).

    \b
    svssv review recheck
    """
    with opened(shell) as desk:
        count = Rechecking(desk.ledger).refresh(partial(context, shell), every=True)
        failing = Waivers(desk.ledger).list()
    if style == "json":
        show_json(failing)
        return
    rows = [
        (
            each.submission.id,
            each.submission.state,
            Iri(each.submission.owner).slug,
            found["name"],
            found["message"],
            each.decided.what if each.decided else "nothing",
        )
        for each in failing
        for found in each.findings
    ]
    show_table([("id", "state", "record of", "about", "what is wrong", "decided"), *rows])
    undecided = sum(each.decided is None for each in failing)
    click.echo(f"{count} checked; {len(failing)} no longer conform, {undecided} to be decided on.", err=True)


for each in (proposals, match, accept, leave, undo):
    review.add_command(each)
