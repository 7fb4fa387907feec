"""The web server of ``svssv serve``: gunicorn, set so that it keeps nothing of who asked for what."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from taxonomy import journal
from taxonomy.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_COUNTS: Final = "PROMETHEUS_MULTIPROC_DIR"  # where the library looks, when it is imported, for counts of all processes


@contextlib.contextmanager
def beginning(settings: Settings) -> Iterator[None]:
    """Begin the log, and a place in memory where all web processes count together, if anybody may read the counts.

    Nothing of the site may be imported before.
    """
    journal.begin(logging.INFO if settings.log == "requests" else logging.WARNING)
    if not settings.metrics_token:
        yield
        return
    memory = Path("/dev/shm")  # noqa: S108  it is memory, and the folder's name cannot be guessed
    folder = tempfile.mkdtemp(prefix="svssv-counts-", dir=memory if memory.is_dir() else None)
    os.environ[_COUNTS] = folder
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(make: Callable[[], Flask], host: str, port: int, *, processes: int = 1) -> None:
    """Serve an application until stopped; each web process makes its own."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # it has no types

    class Site(BaseApplication):  # type: ignore[misc]  # nor has its class
        """Processes with threads: the readers are processes of their own."""

        def load_config(self) -> None:
            bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            for name, value in {
                "bind": bind,
                "workers": processes,
                "worker_class": "taxonomy.cli.workers.Threads",
                "threads": 16,  # strangers' queries and uploads may hold half of them, waiting
                "loglevel": "error",  # its warnings name the address of whoever sent a broken request
                "accesslog": None,  # who read what is nobody's business
                "limit_request_line": 8190,  # the longest that it takes: a query may come by GET
                "keepalive": 5,  # seconds, no longer than a new connection may stay silent
                "graceful_timeout": 5,
                "control_socket_disable": True,
                "child_exit": _uncounted,
                "proc_name": "svssv",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return make()

    Site().run()


def _uncounted(_server: object, worker: Any) -> None:
    """A web process that has ended: what it counted stays, what it was at the moment does not."""
    if os.environ.get(_COUNTS):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
