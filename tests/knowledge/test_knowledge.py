"""The one door: opening a release, names for areas and things, labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from taxonomy import namespaces
from taxonomy.errors import NotFoundError, QueryError, RefusedQueryError, SeveralError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.results import Answer, Graph
from taxonomy.store.releases import Home

AVON_AND_SOMERSET = namespaces.GSS + "E23000036"


@pytest.mark.parametrize(
    "key",
    ["E23000036", "e23000036", "Avon and Somerset", "avon-and-somerset", " avon AND somerset ", AVON_AND_SOMERSET],
)
def test_an_area_goes_by_code_slug_label_or_iri(kg: KnowledgeGraph, key: str) -> None:
    assert kg.area(key) == AVON_AND_SOMERSET


def test_a_mistyped_area_gets_the_nearest(kg: KnowledgeGraph) -> None:
    with pytest.raises(NotFoundError, match="E06000023 \\(Bristol, local authority\\)"):
        kg.area("Bristl")
    with pytest.raises(NotFoundError, match="No area"):
        kg.area("https://example.org/> ?p ?o } #")


def test_a_label_of_two_areas_names_neither(kg: KnowledgeGraph) -> None:
    with pytest.raises(SeveralError, match=r"More than one area has the name 'Essex'\. Say which: E") as raised:
        kg.area("Essex")
    assert {near.split()[0] for near in raised.value.near} == {"E10000012", "E23000028"}


def test_of_an_area_and_its_ended_namesake_the_one_in_force_is_meant(kg: KnowledgeGraph) -> None:
    assert kg.area("Somerset") == namespaces.GSS + "E06000066"


def test_a_thing_goes_by_kind_and_name_or_iri(kg: KnowledgeGraph) -> None:
    iri = namespaces.ID + "service/isva-avon-and-somerset"
    assert kg.thing("service/isva-avon-and-somerset") == kg.thing(iri) == iri
    assert kg.thing("harm/any-crime", base=namespaces.CONCEPT) == namespaces.CONCEPT + "harm/any-crime"
    with pytest.raises(NotFoundError, match="Did you mean service/isva-avon-and-somerset"):
        kg.thing("service/isva-avon-and-somrset")
    with pytest.raises(NotFoundError, match="No concept"):
        kg.thing("harm/nothing-like-it", base=namespaces.CONCEPT)
    with pytest.raises(NotFoundError):
        kg.thing("https://example.org/nobody")


def test_a_label_is_looked_up_and_a_thing_without_one_keeps_its_short_iri(kg: KnowledgeGraph) -> None:
    assert kg.label(AVON_AND_SOMERSET) == "Avon and Somerset"
    assert kg.label(namespaces.SV + "noSuchTerm") == "sv:noSuchTerm"
    assert kg.label("urn:made-up") == "urn:made-up"
    assert kg.labels(["https://example.org/nobody"]) == {}


def test_however_many_names_are_asked_for_that_are_none_few_are_kept(kg: KnowledgeGraph) -> None:
    made_up = [f"https://example.org/{'x' * 1800}/{number}" for number in range(3000)]
    assert kg.labels(made_up) == {}
    assert kg._known_labels.keys().isdisjoint(made_up)
    assert 0 < kg._nameless.bytes <= 4 * 2**20


def test_any_sparql_is_answered_by_its_form(kg: KnowledgeGraph) -> None:
    rows = kg.sparql("SELECT ?s { ?s a <https://w3id.org/svssv/ontology#Service> } ORDER BY ?s")
    assert isinstance(rows, Answer)
    assert all(row.label("s") for row in rows)
    yes = kg.sparql("ASK { ?s ?p ?o }")
    assert isinstance(yes, Answer)
    assert yes.rows[0]["answer"] is True
    graph = kg.sparql("CONSTRUCT WHERE { ?s a <https://w3id.org/svssv/ontology#Fund> }", graphs="application/n-triples")
    assert isinstance(graph, Graph)
    assert graph.media_type == "application/n-triples"
    assert graph.text.endswith(" .\n")


def test_our_own_prefixes_need_not_be_declared(kg: KnowledgeGraph) -> None:
    answer = kg.sparql('SELECT ?s { ?s a sv:Service FILTER (?s != "dcterms:x" && ?s != <org:y>) } ORDER BY ?s # prov:z')
    assert isinstance(answer, Answer)
    assert answer.text.startswith("PREFIX sv: <https://w3id.org/svssv/ontology#> SELECT")
    assert len(answer) > 5
    other = kg.sparql("PREFIX sv: <https://example.org/> SELECT ?s { ?s a sv:Service } ORDER BY ?s")
    assert isinstance(other, Answer)
    assert len(other) == 0
    faulty = "SELECT ?s { ?s a sv:Service ] }"
    with pytest.raises(QueryError) as bare:
        kg.sparql(faulty)
    with pytest.raises(QueryError) as declared:
        kg.sparql(f"PREFIX sv: <https://w3id.org/svssv/ontology#>\n{faulty}")
    assert (bare.value.line, bare.value.column) == (1, declared.value.column)


def test_wrong_sparql_and_what_is_not_done_are_told_apart(kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="line 1"):
        kg.sparql("SELECT * WHERE { ?s")
    with pytest.raises(RefusedQueryError, match="SERVICE"):
        kg.sparql("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")


def test_a_home_or_release_that_is_not_there_says_what_makes_it(tmp_path: Path, practice_home: Path) -> None:
    with pytest.raises(StoreError, match="svssv init"):
        KnowledgeGraph.open(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="svssv release build"):
        KnowledgeGraph.open(practice_home)


def test_an_earlier_release_opens_by_its_number(home: Path) -> None:
    with KnowledgeGraph.open(Home.open(home), release=1) as kg:
        assert kg.release.number == 1
    with pytest.raises(NotFoundError, match=r"No release has the name '7'\. Did you mean 1"):
        KnowledgeGraph.open(home, release=7)


def test_a_closed_graph_answers_no_more(home: Path) -> None:
    kg = KnowledgeGraph.open(home)
    kg.close()
    kg.close()
    with pytest.raises(StoreError, match="closed"):
        kg.ask("sources")


def test_pathways_and_funding_of_an_area_come_from_its_questions(kg: KnowledgeGraph) -> None:
    assert "2 refused" in kg.pathways("Avon and Somerset").summary
    assert "12 March 2018" in kg.funding("E23000036").summary
    with pytest.raises(NotFoundError):
        kg.pathways("nowhere at all")
