"""Serving the public site, or the desk: ``serve``."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taxonomy.cli import webserver
from taxonomy.cli.options import State, endpoint_option, pass_state
from taxonomy.errors import InputError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.settings import Settings
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home

if TYPE_CHECKING:
    from flask import Flask


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port.  [default: 8000 for the public site, 8001 for the desk]"
)
@endpoint_option
@click.option("--desk", is_flag=True, help="The stewards' desk instead of the public site.")
@pass_state
def serve(state: State, host: str, port: int | None, endpoint: str | None, desk: bool) -> None:
    """Serve the release in service as a website, until stopped with Ctrl-C.

    With --endpoint it is the release that a SPARQL 1.1 server holds. Then there are no earlier releases and no
    citations, and the public query service is off unless SVSSV_ENDPOINT_ISOLATED=1 says that the server has no way out.

    \b
    svssv serve --port 8080
    svssv serve --endpoint http://127.0.0.1:7878/query
    svssv serve --desk
    """
    if desk and endpoint:
        raise click.UsageError("The desk works on a home, not on a SPARQL server: --desk or --endpoint.")
    port = port or (8001 if desk else 8000)
    home = None if endpoint else Home.open(state.place)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if desk:
        _desk(state.place, host, port, address)
        return
    number = _current(home) if home else _held(str(endpoint))
    _free(host, port)
    click.echo(f"Serving release {number} at {address} (Ctrl-C stops it)", err=True)
    settings = _settings("SVSSV_PUBLIC_URL", address)
    with webserver.beginning(settings):
        _site(home.path.resolve() if home else None, endpoint, host, port, settings)


def _settings(name: str, address: str) -> Settings:
    """The settings; the address that is served is the public one where nothing else is said."""
    return Settings.read({name: address} | os.environ)


def _current(home: Home) -> ReleaseNumber:
    """The number of the release in service, looked at so that a damaged one is said before anything is served.

    A reader looks, and not this process: the store's engine starts threads, and web processes that are forked from a
    process with such threads die with a message of the engine's when they are stopped.

    Raises:
        StoreError: there is none, or it cannot be read; says what to do.
    """
    name = home.served().name
    try:
        with KnowledgeGraph.open(home, release=name) as kg:
            kg.ask("page-release")
    except StoreError as error:
        others = [each.name for each in home.releases() if each.name != name]
        back = f"Go back with: svssv release rollback {others[-1]}" if others else "Build one: svssv release build"
        raise StoreError(f"Release {name} is damaged. {error}. {back}") from error
    return name


def _held(endpoint: str) -> ReleaseNumber:
    """The number of the release that a server holds, so that what is wrong there is said before anything is served."""
    from taxonomy.site import elsewhere

    with elsewhere.opened(endpoint) as kg:
        return kg.release.name


def _free(host: str, port: int) -> None:
    """Say at once that an address cannot be had, instead of trying again and again."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{host} port {port} cannot be had: {reason}.", hint="Choose another with --port.") from error


def _site(home: Path | None, endpoint: str | None, host: str, port: int, settings: Settings) -> None:
    from taxonomy.site.strangers import Shares

    shares = Shares.of(settings, home)  # before the fork, so that web processes share them

    def load() -> Flask:
        from taxonomy.site.app import create_app

        return create_app(home, {"SETTINGS": settings, "SHARES": shares}, endpoint=endpoint)

    webserver.run(load, host, port, processes=settings.processes)


def _desk(place: Path, host: str, port: int, address: str) -> None:
    from taxonomy.publishing.ledger import Ledger
    from taxonomy.publishing.passwords import Passwords
    from taxonomy.publishing.people import People, Role

    home = Home.open(place)
    with Ledger.of(home) as ledger:
        able = Passwords(ledger).held()
        looked_after = any(Role.ADMINISTRATOR in each.roles and each.disabled is None for each in People(ledger).list())
    _free(host, port)
    click.echo(f"The stewards' desk is at {address}/steward (Ctrl-C stops it)", err=True)
    if not able:
        first = "" if looked_after else "svssv people add NAME --role administrator (it prints a token), then "
        who = "ADMINISTRATOR" if looked_after else "NAME"
        command = f"SVSSV_TOKEN=… svssv people password NAME --by {who}"
        click.echo(f"Nobody has a password yet. Set one with: {first}{command}", err=True)
    settings, path = _settings("SVSSV_DESK_URL", address), home.path.resolve()

    def load() -> Flask:
        from taxonomy.site.desk import create_desk

        return create_desk(path, {"SETTINGS": settings})

    with webserver.beginning(settings):
        webserver.run(load, host, port)
