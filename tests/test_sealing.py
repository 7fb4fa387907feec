"""What is sealed is read by the holder of the private key, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.errors import InputError, NotAllowedError, StoreError
from taxonomy.sealing import Box, Key, Seal

KEY = Key.new()


@given(st.binary(max_size=3_000))
def test_what_was_sealed_comes_out_as_it_was(content: bytes) -> None:
    assert KEY.open(KEY.seal.close(content)) == content


@given(st.binary(max_size=400))
def test_the_length_of_a_short_text_does_not_show(content: bytes) -> None:
    assert len(KEY.seal.close(b"").content) == len(KEY.seal.close(content).content)


def test_one_text_sealed_twice_shows_nowhere_as_one_text() -> None:
    one, other = KEY.seal.close(b"made up"), KEY.seal.close(b"made up")
    assert one.content != other.content
    assert one.commitment != other.commitment


def test_another_key_opens_nothing_and_the_right_one_is_named() -> None:
    box = KEY.seal.close(b"made up")
    with pytest.raises(NotAllowedError, match=KEY.seal.name):
        Key.new().open(box)


def test_a_box_with_one_bit_changed_is_told() -> None:
    box = KEY.seal.close(b"made up")
    spoilt = bytearray(box.content)
    spoilt[-1] ^= 1
    with pytest.raises(StoreError):
        KEY.open(Box(key=box.key, commitment=box.commitment, content=bytes(spoilt)))


def test_a_box_that_was_exchanged_for_another_is_told() -> None:
    box, other = KEY.seal.close(b"made up"), KEY.seal.close(b"made down")
    with pytest.raises(StoreError):
        KEY.open(Box(key=box.key, commitment=box.commitment, content=other.content))


def test_a_box_for_a_new_key_says_the_same_and_stands_for_the_same() -> None:
    box, new = KEY.seal.close(b"made up"), Key.new()
    again = KEY.again(box, new.seal)
    assert new.open(again) == b"made up"
    assert again.commitment == box.commitment


def test_a_key_comes_back_from_its_file(tmp_path: Path) -> None:
    KEY.write(tmp_path / "key")
    assert Key.read(tmp_path / "key").open(KEY.seal.close(b"made up")) == b"made up"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    KEY.write(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(InputError, match="chmod 600"):
        Key.read(tmp_path / "key")


def test_a_key_is_never_written_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("mine")
    with pytest.raises(InputError, match="already"):
        KEY.write(tmp_path / "key")
    assert (tmp_path / "key").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "mine", "svssv-restricted-key-1 AAAA", "svssv-restricted-key-1 é"])
def test_a_file_that_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_text(text)
    with pytest.raises(InputError) as told:
        Key.read(path)
    assert not text or text not in str(told.value)


def test_neither_a_key_nor_a_box_shows_what_it_holds() -> None:
    box = KEY.seal.close(b"made up")
    shown = repr(KEY) + repr(box) + str(KEY)
    assert KEY._private._private_key.hex() not in shown
    assert repr(KEY._private._private_key) not in shown
    assert repr(box.content) not in shown


def test_a_seal_comes_back_from_its_text() -> None:
    assert Seal.told(KEY.seal.text) == KEY.seal
    with pytest.raises(InputError):
        Seal.told("no key")
