"""What is kept in memory because working it out again would give the same: so many bytes of it, the latest used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from cachetools import LRUCache

BESIDE: Final = 512  # bytes that one thing takes beside itself: its key, and its place
_Thing = TypeVar("_Thing")


class Kept(Generic[_Thing]):
    """Up to ``most`` bytes of things by their keys, as ``size`` measures each; the longest unasked for leave first.

    Safe to share between threads: two that ask for one thing at once may both work it out.

    >>> words = Kept(most=2048, size=len)
    >>> words.of("a", lambda: "once"), words.of("a", lambda: "never asked")
    ('once', 'once')
    >>> words.get("b") is None
    True
    """

    def __init__(self, most: int, size: Callable[[_Thing], int]) -> None:
        self._lock = threading.Lock()
        self._things: LRUCache[Hashable, _Thing] = LRUCache(most, getsizeof=lambda thing: size(thing) + BESIDE)

    def get(self, key: Hashable) -> _Thing | None:
        """What is kept by this key; None where nothing is."""
        with self._lock:
            return self._things.get(key)

    def put(self, key: Hashable, thing: _Thing) -> None:
        """Keep a thing, unless it is larger than all the room there is."""
        with self._lock:
            if self._things.getsizeof(thing) <= self._things.maxsize:
                self._things[key] = thing

    def of(self, key: Hashable, make: Callable[[], _Thing]) -> _Thing:
        """What is kept by this key, or is made now and kept; what cannot be made is not kept, and raises as it did."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            self._things.clear()

    @property
    def bytes(self) -> int:
        """How much is kept."""
        with self._lock:
            return int(self._things.currsize)
