"""Why a release says what it says of a thing: from its own ontology, with the places of the facts."""

from __future__ import annotations

import time

import pytest
from pyoxigraph import NamedNode

from taxonomy.errors import NotFoundError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import ID, RDF, SV, graph
from taxonomy.reasoning.explain import How

ISVA = "service/isva-avon-and-somerset"


def test_each_class_of_each_thing_in_the_release_is_explained_by_facts_with_places(kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.ask("page-classes") if row["kind"] == "service"]
    assert rows
    for thing in {str(row["thing"]) for row in rows}:
        reasons = kg.explain(thing)
        assert {reason.cls for reason in reasons} == {row["class"] for row in rows if row["thing"] == thing}
        for reason in reasons:
            assert reason.facts, reason.label
            assert all(fact.how is How.STATED and fact.places for fact in reason.facts)


def test_no_fact_of_an_explanation_is_itself_a_conclusion(kg: KnowledgeGraph) -> None:
    places = {row["place"] for reason in kg.explain(ISVA) for fact in reason.facts for row in fact.places}
    assert graph("inferred") not in places


@pytest.mark.parametrize("name", ["SVSSVService", "sv:SVSSVService", SV + "SVSSVService"])
def test_one_class_may_be_asked_for_by_name_or_iri(kg: KnowledgeGraph, name: str) -> None:
    [reason] = kg.explain(ISVA, name)
    assert reason.cls == SV + "SVSSVService"
    assert reason.label == "SVSSV service"
    assert reason.definition.startswith("A service set up for sexual violence")
    assert reason.rule.startswith("a service whose specialism is")
    assert (ID + ISVA, SV + "leadProvider") in {(fact.subject, fact.property) for fact in reason.facts}


def test_a_class_that_the_thing_is_not_of_is_refused_with_those_that_it_is_of(kg: KnowledgeGraph) -> None:
    with pytest.raises(NotFoundError, match="sv:SVSSVService"):
        kg.explain(ISVA, "StatutoryService")


def test_an_inferred_step_says_how_it_comes_about(kg: KnowledgeGraph) -> None:
    [reason] = kg.explain(ISVA, "AdvocacyService")
    [wide] = [step for step in reason.because if step.property == SV + "serviceTypeWithin"]
    assert (wide.how, wide.places) == (How.CHAIN, ())
    assert [step.how for step in wide.leaves()] == [How.STATED, How.STATED]


def test_an_explanation_does_not_keep_a_page_waiting(kg: KnowledgeGraph) -> None:
    kg.explain(ISVA)  # reads the ontology of the release, once
    before = time.process_time()
    kg.explain("service/lighthouse-avon-and-somerset")
    assert time.process_time() - before < 0.2


def test_the_statements_of_graphs_are_theirs_and_no_others(kg: KnowledgeGraph) -> None:
    said = kg.statements([graph("register", "services")])
    assert NamedNode(ID + ISVA) in {triple.subject for triple in said}
    assert {triple.predicate.value for triple in said} >= {RDF + "type"}
    assert kg.statements([graph("nothing")]) == set()
