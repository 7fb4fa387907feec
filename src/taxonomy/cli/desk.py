"""The desk: ``submit``, ``publish``, ``withdraw`` and ``history``.

Whoever acts says so with ``--by NAME`` and shows it with the token in ``SVSSV_TOKEN``.
"""

from __future__ import annotations

from pathlib import Path

import click

from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import State as Shell
from taxonomy.cli.options import pass_state
from taxonomy.cli.people import acting
from taxonomy.cli.releasing import bar, say_built
from taxonomy.cli.submissions import by_option, listed, number_argument, opened, reason_option
from taxonomy.publishing.purging import Purged
from taxonomy.validation.report_text import to_text


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
    with opened(shell) as desk:
        receipt = desk.submit(file, acting(desk.ledger, name))
    if receipt.report.findings:
        click.echo(to_text(receipt.report), err=receipt.submission is not None)
    if receipt.submission is None:
        click.echo(f"{file.name} does not conform, and was not submitted.", err=True)
        ctx.exit(1)
    show_table(listed([receipt.submission]))
    click.echo(f"A steward can now look at it: svssv review show {receipt.submission.id}", err=True)


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
    with opened(shell) as desk:
        person = acting(desk.ledger, name)
        with bar() as progress:
            manifest = desk.publish(numbers, person, note=note, progress=progress)
        published = [desk.show(number) for number in numbers]
    show_table(listed(published))
    say_built(manifest)


@click.command()
@click.argument("numbers", metavar="ID...", type=click.IntRange(1), nargs=-1, required=True)
@by_option
@reason_option("Why, for the history.")
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
    with opened(shell) as desk:
        person = acting(desk.ledger, name)
        with bar() as progress:
            if urgent:
                done = desk.purge(numbers, person, reason, instead=instead, progress=progress)
            else:
                manifest = desk.withdraw(numbers, person, reason, note=note, progress=progress)
        withdrawn = [desk.show(number) for number in (done.erased if urgent else numbers)]
    show_table(listed(withdrawn))
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
    with opened(shell) as desk:
        decisions = desk.history(number)
    if style == "json":
        show_json(decisions)
        return
    show_table(
        [("what", "who", "when", "why"), *((entry.what, entry.who, entry.when, entry.why) for entry in decisions)]
    )
