"""The common pitfalls of ontologies, as the OOPS! catalogue numbers them: avoided, or argued in ``pitfalls.yaml``."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from pyoxigraph import BlankNode, Literal, NamedNode

from taxonomy import assets
from taxonomy.namespaces import DCTERMS, OWL, RDF, RDFS, SH, SKOS, SV, shorten

ARGUED = yaml.safe_load((Path(__file__).parent / "pitfalls.yaml").read_text(encoding="utf-8"))
CLASS, OBJECT, DATA, NOTE = (
    NamedNode(OWL + kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
LOGICAL = [RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range", OWL + "equivalentClass"]
LOGICAL += [OWL + "inverseOf", OWL + "propertyChainAxiom"]


def ours(ontology, *kinds: NamedNode) -> dict[NamedNode, dict[str, list[object]]]:
    return {
        term: said
        for term, said in ontology.items()
        if isinstance(term, NamedNode) and term.value.startswith(SV) and set(kinds) & set(said[RDF + "type"])
    }


def argued(pitfall: str) -> set[str]:
    return {name for names in ARGUED[pitfall].values() for name in names}


def disjoint(ontology) -> set[object]:
    found = set()
    for said in list(ontology.values()):
        for cell in said[OWL + "members"]:
            while cell in ontology and ontology[cell][RDF + "first"]:
                found.add(ontology[cell][RDF + "first"][0])
                cell = ontology[cell][RDF + "rest"][0]
    return found


def above(ontology, term: object, predicate: str) -> set[object]:
    found, waiting = set(), [term]
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting += [parent for parent in ontology[name][predicate] if parent not in found]
    return found


@pytest.fixture(scope="module")
def ontology(ontology) -> dict[object, dict[str, list[object]]]:
    """The ontology, in a copy of its own: looking for a property that a term lacks leaves a mark."""
    return defaultdict(lambda: defaultdict(list), {term: defaultdict(list, said) for term, said in ontology.items()})


@pytest.fixture(scope="module")
def uses(facts) -> dict[NamedNode, set[object]]:
    """For each property, the kinds of what data state it of, and the shapes that speak of it."""
    triples = [quad for quads in facts.values() for quad in quads]
    kinds, found = defaultdict(set), defaultdict(set)
    for quad in triples:
        if quad.predicate.value == RDF + "type":
            kinds[quad.subject].add(quad.object)
    for quad in triples:
        found[quad.predicate] |= kinds[quad.subject]
        if quad.predicate.value == SH + "path":
            found[quad.object].add(("shape", quad.subject))
    return found


def test_p04_each_term_is_connected_with_another(ontology, uses) -> None:
    named = {node for said in ontology.values() for predicate in LOGICAL for node in said[predicate]}
    named |= {
        node for said in ontology.values() for way in ("onProperty", "someValuesFrom") for node in said[OWL + way]
    }
    named |= disjoint(ontology) | {node for said in ontology.values() for node in said[RDF + "first"]}
    alone = {
        shorten(term.value)
        for term, said in ours(ontology, CLASS, OBJECT, DATA).items()
        if term not in named and not any(said[predicate] for predicate in LOGICAL) and not uses[term]
    }
    assert alone - argued("P04") == set()


def test_p08_each_term_has_a_label_and_a_definition(ontology) -> None:
    wanted = (RDFS + "label", SKOS + "definition", DCTERMS + "source")
    missing = [
        (shorten(term.value), shorten(predicate))
        for term, said in ours(ontology, CLASS, OBJECT, DATA, NOTE).items()
        for predicate in wanted
        if not said[predicate]
    ]
    assert missing == []


def test_p10_each_kind_that_stands_alone_excludes_another(ontology) -> None:
    excluded = disjoint(ontology)
    tops = {
        shorten(term.value)
        for term, said in ours(ontology, CLASS).items()
        if not said[OWL + "equivalentClass"] and not above(ontology, term, RDFS + "subClassOf") & excluded
    }
    assert tops - argued("P10") == set()


@pytest.mark.parametrize("side", ["domain", "range"])
def test_p11_a_property_says_what_it_leads_from_and_to(ontology, uses, side: str) -> None:
    open_ended = {
        shorten(term.value)
        for term, said in ours(ontology, OBJECT, DATA).items()
        if not any(ontology[name][RDFS + side] for name in above(ontology, term, RDFS + "subPropertyOf"))
        and not (side == "range" and DATA in said[RDF + "type"])  # dates and texts: see the argument
        and len(uses[term]) < 2
    }
    assert open_ended - argued("P11") == set()


def test_p13_no_property_of_ours_has_a_named_inverse(ontology) -> None:
    assert [shorten(term.value) for term, said in ours(ontology, OBJECT).items() if said[OWL + "inverseOf"]] == []
    assert ARGUED["P13"]


def test_p19_no_property_has_several_domains_or_ranges(ontology) -> None:
    several = {
        shorten(term.value)
        for term, said in ours(ontology, OBJECT, DATA).items()
        if len(said[RDFS + "domain"]) > 1 or len(said[RDFS + "range"]) > 1
    }
    assert several == set()


def test_p22_names_follow_one_convention(ontology) -> None:
    for term, said in ours(ontology, CLASS, OBJECT, DATA, NOTE).items():
        name = term.value.removeprefix(SV)
        assert name.isalnum(), name
        assert name[0].isupper() == (CLASS in said[RDF + "type"]), name


@pytest.mark.parametrize("path", assets.files("ontology", "**/*.ttl"), ids=lambda path: path.stem)
def test_p38_and_p41_each_file_declares_an_ontology_with_a_licence(path: Path, ontology) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(" a owl:Ontology ;") == 1
    assert "dcterms:license <https://creativecommons.org/licenses/by/4.0/>" in text


def test_what_is_argued_is_still_so(ontology) -> None:
    names = {shorten(term.value) for term in ours(ontology, CLASS, OBJECT, DATA)}
    assert {name for pitfall in ("P04", "P10", "P11") for name in argued(pitfall)} - names == set()


def test_no_axiom_hangs_in_the_air(ontology) -> None:
    used = {node for said in ontology.values() for values in said.values() for node in values}
    loose = [
        node
        for node, said in ontology.items()
        if isinstance(node, BlankNode) and node not in used and not said[OWL + "members"]
    ]
    assert loose == []
    assert not any(isinstance(node, Literal) for said in ontology.values() for node in said[RDFS + "subClassOf"])
