"""The web process of ``svssv serve``: gunicorn's threads, where a slow connection holds up nobody for long."""

from __future__ import annotations

import contextlib
import math
import selectors
import socket
import struct
import time
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]  # it has no types

_HEAD_SECONDS: Final = 5.0  # from a request's first byte to the end of its head
_BODY_SECONDS: Final = 30.0  # from there to the end of what it sends; an answer may take longer
_STALL_SECONDS: Final = 20  # without a byte of an answer taken
_NOTIFY_SECONDS: Final = 0.9  # less than the base class waits for an event


class Threads(ThreadWorker):  # type: ignore[misc]  # nor has its class
    """Gunicorn reads what callers send, and waits for their last word, in threads and as long as it takes.

    So a few callers who send nothing, a byte now and then, or do not hang up would keep everybody out. Here a
    connection has a thread only once it has sent something, then some seconds for the rest, and none for its end.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._notified = -math.inf
        self._sending: dict[Any, float] = {}  # connections whose request is being read, and until when it may

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and wait for its first byte with all others; in the main thread."""
        try:
            channel, caller = listener.accept()
        except OSError:  # it has gone already, or another web process was quicker
            return
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _STALL_SECONDS, 0))
        conn = TConn(self.cfg, channel, caller, listener.getsockname())
        conn.timeout = time.monotonic() + _HEAD_SECONDS
        self.nr_conns += 1
        self.pending_conns.append(conn)
        self.poller.register(channel, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        """Read one request and answer it; in a thread of its own."""
        self._sending[conn] = time.monotonic() + _HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._sending.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose head has been read."""
        self._sending[conn] = time.monotonic() + _BODY_SECONDS
        return super().handle_request(req, conn)

    def notify(self) -> None:
        """Say that this process lives, and hear no more of those who send too slowly; once a second.

        The base class calls this for each event, and saying it takes a system call.
        """
        now = time.monotonic()
        if now < self._notified + _NOTIFY_SECONDS:
            return
        self._notified = now
        super().notify()
        for conn, until in list(self._sending.items()):
            if now > until:
                self._sending.pop(conn, None)
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)

    def finish_request(self, conn: Any, fs: Future[Any]) -> None:
        """Keep the connection for another request, or end it; in the main thread, which never waits here."""
        if not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._last_word, conn))
        except (OSError, ValueError, KeyError):  # it has been closed already
            self._let_go(conn)
            return
        conn.timeout = time.monotonic() + self.cfg.keepalive  # by then the base class closes it
        self.pending_conns.append(conn)

    def _last_word(self, conn: Any, channel: socket.socket) -> None:
        """Read what still comes, unread, for closing on it would take the answer's end from the other side."""
        try:
            if channel.recv(65536):
                return
        except OSError:
            pass
        self.poller.unregister(channel)
        self.pending_conns.remove(conn)
        self._let_go(conn)

    def _let_go(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()
