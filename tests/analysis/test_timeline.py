"""What ends when: extensions told apart, both days counted, what is not known kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import funding, timeline
from taxonomy.analysis.rows import Row
from taxonomy.analysis.timeline import How, Span

Make = Callable[..., Row]

EXTENDED = {"starts": date(2015, 4, 1), "ends": date(2019, 3, 31), "initial_months": 36, "extension_months": 12}
ON = date(2018, 3, 12)


def spans_of(rows: list[Row]) -> tuple[Span, ...]:
    return timeline.spans(funding.of(rows, label=str).agreements)


def test_an_extension_that_may_be_taken_up_is_told_from_an_end(flow: Make) -> None:
    some = spans_of([flow("a", "part/1", **EXTENDED), flow("b", "part/1", ends=date(2018, 6, 1))])
    assert [(each.span.agreement.label, each.day, each.how) for each in timeline.ending(some, ON, 24)] == [
        ("a", date(2018, 3, 31), How.UNLESS_EXTENDED),
        ("b", date(2018, 6, 1), How.ENDS),
        ("a", date(2019, 3, 31), How.EXTENSION_ENDS),
    ]


def test_the_first_and_the_last_day_are_looked_at_too(flow: Make) -> None:
    some = spans_of(
        [flow(str(day), "part/1", ends=day) for day in (date(2018, 3, 11), ON, date(2018, 6, 12), date(2018, 6, 13))]
    )
    assert [each.day for each in timeline.ending(some, ON, 3)] == [ON, date(2018, 6, 12)]


def test_each_end_says_within_how_many_months_it_is(flow: Make) -> None:
    days = [date(2018, 6, 12), date(2018, 9, 12), date(2019, 3, 12), date(2020, 3, 12)]
    some = spans_of([flow(str(day), "part/1", ends=day) for day in days])
    assert [each.months for each in timeline.ending(some, ON, 24)] == [3, 6, 12, 24]


@given(st.lists(st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)), max_size=8), st.dates(), st.integers(1, 60))
def test_looking_further_ahead_never_loses_an_end(flow: Make, ends: list, on: date, months: int) -> None:
    some = spans_of([flow(f"a{n}", "part/1", ends=day) for n, day in enumerate(ends)])
    near, far = ({each.span.agreement for each in timeline.ending(some, on, m)} for m in (months, months + 12))
    assert near <= far
    assert all(each.span.term.first_end for each in timeline.ending(some, on, months))


def test_shares_that_run_for_another_time_stand_in_a_row_of_their_own(flow: Make) -> None:
    rows = [
        flow("a", "part/1", funder="x", amount=Decimal(1), **EXTENDED),
        flow("a", "part/2", funder="y", amount=Decimal(2), part_ends=date(2017, 1, 1), **EXTENDED),
    ]
    told = [(span.paying, span.whole, span.worth, span.term.first_end) for span in spans_of(rows)]
    assert told == [(("y",), False, Decimal(2), date(2017, 1, 1)), (("x",), False, Decimal(1), date(2018, 3, 31))]


def test_every_share_is_in_one_row_and_unknown_ends_come_last(flow: Make) -> None:
    rows = [flow("c", "part/1"), flow("b", "part/1", ends=ON), flow("a", "part/1", starts=ON)]
    some = spans_of(rows)
    assert [span.agreement.label for span in some] == ["b", "a", "c"]
    assert sum(len(span.flows) for span in some) == 3


def test_the_newest_day_of_a_source_after_which_something_ends_is_offered(flow: Make) -> None:
    rows = [
        flow("a", "part/1", ends=date(2018, 6, 1)),
        flow("b", "part/1", as_at=date(2020, 1, 1), citation="newer"),
    ]
    some = spans_of(rows)
    assert timeline.ending(some, date(2026, 11, 30), 24) == ()
    assert timeline.looking_back(some, 24) == date(2018, 3, 12)
    assert timeline.last_end(some) == date(2018, 6, 1)


def test_where_no_end_is_known_no_day_is_offered(flow: Make) -> None:
    assert timeline.looking_back(spans_of([flow("a", "part/1")]), 24) is None
