"""The release that a SPARQL 1.1 server elsewhere holds, as the site reads it: there is one, and nothing is kept of it.

Whoever runs the server may put another release there at any time, so it is asked every few seconds which one it holds.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from taxonomy.errors import NotAllowedError, NotHereError, TaxonomyError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.settings import UNLIMITED, Limits, Settings
from taxonomy.site.doors import Doors
from taxonomy.site.earlier import Earlier
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home

_log = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 10.0  # between two looks at which release is there
_SHUT: Final = (
    "This site reads from a SPARQL server that may reach other networks, so the public query service stays off."
)


def opened(endpoint: str, limits: Limits = UNLIMITED) -> KnowledgeGraph:
    """The release that a server holds, to be served.

    Raises:
        StoreError: the server cannot be reached, or holds no release.
        NotAllowedError: its records are made up.
    """
    kg = KnowledgeGraph.open(endpoint=endpoint, limits=limits)
    if kg.release.practice:
        raise NotAllowedError("The records there are made up, and never leave the practice home that serves them.")
    return kg


class Elsewhere:
    """What takes the place of a home's current release; safe to share between threads and after a fork."""

    def __init__(self, endpoint: str, settings: Settings, *, look: float = _LOOK_SECONDS) -> None:
        self._endpoint, self._settings, self._every = endpoint, settings, look
        self._lock = threading.Lock()
        self._doors: Doors | None = None
        self._next_look = 0.0
        self.earlier = Earlier(self._another)

    @property
    def home(self) -> Home:
        """There is none.

        Raises:
            NotHereError: always.
        """
        raise NotHereError(
            "This site reads one release from a SPARQL server. Other releases, what differs between them, and answers"
            " that were cited are not kept here."
        )

    def take(self) -> Doors:
        """The release that is there, for one request; give it back.

        Raises:
            StoreError: the server cannot be reached, or holds no release, and none was read before.
            NotAllowedError: its records are made up.
        """
        with self._lock:
            if self._doors is None:
                self._doors = self._open()
                self._next_look = time.monotonic() + self._every
            due = time.monotonic() >= self._next_look
            if due:
                self._next_look = time.monotonic() + self._every
        if due:  # one request looks, while the others go on reading
            self._look()
        with self._lock:
            self._doors.readers += 1
            return self._doors

    def give_back(self, doors: Doors) -> None:
        """End one request's reading."""
        with self._lock:
            doors.readers -= 1

    def close(self) -> None:
        """Nothing is held."""

    def _look(self) -> None:
        try:
            found = self._open()
        except TaxonomyError as error:
            _log.warning("which release is there could not be found out: %s", error)
            return
        with self._lock:
            if self._doors is None or self._doors.target != found.target:
                self._doors = found

    def _open(self) -> Doors:
        kg = opened(self._endpoint, self._settings.limits)
        isolated = self._settings.endpoint_isolated
        return Doors(target=kg.release.mark, pages=kg, free=kg, isolated=isolated, shut="" if isolated else _SHUT)

    def _another(self, number: ReleaseNumber) -> Doors:
        raise NotHereError(f"This site reads one release from a SPARQL server, and release {number} is not that one.")
