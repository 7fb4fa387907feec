"""Everything that a record may hold goes the whole way: it is published, and the known questions are answered by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from taxonomy import fields, intake
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import RDF
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Role
from taxonomy.store.releases import Home

MADE_UP = "https://example.org/id/organisation/made-up-"
RECORDS = Path(__file__).parent.parent / "examples" / "records"
CENTRE, COUNCIL = RECORDS / "made-up-centre.ttl", RECORDS / "made-up-council.ttl"
REPLYING = RECORDS.parent / "shapes" / "valid.ttl"  # how replies are published has tests of its own


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """A practice release with the whole made-up records of a provider and of a commissioner without services in it."""
    path = tmp_path_factory.mktemp("whole") / "home"
    with Desk(Home.init(path, practice=True)) as desk:
        people = People(desk.ledger)
        robin = people.add("robin", [Role.CONTRIBUTOR], organisations=[f"{MADE_UP}centre"])[0]
        chris = people.add("chris", [Role.COMMISSIONER], organisations=[f"{MADE_UP}council"], areas=["E23000036"])[0]
        sam = people.add("sam", [Role.STEWARD])[0]
        for record, by in ((CENTRE, robin), (COUNCIL, chris)):
            receipt = desk.submit(record, by)
            assert receipt.submission is not None, [finding.message for finding in receipt.report.findings]
            desk.approve(receipt.submission.id, sam, "Read together")
        desk.publish([submission.id for submission in desk.list()], sam)
    with KnowledgeGraph.open(path) as graph:
        yield graph


def test_the_whole_records_have_a_thing_of_every_class_that_a_record_may_describe() -> None:
    described = {
        triple.object.value
        for path in (CENTRE, COUNCIL, REPLYING)
        for triple in intake.read(path).only.places
        if triple.predicate.value == RDF + "type" and hasattr(triple.object, "value")
    }
    assert set(fields.classes()) <= described


def test_every_thing_of_the_records_is_in_the_release(kg: KnowledgeGraph) -> None:
    rows = kg.sparql("SELECT DISTINCT ?thing WHERE { ?thing ?p ?o } ORDER BY ?thing", labels=False)
    published = {row["thing"] for row in rows}  # type: ignore[union-attr, call-overload]  # a SELECT gives rows
    assert {thing for path in (CENTRE, COUNCIL) for thing in intake.read(path).only.things} <= published


def test_waits_accreditations_and_figures_are_asked_for_as_they_were_given(kg: KnowledgeGraph) -> None:
    [wait] = [row for row in kg.ask("waiting") if row["kind"] == "waiting time"]
    assert (wait["value"], wait.label("unit"), str(wait["measured_on"])) == (12, "Weeks", "2026-09-30")
    [held] = kg.ask("accreditations")
    assert (held.label("standard"), held.label("status")) == ("Helplines Standard", "Self-declared")
    figures = [row for row in kg.ask("figures-about-services") if "made-up" in str(row["thing"])]
    assert {("Stated", 120), ("Suppressed", None)} == {(row.label("status"), row["value"]) for row in figures}
