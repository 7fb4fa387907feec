"""The ledger keeps what was submitted and what was decided, and lets nobody rewrite it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest

from taxonomy.errors import NotAllowedError, NotFoundError, StoreError
from taxonomy.publishing.ledger import Arrival, Ledger, State
from taxonomy.publishing.people import People, Role


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    with Ledger(file) as opened:
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


def test_another_process_reads_what_was_kept(ledger: Ledger, file: Path) -> None:
    added = ledger.add(arrival(), by=ROBIN)
    with Ledger(file) as again:
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


def test_of_two_who_decide_at_once_one_is_told_to_look_again(ledger: Ledger, file: Path) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    start, refused = Barrier(2), []

    def decide(verdict: State) -> None:
        with Ledger(file) as own:
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
        ask(ledger, 7)  # type: ignore[operator]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET why = 'something else'",
        "DELETE FROM decisions",
        "UPDATE submissions SET content = x'00'",
        "UPDATE submissions SET submitted_by = 2",
        "DELETE FROM submissions",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_past(ledger: Ledger, file: Path, statement: str) -> None:
    ledger.add(arrival(), by=ROBIN)
    with closing(sqlite3.connect(file)) as connection, pytest.raises(sqlite3.IntegrityError, match="never"):
        connection.execute(statement)


def test_a_decision_belongs_to_a_submission_and_a_person(ledger: Ledger) -> None:
    number = ledger.add(arrival(), by=ROBIN).id
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        ledger.move(number, State.SUBMITTED, State.APPROVED, by=99)
    assert ledger.submission(number).state is State.SUBMITTED


def test_what_was_reported_as_done_outlives_a_power_cut(ledger: Ledger) -> None:
    with ledger.session() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_file_that_is_no_ledger_is_refused(file: Path) -> None:
    file.write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Ledger(file)


def test_a_ledger_of_another_version_is_refused(file: Path) -> None:
    Ledger(file).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="format 99"):
        Ledger(file)


def test_a_ledger_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Ledger(tmp_path / "nowhere" / "ledger.sqlite")


def test_several_processes_may_open_a_new_ledger_at_once(file: Path) -> None:
    start, failed = Barrier(4), []

    def open_it() -> None:
        start.wait()
        try:
            Ledger(file).close()
        except StoreError as error:
            failed.append(error)

    openers = [Thread(target=open_it) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert failed == []


def test_other_users_of_the_machine_cannot_read_the_ledger(ledger: Ledger, file: Path) -> None:
    ledger.add(arrival(), by=ROBIN)
    assert {path.stat().st_mode & 0o077 for path in file.parent.iterdir()} == {0}
