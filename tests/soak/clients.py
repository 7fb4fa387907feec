"""Those who ask: readers who mean it, and strangers who do not."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from urllib.parse import quote, urlsplit

import urllib3
from tests.hostile import HOSTILE
from tests.soak.asking import Ask, Mix
from tests.soak.judging import Judge, Seen

_PATIENCE = 40.0  # seconds; a query may take ten, and wait for two
_IDLE = 1.0  # seconds after which a line is not used again
_BROKEN = (
    "SELECT * {",
    "SELECT ?nobody WHERE",
    "",
    "INSERT DATA { <x:a> <x:b> <x:c> }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "LOAD <http://127.0.0.1:9/>",
    "SELECT * { ?s ?p 'no end }",
    "SELECT (<http://example.org/f>(1) AS ?x) {}",
)
_SHOTS = [*HOSTILE.values(), *_BROKEN, "ASK { FILTER(" + "!" * 60_000 + "true) }"]
_REFUSALS = frozenset({200, 400, 413, 429, 503})  # a broken query may be one that is answered after all, never a 500


class Connection:
    """A caller with an address of its own on this machine, and so with a budget of its own."""

    def __init__(self, address: str, host: int, *, packed: bool = False) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=1, maxsize=1, retries=False, timeout=_PATIENCE, source_address=(f"127.0.0.{host}", 0)
        )
        self._address, self._packed, self._last = address, packed, 0.0

    def send(self, ask: Ask, **more: str) -> tuple[int, dict[str, str], bytes]:
        """The whole answer."""
        headers = {**ask.headers, **more} | ({"Accept-Encoding": "gzip"} if self._packed else {})
        if time.monotonic() - self._last > _IDLE:  # the server may be closing the line at this very moment
            self._pool.clear()
        answer = self._pool.request(
            ask.method, self._address + ask.path, headers=headers, body=ask.body, redirect=False
        )
        self._last = time.monotonic()
        return answer.status, dict(answer.headers), answer.data


class Reader(threading.Thread):
    """Asks one thing after the other, with pauses, and shows every answer to the judge."""

    def __init__(self, address: str, host: int, mix: Mix, judge: Judge, until: threading.Event, pause: float) -> None:
        super().__init__(name=f"reader {host}")
        self._connection = Connection(address, host, packed=host % 2 == 0)
        self._mix, self._judge, self._until, self._pause = mix, judge, until, pause
        self._chance = random.Random(host)  # noqa: S311  # no secret: the same run again asks the same
        self._tags: dict[str, str] = {}

    def run(self) -> None:
        """Ask until it is time."""
        while not self._until.wait(self._chance.uniform(0, 2 * self._pause)):
            self._one(self._mix.one(self._chance))

    def _one(self, ask: Ask) -> None:
        tag = self._tags.get(ask.path) if ask.method == "GET" and self._chance.random() < 0.1 else None
        began = time.monotonic()
        try:
            status, headers, body = self._connection.send(ask, **({"If-None-Match": tag} if tag else {}))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            self._judge.lost(ask, began, time.monotonic(), error)
            return
        seen = Seen(ask=ask, began=began, ended=time.monotonic(), status=status, headers=headers, body=body)
        if tag and status == 304:
            self._judge.status("known already", status, headers)
            if headers.get("ETag", "").removeprefix("W/") != tag.removeprefix("W/") or body:
                self._judge.fault(f"304 to {ask.path} with {headers.get('ETag')}, asked with {tag}")
            return
        if ask.method == "HEAD" and body:
            self._judge.fault(f"HEAD {ask.path} has a body")
        if status == 200 and "ETag" in headers:
            self._tags[ask.path] = headers["ETag"]
        self._judge.see(seen)


class Stranger(threading.Thread):
    """Does one of several bad things after the other."""

    def __init__(self, deed: Callable[[], None], until: threading.Event, pause: float) -> None:
        super().__init__(name=f"stranger {deed.__name__}")
        self._deed, self._until, self._pause = deed, until, pause

    def run(self) -> None:
        """Be a nuisance until it is time."""
        while not self._until.wait(self._pause):
            self._deed()


def hostile(address: str, host: int, judge: Judge) -> Callable[[], None]:
    """Sends queries that take too much, or are none."""
    connection, chance = Connection(address, host), random.Random(host)  # noqa: S311  the same in every run

    def shoot() -> None:
        query = chance.choice(_SHOTS)
        shot = Ask(path="/sparql", method="POST", headers={"Content-Type": "application/sparql-query"})
        body = query.encode() + (b"\xff" if chance.random() < 0.05 else b"")
        if chance.random() < 0.2 and len(query) < 6000:
            shot, body = Ask(path=f"/sparql?query={quote(query)}", headers={"Accept": "text/html"}), b""
        began = time.monotonic()
        try:
            status, headers, answer = connection.send(
                Ask(path=shot.path, method=shot.method, headers=shot.headers, body=body or None)
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            judge.lost(shot, began, time.monotonic(), error)
            return
        judge.status("hostile query", status, headers)
        if status not in _REFUSALS or (status == 200 and query in HOSTILE.values()):
            judge.fault(f"{status} to the query {query[:80]!r}: {answer[:200]!r}")

    return shoot


def hanging_up(address: str, host: int) -> Callable[[], None]:
    """Goes away half way: from a long answer, in the middle of a request, or without a word."""
    parts, chance = urlsplit(address), random.Random(host)  # noqa: S311  the same in every run
    everything = quote("SELECT * { ?s ?p ?o }")
    halves = (
        f"GET /sparql?query={everything} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n",
        f"GET /sparql?query={quote(HOSTILE['a product'])} HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /questions/sources.xlsx HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\nContent-Length: 999\r\n\r\n@prefix",
        "GET /services HTTP/1.1\r\nHo",
        "",
    )

    def hang_up() -> None:
        with suppress(OSError, HTTPException):
            source = (f"127.0.0.{host}", 0)
            with socket.create_connection((parts.hostname or "", parts.port or 80), 10, source) as line:
                line.sendall(chance.choice(halves).encode())
                line.settimeout(chance.uniform(0.01, 1.5))
                with suppress(TimeoutError):
                    line.recv(chance.choice((1, 10_000)))

    return hang_up
