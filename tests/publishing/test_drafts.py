"""Drafts: of one person and one organisation, never lost to a second window, and destroyed when their time has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from taxonomy.errors import ConflictError
from taxonomy.publishing.drafts import KEPT, Draft, Drafts
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.tables import DraftRow

CENTRE = "https://example.org/id/organisation/made-up-centre"
HAVEN = "https://example.org/id/organisation/made-up-haven"


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    with Ledger(place) as opened:
        yield opened


@pytest.fixture
def robin(ledger: Ledger) -> Person:
    return People(ledger).add("robin", [Role.CONTRIBUTOR])[0]


def draft(owner: str = CENTRE, form: str = "{}") -> Draft:
    return Draft(
        owner=owner, changed=datetime.now(UTC), version=0, form=form, file_name="a.csv", file=b"a", report=b"b"
    )


def test_a_draft_is_found_as_it_was_kept(ledger: Ledger, robin: Person) -> None:
    kept = Drafts(ledger).put(robin.id, draft())
    assert replace(draft(), changed=kept.changed, version=1) == Drafts(ledger).find(robin.id, CENTRE)


def test_a_draft_belongs_to_one_person(ledger: Ledger, robin: Person) -> None:
    kim = People(ledger).add("kim", [Role.CONTRIBUTOR])[0]
    Drafts(ledger).put(robin.id, draft())
    assert (None, {}) == (Drafts(ledger).find(kim.id, CENTRE), Drafts(ledger).of(kim.id))


def test_a_draft_belongs_to_one_organisation(ledger: Ledger, robin: Person) -> None:
    Drafts(ledger).put(robin.id, draft())
    assert Drafts(ledger).find(robin.id, HAVEN) is None


def test_a_draft_that_another_window_changed_is_not_overwritten(ledger: Ledger, robin: Person) -> None:
    first = Drafts(ledger).put(robin.id, draft())
    Drafts(ledger).put(robin.id, replace(first, form="second"))
    with pytest.raises(ConflictError):
        Drafts(ledger).put(robin.id, replace(first, form="third"))


def test_a_second_draft_is_not_begun_beside_the_first(ledger: Ledger, robin: Person) -> None:
    Drafts(ledger).put(robin.id, draft())
    with pytest.raises(ConflictError):
        Drafts(ledger).put(robin.id, draft(form="another"))


def test_a_draft_that_is_gone_is_not_changed(ledger: Ledger, robin: Person) -> None:
    kept = Drafts(ledger).put(robin.id, draft())
    Drafts(ledger).drop(robin.id, CENTRE)
    with pytest.raises(ConflictError):
        Drafts(ledger).put(robin.id, kept)


def aged(ledger: Ledger, by: timedelta) -> None:
    with ledger.session() as session:
        session.execute(update(DraftRow).values(changed=datetime.now(UTC) - by))


def test_a_draft_is_destroyed_after_thirty_days(ledger: Ledger, robin: Person) -> None:
    Drafts(ledger).put(robin.id, draft())
    aged(ledger, KEPT + timedelta(minutes=1))
    assert ({}, None) == (Drafts(ledger).of(robin.id), Drafts(ledger).find(robin.id, CENTRE))


def test_a_draft_is_kept_until_the_thirtieth_day(ledger: Ledger, robin: Person) -> None:
    Drafts(ledger).put(robin.id, draft())
    aged(ledger, KEPT - timedelta(minutes=1))
    assert [CENTRE] == list(Drafts(ledger).of(robin.id))


def test_all_drafts_of_an_organisation_can_be_destroyed_at_once(ledger: Ledger, robin: Person) -> None:
    kim = People(ledger).add("kim", [Role.CONTRIBUTOR])[0]
    for person, owner in ((robin, CENTRE), (kim, CENTRE), (kim, HAVEN)):
        Drafts(ledger).put(person.id, draft(owner))
    Drafts(ledger).drop_all(CENTRE)
    assert ([], [HAVEN]) == (list(Drafts(ledger).of(robin.id)), list(Drafts(ledger).of(kim.id)))


def test_a_draft_leaves_nothing_in_the_files_of_the_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        robin = People(ledger).add("robin", [Role.CONTRIBUTOR])[0]
        Drafts(ledger).put(robin.id, draft(form="CANARY-IN-A-DRAFT"))
        Drafts(ledger).drop(robin.id, CENTRE)
    found = [path.name for path in tmp_path.iterdir() if b"CANARY-IN-A-DRAFT" in path.read_bytes()]
    assert [] == found
