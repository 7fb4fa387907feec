"""Answers that are kept: the same question about the same sealed release has the same answer, so it is asked once."""

from __future__ import annotations

import hashlib
import threading
from operator import attrgetter
from typing import Any, Final

from cachetools import LRUCache, cachedmethod

from taxonomy.store.base import Reply, Request, Source

_BESIDE: Final = 512  # bytes that one answer takes beside its body


def _mark(_: object, request: Request) -> bytes:
    """What stands for a request; the request itself may be longer than its answer."""
    return hashlib.sha256(repr(request).encode(errors="surrogateescape")).digest()


class Kept:
    """A source, and so many bytes of its latest answers: those that nobody asked for the longest leave first.

    Only for a source that never changes. Its answers go with it, and so with the release. Safe to share between
    threads.
    """

    def __init__(self, source: Source, most: int) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._replies: LRUCache[Any, Reply] = LRUCache(most, getsizeof=lambda reply: len(reply.body) + _BESIDE)

    @cachedmethod(attrgetter("_replies"), key=_mark, lock=attrgetter("_lock"))
    def ask(self, request: Request) -> Reply:
        """As the source answers.

        Raises:
            QueryError: as the source raises; no refusal is kept.
            LimitError: likewise.
            StoreError: likewise.
        """
        return self._source.ask(request)
