"""Who may state a way between two services of others, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from taxonomy import intake
from taxonomy.errors import NotAllowedError
from taxonomy.intake import template
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import ID
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Person, Role
from taxonomy.store.releases import Home
from taxonomy.validation import Context

COUNCIL = "https://example.org/id/organisation/made-up-council"
AVON, BRISTOL, LEICESTER_FORCE = "E23000036", "E06000023", "E23000021"
SARC, ISVA = f"{ID}service/sarc-avon-and-somerset", f"{ID}service/isva-avon-and-somerset"
NATIONAL = f"{ID}service/letting-the-future-in-nspcc"  # recorded for England
LEICESTER = f"{ID}service/male-survivors-first-step"  # recorded for a part of the police force area
RECORD = """
@prefix graph: <https://w3id.org/svssv/graph/record/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix referral-mechanism: <https://w3id.org/svssv/concept/referral-mechanism/> .
@prefix referral-source: <https://w3id.org/svssv/concept/referral-source/> .
@prefix sv: <https://w3id.org/svssv/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

graph:made-up-council a sv:Record ; sv:recordOf <OWNER> ; sv:lastConfirmed "2026-10-05"^^xsd:date .
<OWNER> a sv:StatutoryOrganisation ; rdfs:label "Made-Up Council"@en .
<OWNER/route/1> a sv:OpenRoute ; sv:referralFrom FROM ; sv:referralTo TO ;
    sv:referralMechanism referral-mechanism:professional-referral .
"""
Stating = Callable[..., Path]


@pytest.fixture
def desk(practice_home: Path, kg: KnowledgeGraph) -> Iterator[Desk]:
    """A desk that knows what the first release knows, and so for which areas services are recorded."""
    with Desk(Home.open(practice_home), context=lambda: Context.from_kg(kg)) as opened:
        yield opened


@pytest.fixture
def stating(tmp_path: Path) -> Stating:
    """The record of the made-up council, which has no services, with one way."""

    def record(start: str = SARC, end: str = ISVA) -> Path:
        path = tmp_path / "council.ttl"
        start = start if start.startswith("referral-source:") else f"<{start}>"
        path.write_text(RECORD.replace("OWNER", COUNCIL).replace("FROM", start).replace("TO", f"<{end}>"))
        return path

    return record


def person(desk: Desk, role: Role, *areas: str) -> Person:
    return People(desk.ledger).add("chris", [role], organisations=[COUNCIL], areas=areas)[0]


@pytest.mark.parametrize(
    ("start", "end", "area"),
    [
        (SARC, ISVA, AVON),
        (SARC, NATIONAL, AVON),
        (NATIONAL, ISVA, AVON),
        ("referral-source:self", ISVA, AVON),
        (LEICESTER, NATIONAL, LEICESTER_FORCE),
    ],
)
def test_a_commissioner_states_a_way_between_services_of_their_area(
    desk: Desk, stating: Stating, start: str, end: str, area: str
) -> None:
    receipt = desk.submit(stating(start, end), person(desk, Role.COMMISSIONER, area))
    assert receipt.submission
    said = [(str(finding.level), finding.message) for finding in receipt.report.findings]
    assert [level for level, message in said if "neither starts nor ends at one of your" in message] == ["check"]


def test_where_a_service_is_recorded_elsewhere_the_way_is_refused_and_it_is_said_where(
    desk: Desk, stating: Stating
) -> None:
    words = f"they commission in {AVON}, and first step .* is recorded for E06000016"
    with pytest.raises(NotAllowedError, match=f"(?i){words}"):
        desk.submit(stating(SARC, LEICESTER), person(desk, Role.COMMISSIONER, AVON))
    assert desk.list() == ()


def test_a_commissioner_of_a_part_states_no_way_of_the_whole(desk: Desk, stating: Stating) -> None:
    with pytest.raises(NotAllowedError, match=f"in {BRISTOL}, and neither service is recorded for it"):
        desk.submit(stating(), person(desk, Role.COMMISSIONER, BRISTOL))


def test_two_services_of_a_whole_country_are_not_one_areas_to_link(desk: Desk, stating: Stating) -> None:
    with pytest.raises(NotAllowedError, match="neither service is recorded for it or for a part of it"):
        desk.submit(stating(NATIONAL, NATIONAL), person(desk, Role.COMMISSIONER, AVON))


def test_a_commissioner_for_whom_no_area_is_set_states_no_way_of_others(desk: Desk, stating: Stating) -> None:
    with pytest.raises(NotAllowedError, match="no area is set for them"):
        desk.submit(stating(), person(desk, Role.COMMISSIONER))


def test_a_service_of_which_no_area_is_recorded_is_in_nobodys(practice_home: Path, stating: Stating) -> None:
    with (
        Desk(Home.open(practice_home)) as desk,  # before the first release no service is recorded anywhere
        pytest.raises(NotAllowedError, match="no area is recorded for"),
    ):
        desk.submit(stating(), person(desk, Role.COMMISSIONER, AVON))


def test_a_contributor_may_not_state_a_way_between_services_of_others(desk: Desk, stating: Stating) -> None:
    with pytest.raises(NotAllowedError, match=r"between services of others .* role commissioner or steward"):
        desk.submit(stating(), person(desk, Role.CONTRIBUTOR, AVON))


def test_a_steward_states_any_way(desk: Desk, stating: Stating) -> None:
    assert desk.submit(stating(SARC, LEICESTER), person(desk, Role.STEWARD)).submission


def test_the_way_is_published_and_walked_with_the_commissioners_record_as_its_place(
    desk: Desk, stating: Stating, practice_home: Path
) -> None:
    sam = People(desk.ledger).add("sam", [Role.STEWARD])[0]
    submission = desk.submit(stating(), person(desk, Role.COMMISSIONER, AVON)).submission
    assert submission
    desk.approve(submission.id, sam, "Read together")
    desk.publish([submission.id], sam)
    with KnowledgeGraph.open(practice_home) as graph:
        found = [edge for edge in graph.pathway(AVON).edges if edge.link == f"{COUNCIL}/route/1"]
    assert [(edge.origin.name.iri, edge.end.name.iri) for edge in found] == [(SARC, ISVA)]
    assert [citation.iri for citation in found[0].citations] == ["https://w3id.org/svssv/graph/record/made-up-council"]


def test_in_a_workbook_the_way_is_a_part_of_the_organisation_that_states_it(kg: KnowledgeGraph, tmp_path: Path) -> None:
    context = Context.from_kg(kg)
    way = {"From": kg.label(SARC), "To": kg.label(ISVA), "Open or refused": "Open route", "How": "Self-referral"}
    rows = {"Organisation": [{"Name of organisation": "Made-Up Council"}], "Routes": [way]}
    book = tmp_path / "council.xlsx"
    book.write_bytes(template.filled_in(rows, context=context, practice=True))
    record = intake.read(book, context=context).only
    assert [thing for thing in record.things if "/route/" in thing] == [f"{record.owner}/route/1"]
