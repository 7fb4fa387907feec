"""Who may say what was looked for, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from taxonomy.errors import NotAllowedError
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Person, Role
from taxonomy.store.releases import Home

RECORDS = Path(__file__).parent.parent / "examples" / "records"
COUNCIL = RECORDS / "made-up-council.ttl"
OWNER = "https://example.org/id/organisation/made-up-council"
AVON, BRISTOL, LEICESTERSHIRE = "E23000036", "E06000023", "E23000021"


@pytest.fixture
def desk(practice_home: Path) -> Iterator[Desk]:
    with Desk(Home.open(practice_home)) as opened:
        yield opened


def person(desk: Desk, role: Role, *areas: str) -> Person:
    return People(desk.ledger).add("chris", [role], organisations=[OWNER], areas=areas)[0]


@pytest.fixture
def looked_in(tmp_path: Path) -> Callable[[str], Path]:
    """The record of the made-up council, which looked in another area."""

    def record(area: str) -> Path:
        path = tmp_path / "council.ttl"
        path.write_text(COUNCIL.read_text().replace(AVON, area))
        return path

    return record


@pytest.mark.parametrize("area", [AVON, BRISTOL])
def test_a_commissioner_says_what_was_looked_for_in_their_area_and_in_what_lies_in_it(
    desk: Desk, looked_in: Callable[[str], Path], area: str
) -> None:
    assert desk.submit(looked_in(area), person(desk, Role.COMMISSIONER, AVON)).submission


@pytest.mark.parametrize("theirs", [LEICESTERSHIRE, BRISTOL])
def test_a_commissioner_of_another_area_or_of_a_part_is_refused_and_told_why(desk: Desk, theirs: str) -> None:
    with pytest.raises(NotAllowedError, match=f"looked for in {AVON}: they commission in {theirs}"):
        desk.submit(COUNCIL, person(desk, Role.COMMISSIONER, theirs))
    assert desk.list() == ()


def test_one_area_of_several_that_is_not_theirs_is_enough_to_refuse(desk: Desk, tmp_path: Path) -> None:
    first, second = COUNCIL.read_text().split("looked/2>")
    (tmp_path / "council.ttl").write_text(f"{first}looked/2>{second.replace(AVON, LEICESTERSHIRE)}")
    with pytest.raises(NotAllowedError, match=LEICESTERSHIRE):
        desk.submit(tmp_path / "council.ttl", person(desk, Role.COMMISSIONER, AVON))


def test_a_commissioner_for_whom_no_area_is_set_says_it_of_none(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="no area is set for them"):
        desk.submit(COUNCIL, person(desk, Role.COMMISSIONER))


def test_a_steward_says_it_of_any_area(desk: Desk) -> None:
    assert desk.submit(COUNCIL, person(desk, Role.STEWARD)).submission


def test_a_contributor_may_not_say_what_was_looked_for(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="role commissioner or steward"):
        desk.submit(COUNCIL, person(desk, Role.CONTRIBUTOR, AVON))


def test_a_contributor_submits_a_record_in_which_nothing_was_looked_for(desk: Desk) -> None:
    centre = "https://example.org/id/organisation/made-up-centre"
    robin = People(desk.ledger).add("robin", [Role.CONTRIBUTOR], organisations=[centre])[0]
    assert desk.submit(RECORDS / "made-up-centre.ttl", robin).submission
