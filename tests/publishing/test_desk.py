"""The desk: one way from a file to the public, and two people on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from taxonomy.context import Context
from taxonomy.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from taxonomy.intake import template
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, GSS
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import State
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.questions.results import Answer
from taxonomy.store.releases import Home
from taxonomy.values import Iri

CENTRES = [f"{start}id/organisation/made-up-centre" for start in ("https://example.org/", "https://w3id.org/svssv/")]
RECORD = Path(__file__).parent / "records" / "made-up-centre.ttl"
SERVICE = "https://example.org/id/service/made-up-counselling"
GRAPH = "https://w3id.org/svssv/graph/record/made-up-centre"
ASK_NAME = f"SELECT ?name {{ <{SERVICE}> <http://www.w3.org/2000/01/rdf-schema#label> ?name }} ORDER BY ?name"
ASK_GRAPH = f"SELECT ?graph {{ GRAPH ?graph {{ <{SERVICE}> a ?kind }} }} GROUP BY ?graph ORDER BY ?graph"


@pytest.fixture
def place(practice_home: Path) -> Home:
    return Home.open(practice_home)


@pytest.fixture
def desk(place: Home) -> Iterator[Desk]:
    with Desk(place) as opened:
        yield opened


def person(desk: Desk, name: str, *roles: Role) -> Person:
    return People(desk.ledger).add(name, roles, organisations=CENTRES)[0]


@pytest.fixture
def robin(desk: Desk) -> Person:
    return person(desk, "robin", Role.CONTRIBUTOR)


@pytest.fixture
def sam(desk: Desk) -> Person:
    return person(desk, "sam", Role.STEWARD)


def changed(folder: Path, old: str, new: str) -> Path:
    """The made-up record with one thing changed."""
    text = RECORD.read_text(encoding="utf-8")
    assert old in text
    path = folder / "changed.ttl"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def submitted(desk: Desk, path: Path, by: Person) -> int:
    receipt = desk.submit(path, by)
    assert receipt.submission, [finding.message for finding in receipt.report.findings]
    return receipt.submission.id


def approved(desk: Desk, path: Path, by: Person, steward: Person) -> int:
    number = submitted(desk, path, by)
    desk.approve(number, steward, "looked at it together")
    return number


def answers(home: Home, query: str) -> list[object]:
    with KnowledgeGraph.open(home) as kg:
        answer = kg.sparql(query, labels=False)
    assert isinstance(answer, Answer)
    return [row[answer.columns[0]] for row in answer]


def filled_in(folder: Path, *, practice: bool = True) -> Path:
    """The template, filled in as a provider would; the day that the facts speak for is left empty."""
    path = folder / "records.xlsx"
    template.write(path)
    book = openpyxl.load_workbook(path)
    facts: dict[str, dict[str, str | int]] = {
        "Organisation": {
            "Name of organisation": "Made-Up Centre",
            "Sector": "Voluntary organisation",
            "Last confirmed": "2 November 2026",
        },
        "Services": {
            "Name of service": "Made-Up Counselling",
            "Type of service": "Emotional support",
            "Specialism": "Sexual violence",
            "Covers area": "Avon and Somerset",
        },
        "Eligibility": {
            "Service": "Made-Up Counselling",
            "Age from": 16,
            "Gender offer": "All genders",
            "Report to the police": "Whether or not reported",
        },
    }
    for sheet, row in facts.items():
        headings = {
            str(cell.value).removesuffix(" (required)"): place for place, cell in enumerate(book[sheet][1], start=1)
        }
        for heading, value in row.items():
            book[sheet].cell(template.FIRST_ROW, headings[heading], value)
    mark = next(cell for (cell, *_) in book["Read me"].iter_rows() if cell.value == "Practice record")
    book["Read me"].cell(mark.row, 2, "yes" if practice else "no")
    book.save(path)
    return path


def test_a_conforming_record_is_kept_and_waits(desk: Desk, robin: Person) -> None:
    receipt = desk.submit(RECORD, robin)
    assert receipt.report.conforms
    assert receipt.submission == desk.show(1)
    assert (desk.show(1).state, desk.show(1).submitted_by, desk.show(1).graph) == (State.SUBMITTED, "robin", GRAPH)
    assert b"Made-Up Counselling" in desk.ledger.content(1)


def test_a_record_that_does_not_conform_is_answered_and_not_kept(desk: Desk, robin: Person, tmp_path: Path) -> None:
    receipt = desk.submit(changed(tmp_path, "sv:minimumAge 16", 'sv:minimumAge "sixteen"'), robin)
    assert not receipt.report.conforms
    assert receipt.submission is None
    assert desk.list() == ()


def test_nothing_of_a_refused_file_is_left_in_the_home(desk: Desk, place: Home, robin: Person, tmp_path: Path) -> None:
    desk.submit(changed(tmp_path, "sv:minimumAge 16", 'sv:minimumAge "canary-4711"'), robin)
    kept = b"".join(path.read_bytes() for path in place.path.rglob("*") if path.is_file())
    assert b"robin" in kept
    assert b"canary-4711" not in kept


def test_a_file_that_is_no_record_is_refused(desk: Desk, robin: Person, tmp_path: Path) -> None:
    path = tmp_path / "letter.ttl"
    path.write_text("Dear all, please find our record attached.", encoding="utf-8")
    with pytest.raises(InputError, match=r"letter\.ttl"):
        desk.submit(path, robin)
    assert desk.list() == ()


def test_the_name_of_a_file_is_text_and_no_more(desk: Desk, robin: Person, tmp_path: Path) -> None:
    path = tmp_path / "made up\x1b[31m centre.ttl"
    path.write_bytes(RECORD.read_bytes())
    number = submitted(desk, path, robin)
    assert desk.show(number).file_name == "made up\ufffd[31m centre.ttl"


def test_only_some_roles_submit(desk: Desk) -> None:
    alex = person(desk, "alex", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError, match="contributor or commissioner or steward"):
        desk.submit(RECORD, alex)


def test_nobody_approves_what_they_submitted(desk: Desk, sam: Person) -> None:
    number = submitted(desk, RECORD, sam)
    with pytest.raises(NotAllowedError, match="second person"):
        desk.approve(number, sam)
    assert desk.show(number).state is State.SUBMITTED


def test_only_a_steward_approves_returns_and_publishes(desk: Desk, robin: Person) -> None:
    other = person(desk, "kim", Role.CONTRIBUTOR, Role.COMMISSIONER)
    number = submitted(desk, RECORD, robin)
    for step in (
        lambda: desk.approve(number, other),
        lambda: desk.return_(number, other, "no"),
        lambda: desk.publish([number], other),
    ):
        with pytest.raises(NotAllowedError, match="role steward"):
            step()


def test_a_second_person_approves_and_the_history_says_why(desk: Desk, robin: Person, sam: Person) -> None:
    number = approved(desk, RECORD, robin, sam)
    assert [(entry.what, entry.who, entry.why) for entry in desk.history(number)] == [
        (State.SUBMITTED, "robin", ""),
        (State.APPROVED, "sam", "looked at it together"),
    ]


def test_a_submission_is_approved_once(desk: Desk, robin: Person, sam: Person) -> None:
    number = approved(desk, RECORD, robin, sam)
    with pytest.raises(NotAllowedError, match="is approved, not submitted"):
        desk.approve(number, sam)


def test_what_is_returned_says_why_and_goes_no_further(desk: Desk, robin: Person, sam: Person) -> None:
    number = approved(desk, RECORD, robin, sam)
    with pytest.raises(InputError, match="why"):
        desk.return_(number, sam, "  ")
    desk.return_(number, sam, "the grant has ended")
    assert desk.history(number)[-1].why == "the grant has ended"
    for step in (lambda: desk.approve(number, sam), lambda: desk.publish([number], sam)):
        with pytest.raises(NotAllowedError, match="is returned"):
            step()


def test_an_unknown_submission_is_not_found(desk: Desk, sam: Person) -> None:
    for step in (lambda: desk.approve(9, sam), lambda: desk.publish([9], sam), lambda: desk.history(9)):
        with pytest.raises(NotFoundError, match="'9'"):
            step()


def test_a_practice_home_takes_no_record_of_a_real_organisation(desk: Desk, robin: Person, tmp_path: Path) -> None:
    real = changed(tmp_path, "https://example.org/id/", "https://w3id.org/svssv/id/")
    with pytest.raises(NotAllowedError, match="practice home"):
        desk.submit(real, robin)
    assert desk.list() == ()


def test_an_ordinary_home_takes_no_made_up_record(tmp_path: Path) -> None:
    with Desk(Home.init(tmp_path / "ordinary")) as desk:
        with pytest.raises(NotAllowedError, match="practice home"):
            desk.submit(RECORD, person(desk, "robin", Role.CONTRIBUTOR))
        assert desk.list() == ()


def test_an_ordinary_home_takes_no_record_that_names_something_made_up(tmp_path: Path) -> None:
    real = changed(tmp_path, "https://example.org/id/", "https://w3id.org/svssv/id/")
    text = real.read_text(encoding="utf-8").replace("Made up for tests.", "See https://example.org/id/organisation/x")
    real.write_text(text, encoding="utf-8")
    with Desk(Home.init(tmp_path / "ordinary")) as desk, pytest.raises(NotAllowedError, match="made up"):
        desk.submit(real, person(desk, "robin", Role.CONTRIBUTOR))


def test_what_nobody_approved_is_not_published(desk: Desk, place: Home, robin: Person, sam: Person) -> None:
    number = submitted(desk, RECORD, robin)
    with pytest.raises(NotAllowedError, match="is submitted, not approved"):
        desk.publish([number], sam)
    assert place.current() is None


def test_while_a_release_is_being_built_nothing_is_marked(desk: Desk, place: Home, robin: Person, sam: Person) -> None:
    number = approved(desk, RECORD, robin, sam)
    with place.locked(), pytest.raises(NotAllowedError, match="being built"):
        desk.publish([number], sam)
    assert desk.show(number).state is State.APPROVED
    assert place.current() is None


def test_what_conforms_no_longer_is_not_published(desk: Desk, place: Home, robin: Person, sam: Person) -> None:
    number = approved(desk, RECORD, robin, sam)
    known = Context.bundled()
    area = Iri(GSS + "E23000036")
    later = replace(known, types={thing: kinds for thing, kinds in known.types.items() if thing != area})
    with Desk(place, context=lambda: later) as then, pytest.raises(NotAllowedError, match="no longer conforms"):
        then.publish([number], sam)
    assert place.current() is None
    assert desk.show(number).state is State.APPROVED


def test_while_somebody_publishes_nobody_else_publishes_or_takes_back(
    desk: Desk, place: Home, robin: Person, sam: Person
) -> None:
    number = approved(desk, RECORD, robin, sam)
    refused: list[str] = []

    def meanwhile(*_: object) -> None:
        for step in (
            lambda: desk.publish([number], sam),
            lambda: desk.return_(number, sam, "changed our minds"),
            lambda: rebuild(place),
        ):
            with pytest.raises(NotAllowedError, match="publishing") as error:
                step()
            refused.append(str(error.value))

    desk.publish([number], sam, progress=meanwhile)
    assert len(refused) >= 3
    assert desk.show(number).state is State.PUBLISHED


def test_a_workbook_goes_the_same_way(desk: Desk, place: Home, robin: Person, sam: Person, tmp_path: Path) -> None:
    number = approved(desk, filled_in(tmp_path), robin, sam)
    desk.publish([number], sam)
    with KnowledgeGraph.open(place) as kg:
        assert "Made-Up Counselling" in {row.label("service") for row in kg.ask("services-in-area", area="E23000036")}


def test_a_workbook_that_is_not_marked_as_practice_is_taken_for_a_real_one(
    desk: Desk, robin: Person, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowedError, match="practice home"):
        desk.submit(filled_in(tmp_path, practice=False), robin)


def test_a_published_record_is_found_by_sparql_and_stays_through_later_releases(
    desk: Desk, place: Home, robin: Person, sam: Person, tmp_path: Path
) -> None:
    first = approved(desk, RECORD, robin, sam)
    manifest = desk.publish([first], sam, note="the first record")
    assert (manifest.number, manifest.note, manifest.practice) == (1, "the first record", True)
    assert desk.show(first).state is State.PUBLISHED
    assert desk.history(first)[-1].why == "In release 1."
    assert answers(place, ASK_NAME) == ["Made-Up Counselling"]
    assert GRAPH in answers(place, ASK_GRAPH)
    with KnowledgeGraph.open(place) as kg:
        assert SERVICE in {row["service"] for row in kg.ask("services-in-area", area="E23000036")}

    assert rebuild(place).number == 2
    assert answers(place, ASK_NAME) == ["Made-Up Counselling"]

    older = approved(desk, changed(tmp_path, 'Counselling"@en', 'Talking"@en'), robin, sam)
    newer = approved(desk, changed(tmp_path, 'Counselling"@en', 'Listening"@en'), robin, sam)
    desk.publish([newer], sam)
    assert answers(place, ASK_NAME) == ["Made-Up Listening"]
    assert [entry.state for entry in desk.list()] == [State.SUPERSEDED, State.APPROVED, State.PUBLISHED]
    with pytest.raises(NotAllowedError, match="older"):
        desk.publish([older], sam)


def test_what_is_withdrawn_is_in_the_next_release_no_more_and_in_the_last_as_it_was(
    desk: Desk, place: Home, robin: Person, sam: Person
) -> None:
    number = approved(desk, RECORD, robin, sam)
    desk.publish([number], sam)
    with pytest.raises(InputError, match="why"):
        desk.withdraw([number], sam, " ")
    with pytest.raises(NotAllowedError, match="may not withdraw"):
        desk.withdraw([number], robin, "closed")
    assert desk.withdraw([number], sam, "the service has closed").number == 2
    assert desk.show(number).state is State.WITHDRAWN
    assert desk.history(number)[-1].why == "the service has closed"
    assert answers(place, ASK_NAME) == []
    with KnowledgeGraph.open(place, release=1) as kg:
        assert len(kg.sparql(ASK_NAME, labels=False)) == 1
    with pytest.raises(NotAllowedError, match="is withdrawn, not published"):
        desk.withdraw([number], sam, "again")


def test_nobody_withdraws_what_somebody_decided_on_meanwhile(
    desk: Desk, place: Home, robin: Person, sam: Person
) -> None:
    number = approved(desk, RECORD, robin, sam)
    desk.publish([number], sam)
    seen = desk.history(number)[-1].number
    with pytest.raises(ConflictError, match="meanwhile"):
        desk.withdraw([number], sam, "the service has closed", seen=seen - 1)
    assert place.served().number == 1
    assert desk.withdraw([number], sam, "the service has closed", seen=seen).number == 2


def test_each_release_keeps_the_seal_of_the_decisions_that_it_was_made_from(
    desk: Desk, place: Home, robin: Person, sam: Person
) -> None:
    number = approved(desk, RECORD, robin, sam)
    seal = desk.ledger.seal
    assert desk.publish([number], sam).seal == seal
    assert list(desk.ledger.faults(seals=[seal])) == []


def test_a_version_that_gives_back_what_an_earlier_release_held_back_is_not_published(
    desk: Desk, robin: Person, sam: Person, tmp_path: Path
) -> None:
    figure = (
        "<https://example.org/id/organisation/made-up-centre/figure/{0}> a sv:Statistic ; sv:unit <{1}unit/people> ;"
        " sv:measured <{1}measure/people-supported> ; sv:aboutOrganisation <https://example.org/id/organisation/"
        'made-up-centre> ; sv:periodStart "2025-04-01"^^xsd:date ; sv:periodEnd "2026-03-31"^^xsd:date ; {2} .\n'
    )
    given, held = (
        "sv:valueStatus <{0}value-status/stated> ; sv:value {1}.0",
        "sv:valueStatus <{0}value-status/suppressed>",
    )
    group = " ; sv:populationGroup <{0}age-group/{1}>"
    adults, children = (group.format(CONCEPT, each) for each in ("adults", "children"))
    secret = held.format(CONCEPT)
    versions = (
        (given.format(CONCEPT, 120), secret + adults, secret + children),
        (given.format(CONCEPT, 117) + adults,),
    )
    numbers = []
    for figures in versions:
        path = tmp_path / "record.ttl"
        said = "".join(figure.format(number, CONCEPT, each) for number, each in enumerate(figures, start=1))
        path.write_text(RECORD.read_text(encoding="utf-8") + said, encoding="utf-8")
        receipt = desk.submit(path, robin)
        assert receipt.submission, [finding.message for finding in receipt.report.findings]
        desk.approve(receipt.submission.id, sam)
        numbers.append(receipt.submission.id)
        if len(numbers) == 1:
            desk.publish(numbers, sam)
    with pytest.raises(NotAllowedError, match="hold back one more figure"):
        desk.publish(numbers[1:], sam)
