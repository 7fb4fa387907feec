"""Servers started for the tests on this machine: our own applications, and SPARQL servers of others."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from taxonomy.publishing.pushing import Server

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = """[Database]
DatabaseFile = virtuoso.db
TransactionFile = virtuoso.trx
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 6
[SPARQL]
ResultSetMaxRows = 1000000
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """The address of an application of ours, served by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running(command: list[str], address: str, folder: Path, seconds: float = 60.0) -> Iterator[None]:
    """A server of somebody else's, until the tests are done with it."""
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen(command, cwd=folder, stdout=said, stderr=said) as process,
    ):
        try:
            deadline = time.monotonic() + seconds
            while True:
                with suppress(OSError), urllib.request.urlopen(address):
                    break
                assert process.poll() is None, (folder / "said").read_text()
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def an_oxigraph(folder: Path) -> Iterator[Server]:
    start = f"http://127.0.0.1:{free_port()}"
    with running([str(OXIGRAPH), "serve", "--bind", start.removeprefix("http://")], start, folder):
        yield Server.at(f"{start}/query")


@contextmanager
def a_virtuoso(folder: Path) -> Iterator[Server]:
    http = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=free_port(), http=http))
    start = f"http://127.0.0.1:{http}/sparql"
    with running(["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], start, folder, 120):
        yield Server.at(start, f"{start}-auth", f"{start}-graph-crud-auth", user="dba", password="dba")
