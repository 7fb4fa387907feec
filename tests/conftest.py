"""Fixtures that many tests share: the real data, built once into a release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import release
from taxonomy.store.releases import Home

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference files that lies beside the checkout on some machines."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared reference files are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ordinary home with release 1, built from the files in data/. For reading only."""
    path = tmp_path_factory.mktemp("homes") / "ordinary"
    release.build(Home.init(path), note="built for the tests")
    return path


@pytest.fixture(scope="session")
def kg(home: Path) -> Iterator[KnowledgeGraph]:
    """The knowledge graph of release 1."""
    with KnowledgeGraph.open(home) as graph:
        yield graph


@pytest.fixture
def practice_home(tmp_path: Path) -> Path:
    """A fresh practice home without a release."""
    path = tmp_path / "practice"
    Home.init(path, practice=True)
    return path
