"""Answers that are kept are those that the source gave, within so many bytes, and go with their source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from taxonomy.errors import QueryError, StoreError
from taxonomy.store.base import Request
from taxonomy.store.kept import Kept
from taxonomy.store.readers import ReaderPool
from taxonomy.store.releases import Home

LABELS = "SELECT ?label WHERE { ?area rdfs:label ?label } ORDER BY ?label LIMIT "


def labels(most: int) -> Request:
    return Request(query=f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {LABELS}{most}")


@pytest.fixture
def pool(home: Path) -> Iterator[ReaderPool]:
    with ReaderPool(Home.open(home).store_path(1), size=1) as pool:
        yield pool


def test_an_answer_that_is_kept_needs_no_reader(pool: ReaderPool) -> None:
    kept = Kept(pool, 2**20)
    first = kept.ask(labels(5))
    pool.close()
    assert kept.ask(labels(5)) is first
    with pytest.raises(StoreError):
        kept.ask(labels(6))


def test_what_nobody_asked_for_the_longest_leaves_first(pool: ReaderPool) -> None:
    room = len(pool.ask(labels(7)).body) + 600
    kept = Kept(pool, 2 * room)
    answers = {most: kept.ask(labels(most)) for most in (5, 6)}
    kept.ask(labels(5))
    kept.ask(labels(7))
    pool.close()
    assert kept.ask(labels(5)) is answers[5]
    with pytest.raises(StoreError):
        kept.ask(labels(6))


def test_an_answer_longer_than_the_room_is_given_and_not_kept(pool: ReaderPool) -> None:
    kept = Kept(pool, 600)
    assert kept.ask(labels(500)).body == pool.ask(labels(500)).body
    pool.close()
    with pytest.raises(StoreError):
        kept.ask(labels(500))


def test_with_no_room_nothing_is_kept(pool: ReaderPool) -> None:
    kept = Kept(pool, 0)
    assert kept.ask(labels(5)).body == pool.ask(labels(5)).body
    pool.close()
    with pytest.raises(StoreError):
        kept.ask(labels(5))


def test_a_refusal_is_not_kept(pool: ReaderPool) -> None:
    kept = Kept(pool, 2**20)
    for _ in range(2):
        with pytest.raises(QueryError):
            kept.ask(Request(query="SELECT nonsense"))
    assert kept.ask(labels(5)).body


def test_the_form_that_was_asked_for_is_the_form_that_is_given(pool: ReaderPool) -> None:
    kept = Kept(pool, 2**20)
    table = Request(query=labels(5).query, bindings="text/csv")
    assert kept.ask(labels(5)).media_type != kept.ask(table).media_type == "text/csv; charset=utf-8"
