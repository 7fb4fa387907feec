"""Search over the real release: what is found, in which order, and why."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taxonomy.errors import LimitError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import release
from taxonomy.search import finding, index
from taxonomy.search.finding import Hit
from taxonomy.search.index import Entry
from taxonomy.store.releases import Home

AVON = "http://statistics.data.gov.uk/id/statistical-geography/E23000036"
MANY = 5_000
MILLISECONDS = 30.0


def first(kg: KnowledgeGraph, text: str) -> Hit:
    return kg.search(text).hits[0]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of many made-up names, of few and of many words in common."""
    path = tmp_path_factory.mktemp("large") / "search.sqlite"
    kinds = [kind for kind in finding.KINDS if kind != "question"]
    made_up = (
        Entry(
            f"https://example.org/id/service/{number}",
            kinds[number % len(kinds)],
            f"Made-up {('counselling', 'advice', 'helpline')[number % 3]} service {number:x} of town{number % 997}",
            {f"MU-{number}": "code", f"the {number:x}th": "also called"},
            {f"region{number % 9}": "area"},
        )
        for number in range(MANY)
    )
    index.write(path, made_up, "many")
    return path


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("avon and somerset", "Avon and Somerset"),
        ("avn and somerset", "Avon and Somerset"),
        ("E23000036", "Avon and Somerset"),
        ("e23000036 ", "Avon and Somerset"),
        ("lester", "Leicester"),
        ("isvaa", "Independent sexual violence adviser (ISVA)"),
        ("ISVA", "Independent sexual violence adviser (ISVA)"),
        ("independent sexual violence adviser", "Independent sexual violence adviser (ISVA)"),
        ("SARC", "Sexual assault referral centre (SARC)"),
        ("rape crisis centre", "Autonomous rape crisis centre"),
        ("Rape Crisis centres", "Autonomous rape crisis centre"),
        ("ministry of justic", "Ministry of Justice"),
        ("sv:leadProvider", "lead provider"),
        ("services-in-area", "Services in an area, with who provides them, of what types, and who may use them"),
    ],
)
def test_what_was_meant_comes_first(kg: KnowledgeGraph, typed: str, name: str) -> None:
    assert first(kg, typed).name == name


def test_a_thing_found_by_another_name_says_by_which(kg: KnowledgeGraph) -> None:
    found = {hit.name: hit.matched for hit in kg.search("bristol mediation").hits}
    assert found["Bristol Mediation"] == ""
    assert "Bristol Mediation" in found["Restorative Approaches (Avon and Somerset)"]


def test_a_result_says_what_it_is_and_where(kg: KnowledgeGraph) -> None:
    hit = first(kg, "Independent Sexual Violence Advisor Service")
    assert "ISVA" in hit.what
    assert hit.where == "Avon and Somerset"
    assert first(kg, "Avon and Somerset").what == "police force area"


def test_services_are_found_by_the_synonym_of_their_type(kg: KnowledgeGraph) -> None:
    typed_so = {str(row["service"]) for row in kg.ask("page-services", type="service-type/sarc").rows}
    assert typed_so
    assert typed_so <= {hit.thing for hit in kg.search("paediatric SARC").of("service")} | {
        hit.thing for hit in kg.search("SARC").of("service")
    }


def test_a_word_that_nothing_holds_is_replaced_and_said(kg: KnowledgeGraph) -> None:
    found = kg.search("lester")
    assert found.instead["lester"][0] == "leicester"
    assert not found.some


def test_a_word_of_another_name_may_be_a_slip_too(kg: KnowledgeGraph) -> None:
    found = kg.search("missing lint")
    assert "Missing Link" in {hit.name for hit in found.hits}
    assert "link" in found.alike
    assert not found.instead


def test_where_nothing_holds_every_word_what_holds_most_comes_first(kg: KnowledgeGraph) -> None:
    found = kg.search("quantum isva avon")
    assert found.some
    assert found.hits[0].where == "Avon and Somerset"


def test_one_kind_holds_the_hits_of_that_kind_and_the_counts_of_all(kg: KnowledgeGraph) -> None:
    every, some = kg.search("somerset"), kg.search("somerset", kind="agreement")
    assert {hit.kind for hit in some.hits} == {"agreement"}
    assert some.counts == every.counts
    assert len(some.hits) == every.counts["agreement"]


@pytest.mark.parametrize("typed", ["somerset", "counselling", "isvaa", "leicester rape", "funder"])
def test_the_counts_are_those_of_what_is_listed(kg: KnowledgeGraph, typed: str) -> None:
    found = kg.search(typed)
    assert found.total == len(found.hits) < finding.MOST
    assert {kind: len(found.of(kind)) for kind in found.counts} == found.counts


def test_a_kind_with_something_called_just_so_stands_first(kg: KnowledgeGraph) -> None:
    assert kg.search("Ministry of Justice").kinds[:2] == ("organisation", "concept")


def test_nothing_typed_and_nothing_found_are_empty_answers(kg: KnowledgeGraph) -> None:
    assert kg.search("").words == kg.search(" \0 -- \N{BULLET}").words == ()
    assert kg.search("xqzzvvwk").hits == ()


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "isva AND (",
        'name: "isva" NEAR/2 *',
        "isva*",
        "-isva",
        "'; DROP TABLE entry; --",
        "isva\0somerset",
        "\ud800 isva",
        "a" * 10_000,
        "somerset " * 2_000,
        "%",
        "ﬁnding Ⅷ ½ ٣",
    ],
)
def test_signs_of_the_language_of_the_index_are_text(kg: KnowledgeGraph, typed: str) -> None:
    plain = kg.search(typed)
    assert all(word.isalnum() for word in plain.words)
    if "isva" in typed and "DROP" not in typed:
        assert plain.hits


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300) | st.text(alphabet="\"'*^:(){}+-~ANDORT\0é’", max_size=60))
def test_whatever_is_typed_is_never_an_error(kg: KnowledgeGraph, typed: str) -> None:
    found = kg.search(typed)
    assert len(found.words) <= finding.WORDS
    assert found.total >= len(found.hits)


def test_every_name_and_code_in_the_release_finds_its_thing(kg: KnowledgeGraph) -> None:
    for name, kind in [("known-areas", "area"), ("page-organisations", "organisation"), ("page-services", "service")]:
        for row in kg.ask(name).rows[::7]:
            thing, label = str(next(iter(row.values()))), str(row.get("label") or row.label(next(iter(row))))
            assert thing in {hit.thing for hit in kg.search(label, kind=kind).hits[:5]}, label
            if row.get("code"):
                assert kg.search(str(row["code"])).hits[0].thing == thing


def test_a_search_of_the_release_takes_a_moment(kg: KnowledgeGraph) -> None:
    taken = []
    for typed in ("avn and somerset", "isva", "rape crisis", "lester", "E23000036") * 3:
        started = time.process_time()
        kg.search(typed)
        taken.append(time.process_time() - started)
    assert sorted(taken)[len(taken) // 2] * 1000 < MILLISECONDS


def test_an_exact_code_wins_among_many(large: Path) -> None:
    found = finding.find(large, "many", "MU-3141")
    assert found.hits[0].thing.endswith("/3141")
    assert found.hits[0].matched == "code “MU-3141”"


def test_the_number_of_a_register_is_known_without_its_letters(large: Path) -> None:
    assert finding.find(large, "many", "3141").hits[0].thing.endswith("/3141")


def test_more_than_can_be_listed_is_counted_whole(large: Path) -> None:
    found = finding.find(large, "many", "counselling service")
    assert len(found.hits) == finding.MOST
    assert found.total == len(range(0, MANY, 3))
    assert f"{found.total:,}" in finding.to_answer(found, release=1).notice


def test_a_search_that_takes_too_long_is_ended(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "SECONDS", -1.0)
    monkeypatch.setattr(finding, "_STEPS", 10)
    with pytest.raises(LimitError, match="too long"):
        finding.find(large, "many", "counselling service")


def test_a_release_without_an_index_says_that_search_is_being_prepared(home: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="being prepared"):
        finding.find(tmp_path / "search.sqlite", "any", "isva")
    (tmp_path / "search.sqlite").write_bytes(Home.open(home).search_path(1).read_bytes()[:20_000])
    with pytest.raises(StoreError, match="being prepared"):
        finding.find(tmp_path / "search.sqlite", Home.open(home).manifest(1).hash, "isva")


def test_the_index_of_another_release_is_not_used(home: Path) -> None:
    with pytest.raises(StoreError, match="being prepared"):
        finding.find(Home.open(home).search_path(1), "another hash", "isva")


def test_a_release_is_in_service_even_where_its_index_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    home = Home.init(tmp_path / "home")
    monkeypatch.setattr(
        index.tempfile, "mkstemp", lambda **_: (_ for _ in ()).throw(OSError("No space left on device"))
    )
    manifest = release.build(home)
    assert home.current() == manifest
    assert not home.search_path(1).exists()
    assert "svssv release verify" in caplog.text
