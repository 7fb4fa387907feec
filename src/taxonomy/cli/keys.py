"""``keys``: the pair that seals what is for the steward alone; ``restricted``: reading it, which is written down."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import Group, pass_state
from taxonomy.cli.options import State as Shell
from taxonomy.cli.output import send
from taxonomy.cli.people import acting
from taxonomy.cli.releasing import bar
from taxonomy.cli.submissions import by_option, number_argument
from taxonomy.publishing import restricted as sealed
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.restricted import Restricted
from taxonomy.store.releases import Home

_LOST: Final = "Keep a copy in another place: where it is lost, what was sealed is lost with it."

out_option = click.option(
    "--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the private key goes."
)


@click.group(cls=Group)
def keys() -> None:
    """Look after the keys that seal what is for the steward alone.

    \b
    svssv keys make --out /root/svssv-restricted.key
    """


@keys.command()
@out_option
@pass_state
def make(shell: Shell, out: Path) -> None:
    """Make the keys: the private one in a file outside the home, the public one in the home.

    \b
    svssv keys make --out /root/svssv-restricted.key
    """
    seal = sealed.make(Home.open(shell.place), out)
    click.echo(f"The private key {seal.name} is in {out}. {_LOST}", err=True)
    click.echo(f"Give it to the desk, and to nothing else: {sealed.SETTING}={out}", err=True)


@keys.command()
@out_option
@pass_state
def rotate(shell: Shell, out: Path) -> None:
    """Seal everything anew for a new key. It takes the old one; where it was interrupted, run it again.

    \b
    SVSSV_RESTRICTED_KEY_FILE=old.key svssv keys rotate --out new.key
    """
    home = Home.open(shell.place)
    with Ledger.of(home) as ledger, bar("Sealing anew") as shown:
        told = (lambda done, all_: shown("Sealing anew", done, all_)) if shown else None
        count = sealed.rotate(home, ledger, sealed.key(), out, progress=told)
    click.echo(f"{count} boxes are sealed for the new key in {out}. {_LOST}", err=True)
    click.echo(f"Start the desk again with {sealed.SETTING}={out}. Old backups still need the old key.", err=True)


@click.group(cls=Group)
def restricted() -> None:
    """Read what providers told the steward alone. Each reading is written down.

    \b
    svssv restricted openings 1
    """


@restricted.command()
@number_argument
@by_option
@click.option(
    "--file",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the file as it came there, in place of a list.",
)
@form_option
@pass_state
def show(shell: Shell, number: int, name: str, file: Path | None, style: str) -> None:
    """Show what came with a submission for the steward alone. It takes a steward and the private key.

    \b
    SVSSV_TOKEN=… SVSSV_RESTRICTED_KEY_FILE=… svssv restricted show 1 --by sam
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        held, person = Restricted(ledger, sealed.key()), acting(ledger, name)
        if file:
            send(held.file(number, person), file)
            return
        facts = held.facts(number, person)
    if style == "json":
        show_json(facts)
        return
    show_table([("about", "kind", "only for the steward"), *((each.about, each.kind, each.text) for each in facts)])
    click.echo("That you read this is written down.", err=True)


@restricted.command()
@number_argument
@form_option
@pass_state
def openings(shell: Shell, number: int, style: str) -> None:
    """List who read what is sealed of a submission, and when.

    \b
    svssv restricted openings 1
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        found = sealed.openings(ledger, number)
    if style == "json":
        show_json(found)
        return
    show_table([("what", "who", "when"), *((each.what, each.who, each.when) for each in found)])
