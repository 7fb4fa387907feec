"""The curators' guide is right: a sixth document, added as it says, is in the next release with its sources."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from taxonomy import assets
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import SV
from taxonomy.publishing import release
from taxonomy.store.releases import Home

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "curate.md"
SERVICE = "https://example.org/id/service/made-up-line"


def files_in(guide: str) -> dict[str, str]:
    """The blocks of the guide that are files, by the path in their first line."""
    blocks = re.findall(r"```text\n# (data/\S+)\n(.*?)```", guide, re.DOTALL)
    assert blocks
    return dict(blocks)


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home with a release of everything, and the guide's document."""
    folder = tmp_path_factory.mktemp("curating")
    for name in ("ontology", "shapes", "data"):
        shutil.copytree(assets.folder(name), folder / "knowledge" / name)
    for path, text in files_in(GUIDE.read_text()).items():
        file = folder / "knowledge" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    release.build(Home.init(folder / "home", practice=True), knowledge=folder / "knowledge")
    return folder / "home"


def test_the_document_of_the_guide_is_in_the_release_with_its_places(six: Path) -> None:
    with KnowledgeGraph.open(six) as kg:
        rows = kg.ask("where-a-fact-stands", thing=SERVICE)
        cited = {str(row["property"]).removeprefix(SV): row["locator"] for row in rows if row["locator"]}
    assert cited["leadProvider"] == "Table 1, row 1"


def test_its_service_is_classified_by_what_the_document_and_the_curator_say(six: Path) -> None:
    with KnowledgeGraph.open(six) as kg:
        kinds = {str(row["type"]) for row in kg.sparql(f"SELECT ?type WHERE {{ <{SERVICE}> a ?type }}")}
    assert {f"{SV}SVSSVService", f"{SV}SelfReferralService", f"{SV}GrantFundedService"} <= kinds


def test_its_money_is_added_once(six: Path) -> None:
    with KnowledgeGraph.open(six) as kg:
        [row] = [row for row in kg.ask("money-by-service") if row["service"] == SERVICE]
    assert row["total"] == Decimal(1234)
