"""Promise 1. Every public fact leads to a source and a place in it; sources that disagree stay side by side."""

from __future__ import annotations

import pytest

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import GRAPH, SV

CITED = f"""
    {{ ?graph <{SV}inSource> ?source ; <{SV}locator> ?locator }}
    UNION {{ ?graph <{SV}curatorRole> ?role ; <{SV}reason> ?reason ; <{SV}stated> ?day }}
    UNION {{ ?graph <{SV}asAt> ?day }}
"""
MADE_BY_US = ("ontology", "vocabulary/", "register/", "document/", "inferred", "releases")


def test_every_fact_in_the_default_graph_stands_in_a_named_graph(kg: KnowledgeGraph) -> None:
    orphans = kg.sparql("SELECT ?s ?p ?o WHERE { ?s ?p ?o MINUS { GRAPH ?g { ?s ?p ?o } } } LIMIT 5", labels=False)
    assert list(orphans) == []


def test_every_graph_of_facts_says_its_source_and_the_place_in_it(kg: KnowledgeGraph) -> None:
    ours = " || ".join(f'STRSTARTS(STR(?graph), "{GRAPH}{name}")' for name in MADE_BY_US)
    unsourced = kg.sparql(
        f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }}"
        f" FILTER (!({ours})) FILTER NOT EXISTS {{ {CITED} }} }}",
        labels=False,
    )
    assert [row["graph"] for row in unsourced] == []


def test_the_day_for_which_each_source_speaks_is_known(kg: KnowledgeGraph) -> None:
    undated = kg.sparql(
        f"SELECT DISTINCT ?document WHERE {{ ?citation <{SV}inSource> ?document"
        f" FILTER NOT EXISTS {{ ?document <{SV}asAt> ?day }} }}",
        labels=False,
    )
    assert list(undated) == []


def test_the_two_start_years_of_the_nhs_england_money_stand_side_by_side(kg: KnowledgeGraph) -> None:
    values = {
        str(row["value"])[:4]
        for row in kg.sparql(
            f"SELECT ?value WHERE {{ ?contradiction a <{SV}Contradiction> ; <{SV}betweenClaims> ?claim ."
            f" ?claim <{SV}claimSubject>/<{SV}amount> 80000.00 ."
            f" ?claim <{SV}claimProperty> <{SV}startDate> ; <{SV}claimValue> ?value }}"
        )
    }
    assert values == {"2017", "2018"}
    plain = kg.sparql(
        f"SELECT ?start WHERE {{ ?part <{SV}amount> 80000.00 ; <{SV}startDate> ?start ."
        f" ?claim <{SV}claimSubject> ?part }}"
    )
    assert list(plain) == []


@pytest.mark.parametrize("thing", ["service/isva-avon-and-somerset", "agreement/isva-avon-and-somerset"])
def test_a_question_tells_where_each_fact_of_a_thing_stands(kg: KnowledgeGraph, thing: str) -> None:
    rows = list(kg.ask("where-a-fact-stands", thing=thing))
    assert rows
    assert all(row["place"] for row in rows)
    cited = [row for row in rows if row["how"] == "cited from a document"]
    assert cited
    assert all(row["locator"] and row["as_at"] for row in cited)
