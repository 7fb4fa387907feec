"""JSON comes in with the line of each value; what could be read in two ways, or could do harm, is refused."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy import documents, scanning
from taxonomy.errors import InputError, TaxonomyError

FEED = b"""{
  "contents": [
    {"name": "Made-Up Helpline", "minimum_age": 18},
    {
      "name":
        "Made-Up Counselling",
      "a/b": [[], {}, [1, {"x": null}]],
      "price": 12.50
    }
  ]
}"""


def test_each_value_knows_its_line_and_its_pointer() -> None:
    document = documents.read(FEED)
    for pointer, line in {
        "": 1,
        "/contents": 2,
        "/contents/0/minimum_age": 3,
        "/contents/1": 4,
        "/contents/1/name": 6,
        "/contents/1/a~1b/2/1/x": 7,
        "/contents/1/price": 8,
    }.items():
        assert (document.place(pointer).line, document.place(pointer).pointer) == (line, pointer)


def test_what_is_missing_stands_where_the_nearest_thing_around_it_begins() -> None:
    document = documents.read(FEED)
    assert document.place("/contents/1/maximum_age").line == 4
    assert document.place("/contents/9/name").line == 2
    assert document.place("/contents/name").line == 2


def test_amounts_are_as_exact_as_they_were_written() -> None:
    value = documents.read(b"[12.50, 1e2, 3, 100000000000000000000.01]").value
    assert value == [Decimal("12.50"), Decimal("1E+2"), 3, Decimal("100000000000000000000.01")]


def test_a_name_that_stands_twice_in_one_object_is_told_and_the_last_one_holds() -> None:
    document = documents.read(b'{"a": [{"b": {"c": 1},\n "b": 2}, {"b": 3}], "\\u0061": [4]}')
    assert document.repeated == ("/a/0/b", "/a")
    assert document.value == {"a": [4]}
    assert documents.read(b'{"b": {"c": 1},\n "b": 2}').place("/b").line == 2


HOSTILE = {
    "empty": (b"", "empty"),
    "spaces": (b"\xef\xbb\xbf \n", "empty"),
    "cut short": (FEED[:-20], "line [0-9]+: .*no JSON"),
    "a comma too many": (b'{"a": 1,\n}', "line 2: .*no JSON"),
    "two values": (b"{}\n{}", "line 2: .*no JSON"),
    "single quotes": (b"{'a': 1}", "line 1: .*no JSON"),
    "a comment": (b"{\n// here\n}", "line 2: .*no JSON"),
    "a web page": (b"<!DOCTYPE html><html></html>", "no JSON"),
    "not a number": (b'{"a": NaN}', "NaN"),
    "no end": (b"[-Infinity]", "-Infinity"),
    "a tab in a text": (b'["a\tb"]', "no JSON"),
    "a text over two lines": (b'["a\nb"]', "no JSON"),
    "quotes without end": (b'"\\"' * 100_000, "no JSON|longer"),
    "not utf-8": (b'["a",\n"\xff"]', "line 2: .*UTF-8"),
    "utf-16": ('{"a": 1}'.encode("utf-16"), "UTF-8"),
    "half of a sign": (b'["a",\n"\\ud800"]', "line 2: .*half of a sign"),
    "half of a sign in a name": (b'{"\\udc00": 1}', "line 1: .*half of a sign"),
    "nothing as a sign": (b'["\\u0000"]', "half of a sign"),
    "deep lists": (b"[" * 100_000, "64 deep"),
    "deep objects": (b'{"a":' * 100_000, "64 deep"),
    "deep and closed": (b"[" * 65 + b"]" * 65, "64 deep"),
    "only closing": (b"]" * 100_000, "no JSON"),
    "a number without end": (b"[" + b"9" * 100_000 + b"]", "too long or too large"),
    "a number beyond all": (b"[1e999999999]", "too long or too large"),
    "a number near nothing": (b"[1E-0999]", "too long or too large"),
    "a long text": (b'["' + b"x" * 200_000 + b'"]', "longer than 100,000"),
    "a text of escapes": (b'["' + b"\\n" * 100_000 + b'"]', "longer than 100,000"),
    "too many values": (b"[" + b"0," * 1_000_001 + b"0]", "more than 1,000,000 values"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_or_broken_json_is_refused_in_one_clear_line(name: str) -> None:
    data, said = HOSTILE[name]
    started = time.monotonic()
    with pytest.raises(InputError, match=said) as refused:
        documents.read(data)
    assert time.monotonic() - started < 10
    assert "\n" not in str(refused.value)


def test_64_brackets_inside_brackets_are_read() -> None:
    assert documents.read(b"[" * 64 + b"]" * 64).place("/0/0").line == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@settings(deadline=None)
@given(value=JSON, indent=st.sampled_from([None, 0, 1, "\t", "\r\n"]), ascii_only=st.booleans())
def test_any_json_has_the_shape_of_its_value_and_grows_by_a_line_for_each_break(
    value: object, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if "\\u0000" in text:
        with pytest.raises(InputError, match="sign"):
            scanning.scan(text.encode())
        return
    lines, repeated = scanning.scan(text.encode())
    assert repeated == []
    assert shape(lines) == shape_of(value)
    last = [1]
    for line in in_order(lines):
        assert line >= last[0]
        last[0] = line
    assert last[0] <= text.count("\n") + 1


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from('{}[],:"\\ \n01eE.-+antrufls\u00e9')))
def test_what_is_read_is_json_and_what_is_refused_fails_in_no_other_way(text: str) -> None:
    try:
        lines, _ = scanning.scan(text.encode())
    except TaxonomyError:
        return
    assert shape(lines) == shape_of(json.loads(text))


def shape(lines: scanning.Lines) -> object:
    """How values stand inside each other."""
    if isinstance(lines, int):
        return None
    inside = lines[1]
    if isinstance(inside, dict):
        return {name: shape(inner) for name, inner in inside.items()}
    return [shape(inner) for inner in inside]


def shape_of(value: object) -> object:
    """The same of a Python value."""
    if isinstance(value, dict):
        return {name: shape_of(inner) for name, inner in value.items()}
    return [shape_of(inner) for inner in value] if isinstance(value, list) else None


def in_order(lines: scanning.Lines) -> list[int]:
    """The lines of all values, in the order of the text."""
    if isinstance(lines, int):
        return [lines]
    inside = lines[1]
    inner = inside.values() if isinstance(inside, dict) else inside
    return [lines[0], *(line for each in inner for line in in_order(each))]
