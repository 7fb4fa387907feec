"""Turns: so many at once, so many waiting, over threads and processes."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from taxonomy.errors import LimitError
from taxonomy.turns import Turns


@pytest.fixture
def turns() -> Turns:
    return Turns(running=1, waiting=1, busy="Others are before you.")


@contextlib.contextmanager
def held_by_a_child(turns: Turns) -> Iterator[int]:
    """A turn that another process has, as a web process beside this one would."""
    told, tell = os.pipe()
    if not (child := os.fork()):
        with turns.turn():
            os.write(tell, b"x")
            signal.pause()
        os._exit(0)
    os.close(tell)
    assert os.read(told, 1) == b"x"
    os.close(told)
    yield child
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_turn_that_is_given_back_is_had_again(turns: Turns) -> None:
    for _ in range(3):
        with turns.turn():
            pass


def test_who_waits_gets_the_turn_when_it_comes_free(turns: Turns) -> None:
    got = threading.Event()

    def second() -> None:
        with turns.turn():
            got.set()

    with turns.turn():
        waiting = threading.Thread(target=second)
        waiting.start()
        assert not got.wait(0.1)
    assert got.wait(2.0)
    waiting.join()


def test_a_wait_has_an_end_and_nobody_waits_behind_a_full_queue(turns: Turns) -> None:
    refusals: list[float] = []

    def refused() -> None:
        began = time.monotonic()
        with pytest.raises(LimitError, match="Others are before you") as caught, turns.turn():
            pass
        assert caught.value.limit == "busy"
        refusals.append(time.monotonic() - began)

    with turns.turn():
        waiting = [threading.Thread(target=refused) for _ in range(2)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()
    at_once, later = sorted(refusals)
    assert at_once < 1.0
    assert 2.0 <= later < 4.0


def test_another_process_counts_too_until_it_dies(turns: Turns) -> None:
    with held_by_a_child(turns) as child:
        with pytest.raises(LimitError), turns.turn():
            pass
        os.kill(child, signal.SIGKILL)
        with turns.turn():
            pass
