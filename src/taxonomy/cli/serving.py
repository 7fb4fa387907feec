"""Serving the public site: ``serve``."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taxonomy.cli.options import State, pass_state
from taxonomy.errors import InputError, StoreError
from taxonomy.settings import Settings
from taxonomy.store.embedded import SealedStore
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home

if TYPE_CHECKING:
    from flask import Flask


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@click.option("--endpoint", metavar="URL", help="A SPARQL server that holds a release, instead of the home.")
@click.option("--desk", is_flag=True, help="The stewards' desk instead of the public site.")
@pass_state
@click.pass_context
def serve(ctx: click.Context, state: State, host: str, port: int, endpoint: str | None, desk: bool) -> None:
    """Serve the release in service as a website, until stopped with Ctrl-C.

    With --endpoint it is the release that a SPARQL 1.1 server holds. Then there are no earlier releases and no
    citations, and the public query service is off unless SVSSV_ENDPOINT_ISOLATED=1 says that the server has no way out.

    \b
    svssv serve --port 8080
    svssv serve --endpoint http://127.0.0.1:7878/query
    """
    if desk:
        click.echo(
            "svssv: the desk has no pages yet. Use the shell: svssv submit, svssv review, svssv publish", err=True
        )
        ctx.exit(1)
    home = None if endpoint else Home.open(state.place)
    number = _current(home) if home else _held(str(endpoint))
    _free(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    click.echo(f"Serving release {number} at {address} (Ctrl-C stops it)", err=True)
    settings = Settings.read({"SVSSV_PUBLIC_URL": address} | os.environ)
    _run(home.path.resolve() if home else None, endpoint, host, port, settings)


def _current(home: Home) -> ReleaseNumber:
    """The number of the release in service, looked at so that a damaged one is said before anything is served.

    Raises:
        StoreError: there is none, or it cannot be read; says what to do.
    """
    name = home.served().name
    try:
        SealedStore(home.store_path(name))
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


def _run(home: Path | None, endpoint: str | None, host: str, port: int, settings: Settings) -> None:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # it has no types

    from taxonomy.site.strangers import Shares

    class Site(BaseApplication):  # type: ignore[misc]  # nor has its class
        """One process with threads: the readers are processes of their own."""

        def load_config(self) -> None:
            bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            for name, value in {
                "bind": bind,
                "workers": 1,
                "worker_class": "taxonomy.cli.workers.Threads",
                "threads": 16,  # strangers' queries and uploads may hold half of them, waiting
                "loglevel": "error",  # its warnings name the address of whoever sent a broken request
                "accesslog": None,  # who read what is nobody's business
                "limit_request_line": 8190,  # the longest that it takes: a query may come by GET
                "graceful_timeout": 5,
                "control_socket_disable": True,
                "proc_name": "svssv",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            from taxonomy.site.app import create_app

            return create_app(home, {"SETTINGS": settings, "SHARES": shares}, endpoint=endpoint)

    shares = Shares.of(settings, home)  # before the fork, so that web processes share them
    Site().run()
