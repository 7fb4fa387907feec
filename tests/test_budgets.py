"""Budgets: what a client has used is held against it for a while, over threads and processes."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.budgets import Budgets, network
from taxonomy.errors import LimitError

MADE_UP, OTHER = "192.0.2.1", "192.0.2.2"  # addresses kept for documents


@pytest.fixture
def budgets() -> Budgets:
    return Budgets(30.0)


def work(budgets: Budgets, client: str, seconds: float) -> None:
    budgets.settle(budgets.reserve(client), seconds)


def test_short_work_never_uses_a_budget_up(budgets: Budgets) -> None:
    for _ in range(1000):
        work(budgets, MADE_UP, 0.001)


def test_a_used_up_budget_says_for_how_long_and_is_nobody_else_s(budgets: Budgets) -> None:
    for _ in range(4):
        work(budgets, MADE_UP, 10.0)
    with pytest.raises(LimitError, match="30 seconds of work within a minute") as caught:
        budgets.reserve(MADE_UP)
    assert caught.value.limit == "budget"
    assert 15 < caught.value.wait <= 20  # ten seconds too many, forgiven at half a second a second
    work(budgets, OTHER, 10.0)


def test_nobody_is_kept_out_for_longer_than_a_minute(budgets: Budgets) -> None:
    work(budgets, MADE_UP, 500.0)
    with pytest.raises(LimitError) as caught:
        budgets.reserve(MADE_UP)
    assert caught.value.wait <= 60


def test_what_was_used_is_forgiven_steadily() -> None:
    budgets = Budgets(6.0)
    work(budgets, MADE_UP, 6.02)
    with pytest.raises(LimitError):
        budgets.reserve(MADE_UP)
    time.sleep(0.3)  # for which 0.03 seconds of work are forgiven
    budgets.reserve(MADE_UP)


def test_work_begun_and_not_ended_counts(budgets: Budgets) -> None:
    for _ in range(31):
        budgets.reserve(MADE_UP)
    with pytest.raises(LimitError):
        budgets.reserve(MADE_UP)


def test_work_in_another_process_counts(budgets: Budgets) -> None:
    if not (child := os.fork()):
        work(budgets, MADE_UP, 60.0)
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(LimitError):
        budgets.reserve(MADE_UP)


def test_no_address_is_in_the_memory(budgets: Budgets) -> None:
    budgets.reserve(MADE_UP)
    kept = bytes(budgets._memory)
    assert any(kept)
    assert MADE_UP.encode() not in kept
    assert bytes(map(int, MADE_UP.split("."))) not in kept


def test_more_clients_than_there_are_accounts_are_all_served(budgets: Budgets) -> None:
    for number in range(20_000):
        budgets.reserve(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")


@given(st.ip_addresses(v=6))
def test_one_customer_s_addresses_are_one_client(address: object) -> None:
    assert network(network(str(address))) == network(str(address))
