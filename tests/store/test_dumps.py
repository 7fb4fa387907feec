"""A dump holds all of a release, gives the same bytes each time, and can be held against the manifest."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from taxonomy.errors import StoreError
from taxonomy.publishing import release
from taxonomy.store import dumps
from taxonomy.store.embedded import fingerprint
from taxonomy.store.releases import Home


@pytest.fixture(scope="module")
def folder(home: Path) -> Path:
    return Home.open(home).folder(1)


def read(folder: Path) -> str:
    return gzip.decompress((folder / dumps.NAME).read_bytes()).decode()


def test_each_graph_of_a_dump_has_the_hash_that_the_manifest_states(home: Path, folder: Path) -> None:
    graphs = defaultdict(list)
    for quad in parse(read(folder), RdfFormat.N_QUADS):
        graphs[quad.graph_name.value].append(quad.triple)
    assert {name: fingerprint(each) for name, each in graphs.items()} == Home.open(home).manifest(1).graphs


def test_graphs_stand_in_order_and_so_do_the_lines_of_each(folder: Path) -> None:
    lines = [line.removesuffix("> .").rpartition(" <")[::2] for line in read(folder).splitlines()]
    assert lines == [(line, graph) for graph, line in sorted((graph, line) for line, graph in lines)]


def test_a_dump_that_is_made_again_has_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    dumps.write(tmp_path, folder / "store")
    assert (tmp_path / dumps.NAME).read_bytes() == (folder / dumps.NAME).read_bytes()


def test_the_hash_beside_a_dump_is_checked_by_the_usual_tool(folder: Path) -> None:
    said = subprocess.run(
        ["sha256sum", "--check", f"{dumps.NAME}.sha256"], cwd=folder, capture_output=True, check=False
    )
    assert said.returncode == 0, said.stderr


def test_a_dump_says_how_large_it_is_and_what_its_hash_is(folder: Path) -> None:
    data = (folder / dumps.NAME).read_bytes()
    found = dumps.find(folder)
    assert found
    assert (found.sha256, found.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_nothing_of_a_dump_is_left_half_made(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        dumps.write(tmp_path, tmp_path / "no-store")
    assert list(tmp_path.iterdir()) == []
    assert dumps.find(tmp_path) is None
    assert not dumps.whole(tmp_path)


def test_a_dump_that_was_changed_is_not_whole(folder: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "release"))
    assert dumps.whole(copied)
    with (copied / dumps.NAME).open("ab") as file:
        file.write(b"more")
    assert not dumps.whole(copied)


def test_the_dump_of_a_practice_home_says_so_in_its_first_line(practice_home: Path) -> None:
    home = Home.open(practice_home)
    release.build(home)
    text = read(home.folder(1))
    assert text.startswith("# Made-up records, for practice only.\n<")
    assert list(parse(text, RdfFormat.N_QUADS))
