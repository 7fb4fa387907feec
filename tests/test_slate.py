"""A slate is shared by name, wiped with its last holder, and lets go of what the dead held."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from taxonomy.slate import Slate

HOLD = """
import signal, sys
from pathlib import Path
from taxonomy.slate import Slate
slate = Slate(8, "made-up", folder=Path(sys.argv[1]))
assert slate.take(3)
slate.memory[:5] = b"there"
print("ready", flush=True)
signal.pause()
"""


@pytest.fixture
def slate(tmp_path: Path) -> Callable[[], Slate]:
    return lambda: Slate(8, "made-up", folder=tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the slate, has written on it, and holds place 3."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process
        process.kill()


def test_what_one_process_writes_and_holds_another_sees(
    slate: Callable[[], Slate], other: subprocess.Popen[bytes]
) -> None:
    with closing(slate()) as here:
        assert here.memory[:5] == b"there"
        assert (here.take(3), here.take(4)) == (False, True)


def test_the_dead_hold_nothing_and_what_they_wrote_is_wiped(
    slate: Callable[[], Slate], other: subprocess.Popen[bytes]
) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    with closing(slate()) as here:
        assert not any(here.memory[:])
        assert here.take(3)


def test_nothing_is_left_when_the_last_has_gone(slate: Callable[[], Slate], tmp_path: Path) -> None:
    first, second = slate(), slate()
    first.close()
    assert list(tmp_path.iterdir())
    second.close()
    assert not list(tmp_path.iterdir())
    second.close()


def test_a_forked_process_ends_nothing_of_its_parent(slate: Callable[[], Slate], tmp_path: Path) -> None:
    with closing(slate()) as here:
        if not (child := os.fork()):
            here.close()
            os._exit(0)
        os.waitpid(child, 0)
        assert list(tmp_path.iterdir())


@pytest.mark.parametrize("laid", ["a link", "open to all", "no folder"])
def test_what_others_may_have_laid_there_is_not_used(tmp_path: Path, laid: str) -> None:
    path, target = tmp_path / f"svssv-{os.geteuid()}-made-up", tmp_path / "target"
    target.write_bytes(b"12345678")
    if laid == "a link":
        path.symlink_to(target)
    elif laid == "open to all":
        path.write_bytes(b"12345678")
        path.chmod(0o666)
    folder = tmp_path / "none" if laid == "no folder" else tmp_path
    with closing(Slate(8, "made-up", folder=folder)) as here:
        assert not any(here.memory[:])
        here.memory[:3] = b"new"
    assert target.read_bytes() == b"12345678"
