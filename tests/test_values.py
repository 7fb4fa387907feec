"""What people type becomes a value only where it has one meaning."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.errors import InputError
from taxonomy.values import Iri, from_term, parse_boolean, parse_date, parse_integer, parse_money, to_term

POUNDS = st.decimals(min_value=0, max_value=10**12, places=2)
DAYS = st.dates(min_value=date(1000, 1, 1))
MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]


@given(POUNDS, st.sampled_from(["{:f}", "{:,f}", "£{:,f}", "£ {:f}", " {:f} ", "GBP {:f}", "{:,f} pounds"]))
def test_an_amount_is_read_to_the_penny_however_it_is_written(amount: Decimal, spelling: str) -> None:
    assert parse_money(spelling.format(amount)) == amount


@given(st.integers(1, 999_999), st.sampled_from([("k", 1000), (" thousand", 1000), ("m", 10**6), (" million", 10**6)]))
def test_thousands_and_millions_are_written_out(count: int, scale: tuple[str, int]) -> None:
    assert parse_money(f"£{count}{scale[0]}") == count * scale[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "about £80k",
        "80,00",
        "1,23,456",
        "228.500",
        "£",
        "80-90",
        "eighty",
        "1e5",
        "NaN",
        "Infinity",
        "£1.2345678m",
        "٣",
    ],
)
def test_what_could_mean_two_amounts_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not an amount"):
        parse_money(text)


@given(
    DAYS,
    st.sampled_from(
        [
            lambda day: day.isoformat(),
            lambda day: f"{day.day}/{day.month}/{day.year:04}",
            lambda day: f"{day.day:02}.{day.month:02}.{day.year:04}",
            lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year:04}",
            lambda day: f"{day.day}th of {MONTHS[day.month - 1][:3].upper()} {day.year:04}",
            lambda day: f"{day.isoformat()}T00:00:00",
        ]
    ),
)
def test_a_day_is_read_however_it_is_written(day: date, write: object) -> None:
    assert callable(write)
    assert parse_date(write(day)) == day


@pytest.mark.parametrize(
    "text", ["", "spring", "March 2018", "03/18", "12/3/18", "31/6/2026", "2026-13-01", "1/2-2026", "0"]
)
def test_what_could_mean_several_days_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a date"):
        parse_date(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    for parse in (parse_money, parse_date, parse_integer, parse_boolean):
        with contextlib.suppress(InputError):
            value = parse(text)
            assert from_term(to_term(value)) == value


@given(st.one_of(POUNDS, DAYS, st.booleans(), st.integers(), st.text().filter(lambda text: "\ud800" not in text)))
def test_a_value_survives_the_way_to_rdf_and_back(value: Decimal | date | bool | int | str) -> None:
    back = from_term(to_term(value))
    assert back == value
    assert type(back) is type(value)


def test_an_iri_stays_an_iri() -> None:
    back = from_term(to_term(Iri("https://example.org/id/service/made-up")))
    assert isinstance(back, Iri)
    assert back.slug == "made-up"
