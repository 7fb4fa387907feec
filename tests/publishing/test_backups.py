"""A backup is a real copy, and what is restored from it is the same home."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from taxonomy.cli import main
from taxonomy.errors import InputError, NotAllowedError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import backups, verification
from taxonomy.publishing.alone import alone
from taxonomy.publishing.ledger import Ledger, State
from taxonomy.store.releases import Home


@pytest.fixture(scope="module")
def source(three_releases: Path) -> Home:
    return Home.open(three_releases)


@pytest.fixture(scope="module")
def saved(source: Home, tmp_path_factory: pytest.TempPathFactory) -> backups.Backup:
    return backups.backup(source, tmp_path_factory.mktemp("backups") / "first")


@pytest.fixture
def copy(saved: backups.Backup, tmp_path: Path) -> Path:
    """The backup, copied so that it can be damaged."""
    return Path(shutil.copytree(saved.path, tmp_path / "copied"))


def test_a_home_is_restored_on_another_path_with_every_hash_equal(
    source: Home, saved: backups.Backup, tmp_path: Path
) -> None:
    home = backups.restore(saved, tmp_path / "restored")
    assert home.releases() == source.releases()
    assert home.current() == source.current()
    assert [verification.verify(home, each.number).faults for each in home.releases()] == [(), (), ()]
    with Ledger(home.ledger_path) as ledger, Ledger(source.ledger_path) as kept:
        assert ledger.submissions() == kept.submissions()
        assert ledger.seal == kept.seal
    question = "services-in-area"
    with KnowledgeGraph.open(home) as here, KnowledgeGraph.open(source) as there:
        assert here.ask(question, area="E23000036").rows == there.ask(question, area="E23000036").rows


def test_a_restored_home_goes_on_from_where_it_was(saved: backups.Backup, tmp_path: Path) -> None:
    home = backups.restore(saved, tmp_path / "restored")
    with Ledger(home.ledger_path) as ledger:
        public = ledger.submissions(State.PUBLISHED)[0].id
        ledger.move(public, State.PUBLISHED, State.WITHDRAWN, by=2, why="closed")
        assert list(ledger.faults()) == []
    home.swap(1)
    assert home.current() == home.manifest(1)


def test_a_backup_shares_no_file_with_the_home(source: Home, saved: backups.Backup) -> None:
    names = [name for name in saved.files if name.startswith("releases/")]
    assert names
    for name in names:
        assert (source.path / name).stat().st_ino != (saved.path / "home" / name).stat().st_ino


def test_what_was_submitted_can_be_read_by_nobody_else_in_a_backup(saved: backups.Backup) -> None:
    assert saved.path.stat().st_mode & 0o077 == 0
    assert (saved.path / "home" / "ledger.sqlite").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["ledger.sqlite", "home.json", "releases/2/manifest.json"])
def test_a_damaged_backup_is_refused_and_the_file_is_named(copy: Path, tmp_path: Path, name: str) -> None:
    file = copy / "home" / name
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(StoreError, match=f"{name} is not what was saved"):
        backups.restore(backups.read(copy), tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_file_that_is_missing_from_a_backup_is_named(copy: Path, tmp_path: Path) -> None:
    (copy / "home" / "releases" / "3" / "manifest.json").unlink()
    with pytest.raises(StoreError, match=r"3/manifest\.json cannot be read"):
        backups.restore(backups.read(copy), tmp_path / "restored")


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1, "made": "yesterday"}', "[]"])
def test_a_damaged_list_is_told(copy: Path, text: str) -> None:
    (copy / "backup.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="damaged"):
        backups.read(copy)


def test_a_folder_that_is_there_already_is_left_alone(source: Home, saved: backups.Backup, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine", encoding="utf-8")
    for step in (lambda: backups.backup(source, tmp_path), lambda: backups.restore(saved, tmp_path)):
        with pytest.raises(InputError, match="there already"):
            step()
    assert (tmp_path / "kept").read_text(encoding="utf-8") == "mine"


def test_a_backup_does_not_lie_in_what_it_saves(source: Home) -> None:
    with pytest.raises(InputError, match="in the home itself"):
        backups.backup(source, source.path / "backup")


def test_while_somebody_publishes_no_backup_is_made(source: Home, tmp_path: Path) -> None:
    with alone(source), pytest.raises(NotAllowedError, match="publishing"):
        backups.backup(source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_home_that_is_not_sound_is_saved_as_it_is_and_told(source: Home, tmp_path: Path) -> None:
    damaged = Home.open(shutil.copytree(source.path, tmp_path / "damaged", symlinks=True))
    manifest = damaged.path / "releases" / "1" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"services": ', '"services": 9'), encoding="utf-8")
    saved = backups.backup(damaged, tmp_path / "saved")
    assert any("number of services" in fault for fault in saved.faults)
    assert backups.restore(saved, tmp_path / "restored").releases() == damaged.releases()


def test_the_drill_in_the_shell(source: Home, tmp_path: Path) -> None:
    shell = CliRunner()
    made = shell.invoke(main, ["--home", str(source.path), "backup", str(tmp_path / "saved")])
    assert made.exit_code == 0, made.output
    assert "3 releases" in made.stderr
    back = shell.invoke(main, ["--home", str(tmp_path / "back"), "restore", str(tmp_path / "saved")])
    assert back.exit_code == 0, back.output
    assert "every hash fits" in back.stderr
    again = shell.invoke(main, ["--home", str(tmp_path / "back"), "restore", str(tmp_path / "saved")])
    assert again.exit_code == 2
