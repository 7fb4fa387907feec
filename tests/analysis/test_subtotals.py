"""Sums by any dimension: the same whole, nothing counted twice, nothing unknown counted as nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import funding
from taxonomy.analysis.money import Total
from taxonomy.analysis.rows import Row
from taxonomy.analysis.subtotals import Dimension
from taxonomy.namespaces import CONCEPT

Make = Callable[..., Row]

STATUS, BASIS = CONCEPT + "agreement-status/", CONCEPT + "amount-basis/"
AMOUNTS = st.none() | st.decimals(min_value=0, max_value=10**9, places=2)
SHARES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.fixed_dictionaries(
            {
                "funder": st.none() | st.sampled_from("xyz"),
                "amount": AMOUNTS,
                "basis": st.none() | st.sampled_from([BASIS + "per-year", BASIS + "whole-term"]),
                "status": st.none() | st.sampled_from([STATUS + "awarded", STATUS + "proposed"]),
            }
        ),
    ),
    max_size=12,
)
AGREED = st.fixed_dictionaries(
    {
        "stated_amount": AMOUNTS,
        "stated_basis": st.just(BASIS + "per-year"),
        "recipient": st.none() | st.sampled_from("pq"),
        "instrument": st.none() | st.sampled_from("gh"),
    }
)


def rows_of(flow: Make, shares: list[tuple[str, dict]], agreed: dict[str, dict]) -> list[Row]:
    return [
        flow(f"agreement {letter}", f"part/{n}", **cells, **agreed[letter]) for n, (letter, cells) in enumerate(shares)
    ]


def whole(totals: Iterable[Total]) -> dict[tuple[str, str], tuple[Decimal, int, int]]:
    """For each standing and basis: the sum, how many amounts are in it, and how many are in none."""
    sums: dict[tuple[str, str], list] = defaultdict(lambda: [Decimal(0), 0, 0])
    for total in totals:
        entry = sums[str(total.standing), total.basis.label]
        entry[0] += total.amount or 0
        entry[1] += total.known
        entry[2] += total.missing
    return {key: tuple(entry) for key, entry in sums.items()}


@given(shares=SHARES, agreed=st.fixed_dictionaries(dict.fromkeys("abc", AGREED)))
def test_the_sums_come_to_the_same_whole_by_every_dimension(flow: Make, shares: list, agreed: dict) -> None:
    money = funding.of(rows_of(flow, shares, agreed), label=str)
    for dimension in Dimension:
        assert whole(money.by(dimension)) == whole(money.overall)


@given(shares=SHARES, agreed=st.fixed_dictionaries(dict.fromkeys("abc", AGREED)))
def test_no_sum_moves_when_citations_recipients_and_commissioners_double(
    flow: Make, shares: list, agreed: dict
) -> None:
    rows = rows_of(flow, shares, agreed)
    doubled = [*rows, *({**row, "citation": "elsewhere", "recipient": "r", "commissioner": "c"} for row in rows)]
    once, twice = (funding.of(some, label=str) for some in (rows, doubled))
    for dimension in (Dimension.FUNDER, Dimension.FUND, Dimension.INSTRUMENT, Dimension.STANDING):
        assert once.by(dimension) == twice.by(dimension)


@given(SHARES)
def test_without_a_printed_total_a_sum_is_the_sum_of_its_shares(flow: Make, shares: list) -> None:
    nothing = {"stated_amount": None, "stated_basis": None}
    money = funding.of(rows_of(flow, shares, dict.fromkeys("abc", nothing)), label=str)
    for total in money.by(Dimension.FUNDER):
        mine = [
            share
            for share in money.flows
            if (share.standing, share.basis) == (total.standing, total.basis)
            and (share.funder.label if share.funder else "Not stated") == total.label
        ]
        known = [share.amount for share in mine if share.amount is not None]
        assert total.amount == (sum(known, Decimal(0)) if known else None)
        assert (total.known, total.missing) == (len(known), len(mine) - len(known))


def test_a_total_that_is_printed_for_several_funders_stays_whole_under_all_of_them(flow: Make) -> None:
    printed = {"stated_amount": Decimal(828_500), "stated_basis": BASIS + "per-year"}
    rows = [flow("joint", f"part/{n}", funder=funder, **printed) for n, funder in enumerate(("city", "county"))]
    assert [("city and county", Decimal(828_500))] == [
        (total.label, total.amount) for total in funding.of(rows, label=str).by(Dimension.FUNDER)
    ]


def test_shares_that_are_not_all_published_keep_those_that_are_in_the_sum(flow: Make) -> None:
    rows = [flow("a", "part/1", funder="x", amount=Decimal(40)), flow("a", "part/2", funder="y")]
    money = funding.of(rows, label=str)
    [total] = money.overall
    assert (total.amount, total.known, total.missing) == (Decimal(40), 1, 1)
    assert money.agreements[0].amount is None


def test_money_narrowed_to_a_funder_is_that_funders_and_no_printed_total_of_others(flow: Make) -> None:
    printed = {"stated_amount": Decimal(100), "stated_basis": BASIS + "per-year"}
    rows = [
        flow("a", "part/1", funder="x", amount=Decimal(40), **printed),
        flow("a", "part/2", funder="y", amount=Decimal(60), **printed),
    ]
    narrowed = funding.of(rows, label=str).narrowed({Dimension.FUNDER: ["x"]})
    assert [flow.funder.label for flow in narrowed.flows if flow.funder] == ["x"]
    assert narrowed.agreements[0].amount == 40


def test_what_says_nothing_of_a_dimension_can_be_asked_for(flow: Make) -> None:
    rows = [flow("a", "part/1", funder="x"), flow("b", "part/1")]
    narrowed = funding.of(rows, label=str).narrowed({Dimension.FUNDER: ["not-stated"]})
    assert [str(agreement.name) for agreement in narrowed.agreements] == ["b"]


def test_as_at_a_day_only_what_may_be_in_force_is_there_and_what_is_old_says_so(flow: Make) -> None:
    rows = [
        flow("ended", "part/1", ends=date(2018, 3, 31)),
        flow("running", "part/1", ends=date(2021, 3, 31)),
        flow("to come", "part/1", starts=date(2020, 4, 2)),
        flow("undated", "part/1"),
    ]
    day = date(2020, 4, 1)
    money = funding.of(rows, label=str).on(day)
    assert {str(share.agreement): share.in_force(day) for share in money.flows} == {
        "running": "by its dates",
        "undated": "last stated in 2018",
    }
