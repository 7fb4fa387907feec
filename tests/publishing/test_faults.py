"""What goes wrong under a publisher: the clock, the disk, a file. The last release stays, and it says what to do."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from taxonomy.cli import main
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import decisions
from taxonomy.publishing.ledger import Ledger, State
from taxonomy.publishing.people import People
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.site import create_app, reading
from taxonomy.store.releases import Home


@pytest.fixture
def home(three_releases: Path, tmp_path: Path) -> Home:
    return Home.open(shutil.copytree(three_releases, tmp_path / "home", symlinks=True))


def test_a_clock_that_went_back_between_two_releases_changes_no_order(home: Home) -> None:
    last = home.manifest(3)
    home.amend(replace(last, built=last.built + timedelta(days=40)))
    assert rebuild(home).number == 4
    assert [each.number for each in home.releases()] == [1, 2, 3, 4]
    assert home.manifest(4).built < home.manifest(3).built
    with KnowledgeGraph.open(home) as kg:
        assert [row["number"] for row in kg.ask("page-release")] == ["4"]
    app = create_app(home.path)
    client = app.test_client()
    assert '"4"' in client.get("/.well-known/void", headers={"Accept": "text/turtle"}).text
    assert client.get("/areas/E23000036/changes", headers={"Accept": "text/html"}).status_code == 200
    assert client.get("/areas/E23000036/changes.atom").status_code == 200
    with app.app_context():
        reading.current().close()


def test_a_clock_that_went_back_between_two_decisions_leaves_the_chain_whole(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Yesterday(datetime):
        """A clock that somebody put back."""

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # noqa: ARG003  as the clock takes it
            return datetime.now(UTC) - timedelta(days=1)

    with Ledger.of(home) as ledger:
        sam = People(ledger).find("sam")
        monkeypatch.setattr(decisions, "datetime", Yesterday)
        ledger.move(2, State.PUBLISHED, State.WITHDRAWN, by=sam.id, why="closed")
        assert list(ledger.faults(seals=[each.seal for each in home.releases() if each.seal])) == []
        told = ledger.history(2)
    assert [decision.what for decision in told][-2:] == [State.PUBLISHED, State.WITHDRAWN]
    assert told[-1].when < told[-2].when


def run_with_little_room(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command of ours on a disk that takes no file above 100 kB."""

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    command = [sys.executable, "-m", "taxonomy.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=little)


def test_a_full_disk_during_a_build_leaves_the_last_release_in_service(home: Home) -> None:
    before = home.served()
    done = run_with_little_room("release", "build", "--home", home.path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "could not be written" in done.stderr
    assert home.served() == before
    with KnowledgeGraph.open(home) as kg:
        assert len(kg.ask("sources")) > 0
    assert [each.name for each in home.releases()] == [1, 2, 3]


def test_a_full_disk_during_a_backup_leaves_no_half_of_one(home: Home, tmp_path: Path) -> None:
    done = run_with_little_room("backup", tmp_path / "saved", "--home", home.path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "could not be written" in done.stderr
    assert not (tmp_path / "saved").exists()
    assert home.served().name == 3


def test_a_release_that_is_found_damaged_on_start_is_said_with_the_way_back(home: Home) -> None:
    for path in home.store_path(3).glob("MANIFEST-*"):
        path.write_bytes(b"\0" * 100)
    started = CliRunner().invoke(main, ["serve", "--home", str(home.path), "--port", "1"])
    assert started.exit_code == 2
    assert "Release 3 is damaged" in started.stderr
    assert "svssv release rollback 2" in started.stderr
    assert CliRunner().invoke(main, ["release", "rollback", "2", "--home", str(home.path)]).exit_code == 0
    with KnowledgeGraph.open(home) as kg:
        assert len(kg.ask("sources")) > 0
