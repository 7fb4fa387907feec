"""Turns: so many pieces of work at once and so many that wait, over all processes that share a slate.

A turn is a lock on one place of the slate. When a process dies its turns are free again.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Final

from taxonomy.errors import LimitError
from taxonomy.slate import Slate

_QUEUE_SECONDS: Final = 2.0  # the longest wait for a turn
_LOOK_SECONDS: Final = 0.01  # between two looks for one that another process left; this one's threads are told


class Turns:
    """``running`` turns, and ``waiting`` places in the queue for them; beyond those, a caller is refused at once.

    Without a ``name`` they are shared with the processes forked later; with one, as the slate of that name is.
    """

    def __init__(self, *, running: int, waiting: int, busy: str, name: str = "") -> None:
        self._running, self._waiting = range(running), range(running, running + waiting)
        self._busy_words = busy
        self._slate = Slate(1, name)
        self._held: set[int] = set()  # by threads of this process
        self._left = threading.Condition()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Hold a turn.

        Raises:
            LimitError: none came free in time, or too many wait already.
        """
        with self._left:
            turn = self._take(self._running)
            if turn is None:
                turn = self._queue()
        try:
            yield
        finally:
            with self._left:
                self._leave(turn)
                self._left.notify()

    def _queue(self) -> int:
        place = self._take(self._waiting)
        if place is None:
            raise LimitError("busy", self._busy_words)
        try:
            deadline = time.monotonic() + _QUEUE_SECONDS
            while (turn := self._take(self._running)) is None:
                if time.monotonic() > deadline:
                    raise LimitError("busy", self._busy_words)
                self._left.wait(_LOOK_SECONDS)
            return turn
        finally:
            self._leave(place)

    def _take(self, places: range) -> int | None:
        for place in places:
            if place not in self._held and self._slate.take(place):
                self._held.add(place)
                return place
        return None

    def _leave(self, place: int) -> None:
        self._held.discard(place)
        self._slate.leave(place)
