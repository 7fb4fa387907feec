"""An organisation that a record names and no register knows goes by the name that the provider wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from taxonomy import intake
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Role
from taxonomy.site import create_app, reading
from taxonomy.store.releases import Home
from taxonomy.validation import check, rules

CENTRE = "https://example.org/id/organisation/made-up-centre"
RECORD = Path(__file__).parent / "records" / "made-up-centre.ttl"
TRUST = "https://example.org/id/organisation/made-up-trust"


def written(folder: Path, name: str | None, more: str = "") -> Path:
    """The made-up centre's record with a funder of its own; ``name`` is how the record writes the funder's name."""
    path = folder / "record.ttl"
    says = f'\n<{TRUST}> sv:nameAsPrinted "{name}" .\n' if name else ""
    path.write_text(
        RECORD.read_text().replace("sv:funder real:opcc-avon-and-somerset", f"sv:funder <{TRUST}>") + says + more
    )
    return path


def broken(path: Path) -> list[str]:
    return [rules()[finding.rule].name for finding in check(path).findings]


def test_a_written_name_is_a_proposal_and_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path, "The Made-Up Trust (North)")
    assert intake.read(path).only.proposals == {TRUST: "The Made-Up Trust (North)"}
    assert broken(path) == broken(written(tmp_path, None)) == ["Reading-nameNew"]


def test_what_the_record_does_not_name_may_not_be_given_a_name(tmp_path: Path) -> None:
    stranger = '<https://example.org/id/organisation/made-up-stranger> sv:nameAsPrinted "Made-Up Stranger" .\n'
    assert "Reading-thingUnknown" in broken(written(tmp_path, None, stranger))


def test_a_record_still_may_not_describe_the_organisation(tmp_path: Path) -> None:
    described = f'<{TRUST}> rdfs:label "Made-Up Trust"@en .\n'
    assert "Reading-thingUnknown" in broken(written(tmp_path, "Made-Up Trust", described))


@pytest.mark.parametrize("name", ["Made-Up Trust, jo@made-up-trust.example", "Made-Up Trust, ring 01632 960001"])
def test_a_written_name_is_held_to_the_rules_for_texts_and_withheld(tmp_path: Path, name: str) -> None:
    report = check(written(tmp_path, name))
    assert not report.conforms
    assert not any(name.partition(", ")[2] in str(finding) for finding in report.findings)


@pytest.fixture
def published(practice_home: Path, tmp_path: Path) -> Path:
    with Desk(Home.open(practice_home)) as desk:
        people = People(desk.ledger)
        robin, sam = (
            people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0],
            people.add("sam", [Role.STEWARD])[0],
        )
        receipt = desk.submit(written(tmp_path, "The Made-Up Trust (North)"), robin)
        assert receipt.submission is not None, [finding.message for finding in receipt.report.findings]
        desk.approve(receipt.submission.id, sam, "Read together with the provider")
        desk.publish([receipt.submission.id], sam)
    return practice_home


def test_money_and_pages_show_the_name_that_the_provider_wrote(published: Path) -> None:
    with KnowledgeGraph.open(published) as kg:
        assert "The Made-Up Trust (North)" in [row.label("funder") for row in kg.ask("money-by-funder")]
        assert not kg.sparql(f"SELECT * {{ <{TRUST}> rdfs:label ?said }}").rows
    app = create_app(published)
    page = app.test_client().get("/areas/E23000036/funding", headers={"Accept": "text/html"})
    with app.app_context():
        reading.current().close()
    assert page.status_code == 200
    assert "The Made-Up Trust (North)" in page.text
    assert f">{TRUST}<" not in page.text
