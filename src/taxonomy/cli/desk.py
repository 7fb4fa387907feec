"""The desk: ``submit``, ``review``, ``publish``, ``withdraw`` and ``history``.

Whoever acts says so with ``--by NAME`` and shows it with the token in ``SVSSV_TOKEN``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from taxonomy.cli.context import context
from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import Group, pass_state
from taxonomy.cli.options import State as Shell
from taxonomy.cli.output import send
from taxonomy.cli.people import TOKEN, acting
from taxonomy.cli.proposals import accept, leave, match, proposals, undo
from taxonomy.cli.releasing import bar, say_built
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import State, Submission
from taxonomy.publishing.purging import Purged
from taxonomy.publishing.rechecking import Rechecking
from taxonomy.publishing.waivers import Waivers
from taxonomy.store.releases import Home
from taxonomy.validation.report_text import to_text
from taxonomy.values import Iri

by_option = click.option("--by", "name", required=True, metavar="NAME", help=f"Who acts; the token is in {TOKEN}.")
number_argument = click.argument("number", metavar="ID", type=click.IntRange(1))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@pass_state
@click.pass_context
def submit(ctx: click.Context, shell: Shell, file: Path, name: str) -> None:
    """Check FILE and hand it in, for another person to approve. A record that does not conform is not kept.

    \b
    SVSSV_TOKEN=… svssv submit records.xlsx --by robin
    """
    with _desk(shell) as desk:
        receipt = desk.submit(file, acting(desk.ledger, name))
    if receipt.report.findings:
        click.echo(to_text(receipt.report), err=receipt.submission is not None)
    if receipt.submission is None:
        click.echo(f"{file.name} does not conform, and was not submitted.", err=True)
        ctx.exit(1)
    show_table(_listed([receipt.submission]))
    click.echo(f"A steward can now look at it: svssv review show {receipt.submission.id}", err=True)


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
    with _desk(shell) as desk:
        found = desk.list(*map(State, states))
    if style == "json":
        show_json(found)
        return
    show_table(_listed(found))
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
    with _desk(shell) as desk:
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
@click.option("--reason", default="", metavar="TEXT", help="Why, for the history.")
@pass_state
def approve(shell: Shell, number: int, name: str, reason: str) -> None:
    """Agree that a submission may become public. It takes a steward who did not submit it.

    \b
    SVSSV_TOKEN=… svssv review approve 1 --by sam --reason "Checked with the provider"
    """
    with _desk(shell) as desk:
        desk.approve(number, acting(desk.ledger, name), reason)
    click.echo(f"Approved {number}. Make it public: svssv publish {number} --by NAME", err=True)


@review.command("return")
@number_argument
@by_option
@click.option("--reason", required=True, metavar="TEXT", help="What to mend.")
@pass_state
def return_(shell: Shell, number: int, name: str, reason: str) -> None:
    """Send a submission back, saying what to mend.

    \b
    SVSSV_TOKEN=… svssv review return 1 --by sam --reason "The contract has ended"
    """
    with _desk(shell) as desk:
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
@click.option("--reason", required=True, metavar="TEXT", help="Why it may stay.")
@pass_state
def keep(shell: Shell, number: int, name: str, until: datetime, reason: str) -> None:
    """Keep a public record that no longer conforms as it is, until a day. Recheck lists what no longer conforms.

    \b
    SVSSV_TOKEN=… svssv review keep 1 --until 2027-03-01 --by sam --reason "The new rule starts in April"
    """
    with _desk(shell) as desk:
        Waivers(desk.ledger).keep(number, acting(desk.ledger, name), until.date(), reason)
    click.echo(f"Kept {number} as it is until {until:%Y-%m-%d}.", err=True)


@review.command()
@number_argument
@by_option
@click.option("--reason", required=True, metavar="TEXT", help="What to mend; the organisation reads it.")
@pass_state
def ask(shell: Shell, number: int, name: str, reason: str) -> None:
    """Ask for a mended version of a public record that no longer conforms. What is public stays meanwhile.

    \b
    SVSSV_TOKEN=… svssv review ask 1 --by sam --reason "Say for which ages it is"
    """
    with _desk(shell) as desk:
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
    with _desk(shell) as desk:
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


@click.command()
@click.argument("numbers", metavar="ID...", type=click.IntRange(1), nargs=-1, required=True)
@by_option
@click.option("--note", default="", metavar="TEXT", help="A note for the list of releases.")
@pass_state
def publish(shell: Shell, numbers: tuple[int, ...], name: str, note: str) -> None:
    """Build the next release with approved submissions in it, beside all that is public already.

    \b
    SVSSV_TOKEN=… svssv publish 1 --by sam --note "The first record"
    """
    with _desk(shell) as desk:
        person = acting(desk.ledger, name)
        with bar() as progress:
            manifest = desk.publish(numbers, person, note=note, progress=progress)
        published = [desk.show(number) for number in numbers]
    show_table(_listed(published))
    say_built(manifest)


@click.command()
@click.argument("numbers", metavar="ID...", type=click.IntRange(1), nargs=-1, required=True)
@by_option
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the history.")
@click.option("--note", default="", metavar="TEXT", help="A note for the list of releases.")
@click.option("--urgent", is_flag=True, help="Out of every release, at once and for good; what it said is destroyed.")
@click.option(
    "--instead",
    type=click.IntRange(1),
    metavar="ID",
    help="With --urgent: an approved version of the same record that is published right after.",
)
@pass_state
def withdraw(
    shell: Shell, numbers: tuple[int, ...], name: str, reason: str, note: str, urgent: bool, instead: int | None
) -> None:
    """Build the next release without records that are public now. Earlier releases keep what they said.

    With --urgent, every public version of these records is in no answer from this moment on. Then each release that
    held one is made anew without it, and destroyed. It cannot be undone.

    \b
    svssv withdraw 1 --by sam --reason "The service has closed"
    svssv withdraw 1 --urgent --by sam --reason "Asked for by telephone, 30 November"
    """
    if urgent and note:
        raise click.UsageError("--note is for the next release, and --urgent makes none.")
    if instead is not None and not urgent:
        raise click.UsageError("--instead goes with --urgent. Without it, publish the mended version.")
    with _desk(shell) as desk:
        person = acting(desk.ledger, name)
        with bar() as progress:
            if urgent:
                done = desk.purge(numbers, person, reason, instead=instead, progress=progress)
            else:
                manifest = desk.withdraw(numbers, person, reason, note=note, progress=progress)
        withdrawn = [desk.show(number) for number in (done.erased if urgent else numbers)]
    show_table(_listed(withdrawn))
    if urgent:
        _say_purged(done, instead)
    else:
        say_built(manifest)


def _say_purged(done: Purged, instead: int | None) -> None:
    """Say what an urgent withdrawal did, and what is left for people to do, on standard error."""
    for old, new in done.replaced.items():
        click.echo(f"Release {old} is destroyed; release {new} stands in its place, without it.", err=True)
    if instead is not None:
        click.echo(f"Submission {instead} is published instead.", err=True)
    if done.kept:
        others = ", ".join(map(str, done.kept))
        click.echo(f"The ledger still holds versions of it that were never public: {others}.", err=True)
    click.echo(
        "Still to do by hand: save the home anew and destroy older backups (svssv backup); push again to SPARQL "
        "servers that were given a release (svssv push); empty the caches of proxies. Copies that others took cannot "
        "be called back. If the register has an entry for it, the next release shows that again: svssv release build",
        err=True,
    )


@click.command()
@number_argument
@form_option
@pass_state
def history(shell: Shell, number: int, style: str) -> None:
    """Show what was done with a submission: by whom, when and why.

    \b
    svssv history 1
    """
    with _desk(shell) as desk:
        decisions = desk.history(number)
    if style == "json":
        show_json(decisions)
        return
    show_table(
        [("what", "who", "when", "why"), *((entry.what, entry.who, entry.when, entry.why) for entry in decisions)]
    )


@contextmanager
def _desk(shell: Shell) -> Iterator[Desk]:
    with Desk(Home.open(shell.place), context=partial(context, shell)) as desk:
        yield desk


def _listed(submissions: Sequence[Submission]) -> list[tuple[object, ...]]:
    rows = [
        (each.id, each.state, Iri(each.owner).slug, each.submitted_by, each.submitted, each.file_name)
        for each in submissions
    ]
    return [("id", "state", "record of", "submitted by", "when", "file"), *rows]
