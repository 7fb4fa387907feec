"""People act by name and token; the token is shown once and kept nowhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.errors import InputError, NotAllowedError, NotFoundError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People, Role


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def people(place: Path | str) -> Iterator[People]:
    with Ledger(place) as ledger:
        yield People(ledger)


def test_a_token_shows_that_it_is_they(people: People) -> None:
    robin, token = people.add("robin", [Role.CONTRIBUTOR])
    assert people.verified("robin", token) == robin


def test_a_token_is_long_and_never_the_same_twice(people: People) -> None:
    tokens = {people.add(f"person {place}", [Role.CONTRIBUTOR])[1] for place in range(5)}
    assert len(tokens) == 5
    assert min(len(token) for token in tokens) > 40


def test_the_token_is_nowhere_in_the_files(file: Path) -> None:
    with Ledger(file) as ledger:
        _, token = People(ledger).add("robin", [Role.CONTRIBUTOR])
    kept = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"robin" in kept
    assert token.encode() not in kept


def test_the_token_of_somebody_else_is_refused(people: People) -> None:
    people.add("robin", [Role.CONTRIBUTOR])
    _, token = people.add("sam", [Role.STEWARD])
    with pytest.raises(NotAllowedError, match="not the token of robin") as refused:
        people.verified("robin", token)
    assert token not in str(refused.value)


@pytest.fixture(scope="module")
def robin_alone() -> Iterator[People]:
    """The people of a ledger in which only robin may act."""
    with Ledger(":memory:") as ledger:
        People(ledger).add("robin", [Role.CONTRIBUTOR])
        yield People(ledger)


@given(token=st.text(max_size=80) | st.binary(max_size=80).map(os.fsdecode))
def test_no_other_text_is_a_token(robin_alone: People, token: str) -> None:
    with pytest.raises(NotAllowedError):
        robin_alone.verified("robin", token)


def test_a_new_token_ends_the_old_one(people: People) -> None:
    robin, old = people.add("robin", [Role.CONTRIBUTOR])
    new = people.renew("robin")
    assert people.verified("robin", new) == robin
    with pytest.raises(NotAllowedError):
        people.verified("robin", old)


def test_somebody_disabled_may_no_longer_act_but_is_still_listed(people: People) -> None:
    _, token = people.add("robin", [Role.CONTRIBUTOR])
    people.disable("robin")
    with pytest.raises(NotAllowedError, match="no longer"):
        people.verified("robin", token)
    assert [person.name for person in people.list() if person.disabled] == ["robin"]


def test_somebody_enabled_again_has_their_roles_and_a_new_token_alone(people: People) -> None:
    _, old = people.add("robin", [Role.CONTRIBUTOR])
    people.disable("robin")
    people.enable("robin")
    with pytest.raises(NotAllowedError, match="not the token"):
        people.verified("robin", old)
    assert people.verified("robin", people.renew("robin")).roles == {Role.CONTRIBUTOR}


def test_enabling_somebody_who_may_act_changes_nothing(people: People) -> None:
    robin, token = people.add("robin", [Role.CONTRIBUTOR])
    people.enable("robin")
    assert people.verified("robin", token) == robin


def test_everybody_is_listed_by_name_with_their_roles(people: People) -> None:
    people.add("sam", [Role.STEWARD, Role.COMMISSIONER])
    people.add("robin", [Role.CONTRIBUTOR])
    assert [(person.name, set(person.roles)) for person in people.list()] == [
        ("robin", {Role.CONTRIBUTOR}),
        ("sam", {Role.COMMISSIONER, Role.STEWARD}),
    ]


def test_a_name_is_taken_once(people: People) -> None:
    people.add("robin", [Role.CONTRIBUTOR])
    with pytest.raises(InputError, match="already"):
        people.add("  robin ", [Role.STEWARD])


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "robin\x1b[2J"])
def test_a_name_that_cannot_be_shown_is_refused(people: People, name: str) -> None:
    with pytest.raises(InputError, match="name to act by"):
        people.add(name, [Role.STEWARD])


def test_somebody_without_a_role_is_refused(people: People) -> None:
    with pytest.raises(InputError, match="at least one role"):
        people.add("robin", [])


@pytest.mark.parametrize("name", ["nobody", "", "\udcff", "\x00"])
def test_nobody_acts_under_an_unknown_name(people: People, name: str) -> None:
    _, token = people.add("robin", [Role.CONTRIBUTOR])
    with pytest.raises(NotAllowedError):
        people.verified(name, token)


def test_an_unknown_name_is_answered_with_the_nearest(people: People) -> None:
    people.add("robin", [Role.CONTRIBUTOR])
    with pytest.raises(NotFoundError, match="Did you mean robin"):
        people.find("robyn")


def test_until_there_is_an_administrator_anybody_at_the_machine_adds_people(people: People) -> None:
    people.add("robin", [Role.CONTRIBUTOR])
    people.add("alex", [Role.ADMINISTRATOR])
    with pytest.raises(NotAllowedError, match="--by"):
        people.add("sam", [Role.STEWARD])


def test_from_then_on_an_administrator_does(people: People) -> None:
    alex, _ = people.add("alex", [Role.ADMINISTRATOR])
    sam, _ = people.add("sam", [Role.STEWARD], by=alex)
    with pytest.raises(NotAllowedError, match="role administrator"):
        people.add("robin", [Role.CONTRIBUTOR], by=sam)
    for change in (people.renew, people.disable, people.enable):
        with pytest.raises(NotAllowedError, match="role administrator"):
            change("alex", by=sam)
