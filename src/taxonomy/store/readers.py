"""Readers: worker processes that answer SPARQL about one sealed store, within limits.

A query that breaks a limit is killed with its worker, the caller is told which limit, and a new worker takes its place.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from taxonomy.errors import LimitError, QueryError, StoreError, TaxonomyError
from taxonomy.sandbox import Worker
from taxonomy.settings import Limits
from taxonomy.store.base import Reply, Request
from taxonomy.store.screening import screen

_QUEUE_SECONDS: Final = 2.0  # how long a bounded query waits for a free reader
_WAY_OUT: Final = {
    "time": "Ask for less at once, or ask it of your own copy of the release, which has no such limit.",
    "memory": "Ask for less at once, without sorting or joining everything, or ask it of your own copy of the release.",
    "bytes": "Ask for it in pages (ORDER BY, LIMIT, OFFSET), or take the release's whole dump.",
    "complexity": "Ask it in smaller parts.",
}


class ReaderPool:
    """So many readers of one store, shared by threads; each answers one query at a time.

    ``limits`` without seconds mean a person's own machine: nobody is refused for waiting, nor a query for its shape.
    """

    def __init__(self, store_path: Path, *, limits: Limits | None = None, size: int = 2) -> None:
        self._path, self._limits, self._size = Path(store_path).resolve(), limits or Limits(), size
        self._closed = False
        self._begin()
        _pools.add(self)

    @property
    def isolated(self) -> bool:
        """Whether the kernel keeps the readers from every network."""
        with self._reader() as worker:
            return worker.isolated

    def ask(self, request: Request) -> Reply:
        """Answer, whole.

        Raises:
            QueryError: the query is wrong, or refused.
            LimitError: it asked for more than its share, or every reader stayed busy.
            StoreError: the store could not be read.
        """
        screen(request.query, bounded=self._limits.seconds is not None)
        asked = json.dumps(asdict(request)).encode()
        with self._reader() as worker:
            started = time.perf_counter()
            answer = worker.call(asked, seconds=request.seconds)
            waited = (time.perf_counter() - started) * 1000
        head, _, body = answer.partition(b"\n")
        said = json.loads(head)
        return Reply(said["kind"], said["media_type"], body, waited)

    def close(self) -> None:
        """End every reader; a query under way fails. Does nothing the second time."""
        with self._lock:
            self._closed = True
            idle, busy = list(self._idle), list(self._busy)
            self._idle.clear()
        for worker in idle:
            worker.close()
        for worker in busy:
            worker.interrupt()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(self._size)
        self._busy: set[Worker] = set()
        self._idle = collections.deque(self._start() for _ in range(self._size))

    def _start(self) -> Worker:
        return Worker("taxonomy.store.reader", (str(self._path),), self._limits)

    @contextlib.contextmanager
    def _reader(self) -> Iterator[Worker]:
        if not self._free.acquire(timeout=None if self._limits.seconds is None else _QUEUE_SECONDS):
            raise LimitError("busy", "Every reader is busy. Ask again in a few seconds.")
        try:
            with self._lock:
                if self._closed:
                    raise StoreError("This release is closed.")
                worker = self._idle.pop() if self._idle else self._start()
                if not worker.alive:
                    worker.close()
                    worker = self._start()
                self._busy.add(worker)
            try:
                yield worker
            except LimitError as error:
                if self._closed:
                    raise StoreError("This release was closed while the query ran.") from error
                raise LimitError(error.limit, f"{error.detail} {_WAY_OUT[error.limit]}") from error
            except (QueryError, StoreError):
                raise
            except TaxonomyError as error:
                raise StoreError(f"The reader failed. {error}") from error
            finally:
                self._give_back(worker)
        finally:
            self._free.release()

    def _give_back(self, worker: Worker) -> None:
        """Keep a worker that is fit for the next query, or put a new one in its place."""
        with self._lock:
            self._busy.discard(worker)
            fit = worker.alive and not worker.spent and not self._closed
            if fit:
                self._idle.append(worker)
        if not fit:
            worker.close()
            with self._lock:
                if not self._closed:
                    self._idle.appendleft(self._start())  # to be taken last, for it is still starting

    def _after_fork(self) -> None:
        """Two processes must not speak to one worker: answers would cross. The child starts its own."""
        for worker in (*self._idle, *self._busy):
            worker.forget()
        if not self._closed:
            self._begin()


_pools: Final[weakref.WeakSet[ReaderPool]] = weakref.WeakSet()


def _renew() -> None:
    for pool in _pools:
        pool._after_fork()  # noqa: SLF001  # a hook of the class, kept outside it because it outlives each pool


os.register_at_fork(after_in_child=_renew)
