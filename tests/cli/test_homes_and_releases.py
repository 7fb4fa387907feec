"""A home and its releases from the shell."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from taxonomy.cli import main
from taxonomy.store.releases import Home


def svssv(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy of the home of the tests, to be changed."""
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def test_a_home_is_made_once_and_says_what_comes_next(tmp_path: Path) -> None:
    first = svssv("init", tmp_path / "new")
    assert (first.exit_code, first.stdout) == (0, "")
    assert "is now a home" in first.stderr
    assert f"svssv release build --home {tmp_path / 'new'}" in first.stderr
    assert "already is a home" in svssv("init", tmp_path / "new").stderr
    assert svssv("init", tmp_path / "new", "--practice").exit_code == 1


def test_a_practice_home_is_one_from_the_start(tmp_path: Path) -> None:
    assert "a practice home" in svssv("--home", tmp_path / "new", "init", "--practice").stderr
    assert Home.open(tmp_path / "new").practice


def test_a_build_says_what_it_built(own_home: Path) -> None:
    built = svssv("release", "build", "--home", own_home, "--note", "again")
    assert (built.exit_code, built.stdout) == (0, "")
    [line] = built.stderr.splitlines()
    assert line.startswith("Release 2 is in service: ")
    for word in ("triples", "services", "agreements", "seconds"):
        assert word in line
    listed = json.loads(svssv("release", "list", "--home", own_home, "--format", "json").stdout)
    assert [(each["number"], each["note"], each["in_service"]) for each in listed] == [
        (1, "built for the tests", False),
        (2, "again", True),
    ]
    back = svssv("release", "rollback", "1", "--home", own_home)
    assert "Release 1 of" in back.stderr
    assert "1 in service" in svssv("release", "list", "--home", own_home).stdout


def test_a_release_is_shown_with_its_counts_and_hash(home: Path) -> None:
    shown = svssv("release", "show", "1", "--home", home).stdout
    manifest = Home.open(home).manifest(1)
    assert manifest.hash in shown
    assert str(manifest.counts["triples"]) in shown
    assert json.loads(svssv("release", "show", "1", "--home", home, "--format", "json").stdout)["number"] == 1


def test_a_sound_release_is_verified_and_a_damaged_one_is_not(own_home: Path) -> None:
    sound = svssv("release", "verify", "--home", own_home)
    assert (sound.exit_code, sound.stdout) == (0, "")
    manifest = own_home / "releases" / "1" / "manifest.json"
    graph, fingerprint = next(iter(Home.open(own_home).manifest(1).graphs.items()))
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(fingerprint, "0" * 64), encoding="utf-8")
    damaged = svssv("release", "verify", "1", "--home", own_home)
    assert damaged.exit_code == 1
    assert graph in damaged.stdout
    assert "svssv release rollback" in damaged.stderr


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["release", "show", "9"], 1, "No release has the name '9'"),
        (["release", "rollback", "9"], 1, "No release has the name '9'"),
        (["release", "verify", "9"], 1, "No release has the name '9'"),
        (["release", "show", "x"], 2, "'x' is not the number of a release"),
        (["release", "frob"], 2, "No such command 'frob'"),
    ],
)
def test_a_release_that_is_not_there_is_one_line(home: Path, words: list[str], status: int, says: str) -> None:
    result = svssv("--home", home, *words)
    assert (result.exit_code, result.stdout) == (status, "")
    [line] = result.stderr.splitlines()
    assert says in line


@pytest.mark.parametrize(
    "words", [["query", "sources"], ["release", "verify"], ["serve"], ["release", "list"], ["people", "list"]]
)
def test_without_a_home_the_command_that_makes_one_is_named(tmp_path: Path, words: list[str]) -> None:
    result = svssv("--home", tmp_path / "nowhere", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    assert f"svssv init {tmp_path / 'nowhere'}" in line


@pytest.mark.parametrize("words", [["query", "sources"], ["release", "verify"], ["serve"]])
def test_without_a_release_the_command_that_builds_one_is_named(practice_home: Path, words: list[str]) -> None:
    result = svssv("--home", practice_home, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    assert "svssv release build" in line


def test_the_doctor_says_what_is_well_and_what_is_not(home: Path, tmp_path: Path) -> None:
    well = svssv("--home", home, "doctor").stdout
    assert "ok    release: 1 of" in well
    ill = svssv("--home", tmp_path / "nowhere", "doctor")
    assert ill.exit_code == 1
    assert "LOOK  home: There is no home" in ill.stdout


def test_the_desk_works_on_a_home_and_not_on_a_server_elsewhere(home: Path) -> None:
    result = svssv("--home", home, "serve", "--desk", "--endpoint", "http://127.0.0.1:1/query")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--desk or --endpoint" in result.stderr
