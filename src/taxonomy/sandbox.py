"""A worker process that may be killed: it knows no RDF, has no network, and ends when its caller ends.

Work on a stranger's words (a query, an uploaded file) can take for ever, take all memory, or crash the process that
does it. So it is done in a process of its own, by a module that calls ``inside.serve``, and the caller holds a
``Worker``. An answer without its last frame is a death, never an answer.

The child is a fresh interpreter, not a fork: the caller may have threads, and a script needs no ``__main__`` guard.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import IO, Final

from taxonomy import frames, inside
from taxonomy.errors import LimitError, TaxonomyError
from taxonomy.frames import Inbox, Outlet
from taxonomy.inside import SAID, TOO_MUCH
from taxonomy.settings import Limits

_START_SECONDS: Final = 30.0  # a worker that is not ready by then never will be
_WORTH: Final = 0.2  # seconds of work that are given away rather than a worker that must be started again
_LEFT: Final = "Whoever asked has left."
_ENVIRONMENT: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH")  # no secrets; besides PYTHON… and LC_…
_PANIC: Final = re.compile(rb" panicked at [^\n]*\n([^\n]*)")  # how a library in Rust says that it gives up


class _Watch:
    """An eye on whoever waits for an answer, from the moment when a new worker is cheaper than the rest of the work."""

    def __init__(self, channel: socket.socket, caller: socket.socket) -> None:
        self._channel, self._both = select.poll(), select.poll()
        self._channel.register(channel, select.POLLIN)
        self._both.register(channel, select.POLLIN)
        self._both.register(caller, select.POLLRDHUP)  # what they send meanwhile is their next request
        self._fd, self._from = caller.fileno(), time.monotonic() + _WORTH

    def left(self) -> bool:
        """Whether the caller has left by now."""
        return any(fd == self._fd for fd, _ in self._both.poll(0))

    def wait(self, deadline: float | None) -> bool:
        """Wait until the worker says something or the deadline has passed; False if the caller leaves first."""
        now = time.monotonic()
        if now < self._from and self._channel.poll((self._from - now) * 1000):
            return True
        ready = self._both.poll(None if deadline is None else max((deadline - time.monotonic()) * 1000, 1))
        return not any(fd == self._fd for fd, _ in ready)


class Worker:
    """A child process that answers one request at a time, within limits.

    ``module`` is the name of a module whose ``main`` part calls ``inside.serve``. Starting does not wait for the child:
    the first call does. Not for several threads at once.
    """

    def __init__(self, module: str, args: Sequence[str] = (), limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.spent = False  # it holds so much memory that the next request deserves a new worker
        self._isolated: bool | None = None
        self._socket, theirs = socket.socketpair()
        self._inbox = Inbox(self._socket)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the worker
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(self._said.close)
            undo.callback(self._socket.close)
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, *args],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                start_new_session=True,  # a Ctrl-C in the caller's terminal is the caller's business
                env=_environment(),
            )
            undo.pop_all()
        self._end = weakref.finalize(self, _end, os.getpid(), self._process, self._socket, self._said)
        told = [self.limits.seconds, self.limits.memory, self.limits.answer]
        with contextlib.suppress(OSError):  # it is dead already, as the first call will find
            self._socket.sendall(frames.framed(frames.LIMITS, json.dumps(told).encode()))

    @property
    def isolated(self) -> bool:
        """Whether the kernel keeps the worker from every network; waits until the worker is ready."""
        with self._or_die():
            return self._ready()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._end.alive and self._process.poll() is None

    def call(self, request: bytes, *, seconds: float | None = None, caller: socket.socket | None = None) -> bytes:
        """Send a request and wait for the whole answer; ``seconds`` may only lower the worker's own limit.

        ``caller`` is the connection of whoever waits for the answer; once they hang up, nobody works on it.

        Raises:
            LimitError: a limit was passed, or the caller has left; unless it was the answer's size, the worker is gone.
            TaxonomyError: what the handler raised, or that the worker ended unexpectedly.
        """
        allowed = min((each for each in (seconds, self.limits.seconds) if each is not None), default=None)
        watch = _Watch(self._socket, caller) if caller else None
        if watch and watch.left():
            raise LimitError("caller", _LEFT)
        with self._or_die():
            self._ready()
            deadline = None if allowed is None else time.monotonic() + allowed
            blocks: list[bytes] = []
            self._give(frames.ASK, request, deadline)
            kind, payload = self._take(deadline, watch)
            while kind == frames.DATA:
                blocks.append(payload)
                kind, payload = self._take(deadline, watch)
        self.spent = payload[:1] == b"1"
        if kind == frames.ERROR:
            raise frames.unpack(payload[1:])
        return b"".join(blocks)

    def close(self) -> None:
        """Kill the worker and free what it held; does nothing the second time."""
        self._end()

    def interrupt(self) -> None:
        """Kill the worker from another thread; the thread that is calling finds out and tidies up."""
        self._process.kill()

    def forget(self) -> None:
        """Let go of a worker that belongs to the process this one was forked from."""
        self._process.returncode = 0  # not ours to wait for
        self.close()

    @contextlib.contextmanager
    def _or_die(self) -> Iterator[None]:
        """Whatever interrupts a conversation half-way ends the worker: the rest would be read as the next answer."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _ready(self) -> bool:
        if self._isolated is None:
            kind, payload = self._take(time.monotonic() + _START_SECONDS)
            if kind == frames.ERROR:
                raise frames.unpack(payload[1:])
            self._isolated = payload == b"1"
        return self._isolated

    def _give(self, kind: bytes, payload: bytes, deadline: float | None) -> None:
        try:
            self._wait_until(deadline)
            self._socket.sendall(frames.framed(kind, payload))
        except TimeoutError:
            raise self._late() from None
        except OSError:
            raise self._death() from None

    def _take(self, deadline: float | None, watch: _Watch | None = None) -> tuple[bytes, bytes]:
        try:
            frame = self._inbox.receive(lambda: self._wait_until(deadline, watch))
        except TimeoutError:
            raise self._late() from None
        except OSError:
            frame = None
        if frame is None:
            raise self._death()
        return frame

    def _wait_until(self, deadline: float | None, watch: _Watch | None = None) -> None:
        if watch and not watch.wait(deadline):
            raise LimitError("caller", _LEFT)
        self._socket.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))

    def _late(self) -> TaxonomyError:
        if self._isolated is None:
            return TaxonomyError(f"A worker was not ready after {_START_SECONDS:g} seconds.")
        return LimitError("time", TOO_MUCH["time"])

    def _death(self) -> TaxonomyError:
        """Why the worker ended by itself, from the signal that ended it and its last words."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        self._said.seek(0)
        said = self._said.read(SAID)
        crashed = code in {-signal.SIGSEGV, -signal.SIGBUS}
        if code == -signal.SIGABRT and (fault := _PANIC.search(said)) and b"alloc" not in fault[1]:
            return TaxonomyError(f"A worker broke down: {fault[1].decode(errors='replace')}.")
        if code == -signal.SIGXCPU:
            limit = "time"
        elif b"overflowed its stack" in said or (crashed and b"alloc" not in said):
            limit = "complexity"
        elif crashed or code in {-signal.SIGKILL, -signal.SIGABRT}:
            limit = "memory"
        else:
            last = said.decode(errors="replace").strip().rpartition("\n")[2] if self._isolated is None else ""
            return TaxonomyError(f"A worker ended unexpectedly (exit code {code}). {last}".strip())
        return LimitError(limit, TOO_MUCH[limit])


def run(module: str, request: bytes, limits: Limits | None = None) -> bytes:
    """Answer one request in a worker of its own; inside a worker, which is held already, on the spot.

    ``module`` has a handler ``answer``, and its ``main`` part serves it.

    Raises:
        LimitError: a limit was passed.
        TaxonomyError: what the handler raised, or that the worker ended unexpectedly.
    """
    if not inside.is_worker():
        with contextlib.closing(Worker(module, (), limits)) as worker:
            return worker.call(request)
    blocks: list[bytes] = []
    outlet = Outlet(blocks.append, (limits or Limits()).answer)
    import_module(module).answer(request, outlet)
    outlet.flush()
    return b"".join(blocks)


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in _ENVIRONMENT or k.startswith(("PYTHON", "LC_"))}
    return {**kept, "MALLOC_ARENA_MAX": "1"}  # each further arena reserves 64 MB, which blurs the budget


def _end(owner: int, process: subprocess.Popen[bytes], channel: socket.socket, said: IO[bytes]) -> None:
    if owner == os.getpid():
        process.kill()
        process.wait()
    channel.close()
    said.close()
