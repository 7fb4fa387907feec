"""Checking in a worker gives the report that checking here gives, and nothing else of the worker reaches its caller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.errors import InputError, LimitError, StoreError
from taxonomy.intake.form import Form
from taxonomy.settings import Bounds
from taxonomy.validation import Checkers, Report, examine

EXAMPLES = Path(__file__).parent.parent / "examples"
GOOD = EXAMPLES / "records" / "made-up-centre.ttl"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def checkers() -> Iterator[Checkers]:
    with Checkers(size=1) as held:
        yield held


def here(path: Path) -> Report:
    context = Context.bundled()
    return examine(intake.read_bytes(path.read_bytes(), path.name, context=context), context=context, today=TODAY)


def there(checkers: Checkers, path: Path) -> Report:
    return checkers.check(path.read_bytes(), path.name, context=Context.bundled(), today=TODAY)


def test_a_report_comes_back_whole(checkers: Checkers) -> None:
    some = sorted((EXAMPLES / "shapes").glob("*/invalid-*.ttl"))[::12]
    for example in (GOOD, *some):
        assert there(checkers, example) == here(example), example


def test_a_record_that_conforms_is_taken_with_its_facts(checkers: Checkers) -> None:
    context = Context.bundled()
    read = intake.read_bytes(GOOD.read_bytes(), GOOD.name, context=context)
    report, taken = checkers.take(GOOD.read_bytes(), GOOD.name, context=context)
    assert report.conforms
    assert taken
    assert (taken.owner, taken.ntriples) == (read.only.owner, read.only.ntriples)


def test_a_record_that_does_not_conform_is_not_taken(checkers: Checkers, fill: Callable[..., Path]) -> None:
    book = fill({("Eligibility", "Age from"): "sixteen"})
    report, taken = checkers.take(book.read_bytes(), book.name, context=Context.bundled())
    assert (report.conforms, taken) == (False, None)


def test_a_form_is_filled_in_as_it_would_be_here(checkers: Checkers, fill: Callable[..., Path]) -> None:
    book = fill({("Eligibility", "Age from"): "sixteen"})
    _, form = checkers.fill_in(book.read_bytes(), book.name, context=Context.bundled())
    assert form == Form.of_file(book.read_bytes(), book.name, Context.bundled())


def test_a_workbook_comes_back_with_the_cells_of_its_faulty_rows(checkers: Checkers, fill: Callable[..., Path]) -> None:
    book = fill({("Eligibility", "Age from"): "sixteen", ("Funding", "Funder"): "Made-Up Trust"})
    report = there(checkers, book)
    assert report == here(book)
    assert report.cells["Eligibility", "B3"] == "sixteen"
    assert all(finding.cell for finding in report.findings)


def test_what_is_wrong_with_a_file_is_said_as_it_is_here(checkers: Checkers) -> None:
    with pytest.raises(InputError) as caught:
        checkers.check(b"<a> <b> .", "mine.ttl", context=Context.bundled())
    assert "mine.ttl" in caught.value.where
    assert "line 1" in caught.value.where


def test_the_next_file_is_checked_after_one_that_ended_its_worker() -> None:
    with Checkers(Bounds(seconds=0.01, memory=None, answer=None), size=1) as hurried:
        for _ in range(2):
            with pytest.raises(LimitError) as caught:
                there(hurried, GOOD)
            assert caught.value.limit == "time"
            assert "0.01 seconds" in caught.value.detail
            assert "svssv validate" in caught.value.detail


def test_a_report_that_would_be_too_large_is_refused_whole() -> None:
    with (
        Checkers(Bounds(seconds=None, memory=None, answer=100), size=1) as small,
        pytest.raises(LimitError) as caught,
    ):
        there(small, GOOD)
    assert caught.value.limit == "bytes"


def test_checkers_that_are_closed_say_so() -> None:
    checkers = Checkers(size=1)
    checkers.close()
    with pytest.raises(StoreError):
        there(checkers, GOOD)


def test_two_threads_share_a_checker(checkers: Checkers) -> None:
    reports: list[Report] = []
    threads = [threading.Thread(target=lambda: reports.append(there(checkers, GOOD))) for _ in range(2)]
    for thread in threads:  # one waits; a third would be refused
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.conforms for report in reports] == [True] * 2


@pytest.mark.parametrize(
    "data",
    [
        b"<x:a> <x:b> " + b"[ <x:c> " * 100_000,
        b'<x:a> <x:b> """' + b"x" * 9_000_000 + b'""" .',
        b"<x:a> <x:b> <x:c>, " + b"<x:d>, " * 1_000_000,
        b"<!DOCTYPE x [<!ENTITY a 'aa'>]>",
        b"PK" + b"\0" * 1_000_000,
    ],
    ids=["deep brackets", "a long text", "many facts", "entities", "no archive"],
)
def test_a_hostile_file_is_refused_and_the_next_is_checked(checkers: Checkers, data: bytes) -> None:
    with pytest.raises((InputError, LimitError)):
        checkers.check(data, "mine.ttl", context=Context.bundled())
    assert there(checkers, GOOD).conforms


def test_a_checker_that_was_killed_is_replaced(checkers: Checkers) -> None:
    assert there(checkers, GOOD).conforms
    for worker in list(checkers._pool._idle):
        worker.interrupt()
        worker._process.wait()
    assert there(checkers, GOOD).conforms


def test_a_checker_has_no_network(checkers: Checkers) -> None:
    with checkers._pool.worker() as worker:
        assert worker.isolated
