"""How long an agreement runs, and what of that nobody states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import funding, terms
from taxonomy.analysis.rows import Row
from taxonomy.namespaces import SV

Make = Callable[..., Row]

DAYS = st.none() | st.dates()
MONTHS = st.none() | st.integers(1, 360)
START, FIRST, LAST = date(2015, 4, 1), date(2018, 3, 31), date(2019, 3, 31)


def test_an_end_that_counts_the_extension_is_told_from_the_first_end() -> None:
    term = terms.of(starts=START, ends=LAST, initial_months=36, extension_months=12)
    assert (term.first_end, term.last_end, term.extendable) == (FIRST, LAST, True)


def test_an_end_that_does_not_count_the_extension_is_prolonged_by_it() -> None:
    term = terms.of(starts=START, ends=FIRST, initial_months=36, extension_months=12)
    assert (term.first_end, term.last_end) == (FIRST, LAST)


def test_where_it_does_not_follow_what_an_end_counts_that_is_said() -> None:
    term = terms.of(ends=FIRST, extension_months=12)
    assert (term.first_end, term.last_end, term.open_whether) == (FIRST, LAST, True)
    assert "Whether the stated end already counts the extension is not stated" in term.notes


def test_a_term_in_months_alone_gives_no_end() -> None:
    term = terms.of(initial_months=12, printed="annual grant")
    assert (term.first_end, term.last_end, term.ends) == (None, None, "not known")
    assert term.notes == ("The start is not known", "The end is not known")


def test_an_end_that_follows_from_start_and_months_says_that_it_does() -> None:
    term = terms.of(starts=START, initial_months=36)
    assert (term.first_end, term.last_end, term.extendable) == (FIRST, FIRST, False)
    assert term.notes == ("The end is worked out from the months of the term",)


@given(DAYS, DAYS, MONTHS, MONTHS)
def test_a_first_end_is_never_after_the_last_and_an_unknown_one_has_no_last(starts, ends, initial, extension) -> None:
    term = terms.of(starts=starts, ends=ends, initial_months=initial, extension_months=extension)
    assert (term.first_end is None) == (term.last_end is None)
    assert term.first_end is None or term.last_end is None or term.first_end <= term.last_end
    assert not term.extendable or extension


@pytest.mark.parametrize("ends", [None, LAST])
def test_a_share_without_a_term_of_its_own_has_that_of_its_agreement(flow: Make, ends: date | None) -> None:
    [share] = funding.of([flow("a", "part/1", starts=START, ends=ends, term="4 years")], label=str).flows
    assert (share.term.starts, share.term.stated_end, share.term.printed) == (START, ends, "4 years")


def test_a_share_that_begins_later_still_ends_with_its_agreement(flow: Make) -> None:
    whole = {"starts": START, "ends": LAST, "initial_months": 36, "extension_months": 12}
    [share] = funding.of([flow("a", "part/1", part_starts=date(2016, 4, 1), **whole)], label=str).flows
    assert (share.term.starts, share.term.first_end, share.term.last_end) == (date(2016, 4, 1), FIRST, LAST)


def test_a_share_with_a_term_of_its_own_takes_no_day_from_its_agreement(flow: Make) -> None:
    whole = {"starts": START, "ends": LAST}
    [share] = funding.of([flow("a", "part/1", part_initial_months=36, **whole)], label=str).flows
    assert (share.term.starts, share.term.last_end) == (None, None)


def test_a_start_on_which_sources_differ_is_not_filled_in_and_that_is_said(flow: Make) -> None:
    rows = [flow("a", "part/1", starts=START, ends=LAST, disputed=SV + "startDate")]
    [share] = funding.of(rows, label=str).flows
    assert share.term.starts is None
    assert "Sources differ on the start" in share.notes


def test_an_amount_on_which_sources_differ_is_not_said_to_be_unpublished(flow: Make) -> None:
    [share] = funding.of([flow("a", "part/1", disputed=SV + "amount")], label=str).flows
    assert share.amount_stated == "sources give different amounts"
