"""A small made-up store, and readers of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy.settings import Limits
from taxonomy.store.embedded import write
from taxonomy.store.readers import ReaderPool

EX = "https://example.org/"
MANY = 400


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Graph a states 400 numbers; graph b states the first ten again, and one of its own."""
    counts = NamedNode(EX + "counts")
    numbers = [Triple(NamedNode(f"{EX}made-up/{each}"), counts, Literal(each)) for each in range(MANY)]
    extra = Triple(NamedNode(EX + "made-up/extra"), counts, Literal("only in b"))
    path = tmp_path_factory.mktemp("stores") / "store"
    write(path, {EX + "a": frozenset(numbers), EX + "b": frozenset([*numbers[:10], extra])})
    return path


@pytest.fixture(scope="module")
def pool(store_path: Path) -> Iterator[ReaderPool]:
    """Two readers with limits that a test can wait for."""
    with ReaderPool(store_path, limits=Limits(seconds=1.0, memory=256 * 2**20, answer=100_000), size=2) as readers:
        yield readers
