"""Whatever a file holds, a reader reads it or refuses it: in time, in little memory, and with an error of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from taxonomy import intake, sandbox
from taxonomy.settings import Limits

FOLDER = Path(__file__).parent
CORPUS = sorted(path for path in (FOLDER / "corpus").glob("*/*") if path.is_file())
SECONDS = int(os.environ.get("FUZZ_SECONDS", "600"))  # for each reader
LIMITS = Limits(seconds=10.0, memory=768 * 2**20)


@pytest.fixture(scope="module")
def worker() -> Iterator[sandbox.Worker]:
    """One worker for every file: what one leaves behind would be found by the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(FOLDER), os.environ.get("PYTHONPATH")))))
        started = sandbox.Worker("replaying", (), LIMITS)
    with closing(started):
        yield started


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_file_that_the_fuzzers_start_from_or_found_is_read_or_refused(worker: sandbox.Worker, path: Path) -> None:
    assert worker.call(path.parent.name.encode() + b"\n" + path.read_bytes()) in {b"read", b"refused"}


def test_every_kind_of_file_that_is_read_has_a_fuzzer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FOLDER)
    from targets import TARGETS

    assert {target.kind for target in TARGETS.values()} == set(intake.KINDS)
    assert TARGETS.keys() == {path.parent.name for path in CORPUS}


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted({path.parent.name for path in CORPUS}))
def test_a_fuzzer_finds_no_crash_no_hang_and_no_growth(name: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, FOLDER / "fuzz.py", name, str(SECONDS), tmp_path], capture_output=True, text=True, check=False
    )
    assert (run.returncode, list(tmp_path.iterdir())) == (0, []), run.stderr[-3_000:]
