"""The peers that questions are timed beside."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request as Call
from urllib.request import urlopen

from pyoxigraph import QueryResultsFormat, Store

JSON = "application/sparql-results+json"


class InProcess:
    """The engine itself, opened in this process: no limits, no protection."""

    def __init__(self, store: Path) -> None:
        self._store = Store.read_only(str(store))

    def ask(self, query: str) -> bytes:
        return self._store.query(query).serialize(format=QueryResultsFormat.JSON) or b""


class Server:
    """A SPARQL endpoint, asked over HTTP with a new connection each time, as most clients do."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, query: str) -> bytes:
        call = Call(self.address, data=urlencode({"query": query}).encode(), headers={"Accept": JSON})  # noqa: S310  # our own server's address
        with urlopen(call) as reply:  # noqa: S310 - a server that this run started on this machine
            return bytes(reply.read())


@contextmanager
def oxigraph_server(store: Path, scratch: Path) -> Iterator[Server]:
    """Oxigraph's own server on a copy of the store, read-only."""
    copy = scratch / "oxigraph"
    shutil.copytree(store, copy)
    port = free_port()
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    command = [program, "serve-read-only", "--location", copy, "--bind", f"127.0.0.1:{port}"]
    with running(command, f"http://127.0.0.1:{port}/") as address:
        yield Server(f"{address}query")


@contextmanager
def our_server(home: Path, readers: int, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The site's own endpoint, as ``svssv serve`` starts it; but one address may ask as much as it likes."""
    port = free_port()
    program = Path(sysconfig.get_path("scripts")) / "svssv"
    command = [program, "serve", "--home", home, "--port", str(port)]
    chosen = {"SVSSV_CLIENT_SECONDS": "1e9", "SVSSV_READERS": str(readers)} | dict(settings or {})
    with running(command, f"http://127.0.0.1:{port}/healthz", chosen) as address:
        yield Server(address.replace("/healthz", "/sparql"))


@contextmanager
def running(command: list[Path | str], address: str, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """A server process that answers at ``address``; ended when the block is left."""
    environment = os.environ | (settings or {})
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            try:
                urlopen(address).close()  # noqa: S310  # our own server's address
                break
            except URLError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
