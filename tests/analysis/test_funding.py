"""What may be added and what may not, and what is said of amounts that nobody published."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import funding
from taxonomy.analysis.money import Standing
from taxonomy.analysis.rows import Row
from taxonomy.analysis.subtotals import Dimension
from taxonomy.namespaces import CONCEPT

Make = Callable[..., Row]

AMOUNTS = st.none() | st.decimals(min_value=0, max_value=10**9, places=2)
SHARES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), AMOUNTS), max_size=12)
UNTOUCHED = (None, Dimension.FUNDER, Dimension.FUND)  # by what another recipient or citation says nothing of
STATUS, BASIS = CONCEPT + "agreement-status/", CONCEPT + "amount-basis/"


def rows_of(flow: Make, shares: list[tuple[str, str, Decimal | None]]) -> list[Row]:
    return [
        flow(f"agreement {agreement}", f"part/{n}", funder=f"funder {funder}", amount=amount)
        for n, (agreement, funder, amount) in enumerate(shares)
    ]


@given(SHARES, st.randoms())
def test_sums_do_not_depend_on_the_order_of_rows(flow: Make, shares: list, chance: random.Random) -> None:
    rows = rows_of(flow, shares)
    shuffled = chance.sample(rows, len(rows))
    assert funding.of(rows, label=str).by_funder == funding.of(shuffled, label=str).by_funder


@given(SHARES)
def test_rows_that_a_second_service_label_or_citation_doubles_change_no_sum(flow: Make, shares: list) -> None:
    rows = rows_of(flow, shares)
    doubled = [*rows, *({**row, "citation": "elsewhere", "recipient": "another"} for row in rows)]
    once, twice = (funding.of(some, label=str) for some in (rows, doubled))
    assert [once.by(each) for each in UNTOUCHED] == [twice.by(each) for each in UNTOUCHED]


@given(SHARES)
def test_what_is_published_is_added_up_exactly_and_the_rest_is_counted(flow: Make, shares: list) -> None:
    totals = funding.of(rows_of(flow, shares), label=str).by_funder
    known = [amount for *_, amount in shares if amount is not None]
    assert sum(known, Decimal(0)) == sum((total.amount for total in totals if total.amount is not None), Decimal(0))
    assert len(known) == sum(total.known for total in totals)


def test_an_amount_that_is_not_published_is_never_zero(flow: Make) -> None:
    money = funding.of([flow("a", "part/1", funder="x")], label=str)
    [total] = money.overall
    assert (total.amount, total.known, [str(name) for name in total.unknown]) == (None, 0, ["a"])


def test_the_number_without_an_amount_is_always_said_with_their_names(flow: Make) -> None:
    rows = [flow("grant", "part/1", amount=Decimal(5)), flow("contract", "part/1")]
    assert funding.of(rows, label=str).summary == (
        "1 of 2 agreements has a published amount. 1 of 2 agreements has no published amount: contract. "
        "As stated on 12 March 2018."
    )


def test_an_agreement_is_worth_what_is_stated_before_the_sum_of_its_shares(flow: Make) -> None:
    stated = {"stated_amount": Decimal(90), "stated_basis": BASIS + "per-year"}
    rows = [flow("a", "part/1", amount=Decimal(40), **stated), flow("a", "part/2", amount=Decimal(40), **stated)]
    [agreement] = funding.of(rows, label=str).agreements
    assert agreement.amount == 90


def test_an_agreement_without_a_stated_amount_is_worth_its_shares_if_all_have_one(flow: Make) -> None:
    rows = [flow("a", "part/1", amount=Decimal(40)), flow("a", "part/2", amount=Decimal(2))]
    assert funding.of(rows, label=str).agreements[0].amount == 42
    assert funding.of([*rows, flow("a", "part/3")], label=str).agreements[0].amount is None


def test_money_for_a_year_is_never_added_to_money_for_the_whole_term(flow: Make) -> None:
    rows = [
        flow("a", "part/1", amount=Decimal(40)),
        flow("a", "part/2", amount=Decimal(2), basis=BASIS + "whole-term"),
    ]
    money = funding.of(rows, label=str)
    assert money.agreements[0].amount is None
    assert sorted(total.amount for total in money.by_funder if total.amount is not None) == [2, 40]


def test_proposed_money_is_never_added_to_awarded_money(flow: Make) -> None:
    rows = [
        flow("a", "part/1", amount=Decimal(40)),
        flow("b", "part/1", amount=Decimal(2), status=STATUS + "proposed"),
        flow("c", "part/1", amount=Decimal(1), status=STATUS + "committed"),
    ]
    assert {(Standing.FIRM, Decimal(41)), (Standing.PROPOSED, Decimal(2))} == {
        (total.standing, total.amount) for total in funding.of(rows, label=str).overall
    }


def test_money_for_several_services_stays_whole(flow: Make) -> None:
    rows = [flow("a", "part/1", amount=Decimal(40), service=service) for service in ("helpline", "centre")]
    assert [("centre and helpline", Decimal(40))] == [
        (total.label, total.amount) for total in funding.of(rows, label=str).by(Dimension.SERVICE)
    ]


def test_an_agreement_that_names_no_shares_flows_whole_from_a_funder_not_stated(flow: Make) -> None:
    rows = [flow("a", stated_amount=Decimal(40), stated_basis=BASIS + "one-off")]
    money = funding.of(rows, label=str)
    assert (money.flows[0].funder, money.flows[0].amount) == (None, Decimal(40))
    assert [("Not stated", Decimal(40))] == [(total.label, total.amount) for total in money.by_funder]


def test_what_is_not_stated_comes_last(flow: Make) -> None:
    rows = [flow("a", "part/1"), flow("a", "part/2", funder="z"), flow("a", "part/3", funder="z", basis=None)]
    assert [(total.label, total.basis.label) for total in funding.of(rows, label=str).by_funder] == [
        ("z", BASIS + "per-year"),
        ("z", "Not stated"),
        ("Not stated", BASIS + "per-year"),
    ]


def test_two_figures_for_one_share_leave_its_amount_unknown(flow: Make) -> None:
    rows = [flow("a", "part/1", amount=Decimal(40)), flow("a", "part/1", amount=Decimal(50))]
    assert funding.of(rows, label=str).flows[0].amount is None


def test_an_amount_is_said_with_its_qualifier_and_basis(flow: Make) -> None:
    rows = [flow("a", "part/1", amount=Decimal(80000), qualifier=CONCEPT + "amount-qualifier/up-to")]
    [share] = funding.of(rows, label=lambda iri: iri.rsplit("/")[-1].replace("-", " ").capitalize()).flows
    assert share.amount_stated == "up to £80,000, per year"
