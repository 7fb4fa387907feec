"""A home keeps releases; one is in service; a crash or a second builder changes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from taxonomy.errors import NotAllowedError, NotFoundError, StoreError
from taxonomy.store.releases import Home, Manifest


def manifest(number: int) -> Manifest:
    return Manifest(
        number=number,
        built=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        seconds=0.5,
        note="made up",
        practice=False,
        counts={"triples": 1},
        graphs={"https://example.org/g": "0" * 64},
        hash="1" * 64,
        files={"CURRENT": "2" * 64},
        records=("https://example.org/g",),
        basis=number - 1 or None,
        changed={"added": ("https://example.org/g",)},
    )


def seal(home: Home) -> Manifest:
    with home.making() as (number, folder):
        (folder / "store").mkdir()
        return home.seal(folder, manifest(number))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.init(tmp_path / "home")


def test_a_new_home_has_no_release(home: Home) -> None:
    assert (home.releases(), home.current(), home.practice) == ((), None, False)


def test_a_home_is_made_once_and_never_changes_its_kind(tmp_path: Path) -> None:
    practice = Home.init(tmp_path, practice=True)
    assert Home.init(tmp_path, practice=True) == practice
    with pytest.raises(NotAllowedError, match="a practice home, and can never become an ordinary home"):
        Home.init(tmp_path)


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="svssv init"):
        Home.open(tmp_path)


def test_a_home_cannot_be_made_inside_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        Home.init(tmp_path / "file")


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}'])
def test_a_damaged_home_is_told_from_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "home.json").write_text(text)
    with pytest.raises(StoreError, match=r"cannot be read|another version"):
        Home.open(tmp_path)


def test_releases_are_numbered_and_the_last_is_in_service(home: Home) -> None:
    assert [seal(home).number, seal(home).number] == [1, 2]
    assert [each.number for each in home.releases()] == [1, 2]
    assert home.current() == manifest(2)


def test_a_manifest_is_read_back_as_it_was() -> None:
    assert Manifest.from_json(manifest(2).to_json()) == manifest(2)


def test_a_damaged_manifest_is_named(home: Home) -> None:
    seal(home)
    (home.path / "releases" / "1" / "manifest.json").write_text(json.dumps({"format": 1}))
    with pytest.raises(StoreError, match=r"manifest\.json is damaged"):
        home.manifest(1)


def test_rolling_back_is_swapping_again_and_loses_no_number(home: Home) -> None:
    seal(home)
    seal(home)
    assert home.swap(1).number == 1
    assert home.current() == manifest(1)
    assert seal(home).number == 3


def test_a_release_that_is_not_there_is_named_with_those_that_are(home: Home) -> None:
    seal(home)
    with pytest.raises(NotFoundError, match=r"'7'\. Did you mean 1\?"):
        home.swap(7)


def test_work_that_fails_leaves_nothing_behind(home: Home) -> None:
    seal(home)
    with pytest.raises(FileNotFoundError), home.making() as (_, folder):
        (folder / "store" / "deep").mkdir()
    assert [each.name for each in (home.path / "releases").iterdir()] == ["1"]
    assert home.current() == manifest(1)


def test_a_home_that_is_held_by_another_process_is_refused_in_words(home: Home) -> None:
    seal(home)
    script = (
        "import sys; from taxonomy.store.releases import Home\n"
        "with Home.open(sys.argv[1]).locked(): print('held', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", script, str(home.path)], **pipes) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        doings: list[Callable[[], object]] = [lambda: home.swap(1), lambda: seal(home)]
        for do in doings:
            with pytest.raises(NotAllowedError, match="Wait until it is done"):
                do()
        other.communicate()
    assert home.swap(1).number == 1
