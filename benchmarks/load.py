"""Several clients that ask one thing of a server again and again, each as soon as it has its answer.

One thread holds all connections, and reads no more of an answer than where it ends: it should cost the servers beside
which it runs as little of the machine as can be.
"""

from __future__ import annotations

import itertools
import selectors
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from benchmarks.peers import JSON


@dataclass(slots=True)
class _Client:
    """A connection that is kept, and what has come of the answer it waits for."""

    connection: socket.socket
    got: bytearray = field(default_factory=bytearray)

    def ask(self, request: bytes) -> None:
        self.got.clear()
        self.connection.sendall(request)

    def answered(self) -> bool:
        """Read what has come; whether that was the answer's end."""
        block = self.connection.recv(2**18)
        if not block:
            raise ConnectionError("the server ended a connection that was to be kept")
        self.got += block
        end = self.got.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.got[:end]).lower()
        if not head.startswith(b"http/1.1 200"):
            raise ConnectionError(f"the server refused: {bytes(self.got[:500])!r}")
        _, told, length = head.partition(b"content-length:")
        if told:
            return len(self.got) >= end + 4 + int(length.split(b"\r\n")[0])
        return self.got.endswith(b"0\r\n\r\n")


def query(address: str, text: str) -> bytes:
    """The request that asks a SPARQL endpoint a query."""
    form = urlencode({"query": text}).encode()
    place = urlsplit(address)
    lines = [
        f"POST {place.path} HTTP/1.1",
        f"Host: {place.netloc}",
        f"Accept: {JSON}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
        "\r\n",
    ]
    return "\r\n".join(lines).encode() + form


def page(address: str) -> bytes:
    """The request for a page, as a browser sends it."""
    place = urlsplit(address)
    asked = f"?{place.query}" if place.query else ""
    return f"GET {place.path}{asked} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept: text/html\r\n\r\n".encode()


def seconds(address: str, requests: bytes | Iterable[bytes], *, answers: int, clients: int) -> float:
    """How long it takes until so many answers have come to so many clients together, to one request or each to its own.

    Raises:
        ConnectionError: a server refused, or went away.
    """
    asking = itertools.repeat(requests) if isinstance(requests, bytes) else iter(requests)
    host, port = (place := urlsplit(address)).hostname or "", place.port or 80
    with selectors.DefaultSelector() as waiting:
        all_clients = [_Client(socket.create_connection((host, port))) for _ in range(clients)]
        for client in all_clients:
            waiting.register(client.connection, selectors.EVENT_READ, client)
        began = time.perf_counter()
        for client in all_clients:
            client.ask(next(asking))
        asked, done = clients, 0
        while done < answers:
            for key, _ in waiting.select():
                client = key.data
                if client.answered():
                    done += 1
                    if asked < answers:
                        asked += 1
                        client.ask(next(asking))
                    else:
                        waiting.unregister(client.connection)
        took = time.perf_counter() - began
        for client in all_clients:
            client.connection.close()
    return took
