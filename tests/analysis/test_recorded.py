"""What is known of an area is said by the nearest thing recorded, and nothing is not none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import recorded
from taxonomy.analysis.recorded import Recorded, State
from taxonomy.analysis.rows import Named
from taxonomy.errors import QueryError


def area(whole: int = 0, part: int = 0, wider: int = 0, overlapping: int = 0) -> Recorded:
    named = Named("Made-Up Shire", "https://example.org/id/area/made-up-shire")
    return Recorded(area=named, whole=whole, part=part, wider=wider, overlapping=overlapping)


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ((1, 9, 9, 9), State.WHOLE),
        ((0, 1, 9, 9), State.PART),
        ((0, 0, 1, 9), State.WIDER),
        ((0, 0, 0, 1), State.OVERLAPPING),
        ((0, 0, 0, 0), State.NOT_KNOWN),
    ],
)
def test_the_nearest_thing_says_what_is_known(counts: tuple[int, int, int, int], state: State) -> None:
    assert area(*counts).state is state


def test_nothing_recorded_is_not_known_and_never_none() -> None:
    assert area().told == "not known"


@given(*[st.integers(0, 5)] * 4)
def test_every_count_but_nought_is_told(whole: int, part: int, wider: int, overlapping: int) -> None:
    told = area(whole, part, wider, overlapping).told
    assert told.count(" for ") == sum(count > 0 for count in (whole, part, wider, overlapping))


def test_rows_keep_their_order_and_get_their_labels() -> None:
    rows = [
        {"area": f"https://example.org/{name}", "whole": 1, "part": 0, "wider": 0, "overlapping": 0} for name in "ba"
    ]
    assert [each.area.label for each in recorded.of(rows, label=lambda iri: iri[-1])] == ["b", "a"]


def test_a_row_without_a_count_is_a_fault_of_the_query() -> None:
    with pytest.raises(QueryError):
        recorded.of([{"area": "https://example.org/a"}], label=str)
