"""``people``: who may act here; and who is acting now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import Group, pass_state
from taxonomy.cli.options import State as Shell
from taxonomy.errors import NotAllowedError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People, Person, Role
from taxonomy.store.releases import Home

TOKEN: Final = "SVSSV_TOKEN"  # noqa: S105  the name of a variable, not a secret

administrator_option = click.option(
    "--by", "by", metavar="NAME", help="The administrator who acts, where there is one."
)


def acting(ledger: Ledger, name: str) -> Person:
    """The person who acts, shown to be that person by the token in the environment.

    Raises:
        NotAllowedError: there is no token, or it is not theirs.
    """
    given = os.environ.get(TOKEN, "").strip()
    if not given:
        raise NotAllowedError(f"Nothing shows that you are {name}: put the token in {TOKEN}.")
    return People(ledger).verified(name, given)


@click.group(cls=Group)
def people() -> None:
    """Say who may act here, and in which roles.

    \b
    svssv people list
    """


@people.command()
@click.argument("name")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
    help="May be repeated.",
)
@administrator_option
@pass_state
def add(shell: Shell, name: str, roles: tuple[str, ...], by: str | None) -> None:
    """Add somebody, under a NAME to act by. Their token is printed once, alone on standard output, and not kept.

    \b
    svssv people add robin --role contributor
    """
    with _ledger(shell) as ledger:
        person, token = People(ledger).add(name, map(Role, roles), by=acting(ledger, by) if by else None)
    click.echo(f"The token of {person.name}. It cannot be shown again; give it to nobody else.", err=True)
    click.echo(token)


@people.command()
@click.argument("name")
@administrator_option
@pass_state
def token(shell: Shell, name: str, by: str | None) -> None:
    """Print a new token for somebody, once; the old one is good no longer.

    \b
    SVSSV_TOKEN=… svssv people token robin --by alex
    """
    with _ledger(shell) as ledger:
        renewed = People(ledger).renew(name, by=acting(ledger, by) if by else None)
    click.echo(f"The new token of {name}. It cannot be shown again; give it to nobody else.", err=True)
    click.echo(renewed)


@people.command()
@click.argument("name")
@administrator_option
@pass_state
def disable(shell: Shell, name: str, by: str | None) -> None:
    """Let somebody act no longer. What they did stays in the history.

    \b
    SVSSV_TOKEN=… svssv people disable robin --by alex
    """
    with _ledger(shell) as ledger:
        People(ledger).disable(name, by=acting(ledger, by) if by else None)
    click.echo(f"{name} may no longer act here.", err=True)


@people.command("list")
@form_option
@pass_state
def listing(shell: Shell, style: str) -> None:
    """List everybody, with their roles.

    \b
    svssv people list
    """
    with _ledger(shell) as ledger:
        everybody = People(ledger).list()
    if style == "json":
        show_json(everybody)
        return
    rows = [(person.name, person.roles, person.added, person.disabled) for person in everybody]
    show_table([("name", "roles", "added", "disabled"), *rows])


@contextmanager
def _ledger(shell: Shell) -> Iterator[Ledger]:
    with Ledger.of(Home.open(shell.place)) as ledger:
        yield ledger
