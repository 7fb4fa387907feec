"""Callers who send little, slowly or nothing keep nobody from the site."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

THREADS = 16  # of a web process
STARTS = 30.0


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "taxonomy.cli", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + STARTS
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
            break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(STARTS)


@contextlib.contextmanager
def callers(address: str, send: Callable[[socket.socket], None]) -> Iterator[list[socket.socket]]:
    """Three times as many connections as there are threads, each doing something with its own."""
    place = urlsplit(address)
    channels = [socket.create_connection((place.hostname or "", place.port or 0)) for _ in range(3 * THREADS)]
    senders = [threading.Thread(target=send, args=(channel,), daemon=True) for channel in channels]
    for sender in senders:
        sender.start()
    try:
        yield channels
    finally:
        for channel in channels:
            channel.close()
        for sender in senders:
            sender.join()


def nothing(_channel: socket.socket) -> None:
    pass


def drop_by_drop(channel: socket.socket) -> None:
    with contextlib.suppress(OSError):
        for sign in b"GET /areas HTTP/1.1\r\n" + b"X: " + b"x" * 10_000:
            channel.send(bytes([sign]))
            time.sleep(0.5)


def a_body_that_never_ends(channel: socket.socket) -> None:
    with contextlib.suppress(OSError):
        channel.send(b"POST /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n")
        while True:
            channel.send(b"x")
            time.sleep(0.5)


@pytest.mark.parametrize("send", [nothing, drop_by_drop])
def test_the_site_goes_on_answering(address: str, send: Callable[[socket.socket], None]) -> None:
    with callers(address, send):
        time.sleep(1)
        for _ in range(3):
            assert urllib.request.urlopen(f"{address}/healthz", timeout=30).status == 200


@pytest.mark.parametrize("send", [drop_by_drop, pytest.param(a_body_that_never_ends, marks=pytest.mark.soak)])
def test_a_request_that_never_ends_is_ended(address: str, send: Callable[[socket.socket], None]) -> None:
    with callers(address, send) as channels:
        for channel in channels:
            channel.settimeout(180)
            with contextlib.suppress(ConnectionResetError):
                assert b"200 OK" not in channel.recv(4096)
