"""Readers: worker processes that answer SPARQL about one sealed store, within limits.

A query that breaks a limit is killed with its worker, the caller is told which limit, and a new worker takes its place.
"""

from __future__ import annotations

import contextlib
import functools
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from taxonomy.errors import LimitError, QueryError, StoreError, TaxonomyError
from taxonomy.pool import Pool
from taxonomy.sandbox import Worker
from taxonomy.settings import Limits
from taxonomy.store.base import Reply, Request
from taxonomy.store.screening import screen

_WAY_OUT: Final = {
    "time": "Ask for less at once, or ask it of your own copy of the release, which has no such limit.",
    "memory": "Ask for less at once, without sorting or joining everything, or ask it of your own copy of the release.",
    "bytes": "Ask for it in pages (ORDER BY, LIMIT, OFFSET), or take the release's whole dump.",
    "complexity": "Ask it in smaller parts.",
}
_NO_ORDER: Final = (
    "ORDER BY meets values of different kinds, such as texts and numbers, that the engine cannot put in one order. "
    "Order by STR(?x), which it always can."
)


class ReaderPool:
    """So many readers of one store, shared by threads; each answers one query at a time.

    ``limits`` without seconds mean a person's own machine: nobody is refused for waiting, nor a query for its shape.
    """

    def __init__(self, store_path: Path, *, limits: Limits | None = None, size: int = 2) -> None:
        path, self._limits = Path(store_path).resolve(), limits or Limits()
        self._pool = Pool(
            functools.partial(Worker, "taxonomy.store.reader", (str(path),), self._limits),
            size=size,
            warm=size,
            busy="Every reader is busy. Ask again in a few seconds.",
            closed="This release is closed.",
            patient=self._limits.seconds is None,
        )

    @property
    def isolated(self) -> bool:
        """Whether the kernel keeps the readers from every network."""
        with self._reader() as worker:
            return worker.isolated

    def ask(self, request: Request, *, caller: socket.socket | None = None) -> Reply:
        """Answer, whole. Where the ``caller``'s connection is given and ends, the query is stopped with its reader.

        Raises:
            QueryError: the query is wrong, or refused.
            LimitError: it asked for more than its share, every reader stayed busy, or the caller has left.
            StoreError: the store could not be read.
        """
        screen(request.query, bounded=self._limits.seconds is not None)
        asked = json.dumps({name: getattr(request, name) for name in Request.__slots__}).encode()
        with self._reader() as worker:
            started = time.perf_counter()
            answer = worker.call(asked, seconds=request.seconds, caller=caller)
            waited = (time.perf_counter() - started) * 1000
        head, _, body = answer.partition(b"\n")
        said = json.loads(head)
        return Reply(said["kind"], said["media_type"], body, waited)

    def close(self) -> None:
        """End every reader; a query under way fails. Does nothing the second time."""
        self._pool.close()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _reader(self) -> Iterator[Worker]:
        with self._pool.worker() as worker:
            try:
                yield worker
            except LimitError as error:
                if self._pool.closed:
                    raise StoreError("This release was closed while the query ran.") from error
                raise LimitError(error.limit, f"{error.detail} {_WAY_OUT.get(error.limit, '')}".strip()) from error
            except (QueryError, StoreError):
                raise
            except TaxonomyError as error:
                if "total order" in str(error):  # the engine's sort ends the process when it finds that out
                    raise QueryError(_NO_ORDER) from error
                raise StoreError(f"The reader failed. {error}") from error
