"""Promise 6. Releases are kept, never changed, numbered, dated, and can be asked again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import release, verification
from taxonomy.store.releases import Home


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two releases of the same knowledge."""
    home = Home.init(tmp_path_factory.mktemp("twice") / "home")
    release.build(home, note="first")
    release.build(home, note="second")
    return home


def test_asking_and_building_on_change_no_file_of_an_earlier_release(twice: Home) -> None:
    before = fingerprint(twice.path / "releases" / "1")
    with KnowledgeGraph.open(twice, release=1) as kg:
        assert len(kg.ask("contradictions")) > 0
    release.build(twice, note="third")
    assert fingerprint(twice.path / "releases" / "1") == before


def test_releases_are_numbered_and_dated(twice: Home) -> None:
    numbers = [manifest.number for manifest in twice.releases()]
    assert sorted(numbers)[:2] == [1, 2]
    assert all(manifest.built.tzinfo for manifest in twice.releases())


def test_the_same_knowledge_gives_the_same_hash_for_every_graph_of_facts(twice: Home) -> None:
    first, second = twice.manifest(1).graphs, twice.manifest(2).graphs
    changed = {iri for iri in first if first[iri] != second.get(iri)}
    assert {iri.rsplit("/", 1)[-1] for iri in changed} <= {"releases"}


def test_an_earlier_release_answers_as_it_did(twice: Home) -> None:
    with KnowledgeGraph.open(twice, release=1) as old, KnowledgeGraph.open(twice, release=2) as new:
        assert old.ask("money-by-funder").to_csv() == new.ask("money-by-funder").to_csv()


def test_every_release_still_is_what_its_manifest_says(twice: Home) -> None:
    for manifest in twice.releases():
        assert verification.verify(twice, manifest.number).sound
