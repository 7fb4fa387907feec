"""The databases that a ledger can stand on: a file, and a PostgreSQL server that is started for the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest


def _programs() -> Path | None:
    """Where PostgreSQL's programs are: on the path, or where Debian puts them."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return kept[-1] if kept else None


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the socket of a PostgreSQL server; no port is opened. Skipped by name where there is none."""
    programs = _programs()
    if programs is None:
        missing = "PostgreSQL is not on this machine (Debian: postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    folder = Path("/tmp") / f"svssv-postgresql-{uuid4().hex[:12]}"  # noqa: S108  a socket's path has to be short
    folder.mkdir(mode=0o700)
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*as_user, programs / "initdb", "-D", data, "-U", "svssv", "-A", "trust", "-N"], **quiet)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    control = [*as_user, programs / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **quiet)
    try:
        yield folder
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a ledger can be made: a new file, and a new database."""
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite"
    socket, name = request.getfixturevalue("postgresql"), f"ledger_{uuid4().hex}"
    with psycopg.connect(f"host={socket} user=svssv dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://svssv@/{name}?host={socket}"
