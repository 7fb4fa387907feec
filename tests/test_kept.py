"""What is kept is what was made, within so many bytes; what nobody asked for the longest leaves first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.kept import BESIDE, Kept


def never() -> bytes:
    raise AssertionError("this was kept, or should have been")


def test_what_is_kept_is_not_made_again() -> None:
    kept: Kept[bytes] = Kept(2**20, len)
    first = kept.of("a", lambda: b"once")
    assert kept.of("a", never) is first


def test_what_nobody_asked_for_the_longest_leaves_first() -> None:
    kept: Kept[bytes] = Kept(2 * (BESIDE + 10), len)
    for key in "ab":
        kept.of(key, lambda: bytes(10))
    kept.of("a", never)
    kept.of("c", lambda: bytes(10))
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (bytes(10), None, bytes(10))


def test_what_is_larger_than_the_room_is_given_and_not_kept() -> None:
    kept: Kept[bytes] = Kept(600, len)
    assert kept.of("a", lambda: bytes(100)) == bytes(100)
    assert kept.get("a") is None


def test_with_no_room_nothing_is_kept() -> None:
    kept: Kept[bytes] = Kept(0, len)
    assert kept.of("a", lambda: b"") == b""
    assert kept.get("a") is None


def test_what_could_not_be_made_is_not_kept() -> None:
    kept: Kept[bytes] = Kept(2**20, len)
    with pytest.raises(AssertionError):
        kept.of("a", never)
    assert kept.of("a", lambda: b"made") == b"made"


def test_all_of_it_can_be_forgotten() -> None:
    kept: Kept[bytes] = Kept(2**20, len)
    kept.put("a", b"once")
    kept.clear()
    assert (kept.get("a"), kept.bytes) == (None, 0)


@given(st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=900))), st.integers(0, 4000))
def test_it_never_holds_more_than_its_room(things: list[tuple[int, bytes]], most: int) -> None:
    kept: Kept[bytes] = Kept(most, len)
    for key, thing in things:
        kept.put(key, thing)
        assert kept.bytes <= most
        assert kept.get(key) in (None, thing)
