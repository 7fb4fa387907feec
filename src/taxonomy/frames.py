"""How a worker and its caller speak: frames of one byte of kind, four of length, and a payload, over a socket pair."""

from __future__ import annotations

import io
import json
import socket
import struct
from collections.abc import Callable
from typing import Final

from taxonomy.errors import (
    EnginesDisagreeError,
    InputError,
    LimitError,
    NoRecordError,
    QueryError,
    RefusedQueryError,
    StoreError,
    TaxonomyError,
    TooLargeError,
    UnknownKindError,
)

LIMITS, READY, ASK, DATA, END, ERROR = b"L", b"R", b"Q", b"D", b"E", b"X"
_HEAD: Final = struct.Struct("!cI")
_BLOCK: Final = 64 * 2**10  # bytes gathered before a frame is sent
_AT_ONCE: Final = 2 * _BLOCK  # bytes read at most at once
_TRAVEL: Final = (
    TaxonomyError,
    InputError,
    TooLargeError,
    UnknownKindError,
    NoRecordError,
    EnginesDisagreeError,
    LimitError,
    QueryError,
    RefusedQueryError,
    StoreError,
)
_ERRORS: Final[dict[str, Callable[..., TaxonomyError]]] = {kind.__name__: kind for kind in _TRAVEL}


class Outlet(io.RawIOBase):
    """Where a handler writes its answer: gathers small blocks, counts bytes, and stops at the limit."""

    def __init__(self, give: Callable[[bytes], object], limit: int | None) -> None:
        super().__init__()
        self._give, self._limit, self._sent, self._held = give, limit, 0, bytearray()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, block: bytes, /) -> int:  # type: ignore[override]  # only bytes are ever written
        """Add to the answer.

        Raises:
            LimitError: the answer passes the most that one request may take.
        """
        self._sent += len(block)
        if self._limit is not None and self._sent > self._limit:
            raise LimitError("bytes", f"The answer is larger than {_size(self._limit)}, the most one request may take.")
        self._held += block
        if len(self._held) >= _BLOCK:
            self.flush()
        return len(block)

    def flush(self) -> None:
        """Hand over what is held."""
        if self._held:
            self._give(self.rest())

    def rest(self) -> bytes:
        """What is held and was not handed over; from now on it is not held."""
        rest = bytes(self._held)
        self._held.clear()
        return rest


def framed(kind: bytes, payload: bytes) -> bytes:
    """One frame, as it is sent."""
    return _HEAD.pack(kind, len(payload)) + payload


class Inbox:
    """What comes over a channel, frame by frame: one wait for all of a short answer.

    >>> here, there = socket.socketpair()
    >>> with here, there:
    ...     here.sendall(framed(DATA, b"some words") + framed(END, b""))
    ...     inbox = Inbox(there)
    ...     inbox.receive(), inbox.receive()
    ((b'D', b'some words'), (b'E', b''))
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel, self._held = channel, bytearray()

    def receive(self, patience: Callable[[], None] = lambda: None) -> tuple[bytes, bytes] | None:
        """The next frame; None where the other side has gone. ``patience`` is called before each wait."""
        head = self._exactly(_HEAD.size, patience)
        if head is None:
            return None
        kind, length = _HEAD.unpack(head)
        payload = self._exactly(length, patience)
        return None if payload is None else (kind, payload)

    def _exactly(self, count: int, patience: Callable[[], None]) -> bytes | None:
        while len(self._held) < count:
            patience()
            read = self._channel.recv(_AT_ONCE)
            if not read:
                return None
            self._held += read
        taken = bytes(memoryview(self._held)[:count])
        del self._held[:count]
        return taken


def pack(error: TaxonomyError) -> bytes:
    """An error with its facts, as a payload.

    >>> str(unpack(pack(QueryError("a word is missing", line=3, column=4))))
    'line 3, column 4: a word is missing'
    """
    facts = vars(error)
    return json.dumps([type(error).__name__, [] if facts else [str(error)], facts]).encode()


def unpack(payload: bytes) -> TaxonomyError:
    """The error that ``pack`` wrote."""
    name, args, facts = json.loads(payload)
    return _ERRORS[name](*args, **facts)


def _size(count: int) -> str:
    return f"{count / 2**20:g} MB" if count >= 2**20 else f"{count:,} bytes"
