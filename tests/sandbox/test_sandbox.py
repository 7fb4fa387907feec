"""A worker may be killed at any time, cannot take more than its share, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from taxonomy import frames, sandbox
from taxonomy.errors import LimitError, QueryError, TaxonomyError
from taxonomy.sandbox import Worker
from taxonomy.settings import UNLIMITED, Limits

CHILDREN = Path(__file__).parent / "children"
MODULE = "made_up_worker"
TIGHT = Limits(seconds=1.0, memory=64 * 2**20, answer=10_000)


@pytest.fixture(autouse=True)
def _children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(CHILDREN), prepend=os.pathsep)


@pytest.fixture
def worker() -> Iterator[Worker]:
    with closing(Worker(MODULE, (), TIGHT)) as each:
        yield each


def until(happened: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    return happened()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]


def test_a_worker_answers_one_request_after_another(worker: Worker) -> None:
    assert [worker.call(b"echo one"), worker.call(b"echo two")] == [b"one", b"two"]


def test_a_large_answer_comes_whole() -> None:
    assert len(sandbox.run(MODULE, b"write 5000", UNLIMITED)) == 5_000_000


def test_a_worker_past_its_time_is_killed_within_a_fifth_of_a_second() -> None:
    assert min(late() for _ in range(3)) < 0.2


def late() -> float:
    """Seconds from the deadline until the worker is gone."""
    with closing(Worker(MODULE, (), UNLIMITED)) as worker:
        assert worker.isolated  # waits for the start
        started = time.monotonic()
        with pytest.raises(LimitError) as caught:
            worker.call(b"spin", seconds=0.1)
        assert (caught.value.limit, worker.alive) == ("time", False)
        return time.monotonic() - started - 0.1


def test_a_caller_may_lower_the_time_but_not_raise_it(worker: Worker) -> None:
    assert worker.call(b"sleep 0.01", seconds=60) == b""
    with pytest.raises(LimitError, match="longer"):
        worker.call(b"sleep 0.2", seconds=0.05)


def test_the_second_clock_stops_a_worker_whose_caller_is_held_up() -> None:
    with closing(Worker(MODULE, (), Limits(seconds=0.1))) as worker:
        assert worker.isolated
        worker._give(frames.ASK, b"spin", None)  # a caller that never looks at the time
        with pytest.raises(LimitError) as caught:
            worker._take(None)
        assert caught.value.limit == "time"


def test_memory_past_the_budget_is_named_as_memory(worker: Worker) -> None:
    with pytest.raises(LimitError) as caught:
        worker.call(b"remember 100")
    assert caught.value.limit == "memory"


def test_the_budget_is_counted_from_what_the_opened_worker_takes(worker: Worker) -> None:
    assert worker.call(b"remember 30") == b"30"


def test_an_answer_past_its_bytes_is_refused_and_the_worker_lives_on(worker: Worker) -> None:
    with pytest.raises(LimitError) as caught:
        worker.call(b"write 11")
    assert (caught.value.limit, "10,000 bytes" in str(caught.value)) == ("bytes", True)
    assert worker.call(b"echo still here") == b"still here"


def test_endless_nesting_is_named_as_complexity(worker: Worker) -> None:
    with pytest.raises(LimitError) as caught:
        worker.call(b"recurse")
    assert caught.value.limit == "complexity"


def test_an_error_travels_with_its_facts(worker: Worker) -> None:
    with pytest.raises(QueryError, match="line 3, column 4: a word is missing") as caught:
        worker.call(b"wrong")
    assert (caught.value.line, caught.value.column) == (3, 4)


@pytest.mark.parametrize("request_", [b"bug x", b"abort"])
def test_a_worker_that_breaks_is_told_from_one_that_answers(worker: Worker, request_: bytes) -> None:
    with pytest.raises(TaxonomyError):
        worker.call(request_)
    assert not worker.alive


def test_a_worker_that_cannot_start_says_why() -> None:
    with closing(Worker("no_such_module")) as worker, pytest.raises(TaxonomyError, match="No module named"):
        worker.call(b"")


def test_a_worker_that_died_before_it_was_told_its_limits_is_found_out_by_the_first_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Short(subprocess.Popen[bytes]):
        def __init__(self, _command: list[str], **how: object) -> None:
            super().__init__(["false"], **how)
            self.wait()

    monkeypatch.setattr(subprocess, "Popen", Short)
    with closing(Worker(MODULE)) as worker, pytest.raises(TaxonomyError, match="ended unexpectedly"):
        worker.call(b"echo one")


def test_a_worker_reaches_no_network_and_says_so(worker: Worker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        assert worker.isolated
        with pytest.raises(TaxonomyError):
            worker.call(b"connect %d" % canary.getsockname()[1])
        with pytest.raises(TimeoutError):
            canary.accept()


def test_a_worker_is_told_no_secrets(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVSSV_TOKEN", "made-up")
    with closing(Worker(MODULE)) as later:
        assert later.call(b"variable SVSSV_TOKEN") == b"unset"


def test_last_words_are_kept_short(worker: Worker) -> None:
    worker.call(b"mutter 1000000")
    assert os.fstat(worker._said.fileno()).st_size == 64 * 2**10


def test_long_work_gives_way_to_short_work() -> None:
    with closing(Worker(MODULE, (), Limits(seconds=5))) as worker:
        assert worker.call(b"echo quick") == b"quick"
        assert not worker.spent
        assert worker.call(b"priority") == b"10"
        assert worker.spent  # only root could take it back


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C interrupts, also where whoever runs the tests has switched it off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_abandoned_call_kills_its_worker() -> None:
    with closing(Worker(MODULE, (), UNLIMITED)) as worker:
        assert worker.isolated
        timer = threading.Timer(0.1, signal.pthread_kill, (threading.get_ident(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            worker.call(b"sleep 30")
        timer.join()
        assert not worker.alive


def test_closing_twice_does_no_harm_and_leaves_no_process(worker: Worker) -> None:
    pid = worker._process.pid
    worker.close()
    worker.close()
    assert not Path(f"/proc/{pid}").exists()


def test_many_workers_leave_no_open_file_behind() -> None:
    sandbox.run(MODULE, b"echo warm")
    before = open_files()
    for request in (b"echo x", b"spin", b"abort"):
        with closing(Worker(MODULE, (), TIGHT)) as worker, suppress(TaxonomyError):
            worker.call(request)
    assert open_files() == before


SCRIPT = """
from taxonomy import frames, sandbox
from taxonomy.settings import UNLIMITED
worker = sandbox.Worker("made_up_worker", (), UNLIMITED)
print(worker._process.pid, worker.call(b"echo hello").decode(), flush=True)
"""


@pytest.mark.parametrize("form", ["a script", "a line"])
def test_a_script_needs_no_guard_and_may_forget_to_close(tmp_path: Path, form: str) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(SCRIPT)
    how = [str(script)] if form == "a script" else ["-c", SCRIPT]
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", *how], capture_output=True, text=True, check=True
    )
    pid, said = done.stdout.split()
    assert (said, done.stderr) == ("hello", "")
    assert not exists(int(pid))


def test_a_busy_worker_dies_with_its_caller() -> None:
    script = SCRIPT + "worker.call(b'sleep 60')"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        pid = int(caller.stdout.readline().split()[0])
        assert exists(pid)
        os.kill(caller.pid, signal.SIGKILL)
    assert until(lambda: not exists(pid))


def test_a_caller_who_leaves_ends_the_work() -> None:
    here, there = socket.socketpair()
    with here, there, closing(Worker(MODULE, (), Limits(seconds=30.0))) as worker:
        threading.Timer(0.3, there.shutdown, [socket.SHUT_WR]).start()
        began = time.monotonic()
        with pytest.raises(LimitError) as caught:
            worker.call(b"spin", caller=here)
        assert (caught.value.limit, worker.alive) == ("caller", False)
        assert time.monotonic() - began < 15  # well before the worker's own limit


def test_a_caller_who_has_left_already_costs_no_worker(worker: Worker) -> None:
    here, there = socket.socketpair()
    there.close()
    with here, pytest.raises(LimitError):
        worker.call(b"echo nobody", caller=here)
    assert worker.call(b"echo somebody") == b"somebody"


def test_short_work_is_ended_for_nobody_and_what_a_caller_sends_meanwhile_is_left_alone(worker: Worker) -> None:
    here, there = socket.socketpair()
    with here:
        there.sendall(b"the next request")
        assert worker.call(b"sleep 0.4", caller=here) == b""
        threading.Timer(0.02, there.close).start()
        assert worker.call(b"sleep 0.1", caller=here) == b""
        assert here.recv(100) == b"the next request"


def test_a_library_that_gives_up_is_told_from_one_that_takes_too_much_memory(worker: Worker) -> None:
    with pytest.raises(TaxonomyError, match="broke down: no total order") as caught:
        worker.call(b"panic no total order")
    assert not isinstance(caught.value, LimitError)
