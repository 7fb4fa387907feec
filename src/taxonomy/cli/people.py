"""``people``: who may act here; and who is acting now."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import click

from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import Group, pass_state
from taxonomy.cli.options import State as Shell
from taxonomy.errors import NotAllowedError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.passwords import LONGEST, SHORTEST, Passwords
from taxonomy.publishing.people import EVERY_SCOPE, People, Person, Role, Scope
from taxonomy.publishing.tokens import Tokens
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


def remit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """For whom somebody acts."""
    organisation = click.option(
        "--organisation", "organisations", multiple=True, metavar="IRI", help="Speaks for it. May be repeated."
    )
    area = click.option("--area", "areas", multiple=True, metavar="CODE", help="Commissions in it. May be repeated.")
    return organisation(area(command))


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
@remit_options
@administrator_option
@pass_state
def add(
    shell: Shell,
    name: str,
    roles: tuple[str, ...],
    organisations: tuple[str, ...],
    areas: tuple[str, ...],
    by: str | None,
) -> None:
    """Add somebody, under a NAME to act by. Their token is printed once, alone on standard output, and not kept.

    A contributor submits the records of the organisations that they speak for, and sees no others.

    \b
    svssv people add robin --role contributor --organisation https://w3id.org/svssv/id/organisation/safelink
    """
    with _ledger(shell) as ledger:
        person, token = People(ledger).add(
            name, map(Role, roles), organisations=organisations, areas=areas, by=_by(ledger, by)
        )
    click.echo(f"The token of {person.name}. It cannot be shown again; give it to nobody else.", err=True)
    click.echo(token)


@people.command()
@click.argument("name")
@click.option("--give", type=click.Choice([role.value for role in Role]), multiple=True, help="A role to add.")
@click.option("--take", type=click.Choice([role.value for role in Role]), multiple=True, help="A role to take away.")
@remit_options
@click.option("--not-for", "lost", multiple=True, metavar="IRI|CODE", help="An organisation or area to take away.")
@administrator_option
@pass_state
def role(
    shell: Shell,
    name: str,
    give: tuple[str, ...],
    take: tuple[str, ...],
    organisations: tuple[str, ...],
    areas: tuple[str, ...],
    lost: tuple[str, ...],
    by: str | None,
) -> None:
    """Change what somebody does here, and for whom.

    \b
    SVSSV_TOKEN=… svssv people role robin --give commissioner --area E23000036 --by alex
    """
    with _ledger(shell) as ledger:
        held = People(ledger).find(name)
        person = People(ledger).assign(
            name,
            roles=(held.roles | set(map(Role, give))) - set(map(Role, take)),
            organisations=(held.organisations | set(organisations)) - set(lost),
            areas=(held.areas | set(areas)) - set(lost),
            by=_by(ledger, by),
        )
    click.echo(f"{person.name} is now {', '.join(sorted(person.roles))}.", err=True)


@people.command()
@click.argument("name")
@click.option("--label", metavar="TEXT", help="One more token, for what this says. The others stay good.")
@click.option(
    "--scope", "scopes", type=click.Choice([each.value for each in Scope]), multiple=True, help="What it may do."
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it ends.")
@click.option("--list", "listed", is_flag=True, help="List the tokens that somebody has; never the tokens themselves.")
@click.option("--revoke", metavar="ID", help="Let one token be good no longer.")
@administrator_option
@form_option
@pass_state
def token(
    shell: Shell,
    name: str,
    label: str | None,
    scopes: tuple[str, ...],
    expires: datetime | None,
    listed: bool,
    revoke: str | None,
    by: str | None,
    style: str,
) -> None:
    """Print a new token for somebody, once; all old ones are good no longer. With --label, one more beside them.

    \b
    SVSSV_TOKEN=… svssv people token robin --by alex
    SVSSV_TOKEN=… svssv people token sam --label "nightly list" --scope review --expires 2027-03-31 --by sam
    """
    one_more = label is not None or scopes or expires
    if sum(map(bool, (one_more, listed, revoke))) > 1:
        raise click.UsageError("Ask for one thing: a new token, --list or --revoke.")
    with _ledger(shell) as ledger:
        if not (one_more or listed or revoke):
            printed = People(ledger).renew(name, by=_by(ledger, by))
        else:
            held, person = Tokens(ledger), acting(ledger, by or name)
            if listed:
                _show_tokens(held, name, person, style)
                return
            if revoke:
                held.revoke(name, revoke, by=person)
                click.echo(f"The token {revoke} of {name} is good no longer.", err=True)
                return
            printed = held.issue(
                name,
                by=person,
                scopes=frozenset(map(Scope, scopes)) or EVERY_SCOPE,
                label=label or "",
                expires=expires.replace(tzinfo=UTC) if expires else None,
            )
    click.echo(f"The new token of {name}. It cannot be shown again; give it to nobody else.", err=True)
    click.echo(printed)


@people.command()
@click.argument("name")
@click.option("--stdin", "piped", is_flag=True, help="Read it from standard input, one line, instead of asking twice.")
@administrator_option
@pass_state
def password(shell: Shell, name: str, piped: bool, by: str | None) -> None:
    """Set the password that somebody signs in to the desk with. It is asked for twice and never shown.

    \b
    SVSSV_TOKEN=… svssv people password alex --by alex
    """
    with _ledger(shell) as ledger:
        People(ledger).find(name)  # before anything is asked
    if piped:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        words = f"Password of {name} ({SHORTEST} to {LONGEST} signs)"
        given = click.prompt(words, hide_input=True, confirmation_prompt=True, err=True)
    with _ledger(shell) as ledger:
        Passwords(ledger).set(name, given, by=_by(ledger, by))
    click.echo(f"{name} can sign in with it now; whoever was signed in as {name} no longer is.", err=True)


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
        People(ledger).disable(name, by=_by(ledger, by))
    click.echo(f"{name} may no longer act here.", err=True)


@people.command()
@click.argument("name")
@administrator_option
@pass_state
def enable(shell: Shell, name: str, by: str | None) -> None:
    """Let somebody act again who was disabled, in their roles. Old tokens and the old password are gone.

    \b
    SVSSV_TOKEN=… svssv people enable robin --by alex
    """
    with _ledger(shell) as ledger:
        People(ledger).enable(name, by=_by(ledger, by))
    click.echo(f"{name} may act here again. Give them a new token: svssv people token {name} --by NAME", err=True)


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
        facts = ("id", "name", "roles", "organisations", "areas", "added", "disabled")
        show_json(tuple({fact: getattr(person, fact) for fact in facts} for person in everybody))
        return
    rows = [
        (person.name, person.roles, person.organisations | person.areas, person.added, person.disabled)
        for person in everybody
    ]
    show_table([("name", "roles", "for", "added", "disabled"), *rows])


def _show_tokens(held: Tokens, name: str, by: Person, style: str) -> None:
    found = held.list(name, by=by)
    if style == "json":
        show_json(found)
        return
    rows = [(each.id, each.label, each.scopes, each.issued, each.expires) for each in found]
    show_table([("id", "label", "scopes", "issued", "expires"), *rows])


def _by(ledger: Ledger, name: str | None) -> Person | None:
    return acting(ledger, name) if name else None


@contextmanager
def _ledger(shell: Shell) -> Iterator[Ledger]:
    with Ledger.of(Home.open(shell.place)) as ledger:
        yield ledger
