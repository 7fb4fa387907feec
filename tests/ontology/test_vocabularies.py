from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from taxonomy import assets
from taxonomy.namespaces import CONCEPT, DCTERMS, ID, RDF, SCHEME, SKOS

SCHEMES = [path.stem for path in assets.files("data", "vocabularies/*.ttl")]
DOCUMENTS = (
    "prosper-briefing",
    "prosper-hta-record",
    "leicester-consultation-2015",
    "csa-commissioning-framework-2019",
    "avon-somerset-recommissioning-2018",
)
UNCHECKED = Literal("general professional knowledge, not checked against a page", language="en")
OF_ELIGIBILITY = (
    "age-group",
    "circumstance",
    "community",
    "gender-offer",
    "harm",
    "person-relation",
    "reporting-status",
    "residence",
)


def concepts(said) -> dict[NamedNode, dict[str, list[object]]]:
    return {term: facts for term, facts in said.items() if NamedNode(SKOS + "Concept") in facts[RDF + "type"]}


def test_every_scheme_of_the_design_has_its_file(shared: Path) -> None:
    design = (shared / "design" / "ontology.md").read_text(encoding="utf-8")
    listed = re.search(r"## Schemes\n\n(.*?)\. Each concept", design, re.DOTALL)
    assert listed
    assert set(re.split(r",\s+", listed[1])) - set(SCHEMES) == set()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_file_holds_one_scheme_with_a_label_and_a_definition(vocabularies, scheme: str) -> None:
    said = vocabularies[scheme]
    found = [term for term, facts in said.items() if NamedNode(SKOS + "ConceptScheme") in facts[RDF + "type"]]
    assert found == [NamedNode(SCHEME + scheme)]
    assert len(said[found[0]][SKOS + "prefLabel"]) == len(said[found[0]][SKOS + "definition"]) == 1
    assert set(said) == {found[0], *concepts(said)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_concept_has_a_slug_one_label_a_definition_and_a_source(vocabularies, scheme: str) -> None:
    sources = {NamedNode(f"{ID}source/{document}") for document in DOCUMENTS} | {UNCHECKED}
    for term, facts in concepts(vocabularies[scheme]).items():
        assert re.fullmatch(re.escape(f"{CONCEPT}{scheme}/") + r"[a-z0-9]+(-[a-z0-9]+)*", term.value)
        for predicate in (SKOS + "prefLabel", SKOS + "definition"):
            assert [text.language for text in facts[predicate]] == ["en"], term
        assert facts[DCTERMS + "source"], term
        assert set(facts[DCTERMS + "source"]) <= sources, term


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_concept_is_an_orphan_or_its_own_ancestor(vocabularies, scheme: str) -> None:
    known = concepts(vocabularies[scheme])
    home = [NamedNode(SCHEME + scheme)]
    for term, facts in known.items():
        assert facts[SKOS + "inScheme"] == home, term
        assert bool(facts[SKOS + "broader"]) != (facts[SKOS + "topConceptOf"] == home), term
        above, waiting = set(), list(facts[SKOS + "broader"])
        while waiting:
            parent = waiting.pop()
            assert parent in known, f"{term} has a broader concept outside its scheme: {parent}"
            assert parent != term
            if parent not in above:
                above.add(parent)
                waiting += known[parent][SKOS + "broader"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_two_concepts_of_a_scheme_share_a_name(vocabularies, scheme: str) -> None:
    owners: dict[str, NamedNode] = {}
    for predicate in (SKOS + "prefLabel", SKOS + "altLabel"):
        for term, facts in concepts(vocabularies[scheme]).items():
            for label in facts[predicate]:
                assert owners.setdefault(label.value.casefold(), term) == term, label
    assert owners


@pytest.mark.parametrize("scheme", OF_ELIGIBILITY)
def test_a_scheme_of_eligibility_can_say_not_stated(vocabularies, scheme: str) -> None:
    assert NamedNode(f"{CONCEPT}{scheme}/not-stated") in concepts(vocabularies[scheme])


@pytest.mark.parametrize(("scheme", "count"), [("need", 9), ("reporting-status", 4), ("line-effect", 2)])
def test_a_closed_list_has_its_number_of_concepts(vocabularies, scheme: str, count: int) -> None:
    assert len(concepts(vocabularies[scheme])) == count


def test_the_ten_principles_of_avon_and_somerset_are_numbered_as_printed(vocabularies) -> None:
    document = NamedNode(f"{ID}source/avon-somerset-recommissioning-2018")
    found = concepts(vocabularies["commissioning-principle"]).values()
    position = "https://w3id.org/svssv/ontology#position"
    printed = [int(f[position][0].value) for f in found if f[DCTERMS + "source"] == [document]]
    assert sorted(printed) == list(range(1, 11))


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.casefold())


def test_definitions_are_in_our_own_words(vocabularies, ontology, shared: Path) -> None:
    run = 8
    texts = [words((shared / "sources" / f"{name}.txt").read_text(encoding="utf-8")) for name in DOCUMENTS]
    printed = {tuple(text[i : i + run]) for text in texts for i in range(len(text) - run + 1)}
    for said in [*vocabularies.values(), ontology]:
        for term, facts in said.items():
            for definition in facts[SKOS + "definition"]:
                own = words(definition.value)
                assert not {tuple(own[i : i + run]) for i in range(len(own) - run + 1)} & printed, term
