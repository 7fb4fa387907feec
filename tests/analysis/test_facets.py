"""Facets: what each choice would find, counted as a person would who asked for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import facets

FIELDS = st.sampled_from(["area", "kind", "part"])
VALUES = st.sampled_from(["a", "b", "c"])
ROWS = st.lists(
    st.fixed_dictionaries({"thing": st.sampled_from("123456"), "field": FIELDS, "value": VALUES}), max_size=40
)
CHOSEN = st.dictionaries(FIELDS, st.lists(VALUES, max_size=3))


def has(rows: list[dict[str, str]], thing: str, field: str, values: list[str]) -> bool:
    return any(row["thing"] == thing and row["field"] == field and row["value"] in values for row in rows)


@given(ROWS, CHOSEN, CHOSEN)
def test_a_count_is_what_one_finds_by_asking_thing_by_thing(
    rows: list[dict[str, str]], only: dict[str, list[str]], without: dict[str, list[str]]
) -> None:
    things = {row["thing"] for row in rows}
    for field, counts in facets.of(rows).counts(only, without).items():
        for value, count in counts.items():
            asked = {name: values for name, values in (only | {field: [value]}).items() if values}
            found = [
                thing
                for thing in things
                if all(has(rows, thing, name, values) for name, values in asked.items())
                and not any(has(rows, thing, name, values) for name, values in without.items())
            ]
            assert count == len(found), (field, value)


@given(ROWS, CHOSEN)
def test_every_value_of_every_field_is_counted_whatever_is_chosen(
    rows: list[dict[str, str]], only: dict[str, list[str]]
) -> None:
    counts = facets.of(rows).counts(only, {})
    assert {(field, value) for field, values in counts.items() for value in values} == {
        (row["field"], row["value"]) for row in rows
    }
