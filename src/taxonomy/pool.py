"""A few workers that threads share, each answering one request at a time; one that dies is replaced."""

from __future__ import annotations

import collections
import contextlib
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Final

from taxonomy.errors import LimitError, StoreError
from taxonomy.sandbox import Worker

_QUEUE_SECONDS: Final = 2.0  # how long a bounded request waits for a free worker


class Pool:
    """So many workers, all of one kind.

    ``warm`` of them are started at once, the others when they are needed. Where ``patient``, a request waits until a
    worker is free; else it waits a moment, and is refused in the words of ``busy``: at once, if ``queue`` others wait.
    """

    def __init__(
        self,
        start: Callable[[], Worker],
        *,
        size: int,
        warm: int,
        busy: str,
        closed: str,
        patient: bool = False,
        queue: int | None = None,
    ) -> None:
        self._start, self._size = start, size
        self._busy_words, self._closed_words, self._patient, self._queue = busy, closed, patient, queue
        self.closed = False
        self._begin(warm)
        _pools.add(self)

    @contextlib.contextmanager
    def worker(self) -> Iterator[Worker]:
        """A worker for one request.

        Raises:
            LimitError: every worker stayed busy.
            StoreError: the pool is closed.
        """
        if not (self._free.acquire(blocking=False) or self._wait()):
            raise LimitError("busy", self._busy_words)
        try:
            with self._lock:
                if self.closed:
                    raise StoreError(self._closed_words)
                worker = self._idle.pop() if self._idle else self._start()
                if not worker.alive:
                    worker.close()
                    worker = self._start()
                self._busy.add(worker)
            try:
                yield worker
            finally:
                self._give_back(worker)
        finally:
            self._free.release()

    def close(self) -> None:
        """End every worker; a request under way fails. Does nothing the second time."""
        with self._lock:
            self.closed = True
            idle, busy = list(self._idle), list(self._busy)
            self._idle.clear()
        for worker in idle:
            worker.close()
        for worker in busy:
            worker.interrupt()

    def _wait(self) -> bool:
        with self._lock:
            if self._queue is not None and self._waiting >= self._queue:
                return False
            self._waiting += 1
        try:
            return self._free.acquire(timeout=None if self._patient else _QUEUE_SECONDS)
        finally:
            with self._lock:
                self._waiting -= 1

    def _begin(self, warm: int) -> None:
        self._lock = threading.Lock()
        self._waiting = 0
        self._free = threading.BoundedSemaphore(self._size)
        self._busy: set[Worker] = set()
        self._idle = collections.deque(self._start() for _ in range(warm))

    def _give_back(self, worker: Worker) -> None:
        """Keep a worker that is fit for the next request, or put a new one in its place."""
        with self._lock:
            self._busy.discard(worker)
            fit = worker.alive and not worker.spent and not self.closed
            if fit:
                self._idle.append(worker)
        if not fit:
            worker.close()
            with self._lock:
                if not self.closed:
                    self._idle.appendleft(self._start())  # to be taken last, for it is still starting

    def _after_fork(self) -> None:
        """Two processes must not speak to one worker: answers would cross. The child starts its own when it asks."""
        for worker in (*self._idle, *self._busy):
            worker.forget()
        if not self.closed:
            self._begin(warm=0)


_pools: Final[weakref.WeakSet[Pool]] = weakref.WeakSet()


def _renew() -> None:
    for pool in _pools:
        pool._after_fork()  # noqa: SLF001  # a hook of the class, kept outside it because it outlives each pool


os.register_at_fork(after_in_child=_renew)
