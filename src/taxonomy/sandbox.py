"""A worker process that may be killed: it knows no RDF, has no network, and ends when its caller ends.

Work on a stranger's words (a query, an uploaded file) can take for ever, take all memory, or crash the process that
does it. So it is done in a process of its own, by a module that calls ``serve``, and the caller holds a ``Worker``. The
two speak through a socket pair, in frames of one byte of kind, four of length, and the payload. An answer without its
last frame is a death, never an answer.

The child is a fresh interpreter, not a fork: the caller may have threads, and a script needs no ``__main__`` guard.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final, NoReturn

from taxonomy import confinement
from taxonomy.errors import InputError, LimitError, QueryError, RefusedQueryError, StoreError, TaxonomyError
from taxonomy.settings import Limits

_HEAD: Final = struct.Struct("!cI")
_LIMITS, _READY, _ASK, _DATA, _END, _ERROR = b"L", b"R", b"Q", b"D", b"E", b"X"
_BLOCK: Final = 64 * 2**10  # bytes gathered before a frame is sent
_STACK: Final = 256 * 2**20  # reserved, not taken: a deeply nested query needs it
_SAID: Final = 64 * 2**10  # bytes of standard error that are kept
_START_SECONDS: Final = 30.0  # a worker that is not ready by then never will be
_PATIENCE: Final = 1.0  # seconds of evaluation before a worker yields to shorter work
_ENVIRONMENT: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH")  # no secrets; besides PYTHON… and LC_…
_TOO_MUCH: Final = {
    "time": "It took longer than one request may take.",
    "memory": "It took more memory than one request may take.",
    "complexity": "It is too complex to be worked out.",
}
_TRAVEL: Final = (TaxonomyError, InputError, LimitError, QueryError, RefusedQueryError, StoreError)  # between processes
_ERRORS: Final[dict[str, Callable[..., TaxonomyError]]] = {kind.__name__: kind for kind in _TRAVEL}


class Outlet(io.RawIOBase):
    """Where a handler writes its answer: gathers small blocks, counts bytes, and stops at the limit."""

    def __init__(self, channel: socket.socket, limit: int | None) -> None:
        super().__init__()
        self._channel, self._limit, self._sent, self._held = channel, limit, 0, bytearray()

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
        """Send what is held."""
        if self._held:
            _send(self._channel, _DATA, bytes(self._held))
            self._held.clear()


Handler = Callable[[bytes, Outlet], None]


class Worker:
    """A child process that answers one request at a time, within limits.

    ``module`` is the name of a module whose ``main`` part calls ``serve``. Starting does not wait for the child: the
    first call does. Not for several threads at once.
    """

    def __init__(self, module: str, args: Sequence[str] = (), limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.spent = False  # it holds so much memory that the next request deserves a new worker
        self._isolated: bool | None = None
        self._socket, theirs = socket.socketpair()
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
        _send(self._socket, _LIMITS, json.dumps([self.limits.seconds, self.limits.memory, self.limits.answer]).encode())

    @property
    def isolated(self) -> bool:
        """Whether the kernel keeps the worker from every network; waits until the worker is ready."""
        with self._or_die():
            return self._ready()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._end.alive and self._process.poll() is None

    def call(self, request: bytes, *, seconds: float | None = None) -> bytes:
        """Send a request and wait for the whole answer; ``seconds`` may only lower the worker's own limit.

        Raises:
            LimitError: a limit was passed; unless it was the answer's size, the worker is gone.
            TaxonomyError: what the handler raised, or that the worker ended unexpectedly.
        """
        allowed = min((each for each in (seconds, self.limits.seconds) if each is not None), default=None)
        with self._or_die():
            self._ready()
            deadline = None if allowed is None else time.monotonic() + allowed
            blocks: list[bytes] = []
            self._give(_ASK, request, deadline)
            kind, payload = self._take(deadline)
            while kind == _DATA:
                blocks.append(payload)
                kind, payload = self._take(deadline)
        self.spent = payload[:1] == b"1"
        if kind == _ERROR:
            raise _unpack(payload[1:])
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
            if kind == _ERROR:
                raise _unpack(payload[1:])
            self._isolated = payload == b"1"
        return self._isolated

    def _give(self, kind: bytes, payload: bytes, deadline: float | None) -> None:
        try:
            self._wait_until(deadline)
            _send(self._socket, kind, payload)
        except TimeoutError:
            raise self._late() from None
        except OSError:
            raise self._death() from None

    def _take(self, deadline: float | None) -> tuple[bytes, bytes]:
        try:
            frame = _receive(self._socket, lambda: self._wait_until(deadline))
        except TimeoutError:
            raise self._late() from None
        except OSError:
            frame = None
        if frame is None:
            raise self._death()
        return frame

    def _wait_until(self, deadline: float | None) -> None:
        self._socket.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))

    def _late(self) -> TaxonomyError:
        if self._isolated is None:
            return TaxonomyError(f"A worker was not ready after {_START_SECONDS:g} seconds.")
        return LimitError("time", _TOO_MUCH["time"])

    def _death(self) -> TaxonomyError:
        """Why the worker ended by itself, from the signal that ended it and its last words."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        self._said.seek(0)
        said = self._said.read(_SAID)
        crashed = code in {-signal.SIGSEGV, -signal.SIGBUS}
        if code == -signal.SIGXCPU:
            limit = "time"
        elif b"overflowed its stack" in said or (crashed and b"alloc" not in said):
            limit = "complexity"
        elif crashed or code in {-signal.SIGKILL, -signal.SIGABRT}:
            limit = "memory"
        else:
            last = said.decode(errors="replace").strip().rpartition("\n")[2] if self._isolated is None else ""
            return TaxonomyError(f"A worker ended unexpectedly (exit code {code}). {last}".strip())
        return LimitError(limit, _TOO_MUCH[limit])


def run(module: str, request: bytes, limits: Limits | None = None) -> bytes:
    """Answer one request in a worker of its own.

    Raises:
        LimitError: a limit was passed.
        TaxonomyError: what the handler raised, or that the worker ended unexpectedly.
    """
    with contextlib.closing(Worker(module, (), limits)) as worker:
        return worker.call(request)


def serve(handler: Handler, *, before: Callable[[], object] | None = None) -> NoReturn:
    """Be a worker: answer requests until the caller goes away. Never returns.

    ``before`` opens what the handler needs: already without a network, not yet short of memory.
    """
    channel = socket.socket(fileno=os.dup(0))
    seconds, memory, answer = json.loads((_receive(channel) or _gone())[1])
    isolated = confinement.cut_off()
    try:
        if before:
            before()
    except TaxonomyError as error:
        _send(channel, _ERROR, b"1" + _pack(error))
        _gone()
    threading.excepthook = _collapse
    threading.stack_size(_STACK)
    turn = _Turn()

    def answer_all() -> None:
        half = confinement.confine(memory, said=_SAID)  # here, because this thread's stack counts
        _send(channel, _READY, b"1" if isolated else b"0")
        while frame := _receive(channel):
            turn.began = time.monotonic()
            if seconds is not None:
                confinement.allow_cpu(2 * seconds)  # the second clock, for a caller that is itself held up
            kind, payload = _answer(handler, frame[1], Outlet(channel, answer))
            turn.began = None
            spent = turn.slow or confinement.address_space() > half
            _send(channel, kind, (b"1" if spent else b"0") + payload)
        _gone()

    thread = threading.Thread(target=answer_all)
    thread.start()
    caller = select.poll()
    caller.register(channel, 0)  # only for its end: whoever asked has gone away, so stop in mid-thought
    while not caller.poll(_PATIENCE * 1000):
        if turn.began and not turn.slow and time.monotonic() - turn.began > _PATIENCE:
            turn.slow = True
            os.setpriority(os.PRIO_PROCESS, thread.native_id or 0, 10)  # cannot be undone, so the worker is spent
    _gone()


@dataclass(slots=True)
class _Turn:
    """What one thread of a worker tells the other about the request in hand."""

    began: float | None = None
    slow: bool = False


def _answer(handler: Handler, request: bytes, outlet: Outlet) -> tuple[bytes, bytes]:
    try:
        handler(request, outlet)
        outlet.flush()
    except TaxonomyError as error:
        return _ERROR, _pack(error)
    except (MemoryError, RecursionError) as error:
        limit = "memory" if isinstance(error, MemoryError) else "complexity"
        return _ERROR, _pack(LimitError(limit, _TOO_MUCH[limit]))
    return _END, b""


def _collapse(args: threading.ExceptHookArgs) -> NoReturn:
    traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)
    os._exit(70)


def _gone() -> NoReturn:
    os._exit(0)


def _send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    channel.sendall(_HEAD.pack(kind, len(payload)) + payload)


def _receive(channel: socket.socket, patience: Callable[[], None] = lambda: None) -> tuple[bytes, bytes] | None:
    """The next frame; None where the other side has gone. ``patience`` is called before each wait."""

    def exactly(count: int) -> bytearray | None:
        data = bytearray(count)
        view, got = memoryview(data), 0
        while got < count:
            patience()
            read = channel.recv_into(view[got:])
            if not read:
                return None
            got += read
        return data

    head = exactly(_HEAD.size)
    if head is None:
        return None
    kind, length = _HEAD.unpack(head)
    payload = exactly(length)
    return None if payload is None else (kind, bytes(payload))


def _pack(error: TaxonomyError) -> bytes:
    facts = vars(error)
    return json.dumps([type(error).__name__, [] if facts else [str(error)], facts]).encode()


def _unpack(payload: bytes) -> TaxonomyError:
    name, args, facts = json.loads(payload)
    return _ERRORS[name](*args, **facts)


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in _ENVIRONMENT or k.startswith(("PYTHON", "LC_"))}
    return {**kept, "MALLOC_ARENA_MAX": "1"}  # each further arena reserves 64 MB, which blurs the budget


def _end(owner: int, process: subprocess.Popen[bytes], channel: socket.socket, said: IO[bytes]) -> None:
    if owner == os.getpid():
        process.kill()
        process.wait()
    channel.close()
    said.close()


def _size(count: int) -> str:
    return f"{count / 2**20:g} MB" if count >= 2**20 else f"{count:,} bytes"
