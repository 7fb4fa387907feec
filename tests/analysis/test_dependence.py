"""How much hangs on one: only where it is known, and the reason where it is not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import dependence, funding
from taxonomy.analysis.dependence import Dependence
from taxonomy.analysis.rows import Row
from taxonomy.analysis.subtotals import Dimension
from taxonomy.namespaces import CONCEPT

Make = Callable[..., Row]

WHOLE_TERM, PROPOSED = CONCEPT + "amount-basis/whole-term", CONCEPT + "agreement-status/proposed"


def of(rows: list[Row], dimension: Dimension = Dimension.SERVICE) -> list[Dependence]:
    return list(dependence.of(funding.of(rows, label=str).agreements, dimension))


def test_the_share_of_the_largest_funder_and_agreement_is_worked_out_where_all_is_known(flow: Make) -> None:
    rows = [
        flow("a", "part/1", funder="x", amount=Decimal(60)),
        flow("a", "part/2", funder="y", amount=Decimal(20)),
        flow("b", "part/1", funder="y", amount=Decimal(20)),
    ]
    [found] = of(rows)
    assert found.funder is not None
    assert found.agreement is not None
    assert (str(found.funder.of), found.funder.percent) == ("x", Decimal("60.0"))
    assert (str(found.agreement.of), found.agreement.percent) == ("a", Decimal("80.0"))
    assert (len(found.funders), len(found.agreements), found.note) == (2, 2, "")


def test_one_amount_that_is_not_published_leaves_every_share_unknown_and_says_why(flow: Make) -> None:
    [found] = of([flow("a", "part/1", funder="x", amount=Decimal(60)), flow("b", "part/1", funder="y")])
    assert (found.funder, found.agreement, found.holding.amount) == (None, None, None)
    assert found.note == "1 of 2 amounts is not published"
    assert len(found.funders) == 2


def test_amounts_for_different_lengths_of_time_are_not_compared(flow: Make) -> None:
    rows = [flow("a", "part/1", amount=Decimal(60)), flow("b", "part/1", amount=Decimal(1), basis=WHOLE_TERM)]
    assert of(rows)[0].note == "the amounts are for different lengths of time"


def test_money_for_several_services_is_not_split_by_guess(flow: Make) -> None:
    rows = [flow("a", "part/1", amount=Decimal(60), service=service) for service in ("one", "two")]
    assert {"how an amount is split is not stated"} == {each.note for each in of(rows)}


def test_a_funder_that_is_not_named_leaves_the_share_of_a_funder_unknown(flow: Make) -> None:
    [found] = of([flow("a", "part/1", funder="x", amount=Decimal(60)), flow("b", "part/1", amount=Decimal(1))])
    assert (found.funder, found.unnamed) == (None, 1)
    assert found.agreement is not None
    assert found.note == "how much each funder gives is not stated"


def test_proposed_money_is_told_apart(flow: Make) -> None:
    rows = [flow("a", "part/1", amount=Decimal(60)), flow("b", "part/1", amount=Decimal(60), status=PROPOSED)]
    assert [str(each.holding.standing) for each in of(rows)] == ["Awarded or committed", "Proposed"]


def test_a_provider_depends_through_what_it_is_paid(flow: Make) -> None:
    rows = [
        flow("a", "part/1", funder="x", amount=Decimal(3), recipient="centre", service="one"),
        flow("b", "part/1", funder="y", amount=Decimal(1), recipient="centre", service="two"),
    ]
    [found] = of(rows, Dimension.RECIPIENT)
    assert found.funder is not None
    assert found.funder.percent == Decimal("75.0")


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.decimals(1, 10**6, places=2)), min_size=1, max_size=9))
def test_the_largest_share_is_at_least_an_equal_one_and_at_most_all(flow: Make, shares: list) -> None:
    rows = [flow("a", f"part/{n}", funder=funder, amount=amount) for n, (funder, amount) in enumerate(shares)]
    [found] = of(rows)
    assert found.funder is not None
    assert 100 / len(found.funders) - 1 <= found.funder.percent <= 100
