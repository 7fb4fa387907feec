"""A pool keeps its workers busy, mends itself, and turns work away before it drowns in it."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from taxonomy.errors import LimitError, TaxonomyError
from taxonomy.pool import Pool
from taxonomy.sandbox import Worker
from taxonomy.settings import Limits


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """One worker, and room for one request to wait."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "children"), prepend=os.pathsep)
    start = functools.partial(Worker, "made_up_worker", (), Limits(seconds=10.0))
    made = Pool(start, size=1, warm=1, busy="All are at work.", closed="It is over.", queue=1)
    yield made
    made.close()


def test_a_request_behind_a_full_queue_is_turned_away_at_once(pool: Pool) -> None:
    refusals: list[float] = []

    def refused() -> None:
        began = time.monotonic()
        with pytest.raises(LimitError, match="All are at work"), pool.worker():
            pass
        refusals.append(time.monotonic() - began)

    with pool.worker():
        threads = [threading.Thread(target=refused) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert min(refusals) < 1.0 < max(refusals)
    with pool.worker() as worker:
        assert worker.call(b"echo next") == b"next"


def test_a_worker_that_is_killed_idle_or_at_work_is_replaced(pool: Pool) -> None:
    with pool.worker() as worker:
        worker.call(b"echo warm")
    worker.interrupt()
    while worker.alive:
        time.sleep(0.01)
    with pool.worker() as worker:
        assert worker.call(b"echo a") == b"a"
        threading.Timer(0.2, worker.interrupt).start()
        with pytest.raises(TaxonomyError):
            worker.call(b"sleep 5")
    with pool.worker() as worker:
        assert worker.call(b"echo b") == b"b"
