"""The inside of a sandbox: a process that answers its caller, within limits, until the caller goes away.

A module that works on a stranger's words calls ``serve`` in its ``main`` part; ``taxonomy.sandbox`` starts it.
"""

from __future__ import annotations

import json
import os
import select
import socket
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

from taxonomy import confinement, frames
from taxonomy.errors import LimitError, TaxonomyError
from taxonomy.frames import Inbox, Outlet, framed

SAID: Final = 64 * 2**10  # bytes of standard error that are kept
TOO_MUCH: Final = {  # limit → what is said to whoever passes it
    "time": "It took longer than one request may take.",
    "memory": "It took more memory than one request may take.",
    "complexity": "It is too complex to be worked out.",
}
Handler = Callable[[bytes, Outlet], None]
_STACK: Final = 256 * 2**20  # reserved, not taken: a deeply nested query needs it
_PATIENCE: Final = 1.0  # seconds of evaluation before a worker yields to shorter work
_SERVING: Final[list[Handler]] = []  # what this process answers with, where it is a worker


def is_worker() -> bool:
    """Whether this process is a worker: then a stranger's words may be worked on here."""
    return bool(_SERVING)


def serve(handler: Handler, *, before: Callable[[], object] | None = None) -> NoReturn:
    """Be a worker: answer requests until the caller goes away. Never returns.

    ``before`` opens what the handler needs: already without a network, not yet short of memory.
    """
    _SERVING.append(handler)
    channel = socket.socket(fileno=os.dup(0))
    inbox = Inbox(channel)
    seconds, memory, answer = json.loads((inbox.receive() or _gone())[1])
    isolated = confinement.cut_off()
    try:
        if before:
            before()
    except TaxonomyError as error:
        channel.sendall(framed(frames.ERROR, b"1" + frames.pack(error)))
        _gone()
    threading.excepthook = _collapse
    threading.stack_size(_STACK)
    turn = _Turn()

    def give(block: bytes) -> None:
        channel.sendall(framed(frames.DATA, block))

    def answer_all() -> None:
        half = confinement.confine(memory, said=SAID)  # here, because this thread's stack counts
        channel.sendall(framed(frames.READY, b"1" if isolated else b"0"))
        while frame := inbox.receive():
            turn.began = time.monotonic()
            if seconds is not None:
                confinement.allow_cpu(2 * seconds)  # the second clock, for a caller that is itself held up
            outlet = Outlet(give, answer)
            kind, payload = _answer(handler, frame[1], outlet)
            turn.began = None
            spent = turn.slow or confinement.address_space() > half
            end = framed(kind, (b"1" if spent else b"0") + payload)
            channel.sendall(framed(frames.DATA, outlet.rest()) + end)  # together, so that the caller wakes once
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
    except TaxonomyError as error:
        return frames.ERROR, frames.pack(error)
    except (MemoryError, RecursionError) as error:
        limit = "memory" if isinstance(error, MemoryError) else "complexity"
        return frames.ERROR, frames.pack(LimitError(limit, TOO_MUCH[limit]))
    return frames.END, b""


def _collapse(args: threading.ExceptHookArgs) -> NoReturn:
    traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)
    os._exit(70)


def _gone() -> NoReturn:
    os._exit(0)
