"""Questions whose answers no document has yet, asked of a made-up record."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from tests.questions.made_up import store_of

from taxonomy import namespaces
from taxonomy.questions import catalogue
from taxonomy.questions.binding import Given, bind


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return store_of("made-up.trig")


def ask(store: ox.Store, name: str, **values: Given) -> list[dict[str, str | None]]:
    """Rows, each value as text or the last step of its IRI."""
    rows = store.query(bind(catalogue.load()[name], values))
    assert isinstance(rows, ox.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    return [{name: None if row[name] is None else row[name].value.rsplit("/", 1)[-1] for name in names} for row in rows]


def test_an_accreditation_says_who_verified_it_and_until_when(store: ox.Store) -> None:
    verified, declared = ask(store, "accreditations")
    assert (verified["status"], verified["verified_by"], verified["ends"]) == (
        "verified",
        "made-up-verifier",
        "2027-03-31",
    )
    assert (declared["status"], declared["verified_by"], declared["ends"]) == ("self-declared", None, None)
    assert verified["as_at"] == "2026-03-01"


def test_a_waiting_time_has_its_unit_its_stage_and_its_day(store: ox.Store) -> None:
    [row] = ask(store, "waiting")
    assert (row["kind"], row["value"], row["unit"], row["waits_for"]) == ("waiting time", "12", "weeks", "therapy")
    assert (row["measured_on"], row["as_at"]) == ("2026-02-20", "2026-03-01")


def test_a_figure_that_is_held_back_says_so_and_is_no_nought(store: ox.Store) -> None:
    [row] = ask(store, "figures-about-services")
    assert (row["thing"], row["status"], row["value"]) == ("made-up-centre", "suppressed", None)


def test_a_service_all_of_whose_rules_are_for_women_is_judged_to_be_for_women(store: ox.Store) -> None:
    [row] = ask(store, "services-for-one-gender")
    assert (row["service"], row["offer"], row["rules"]) == ("made-up-counselling", "women-only", "1")


def test_longer_term_therapy_is_told_apart(store: ox.Store) -> None:
    store.add(
        ox.Quad(
            ox.NamedNode(namespaces.CONCEPT + "service-type/counselling-longer-term"),
            ox.NamedNode(namespaces.SKOS + "broader"),
            ox.NamedNode(namespaces.CONCEPT + "service-type/therapeutic-support"),
        )
    )
    [row] = ask(store, "therapy-and-crisis-support")
    assert row["offer"] == "counselling-longer-term"


def test_an_area_where_somebody_looked_and_found_none_says_so(store: ox.Store) -> None:
    rows = ask(
        store,
        "areas-without-a-type-of-service",
        type="service-type/counselling-longer-term",
        kind="police force area",
    )
    assert [(row["area"], row["looked"]) for row in rows] == [("elsewhere", "none-found")]


def test_a_confirmed_record_is_counted_from_its_confirmation(store: ox.Store) -> None:
    assert ask(store, "last-said", day="2026-11-23", longer_than=6) == []
    [row] = ask(store, "last-said", day="2026-11-23", longer_than=4)
    assert (row["as_at"], row["confirmed"], row["months"]) == ("2026-03-01", "2026-06-01", "5")


def test_of_a_share_that_ends_its_own_standing_counts_before_that_of_its_agreement(store: ox.Store) -> None:
    share, whole = ask(store, "agreements-ending", day="2026-10-01", months=12)
    assert (share["part"], share["standing"], share["ends"]) == ("1", "proposed", "2026-12-31")
    assert (whole["part"], whole["standing"], whole["ends"]) == (None, "agreed", "2027-03-31")
