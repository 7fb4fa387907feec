"""The ledger keeps what was submitted and what was decided, and lets nobody rewrite it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError
from tests.ledgers import alter, behind_its_back

from taxonomy.errors import GoneError, InputError, NotAllowedError, NotFoundError, StoreError
from taxonomy.publishing import chain
from taxonomy.publishing.base import Base
from taxonomy.publishing.ledger import Arrival, Ledger, State
from taxonomy.publishing.people import People, Role

Place = Path | str  # a file, or the address of a database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger(place) as opened:
        for name in ("robin", "sam"):
            People(opened).add(name, [Role.STEWARD])
        yield opened


ROBIN, SAM = 1, 2


def arrival(name: str = "made-up-centre", content: bytes = b"<a:a> <a:b> <a:c> .\n") -> Arrival:
    return Arrival(
        owner=f"https://example.org/id/organisation/{name}",
        graph=f"https://w3id.org/svssv/graph/record/{name}",
        file_name=f"{name}.ttl",
        sha256="0" * 64,
        file=b"the file as it came",
        content=content,
        report='{"conforms": true}',
    )


def test_a_submission_is_kept_as_it_came_with_who_and_when(ledger: Ledger) -> None:
    added = ledger.add(arrival(), by=ROBIN)
    assert ledger.submission(added.id) == added
    assert (added.state, added.submitted_by, added.file_name) == (State.SUBMITTED, "robin", "made-up-centre.ttl")
    assert added.submitted.tzinfo is not None
    assert ledger.content(added.id) == b"<a:a> <a:b> <a:c> .\n"


def test_another_process_reads_what_was_kept(ledger: Ledger, place: Place) -> None:
    added = ledger.add(arrival(), by=ROBIN)
    with Ledger(place) as again:
        assert again.submission(added.id) == added
        assert again.history(added.id) == ledger.history(added.id)


def test_the_history_says_who_did_what_and_why_in_order(ledger: Ledger) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    ledger.move(number, State.SUBMITTED, State.APPROVED, by=SAM, why="checked by telephone")
    ledger.publish([number], by=SAM, why="spring release")
    assert [(entry.what, entry.who, entry.why) for entry in ledger.history(number)] == [
        (State.SUBMITTED, "robin", ""),
        (State.APPROVED, "sam", "checked by telephone"),
        (State.PUBLISHED, "sam", "spring release"),
    ]


def test_a_decision_on_a_stale_state_changes_nothing(ledger: Ledger) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    ledger.move(number, State.SUBMITTED, State.RETURNED, by=SAM)
    with pytest.raises(NotAllowedError, match="no longer submitted"):
        ledger.move(number, State.SUBMITTED, State.APPROVED, by=SAM)
    assert ledger.submission(number).state is State.RETURNED
    assert len(ledger.history(number)) == 2


def test_of_two_who_decide_at_once_one_is_told_to_look_again(ledger: Ledger, place: Place) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    start, refused = Barrier(2), []

    def decide(verdict: State) -> None:
        with Ledger(place) as own:
            start.wait()
            try:
                own.move(number, State.SUBMITTED, verdict, by=SAM)
            except NotAllowedError as error:
                refused.append(error)

    deciders = [Thread(target=decide, args=(verdict,)) for verdict in (State.APPROVED, State.RETURNED)]
    for decider in deciders:
        decider.start()
    for decider in deciders:
        decider.join()
    assert len(refused) == 1
    assert len(ledger.history(number)) == 2


def test_publishing_several_is_all_or_nothing(ledger: Ledger) -> None:
    approved, waiting = ledger.add(arrival(), by=ROBIN).id, ledger.add(arrival("another-made-up"), by=ROBIN).id
    ledger.move(approved, State.SUBMITTED, State.APPROVED, by=SAM)
    with pytest.raises(NotAllowedError):
        ledger.publish([approved, waiting], by=SAM, why="")
    assert ledger.submission(approved).state is State.APPROVED


def test_a_later_version_supersedes_the_published_one(ledger: Ledger) -> None:
    versions = [ledger.add(arrival(), by=ROBIN).id for _ in range(2)]
    for number in versions:
        ledger.move(number, State.SUBMITTED, State.APPROVED, by=SAM)
        ledger.publish([number], by=SAM, why="")
    assert [entry.state for entry in ledger.submissions()] == [State.SUPERSEDED, State.PUBLISHED]
    assert ledger.history(versions[0])[-1].why == f"Replaced by {versions[1]}."


def test_submissions_are_listed_by_state_in_the_order_they_came(ledger: Ledger) -> None:
    numbers = [ledger.add(arrival(f"made-up-{place}"), by=ROBIN).id for place in range(3)]
    ledger.move(numbers[1], State.SUBMITTED, State.RETURNED, by=SAM)
    assert [entry.id for entry in ledger.submissions()] == numbers
    assert [entry.id for entry in ledger.submissions(State.SUBMITTED)] == [numbers[0], numbers[2]]


@pytest.mark.parametrize("ask", [Ledger.submission, Ledger.content, Ledger.history])
def test_an_unknown_number_is_not_found(ledger: Ledger, ask: object) -> None:
    with pytest.raises(NotFoundError, match="'7'"):
        ask(ledger, 7)  # type: ignore[operator]  # one of several ways to ask


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET what = 'approved'",
        "DELETE FROM decisions",
        "UPDATE submissions SET commitment = 'x'",
        "UPDATE submissions SET submitted_by = 2",
        "DELETE FROM submissions",
        "UPDATE contents SET file_name = 'other.ttl'",
        "DELETE FROM contents",
        "UPDATE reasons SET why = 'something else'",
        "DELETE FROM reasons",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_past(ledger: Ledger, statement: str) -> None:
    ledger.add(arrival(), by=ROBIN)
    with pytest.raises(DatabaseError, match="never"):
        alter(ledger, statement)


def test_a_ledger_that_nobody_touched_has_no_faults(ledger: Ledger) -> None:
    seals = [ledger.seal]
    for number in [ledger.add(arrival(), by=ROBIN, why="the first").id for _ in range(3)]:
        ledger.move(number, State.SUBMITTED, State.APPROVED, by=SAM, why="checked by telephone")
        ledger.publish([number], by=SAM, why="spring release")
        seals.append(ledger.seal)
    assert list(ledger.faults(seals=seals)) == []  # a release may have been made before the first decision
    assert len(set(seals)) == 4


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE decisions SET person_id = 1 WHERE id = 2", "Decision 2 (submission 1) is not what was sealed."),
        ("UPDATE submissions SET owner = 'x' WHERE id = 1", "Decision 1 (submission 1) is not what was sealed."),
        ("DELETE FROM decisions WHERE id = 2", "A decision is missing before decision 3."),
        ("DELETE FROM decisions WHERE id = 4", "The chain has 3 decisions, and 4 were taken."),
        ("UPDATE reasons SET why = 'no reason' WHERE decision_id = 2", "The reason of decision 2 is not what was"),
        ("UPDATE contents SET content = file WHERE submission_id = 1", "What submission 1 says is not what was submit"),
        ("DELETE FROM contents WHERE submission_id = 2", "What submission 2 said is missing, and nobody erased it."),
        ("UPDATE submissions SET state = 'published' WHERE id = 2", "Submission 2 is marked as published, and no"),
        ("DELETE FROM submissions WHERE id = 2", "Submission 2, on which decision 3 was taken, is missing."),
        ("DELETE FROM head", "How many decisions were taken is no longer written anywhere."),
    ],
)
def test_what_was_done_behind_its_back_shows(ledger: Ledger, statement: str, fault: str) -> None:
    for _ in range(2):
        number = ledger.add(arrival(), by=ROBIN).id
        ledger.move(number, State.SUBMITTED, State.RETURNED, by=SAM, why="the contract has ended")
    behind_its_back(ledger, statement)
    assert any(found.startswith(fault) for found in ledger.faults()), list(ledger.faults())


def test_an_end_that_was_cut_off_with_care_shows_by_a_seal_kept_elsewhere(ledger: Ledger) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    before = ledger.seal
    ledger.move(number, State.SUBMITTED, State.APPROVED, by=SAM)
    kept = ledger.seal
    behind_its_back(
        ledger,
        "DELETE FROM reasons WHERE decision_id = 2",
        "DELETE FROM decisions WHERE id = 2",
        f"UPDATE head SET length = 1, seal = '{before}'",  # noqa: S608  a seal is hexadecimal
        "UPDATE submissions SET state = 'submitted'",
    )
    assert list(ledger.faults()) == []
    assert [fault for fault in ledger.faults(seals=[kept]) if "cut off" in fault]


def test_a_decision_on_what_somebody_else_changed_meanwhile_is_refused(ledger: Ledger) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    seen = ledger.history(number)[-1].number
    ledger.move(number, State.SUBMITTED, State.APPROVED, by=SAM, seen=seen)
    ledger.move(number, State.APPROVED, State.SUBMITTED, by=SAM, why="a second look")
    with pytest.raises(NotAllowedError, match="meanwhile"):
        ledger.move(number, State.SUBMITTED, State.APPROVED, by=SAM, seen=seen)
    assert len(ledger.history(number)) == 3


def test_what_is_erased_is_gone_and_the_chain_is_whole(ledger: Ledger) -> None:
    number = ledger.add(arrival(), by=ROBIN, why="at 1 Made-up Lane").id
    other = ledger.add(arrival("another-made-up"), by=ROBIN, why="another").id
    ledger.erase([number], by=SAM, why="asked for by the provider")
    found = ledger.submission(number)
    assert (found.state, found.file_name, found.report) == (State.ERASED, "", {})
    with pytest.raises(GoneError):
        ledger.content(number)
    assert [(entry.what, entry.why) for entry in ledger.history(number)] == [
        (State.SUBMITTED, None),
        (State.ERASED, "asked for by the provider"),
    ]
    assert ledger.history(other)[0].why == "another"
    assert list(ledger.faults()) == []


def test_nothing_of_what_is_erased_is_left_in_the_file(file: Path) -> None:
    canary = "zq-canary-of-the-ledger"
    with Ledger(file) as ledger:
        for name in ("robin", "sam"):
            People(ledger).add(name, [Role.STEWARD])
        number = ledger.add(arrival(content=canary.encode() * 5_000), by=ROBIN, why=canary).id
        assert any(canary.encode() in path.read_bytes() for path in file.parent.iterdir())
        ledger.erase([number], by=SAM)
        assert not [path.name for path in file.parent.iterdir() if canary.encode() in path.read_bytes()]


@given(parts=st.lists(st.binary(max_size=20), max_size=4), other=st.lists(st.binary(max_size=20), max_size=4))
def test_two_contents_have_one_commitment_only_where_they_are_the_same(parts: list[bytes], other: list[bytes]) -> None:
    assert (chain.commitment(b"salt", parts) == chain.commitment(b"salt", other)) == (parts == other)


def test_the_tables_that_are_made_are_the_ones_that_the_code_means(ledger: Ledger) -> None:
    with ledger._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_decision_belongs_to_a_submission_and_a_person(ledger: Ledger) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    with pytest.raises(StoreError, match=r"FOREIGN KEY|foreign key"):
        ledger.move(number, State.SUBMITTED, State.APPROVED, by=99)
    assert ledger.submission(number).state is State.SUBMITTED


def test_what_was_reported_as_done_outlives_a_power_cut(file: Path) -> None:
    with Ledger(file) as ledger, ledger.session() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def test_a_file_that_is_no_ledger_is_refused(file: Path) -> None:
    file.write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Ledger(file)


def test_a_ledger_of_a_newer_version_is_refused(ledger: Ledger, place: Place) -> None:
    alter(ledger, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="a newer version of svssv made it"):
        Ledger(place)


def test_a_database_with_other_tables_is_refused_and_left_alone(ledger: Ledger, place: Place) -> None:
    alter(ledger, "DELETE FROM alembic_version")
    with pytest.raises(StoreError, match="holds other tables"):
        Ledger(place)


@pytest.mark.parametrize("address", ["nowhere", "sqlite:///x", "mysql://localhost/x", "postgresql+nothing://x/y"])
def test_an_address_that_no_ledger_can_stand_on_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=r"address of a ledger|cannot stand"):
        Ledger(address)


def test_a_ledger_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Ledger(tmp_path / "nowhere" / "ledger.sqlite")


def test_several_processes_may_open_a_new_ledger_at_once(place: Place) -> None:
    start, failed = Barrier(4), []

    def open_it() -> None:
        start.wait()
        try:
            Ledger(place).close()
        except StoreError as error:
            failed.append(error)

    openers = [Thread(target=open_it) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert failed == []


def test_other_users_of_the_machine_cannot_read_the_ledger(file: Path) -> None:
    with Ledger(file) as ledger:
        People(ledger).add("robin", [Role.STEWARD])
        ledger.add(arrival(), by=ROBIN)
        assert {path.stat().st_mode & 0o077 for path in file.parent.iterdir()} == {0}
