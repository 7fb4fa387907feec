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
from taxonomy.store.releases import Home

if TYPE_CHECKING:
    from flask import Flask


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@click.option("--desk", is_flag=True, help="The stewards' desk instead of the public site.")
@pass_state
@click.pass_context
def serve(ctx: click.Context, state: State, host: str, port: int, desk: bool) -> None:
    """Serve the release in service as a website, until stopped with Ctrl-C.

    \b
    svssv serve --port 8080
    """
    if desk:
        click.echo(
            "svssv: the desk has no pages yet. Use the shell: svssv submit, svssv review, svssv publish", err=True
        )
        ctx.exit(1)
    home = Home.open(state.place)
    release = home.current()
    if release is None:
        raise StoreError(f"The home {home.path} has no release yet. Build one with: svssv release build")
    _free(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    click.echo(f"Serving release {release.number} at {address} (Ctrl-C stops it)", err=True)
    _run(home.path.resolve(), host, port, Settings.read({"SVSSV_PUBLIC_URL": address} | os.environ))


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


def _run(home: Path, host: str, port: int, settings: Settings) -> None:
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
                "loglevel": "warning",
                "accesslog": None,  # who read what is nobody's business
                "graceful_timeout": 5,
                "control_socket_disable": True,
                "proc_name": "svssv",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            from taxonomy.site.app import create_app

            return create_app(home, {"SETTINGS": settings, "SHARES": shares})

    shares = Shares.of(settings, home)  # before the fork, so that web processes share them
    Site().run()
