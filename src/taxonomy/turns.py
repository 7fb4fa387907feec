"""Turns: so many pieces of work at once and so many that wait, over all processes forked from the one that made them.

A turn is a lock on one byte of an empty file without a name. When a process dies its turns are free again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
import weakref
from collections.abc import Iterator
from typing import Final

from taxonomy.errors import LimitError

_QUEUE_SECONDS: Final = 2.0  # the longest wait for a turn
_LOOK_SECONDS: Final = 0.01  # between two looks for a free one


class Turns:
    """``running`` turns, and ``waiting`` places in the queue for them; beyond those, a caller is refused at once."""

    def __init__(self, *, running: int, waiting: int, busy: str) -> None:
        self._running, self._waiting = range(running), range(running, running + waiting)
        self._busy_words = busy
        self._file = os.memfd_create("turns")  # it has no name on any disk
        weakref.finalize(self, os.close, self._file)
        self._held: set[int] = set()  # by threads of this process: the kernel's locks tell only processes apart
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Hold a turn.

        Raises:
            LimitError: none came free in time, or too many wait already.
        """
        turn = self._take(self._running)
        if turn is None:
            turn = self._queue()
        try:
            yield
        finally:
            self._leave(turn)

    def _queue(self) -> int:
        place = self._take(self._waiting)
        if place is None:
            raise LimitError("busy", self._busy_words)
        try:
            deadline = time.monotonic() + _QUEUE_SECONDS
            while (turn := self._take(self._running)) is None:
                if time.monotonic() > deadline:
                    raise LimitError("busy", self._busy_words)
                time.sleep(_LOOK_SECONDS)
            return turn
        finally:
            self._leave(place)

    def _take(self, places: range) -> int | None:
        with self._lock:
            for place in places:
                if place not in self._held:
                    with contextlib.suppress(BlockingIOError, PermissionError):  # another process has it
                        fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                        self._held.add(place)
                        return place
        return None

    def _leave(self, place: int) -> None:
        with self._lock:
            self._held.discard(place)
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)
