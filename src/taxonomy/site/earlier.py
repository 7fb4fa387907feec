"""Earlier releases, opened when somebody asks one of them: a few at once, each closed again when it is left alone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Final

from taxonomy.errors import LimitError
from taxonomy.site.doors import Doors
from taxonomy.store.numbers import ReleaseNumber

AT_ONCE: Final = 2  # earlier releases that one web process holds open
REST_SECONDS: Final = 30.0  # how long one stays open after its last request


class Earlier:
    """The earlier releases that are open; safe to share between threads, and opened by each process anew."""

    def __init__(
        self, opener: Callable[[ReleaseNumber], Doors], *, at_once: int = AT_ONCE, rest: float = REST_SECONDS
    ) -> None:
        self._opener, self._at_once, self._rest = opener, at_once, rest
        self._lock = threading.Lock()
        self._open: dict[ReleaseNumber, Doors] = {}
        self._left: dict[ReleaseNumber, float] = {}  # when the last reader of each left it
        self._timer: threading.Timer | None = None  # however many leave, one waits to tidy up after them
        self._process = os.getpid()

    def take(self, number: ReleaseNumber) -> Doors:
        """An earlier release, open for one request; give it back.

        Raises:
            NotFoundError: there is no such release; GoneError where it is no longer kept, or was replaced.
            LimitError: as many others as may be open are being read.
        """
        with self._lock:
            if self._process != os.getpid():  # a fork shares no readers with its parent
                self._process, self._open, self._left, self._timer = os.getpid(), {}, {}, None
            self._let_go()
            if number not in self._open:
                self._make_room()
                self._open[number] = self._opener(number)
            self._left.pop(number, None)
            doors = self._open[number]
            doors.readers += 1
            return doors

    def give_back(self, doors: Doors) -> None:
        """End one request's reading; a release that nobody reads is closed after a while."""
        with self._lock:
            doors.readers -= 1
            if doors.readers == 0 and doors in self._open.values():
                self._left[doors.pages.release.name] = time.monotonic()
                self._look_in(self._rest)

    def let_go(self) -> None:
        """Close those that may not be asked any more, whoever reads them: something in them is being withdrawn."""
        with self._lock:
            if self._process == os.getpid():
                self._let_go()

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            held, self._open, self._left = list(self._open.values()), {}, {}
            if self._timer:
                self._timer.cancel()
                self._timer = None
        if self._process == os.getpid():
            for doors in held:
                doors.close()

    def _make_room(self) -> None:
        if len(self._open) < self._at_once:
            return
        if not self._left:
            raise LimitError("busy", "Other earlier releases are being read. Ask again in a few seconds.")
        self._shut(min(self._left, key=lambda number: self._left[number]))

    def _let_go(self) -> None:
        for number in [each for each, doors in self._open.items() if not doors.answer]:
            self._left.pop(number, None)
            self._open.pop(number).close()

    def _look_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = threading.Timer(seconds, self._tidy)
            self._timer.daemon = True
            self._timer.start()

    def _tidy(self) -> None:
        with self._lock:
            self._timer, now = None, time.monotonic()
            for number in [each for each, left in self._left.items() if now - left >= self._rest]:
                self._shut(number)
            if self._left:
                self._look_in(min(self._left.values()) + self._rest - now)

    def _shut(self, number: ReleaseNumber) -> None:
        del self._left[number]
        self._open.pop(number).close()
