"""People sign in with a password: kept as a hash, thrown away with nothing, and the same answer for every wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from taxonomy.errors import InputError, LimitError, NotAllowedError
from taxonomy.publishing import attempts, sessions
from taxonomy.publishing.accounts import AttemptRow, PasswordRow
from taxonomy.publishing.attempts import Attempts
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.sessions import Sessions

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
WORDS = "lantern gravel orchestra"  # made up


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    with Ledger(place) as opened:
        yield opened


@pytest.fixture
def robin(ledger: Ledger) -> Person:
    person, _ = People(ledger).add("robin", [Role.STEWARD])
    Passwords(ledger).set("robin", WORDS)
    return person


def test_a_password_shows_that_it_is_they(ledger: Ledger, robin: Person) -> None:
    assert Passwords(ledger).shown("robin", WORDS) == robin


def test_a_password_is_nowhere_in_the_files(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        People(ledger).add("robin", [Role.STEWARD])
        Passwords(ledger).set("robin", WORDS)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"$argon2id$" in kept
    assert WORDS.encode() not in kept


def test_every_wrong_pair_is_answered_in_the_same_words(ledger: Ledger, robin: Person) -> None:
    People(ledger).add("kim", [Role.CONTRIBUTOR])
    said = set()
    for name, password in [("robin", "not the words"), ("nobody", WORDS), ("kim", WORDS), ("\x00", ""), ("robin", "")]:
        with pytest.raises(NotAllowedError) as refused:
            Passwords(ledger).shown(name, password)
        said.add(str(refused.value))
    assert len(said) == 1


def test_whoever_is_disabled_signs_in_no_longer(ledger: Ledger, robin: Person) -> None:
    People(ledger).disable("robin")
    with pytest.raises(NotAllowedError):
        Passwords(ledger).shown("robin", WORDS)


def test_a_new_password_ends_the_old_one_and_every_session(ledger: Ledger, robin: Person) -> None:
    word = Sessions(ledger).begin(robin)
    Passwords(ledger).set("robin", "another set of words")
    assert Sessions(ledger).find(word) is None
    with pytest.raises(NotAllowedError):
        Passwords(ledger).shown("robin", WORDS)


def test_a_hash_of_weaker_make_is_renewed_when_its_owner_signs_in(ledger: Ledger, robin: Person) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(WORDS)
    with ledger.session() as session:
        session.scalars(select(PasswordRow)).one().hash = weak
    Passwords(ledger).shown("robin", WORDS)
    with ledger.session() as session:
        assert not PasswordHasher().check_needs_rehash(session.scalars(select(PasswordRow)).one().hash)
    assert Passwords(ledger).shown("robin", WORDS) == robin


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short words", "12 to 200"),
        ("x" * 201, "12 to 200"),
        ("aaaaaaaaaaaaaa", "repeats"),
        ("abababababab", "repeats"),
        ("my name is Robin!", "holds the name"),
    ],
)
def test_what_is_easily_guessed_is_refused(ledger: Ledger, robin: Person, password: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as refused:
        Passwords(ledger).set("robin", password)
    assert password not in str(refused.value)


def test_somebody_else_sets_a_password_only_as_administrator(ledger: Ledger, robin: Person) -> None:
    alex, _ = People(ledger).add("alex", [Role.ADMINISTRATOR])
    kim, _ = People(ledger).add("kim", [Role.CONTRIBUTOR], by=alex)
    for by in (kim, None):
        with pytest.raises(NotAllowedError):
            Passwords(ledger).set("robin", "another set of words", by=by)
    Passwords(ledger).set("robin", "another set of words", by=alex)
    Passwords(ledger).set("kim", "a set of words for one", by=kim)


def test_a_session_is_found_by_its_word_alone(ledger: Ledger, robin: Person) -> None:
    word = Sessions(ledger).begin(robin)
    assert Sessions(ledger).find(word) == robin
    assert Sessions(ledger).find(word[:-1]) is None
    assert Sessions(ledger).find("") is None


def test_a_session_ends_after_half_an_hour_without_a_request(ledger: Ledger, robin: Person) -> None:
    held = Sessions(ledger)
    word = held.begin(robin, now=NOW)
    assert held.find(word, now=NOW + timedelta(minutes=29))
    assert held.find(word, now=NOW + timedelta(minutes=58))
    assert held.find(word, now=NOW + timedelta(minutes=89)) is None


def test_a_session_ends_after_eight_hours_whatever_happens(ledger: Ledger, robin: Person) -> None:
    held = Sessions(ledger)
    word = held.begin(robin, now=NOW)
    for step in range(1, 32):
        assert held.find(word, now=NOW + step * timedelta(minutes=15)), step
    assert held.find(word, now=NOW + sessions.LONGEST) is None


def test_a_session_from_the_future_is_over(ledger: Ledger, robin: Person) -> None:
    word = Sessions(ledger).begin(robin, now=NOW)
    assert Sessions(ledger).find(word, now=NOW - timedelta(hours=1)) is None


def test_signing_out_and_being_disabled_end_a_session(ledger: Ledger, robin: Person) -> None:
    held = Sessions(ledger)
    first, second = held.begin(robin), held.begin(robin)
    held.end(first)
    assert (held.find(first), held.find(second)) == (None, robin)
    People(ledger).disable("robin")
    assert held.find(second) is None


def tried(ledger: Ledger, times: int, name: str = "robin", address: str = "192.0.2.7", now: datetime = NOW) -> None:
    for _ in range(times):
        Attempts(ledger).begin(name, address, now=now)


def test_after_some_tries_a_name_is_refused_from_that_address_and_not_from_another(ledger: Ledger) -> None:
    tried(ledger, attempts.MOST_BOTH)
    with pytest.raises(LimitError, match="60 minutes"):
        tried(ledger, 1)
    tried(ledger, 1, address="192.0.2.8")
    tried(ledger, 1, name="sam")


def test_an_address_is_refused_whatever_names_it_tries(ledger: Ledger) -> None:
    for number in range(attempts.MOST_ADDRESS):
        tried(ledger, 1, name=f"name {number}")
    with pytest.raises(LimitError):
        tried(ledger, 1, name="one more")


def test_a_name_is_refused_wherever_it_is_tried_from(ledger: Ledger) -> None:
    for number in range(attempts.MOST_NAME):
        tried(ledger, 1, address=f"192.0.2.{number}")
    with pytest.raises(LimitError):
        tried(ledger, 1, address="198.51.100.1")


def test_tries_are_forgotten_after_an_hour_and_their_salt_with_them(ledger: Ledger) -> None:
    tried(ledger, attempts.MOST_BOTH)
    Attempts(ledger).tidy(now=NOW + timedelta(minutes=61))
    with ledger.session() as session:
        assert session.scalars(select(AttemptRow)).all() == []
    tried(ledger, attempts.MOST_BOTH, now=NOW + timedelta(minutes=62))


def test_whoever_succeeds_begins_anew(ledger: Ledger) -> None:
    tried(ledger, attempts.MOST_BOTH - 1)
    Attempts(ledger).succeeded("robin", "192.0.2.7")
    tried(ledger, attempts.MOST_BOTH)


def test_no_name_and_no_address_is_kept_of_a_try(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        tried(ledger, 1, name="a password typed as the name", address="203.0.113.77")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"attempts" in kept
    assert b"typed as the name" not in kept
    assert b"203.0.113.77" not in kept


@pytest.fixture(scope="module")
def alone() -> Iterator[Passwords]:
    with Ledger(":memory:") as ledger:
        People(ledger).add("robin", [Role.STEWARD])
        yield Passwords(ledger)


@given(password=st.text(max_size=11) | st.text(min_size=201, max_size=300))
def test_no_password_of_another_length_is_taken(alone: Passwords, password: str) -> None:
    with pytest.raises(InputError):
        alone.set("robin", password)
