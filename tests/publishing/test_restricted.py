"""What is for the steward alone: sealed when it arrives, opened by a steward with the key, and gone when erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.restricted import ADDRESS, CONTACT, holding, workbook

from taxonomy.errors import GoneError, InputError, NotAllowedError, NotFoundError, StoreError
from taxonomy.publishing import backups, restricted
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import Arrival, Ledger
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.restricted import Fact, Restricted
from taxonomy.publishing.tables import Sealed
from taxonomy.sealing import Key
from taxonomy.store.releases import Home

CENTRE = "https://example.org/id/organisation/made-up-centre"


@pytest.fixture
def key_file(practice_home: Path, tmp_path: Path) -> Path:
    restricted.make(Home.open(practice_home), tmp_path / "restricted.key")
    return tmp_path / "restricted.key"


@pytest.fixture
def desk(practice_home: Path, key_file: Path) -> Iterator[Desk]:
    with Desk(Home.open(practice_home)) as desk:
        yield desk


@pytest.fixture
def sam(desk: Desk) -> Person:
    return People(desk.ledger).add("sam", [Role.STEWARD])[0]


@pytest.fixture
def robin(desk: Desk) -> Person:
    return People(desk.ledger).add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]


@pytest.fixture
def number(desk: Desk, robin: Person, tmp_path: Path) -> int:
    """A submission with two facts for the steward alone."""
    receipt = desk.submit(workbook(tmp_path / "records.xlsx"), robin)
    assert receipt.submission, receipt.report.findings
    return receipt.submission.id


def test_a_steward_with_the_key_reads_what_was_written(desk: Desk, number: int, sam: Person, key_file: Path) -> None:
    assert Restricted(desk.ledger, Key.read(key_file)).facts(number, sam) == (
        Fact(about="Made-Up Counselling", kind="address", text=ADDRESS),
        Fact(about="Made-Up Centre", kind="contact", text=CONTACT),
    )


def test_the_file_comes_back_as_it_was_sent(
    desk: Desk, number: int, sam: Person, key_file: Path, tmp_path: Path
) -> None:
    sent = (tmp_path / "records.xlsx").read_bytes()
    assert Restricted(desk.ledger, Key.read(key_file)).file(number, sam) == sent


def test_no_file_of_the_home_holds_a_value_or_the_workbook_itself(number: int, practice_home: Path) -> None:
    assert holding(practice_home, ADDRESS, CONTACT, "PK\x03\x04") == []


def test_the_record_and_its_report_hold_no_value(desk: Desk, number: int) -> None:
    said = desk.ledger.content(number).decode() + json.dumps(dict(desk.show(number).report)) + repr(desk.show(number))
    assert ADDRESS not in said
    assert CONTACT not in said
    assert desk.show(number).restricted == 2


def test_each_reading_is_written_down_with_who_and_when(desk: Desk, number: int, sam: Person, key_file: Path) -> None:
    held = Restricted(desk.ledger, Key.read(key_file))
    held.facts(number, sam)
    held.file(number, sam)
    assert [(each.who, each.what) for each in restricted.openings(desk.ledger, number)] == [
        ("sam", "fact"),
        ("sam", "file"),
    ]
    assert list(desk.ledger.faults()) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STEWARD])
def test_nobody_but_a_steward_opens_anything(desk: Desk, number: int, role: Role, key_file: Path) -> None:
    other = People(desk.ledger).add("other", [role])[0]
    with pytest.raises(NotAllowedError, match="steward"):
        Restricted(desk.ledger, Key.read(key_file)).facts(number, other)
    assert restricted.openings(desk.ledger, number) == ()


def test_another_key_opens_nothing_and_leaves_no_entry(desk: Desk, number: int, sam: Person) -> None:
    with pytest.raises(NotAllowedError, match="sealed for the key"):
        Restricted(desk.ledger, Key.new()).facts(number, sam)
    assert restricted.openings(desk.ledger, number) == ()


def test_a_list_of_readings_that_was_changed_shows(desk: Desk, number: int, sam: Person, key_file: Path) -> None:
    Restricted(desk.ledger, Key.read(key_file)).facts(number, sam)
    with desk.ledger.session() as session:
        session.execute(text("DROP TRIGGER openings_no_update"))
        session.execute(text("UPDATE openings SET person_id = 1, what = 'file'"))
    assert any("who opened" in fault for fault in desk.ledger.faults())


@pytest.mark.parametrize("change", ["UPDATE openings SET person_id = 1", "DELETE FROM openings"])
def test_the_database_refuses_to_change_the_list_of_readings(
    desk: Desk, number: int, sam: Person, key_file: Path, change: str
) -> None:
    Restricted(desk.ledger, Key.read(key_file)).facts(number, sam)
    with pytest.raises(StoreError, match="never undone"), desk.ledger.session() as session:
        session.execute(text(change))


def test_a_box_that_was_taken_away_shows(desk: Desk, number: int) -> None:
    with desk.ledger.session() as session:
        session.execute(text("DROP TRIGGER restricted_kept"))
        session.execute(text("DELETE FROM restricted WHERE number = 1"))
    assert any("is not what was submitted" in fault for fault in desk.ledger.faults())


def test_a_home_without_a_key_keeps_nothing_of_such_a_workbook(practice_home: Path, tmp_path: Path) -> None:
    with Desk(Home.open(practice_home)) as desk:
        robin = People(desk.ledger).add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]
        with pytest.raises(NotAllowedError, match="keys make"):
            desk.submit(workbook(tmp_path / "records.xlsx"), robin)
        assert desk.list() == ()
    assert holding(practice_home, ADDRESS, CONTACT) == []


def test_a_workbook_with_nothing_for_the_steward_is_kept_as_it_came(desk: Desk, robin: Person, tmp_path: Path) -> None:
    receipt = desk.submit(workbook(tmp_path / "records.xlsx", []), robin)
    assert receipt.submission
    assert receipt.submission.restricted == 0
    assert holding(Path(desk.ledger._engine.url.database or "").parent, "xl/workbook.xml")


def test_a_row_without_its_text_is_sent_back_and_not_kept(desk: Desk, robin: Person, tmp_path: Path) -> None:
    path = workbook(tmp_path / "records.xlsx", [("", "address", ADDRESS)])
    receipt = desk.submit(path, robin)
    assert receipt.submission is None
    assert [(finding.sheet, finding.row) for finding in receipt.report.findings] == [("Kept for the steward", 3)]
    assert ADDRESS not in repr(receipt)


@pytest.mark.parametrize("name", ["For the Steward", "kept for the steward ", "Sheet7", "9. Steward (old)"])
def test_the_sheet_is_known_by_its_name_or_by_its_headings(
    desk: Desk, robin: Person, tmp_path: Path, practice_home: Path, name: str
) -> None:
    receipt = desk.submit(workbook(tmp_path / "records.xlsx", sheet=name), robin)
    assert receipt.submission
    assert receipt.submission.restricted == 2
    assert holding(practice_home, ADDRESS, CONTACT) == []


def test_erasing_a_submission_destroys_what_was_sealed(
    desk: Desk, number: int, sam: Person, key_file: Path, practice_home: Path
) -> None:
    with desk.ledger.session() as session:
        boxes = [bytes(box) for (box,) in session.execute(text("SELECT box FROM restricted"))]
    assert len(boxes) == 3
    desk.ledger.erase([number], by=sam.id)
    with pytest.raises(GoneError):
        Restricted(desk.ledger, Key.read(key_file)).facts(number, sam)
    data = b"".join(path.read_bytes() for path in practice_home.rglob("*") if path.is_file())
    assert [box for box in boxes if box[:40] in data] == []
    assert list(desk.ledger.faults()) == []


def test_a_new_key_opens_everything_and_the_old_one_nothing(
    desk: Desk, number: int, sam: Person, key_file: Path, practice_home: Path, tmp_path: Path
) -> None:
    home, old = Home.open(practice_home), Key.read(key_file)
    assert restricted.rotate(home, desk.ledger, old, tmp_path / "new.key") == 3
    new = Restricted(desk.ledger, Key.read(tmp_path / "new.key"))
    assert [fact.text for fact in new.facts(number, sam)] == [ADDRESS, CONTACT]
    assert new.file(number, sam) == (tmp_path / "records.xlsx").read_bytes()
    with pytest.raises(NotAllowedError):
        Restricted(desk.ledger, old).facts(number, sam)
    assert list(desk.ledger.faults()) == []
    assert list(restricted.faults(home, desk.ledger)) == []


def test_a_change_of_keys_that_was_interrupted_goes_on_where_it_was(
    desk: Desk, number: int, sam: Person, key_file: Path, practice_home: Path, tmp_path: Path
) -> None:
    home, old = Home.open(practice_home), Key.read(key_file)

    def stop(done: int, _all: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restricted.rotate(home, desk.ledger, old, tmp_path / "new.key", progress=stop)
    assert any("keys rotate" in fault for fault in restricted.faults(home, desk.ledger))
    assert restricted.rotate(home, desk.ledger, old, tmp_path / "new.key") == 3
    assert Restricted(desk.ledger, Key.read(tmp_path / "new.key")).facts(number, sam)[0].text == ADDRESS


def test_keys_are_not_changed_over_a_file_that_is_something_else(
    desk: Desk, key_file: Path, practice_home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.key"
    Key.new().write(other)
    with pytest.raises(InputError, match="already"):
        restricted.rotate(Home.open(practice_home), desk.ledger, Key.read(key_file), other)


def test_the_private_key_never_lies_in_the_home(practice_home: Path) -> None:
    with pytest.raises(InputError, match="in the home"):
        restricted.make(Home.open(practice_home), practice_home / "restricted.key")
    assert holding(practice_home, "svssv-restricted-key-1") == []


def test_a_home_gets_its_keys_once(practice_home: Path, key_file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rotate"):
        restricted.make(Home.open(practice_home), tmp_path / "second.key")


def test_a_backup_holds_boxes_alone_and_they_open_after_it_was_restored(
    desk: Desk, number: int, sam: Person, key_file: Path, practice_home: Path, tmp_path: Path
) -> None:
    backups.backup(Home.open(practice_home), tmp_path / "saved")
    assert holding(tmp_path / "saved", ADDRESS, CONTACT, "svssv-restricted-key-1") == []
    home = backups.restore(backups.read(tmp_path / "saved"), tmp_path / "back")
    with Ledger.of(home) as ledger:
        assert Restricted(ledger, Key.read(key_file)).facts(number, sam)[1].text == CONTACT
    assert restricted.seal_of(home) == restricted.seal_of(Home.open(practice_home))


def test_sealing_holds_on_each_database(place: Path | str) -> None:
    key, arrival = Key.new(), None
    with Ledger(place) as ledger:
        sam = People(ledger).add("sam", [Role.STEWARD])[0]
        box = key.seal.close(json.dumps({"about": "a", "kind": "address", "text": ADDRESS}).encode())
        arrival = Arrival(
            owner="https://example.org/id/organisation/made-up",
            graph="https://w3id.org/svssv/graph/record/made-up",
            file_name="records.xlsx",
            sha256="0" * 64,
            file=b"",
            content=b"",
            report="{}",
            restricted=((Sealed.FACT, box),),
        )
        kept = ledger.add(arrival, by=sam.id)
        assert Restricted(ledger, key).facts(kept.id, sam)[0].text == ADDRESS
        for change in ("UPDATE restricted SET what = 'file'", "DELETE FROM restricted"):
            with pytest.raises(StoreError), ledger.session() as session:
                session.execute(text(change))
        assert list(ledger.faults()) == []
        ledger.erase([kept.id], by=sam.id)
        assert restricted.count(ledger) == 0
        assert list(ledger.faults()) == []


def test_a_submission_that_is_not_there_is_told(desk: Desk, sam: Person, key_file: Path) -> None:
    with pytest.raises(NotFoundError):
        Restricted(desk.ledger, Key.read(key_file)).facts(7, sam)
    with pytest.raises(NotFoundError):
        restricted.openings(desk.ledger, 7)
    with pytest.raises(NotFoundError):
        restricted.openings(desk.ledger, 10**30)
