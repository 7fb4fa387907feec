"""The web process of ``svssv serve``: gunicorn's threads, where a connection that ends holds up nobody."""

from __future__ import annotations

import selectors
import socket
import time
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # it has no types


class Threads(ThreadWorker):  # type: ignore[misc]  # nor has its class
    """Gunicorn waits for the other side's last word in the thread that takes all connections, up to two seconds.

    So five callers who do not hang up would keep everybody out for ten. Here that wait is one of those that the thread
    watches.
    """

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
