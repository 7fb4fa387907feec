"""Tokens say what they may do, end when they say, and are revoked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from taxonomy.errors import InputError, NotAllowedError, NotFoundError
from taxonomy.publishing.accounts import TokenRow
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People, Person, Role, Scope
from taxonomy.publishing.tokens import Tokens

CENTRE = "https://example.org/id/organisation/made-up-centre"


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    with Ledger(place) as opened:
        yield opened


@pytest.fixture
def sam(ledger: Ledger) -> Person:
    return People(ledger).add("sam", [Role.STEWARD])[0]


def test_a_token_acts_for_its_holder_with_its_scopes(ledger: Ledger, sam: Person) -> None:
    token = Tokens(ledger).issue("sam", by=sam, scopes=[Scope.REVIEW], label="nightly  list")
    holder = Tokens(ledger).holder(token)
    assert (holder.name, holder.scopes) == ("sam", {Scope.REVIEW})
    assert People(ledger).verified("sam", token) == holder
    assert [each.label for each in Tokens(ledger).list("sam", by=sam)] == ["", "nightly list"]


def test_a_step_takes_the_scope_as_well_as_the_role(ledger: Ledger, sam: Person) -> None:
    holder = Tokens(ledger).holder(Tokens(ledger).issue("sam", by=sam, scopes=[Scope.REVIEW]))
    holder.must_be("approve records", Role.STEWARD, scope=Scope.REVIEW)
    with pytest.raises(NotAllowedError, match="scope publish"):
        holder.must_be("publish records", Role.STEWARD, scope=Scope.PUBLISH)


def test_a_token_that_has_ended_is_refused(ledger: Ledger, sam: Person) -> None:
    token = Tokens(ledger).issue("sam", by=sam, expires=datetime.now(UTC) + timedelta(days=1))
    Tokens(ledger).holder(token)
    with ledger.session() as session:
        for row in session.scalars(select(TokenRow)):
            row.expires = datetime.now(UTC) - timedelta(seconds=1)
    for shown in (lambda: Tokens(ledger).holder(token), lambda: People(ledger).verified("sam", token)):
        with pytest.raises(NotAllowedError, match="ended"):
            shown()


def test_tokens_are_revoked_one_by_one(ledger: Ledger, sam: Person) -> None:
    held = Tokens(ledger)
    first, second = (held.issue("sam", by=sam, label=label) for label in ("one", "two"))
    one = next(each for each in held.list("sam", by=sam) if each.label == "one")
    held.revoke("sam", one.id, by=sam)
    with pytest.raises(NotAllowedError):
        held.holder(first)
    assert held.holder(second).name == "sam"
    with pytest.raises(NotFoundError):
        held.revoke("sam", one.id, by=sam)


def test_the_tokens_of_others_are_an_administrators(ledger: Ledger, sam: Person) -> None:
    alex, _ = People(ledger).add("alex", [Role.ADMINISTRATOR])
    kim, token = People(ledger).add("kim", [Role.CONTRIBUTOR], by=alex)
    [known] = Tokens(ledger).list("kim", by=alex)
    for step in (
        lambda: Tokens(ledger).list("kim", by=sam),
        lambda: Tokens(ledger).issue("kim", by=sam),
        lambda: Tokens(ledger).revoke("kim", known.id, by=sam),
    ):
        with pytest.raises(NotAllowedError, match="administrator"):
            step()
    with pytest.raises(NotFoundError):
        Tokens(ledger).revoke("sam", known.id, by=alex)
    assert Tokens(ledger).holder(token) == kim


def test_a_token_makes_none_that_may_do_more_than_it(ledger: Ledger, sam: Person) -> None:
    small = Tokens(ledger).holder(Tokens(ledger).issue("sam", by=sam, scopes=[Scope.REVIEW]))
    with pytest.raises(NotAllowedError, match="allows less"):
        Tokens(ledger).issue("sam", by=small)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"scopes": []}, "allow nothing"),
        ({"expires": datetime(2020, 1, 1, tzinfo=UTC)}, "ended already"),
        ({"label": "\x1b[2J"}, "no label"),
        ({"label": "x" * 61}, "no label"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(ledger: Ledger, sam: Person, how: dict[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        Tokens(ledger).issue("sam", by=sam, **how)  # type: ignore[arg-type]  # each is one of its parameters


def test_a_contributor_sees_the_records_of_their_organisations_alone(ledger: Ledger, sam: Person) -> None:
    robin, _ = People(ledger).add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE], areas=["E23000036"])
    assert (robin.organisations, robin.areas) == ({CENTRE}, {"E23000036"})
    assert robin.sees(CENTRE)
    assert not robin.sees(CENTRE + "-2")
    assert sam.sees(CENTRE + "-2")


@pytest.mark.parametrize("iri", ["made-up-centre", "javascript:alert(1)", CENTRE + "/../x", CENTRE + ">", ""])
def test_what_names_no_organisation_is_refused(ledger: Ledger, iri: str) -> None:
    with pytest.raises(InputError, match="organisation"):
        People(ledger).add("robin", [Role.CONTRIBUTOR], organisations=[iri])


def test_what_somebody_does_is_changed_as_a_whole(ledger: Ledger, sam: Person) -> None:
    People(ledger).assign("sam", roles=[Role.CONTRIBUTOR, Role.STEWARD], organisations=[CENTRE])
    assert People(ledger).find("sam").organisations == {CENTRE}
    People(ledger).assign("sam", roles=[Role.CONTRIBUTOR], areas=["E23000036"])
    found = People(ledger).find("sam")
    assert (found.roles, found.organisations, found.areas) == ({Role.CONTRIBUTOR}, set(), {"E23000036"})


def test_the_last_administrator_stays_one(ledger: Ledger) -> None:
    alex, _ = People(ledger).add("alex", [Role.ADMINISTRATOR])
    for step in (
        lambda: People(ledger).disable("alex", by=alex),
        lambda: People(ledger).assign("alex", roles=[Role.STEWARD], by=alex),
    ):
        with pytest.raises(NotAllowedError, match="only administrator"):
            step()
    People(ledger).add("kim", [Role.ADMINISTRATOR], by=alex)
    People(ledger).disable("alex", by=alex)
