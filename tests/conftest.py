"""Fixtures that many tests share: the real data, built once into a release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import release
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Role
from taxonomy.store.releases import Home

CHECKOUT = Path(__file__).resolve().parent.parent
MADE_UP = CHECKOUT / "tests" / "publishing" / "records" / "made-up-centre.ttl"


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


@pytest.fixture(scope="session")
def published_practice_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home in which a made-up centre's record went the whole way: submitted, approved, published."""
    path = tmp_path_factory.mktemp("practice") / "home"
    Home.init(path, practice=True)
    with Desk(Home.open(path)) as desk:
        people = People(desk.ledger)
        robin, sam = people.add("robin", [Role.CONTRIBUTOR])[0], people.add("sam", [Role.STEWARD])[0]
        receipt = desk.submit(MADE_UP, robin)
        assert receipt.submission is not None, [finding.message for finding in receipt.report.findings]
        desk.approve(receipt.submission.id, sam, "Read together with the provider")
        desk.publish([receipt.submission.id], sam)
    return path
