"""Where a record stands, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from taxonomy.publishing import standing
from taxonomy.publishing.confirmations import AGE
from taxonomy.publishing.ledger import Arrival, Ledger, State
from taxonomy.publishing.people import People, Role
from taxonomy.publishing.standing import Step

CENTRE = "https://example.org/id/organisation/made-up-centre"
TODAY = date(2026, 11, 30)
CONFIRMED = (
    "<https://w3id.org/svssv/graph/record/made-up-centre> <https://w3id.org/svssv/ontology#lastConfirmed> "
    '"{}"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    f'<{CENTRE}> <http://www.w3.org/2000/01/rdf-schema#label> "Made-Up Centre"@en .\n'
)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger(":memory:") as opened:
        People(opened).add("robin", [Role.CONTRIBUTOR])
        yield opened


def handed_in(ledger: Ledger, *states: State, day: str = "2026-10-05") -> int:
    """A version of the record that went through some states."""
    arrival = Arrival(
        owner=CENTRE,
        graph="https://w3id.org/svssv/graph/record/made-up-centre",
        file_name="record.xlsx",
        sha256="0",
        file=b"",
        content=CONFIRMED.format(day).encode(),
        report="{}",
    )
    number, old = ledger.add(arrival, by=1).id, State.SUBMITTED
    for state in states:
        ledger.move(number, old, state, by=1, why="because")
        old = state
    return number


def step(ledger: Ledger, *, draft: bool = False) -> Step:
    return standing.of(CENTRE, ledger, draft=draft, today=TODAY).step


def test_a_record_that_was_never_handed_in_is_to_be_begun(ledger: Ledger) -> None:
    assert Step.BEGIN is step(ledger)


def test_a_draft_is_to_be_gone_on_with(ledger: Ledger) -> None:
    handed_in(ledger)
    assert Step.GO_ON is step(ledger, draft=True)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), Step.WAIT),
        ((State.APPROVED,), Step.WAIT),
        ((State.RETURNED,), Step.MEND),
        ((State.APPROVED, State.PUBLISHED), Step.NOTHING),
        ((State.APPROVED, State.PUBLISHED, State.WITHDRAWN), Step.BEGIN),
    ],
)
def test_what_is_to_be_done_follows_from_the_last_version(
    states: tuple[State, ...], expected: Step, ledger: Ledger
) -> None:
    handed_in(ledger, *states)
    assert expected is step(ledger)


def test_a_published_record_is_to_be_confirmed_after_eleven_months(ledger: Ledger) -> None:
    handed_in(ledger, State.APPROVED, State.PUBLISHED, day=(TODAY - AGE).isoformat())
    assert Step.CONFIRM is step(ledger)


def test_a_published_record_is_not_to_be_confirmed_within_eleven_months(ledger: Ledger) -> None:
    handed_in(ledger, State.APPROVED, State.PUBLISHED, day=(TODAY - AGE + timedelta(days=1)).isoformat())
    assert Step.NOTHING is step(ledger)


def test_a_day_that_cannot_be_read_is_not_known_and_to_be_confirmed(ledger: Ledger) -> None:
    handed_in(ledger, State.APPROVED, State.PUBLISHED, day="last autumn")
    found = standing.of(CENTRE, ledger, draft=False, today=TODAY)
    assert (None, Step.CONFIRM) == (found.confirmed, found.step)


def test_a_returned_version_is_to_be_mended_though_an_older_one_is_public(ledger: Ledger) -> None:
    first = handed_in(ledger, State.APPROVED, State.PUBLISHED)
    last = handed_in(ledger, State.RETURNED)
    found = standing.of(CENTRE, ledger, draft=False, today=TODAY)
    assert (Step.MEND, first, last) == (found.step, found.public and found.public.id, found.last and found.last.id)


def test_an_organisation_is_called_as_in_its_newest_version_that_is_kept(ledger: Ledger) -> None:
    number = handed_in(ledger)
    versions = ledger.submissions()
    called = standing.name_of(CENTRE, ledger, versions)
    ledger.erase([number], by=1, why="asked for")
    assert ("Made-Up Centre", "") == (called, standing.name_of(CENTRE, ledger, ledger.submissions()))
