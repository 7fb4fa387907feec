"""One agreement may pay for services here and elsewhere: it counts once, and what no source says of it is unknown."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from tests.questions.made_up import store_of

from taxonomy.questions import catalogue
from taxonomy.questions.binding import Given, bind
from taxonomy.questions.results import Answer, Row

BASE = "https://example.org/id/"
CITY, COUNTY, FORCE = (f"{BASE}area/{name}" for name in ("city", "county", "force"))


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return store_of("shared-agreement.trig")


def ask(store: ox.Store, name: str, **values: Given) -> tuple[Row, ...]:
    solutions = store.query(bind(catalogue.load()[name], values))
    assert isinstance(solutions, ox.QuerySolutions)
    body = solutions.serialize(format=ox.QueryResultsFormat.JSON)
    assert body is not None
    return Answer.read(body, text="").rows


@pytest.mark.parametrize(
    ("area", "where"), [(CITY, "in the area"), (COUNTY, "in the area"), (FORCE, "in the area"), (None, None)]
)
@pytest.mark.parametrize("name", ["money-by-funder", "money-by-fund", "money-by-standing", "annual-spend"])
def test_an_agreement_for_services_here_and_elsewhere_is_added_once(
    store: ox.Store, name: str, area: str | None, where: str | None
) -> None:
    rows = ask(store, name, **({"area": area} if area else {}))
    priced = [row for row in rows if row["total"] == Decimal(100000) and row.get("scope", "all") == "all"]
    assert [row["where"] for row in priced] == [where]
    assert sum(row["total"] == Decimal(7000) for row in rows) == (name != "annual-spend")


@pytest.mark.parametrize("name", ["instruments", "agreement-parts", "agreement-terms"])
def test_an_agreement_for_services_here_and_elsewhere_is_listed_once(store: ox.Store, name: str) -> None:
    rows = ask(store, name, area=CITY)
    column = "instrument" if name == "instruments" else "agreement"
    told = [row["where"] for row in rows if str(row[column]).rsplit("/", 1)[-1] in ("contract", "for-all")]
    assert told == ["in the area"]
    assert {row["where"] for row in rows} == {"in the area"}


def test_a_proposal_for_services_here_and_elsewhere_is_listed_once(store: ox.Store) -> None:
    assert [row["amount"] for row in ask(store, "proposed-money", area=CITY)] == [Decimal(7000)]


@pytest.mark.parametrize("name", ["money-by-funder", "money-by-fund"])
def test_an_agreement_of_which_no_source_says_who_pays_is_counted_as_unknown(store: ox.Store, name: str) -> None:
    [row] = [row for row in ask(store, name, area=CITY) if row["basis"] is None]
    assert (row[name.removeprefix("money-by-")], row["total"]) == (None, None)
    assert (row["parts"], row["unknown"]) == (1, 1)
    assert str(row["as_at"]) == "2026-03-01"
