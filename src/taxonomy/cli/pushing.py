"""Putting a release into a SPARQL server elsewhere: ``push``."""

from __future__ import annotations

import click

from taxonomy.cli.options import State, pass_state, release_option
from taxonomy.cli.releasing import bar
from taxonomy.errors import StoreError
from taxonomy.publishing import pushing
from taxonomy.publishing.pushing import Server
from taxonomy.settings import Settings
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home


@click.command()
@click.option("--endpoint", required=True, metavar="URL", help="Where the server answers queries.")
@click.option(
    "--update", default="", metavar="URL", help="Where it takes updates.  [default: as its kind of server has it]"
)
@click.option(
    "--graphs", default="", metavar="URL", help="Where it takes graphs.  [default: as its kind of server has it]"
)
@release_option
@click.option("--beside", is_flag=True, help="Although the server holds graphs of others; they stay.")
@click.option(
    "--batch",
    type=click.IntRange(1),
    help="Graphs that one update may name.  [default: all, so that it is one request]",
)
@pass_state
def push(
    state: State, endpoint: str, update: str, graphs: str, number: ReleaseNumber | None, beside: bool, batch: int | None
) -> None:
    """Put a release into a SPARQL 1.1 server, in place of the one that it holds.

    Whoever reads meanwhile sees the old release or the new one, where the server does an update as one transaction.
    With --batch it does several, and a mixture may be seen for a moment.
    SVSSV_ENDPOINT_USER and SVSSV_ENDPOINT_PASSWORD say who writes, where the server asks.

    \b
    svssv push --endpoint http://127.0.0.1:7878/query
    """
    home, settings = Home.open(state.place), Settings.read()
    current = home.current()
    if current is None:
        raise StoreError(f"The home {home.path} has no release yet. Build one with: svssv release build")
    server = Server.at(endpoint, update, graphs, user=settings.endpoint_user, password=settings.endpoint_password)
    with bar() as progress:
        pushed = pushing.push(home, number or current.name, server, beside=beside, batch=batch, progress=progress)
    click.echo(f"{endpoint} holds release {pushed.name}: {len(pushed.graphs):,} graphs.", err=True)
