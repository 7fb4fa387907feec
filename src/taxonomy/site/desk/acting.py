"""Who acts in this request, shown by a cookie or a token; and the desk that they act at."""

from __future__ import annotations

import atexit
import math
import os
import time
from dataclasses import dataclass
from threading import Lock
from typing import Final

from flask import Flask, current_app, g, request

from taxonomy.context import Context
from taxonomy.errors import NotAllowedError
from taxonomy.publishing.attempts import Attempts
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import Person
from taxonomy.publishing.sessions import Sessions
from taxonomy.publishing.tokens import Tokens
from taxonomy.site import negotiation, reading
from taxonomy.site.desk import cookies
from taxonomy.store.releases import Home

_EXTENSION: Final = "svssv-desk"
_BEARER: Final = "bearer "
_TIDY: Final = 300.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever sent this request."""

    person: Person | None  # None: nobody has signed in
    word: str = ""  # of the cookie, signed in or not
    refused: str = ""  # why a token was not taken
    with_token: bool = False


class Office:
    """The desk of a home, opened by each process anew at its first request."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = Lock()
        self._desk: Desk | None = None
        self._process = 0
        self._tidied = -math.inf
        atexit.register(self.close)

    @property
    def desk(self) -> Desk:
        """The desk, open."""
        with self._lock:
            if self._desk is None or self._process != os.getpid():  # a fork shares no database with its parent
                self._process, self._desk = os.getpid(), Desk(self.home, context=self._context)
            return self._desk

    def tidy(self) -> None:
        """Throw away what is known of tries to sign in that were an hour ago; looked at now and then."""
        now = time.monotonic()
        if now - self._tidied > _TIDY:
            self._tidied = now
            Attempts(self.desk.ledger).tidy()

    def close(self) -> None:
        """Let go of the ledger."""
        with self._lock:
            held, self._desk = self._desk, None
        if held and self._process == os.getpid():
            held.close()

    def _context(self) -> Context:
        """What a record may name: the things of the release in service, where there is one."""
        return Context.bundled() if self.home.current() is None else Context.from_kg(reading.pages())


def init_app(app: Flask, home: Home) -> None:
    """Give the app its desk."""
    app.extensions[_EXTENSION] = Office(home)


def office() -> Office:
    """What holds the desk of this app."""
    held: Office = current_app.extensions[_EXTENSION]
    return held


def desk() -> Desk:
    """The desk of this app, open."""
    return office().desk


def caller() -> Caller:
    """Who sent this request; looked up once."""
    if "caller" not in g:
        g.caller = _caller()
    found: Caller = g.caller
    return found


def me() -> Person:
    """The person who acts; only in a view whose rule asks that somebody has signed in.

    Raises:
        NotAllowedError: nobody has.
    """
    person = caller().person
    if person is None:
        raise NotAllowedError("Nobody has signed in.")
    return person


def _caller() -> Caller:
    office().tidy()
    given = request.headers.get("Authorization", "")
    word = cookies.word()
    if not given:
        return Caller(person=Sessions(desk().ledger).find(word) if word else None, word=word)
    negotiation.insist(negotiation.JSON)
    if not given.lower().startswith(_BEARER):
        return Caller(person=None, with_token=True, refused="Send a token as “Authorization: Bearer …”.")
    try:
        return Caller(person=Tokens(desk().ledger).holder(given[len(_BEARER) :].strip()), with_token=True, word=word)
    except NotAllowedError as error:
        return Caller(person=None, with_token=True, refused=str(error))
