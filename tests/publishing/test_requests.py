"""What people ask about something that is public is kept with its clock, and without who asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.cli import main
from taxonomy.days import later
from taxonomy.errors import InputError, NotAllowedError, NotFoundError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.requests import Kind, Outcome, Requests

SERVICE = "https://example.org/id/service/made-up-counselling"


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    with Ledger(place) as ledger:
        yield ledger


@pytest.fixture
def sam(ledger: Ledger) -> Person:
    return People(ledger).add("sam", [Role.STEWARD])[0]


@given(st.dates(max_value=date(9000, 1, 1)))
def test_a_month_is_never_longer_than_the_law_allows_nor_shorter_than_february(day: date) -> None:
    due = later(day, 1)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


def test_a_request_is_due_one_month_after_it_arrived(ledger: Ledger, sam: Person) -> None:
    kept = Requests(ledger).add(Kind.ERASURE, SERVICE, sam, received=date(2026, 1, 31))
    assert kept.due == date(2026, 2, 28)
    assert Requests(ledger).list() == (kept,)


def test_the_most_pressing_stand_first_and_those_that_ended_do_not(ledger: Ledger, sam: Person) -> None:
    held = Requests(ledger)
    farther = held.add(Kind.REPLY, SERVICE, sam, received=date(2026, 10, 9))
    sooner = held.add(Kind.CORRECTION, SERVICE, sam, received=date(2026, 10, 2))
    ended = held.add(Kind.CORRECTION, SERVICE, sam, received=date(2026, 10, 1))
    held.close(ended.id, Outcome.CORRECTED, sam)
    assert held.open() == (sooner, farther)


def test_how_and_when_a_request_ended_is_kept(ledger: Ledger, sam: Person) -> None:
    kept = Requests(ledger).add(Kind.ERASURE, SERVICE, sam)
    closed = Requests(ledger).close(kept.id, Outcome.ERASED, sam)
    assert (closed.outcome, closed.closed) == (Outcome.ERASED, datetime.now(UTC).date())
    assert Requests(ledger).list() == (closed,)


def test_a_request_ends_once(ledger: Ledger, sam: Person) -> None:
    kept = Requests(ledger).add(Kind.REPLY, SERVICE, sam)
    Requests(ledger).close(kept.id, Outcome.REPLIED, sam)
    with pytest.raises(NotAllowedError, match="replied"):
        Requests(ledger).close(kept.id, Outcome.REFUSED, sam)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.COMMISSIONER])
def test_only_stewards_and_administrators_look_after_requests(ledger: Ledger, role: Role) -> None:
    other = People(ledger).add("other", [role])[0]
    with pytest.raises(NotAllowedError):
        Requests(ledger).add(Kind.REPLY, SERVICE, other)


@pytest.mark.parametrize("about", ["", "jo@made-up.example", f"{SERVICE} by Jo", "https://elsewhere.example/x"])
def test_a_request_is_about_the_address_of_a_thing(ledger: Ledger, sam: Person, about: str) -> None:
    with pytest.raises(InputError):
        Requests(ledger).add(Kind.REPLY, about, sam)


def test_a_request_cannot_have_arrived_tomorrow(ledger: Ledger, sam: Person) -> None:
    with pytest.raises(InputError, match="still to come"):
        Requests(ledger).add(Kind.REPLY, SERVICE, sam, received=datetime.now(UTC).date() + timedelta(days=2))


def test_one_that_is_not_there_is_told(ledger: Ledger, sam: Person) -> None:
    with pytest.raises(NotFoundError):
        Requests(ledger).close(7, Outcome.REFUSED, sam)


def test_the_shell_keeps_lists_and_closes(practice_home: Path) -> None:
    with Ledger(practice_home / "ledger.sqlite") as ledger:
        token = People(ledger).add("sam", [Role.STEWARD])[1]
    how = {"env": {"SVSSV_HOME": str(practice_home), "SVSSV_TOKEN": token}, "catch_exceptions": False}
    run = CliRunner().invoke
    added = run(main, ["requests", "add", "erasure", SERVICE, "--received", "2026-01-31", "--by", "sam"], **how)
    assert "due on 2026-02-28" in added.stderr
    assert "--urgent" in added.stderr
    assert "LATE" in run(main, ["requests", "list", "--open"], **how).stdout
    assert run(main, ["requests", "close", "1", "erased", "--by", "sam"], **how).exit_code == 0
    assert '"outcome": "erased"' in run(main, ["requests", "list", "--format", "json"], **how).stdout
