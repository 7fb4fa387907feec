"""The alignments: notes that join our terms to those of other vocabularies; nothing follows from them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.namespace import ORG, PROV, QB, SDO, DefinedNamespace
from rdflib.namespace import SKOS as CORE

from taxonomy import assets
from taxonomy.namespaces import OWL, RDF, RDFS, SKOS, SV

FILES = assets.files("ontology", "alignments/*.ttl")
MATCHES = {SKOS + f"{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
SPACES: dict[str, type[DefinedNamespace]] = {"org": ORG, "prov": PROV, "qb": QB, "schema": SDO, "skos": CORE}
CPSV = ("http://purl.org/vocab/cpsv#", "http://data.europa.eu/m8g/")
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def notes(path: Path) -> list[tuple[str, str, str]]:
    """The statements of an alignment but for those about the file itself."""
    read = (quad.triple for quad in ox.parse(path=path))
    terms = [each for each in read if isinstance(each.subject, ox.NamedNode) and each.subject.value.startswith(SV)]
    assert all(isinstance(each.object, ox.NamedNode) for each in terms)
    return [(each.subject.value, each.predicate.value, each.object.value) for each in terms]


def test_there_is_an_alignment_to_each_vocabulary_of_the_contract() -> None:
    assert {path.stem for path in FILES} == {"cpsv", "dcat", *SPACES}


@every_file
def test_an_alignment_holds_matches_of_declared_terms_and_nothing_else(path: Path, ontology) -> None:
    declared = {
        term.value
        for term, said in ontology.items()
        if isinstance(term, ox.NamedNode) and {kind.value for kind in said[RDF + "type"]} & set(kinds())
    }
    found = notes(path)
    assert found
    assert {term for term, _, _ in found} <= declared
    assert {predicate for _, predicate, _ in found} <= MATCHES
    assert len({(term, other) for term, _, other in found}) == len(found)


def kinds() -> tuple[str, ...]:
    return tuple(OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"))


@every_file
def test_a_class_is_matched_with_a_class_and_a_property_with_a_property(path: Path) -> None:
    for term, _, other in notes(path):
        names = (name.rsplit("#", 1)[-1].rsplit("/", 1)[-1] for name in (term, other))
        assert len({name[0].isupper() for name in names}) == 1, (term, other)


@pytest.mark.parametrize("name", SPACES)
def test_a_matched_term_exists_in_the_other_vocabulary(name: str) -> None:
    (path,) = (each for each in FILES if each.stem == name)
    known = {str(term).replace("http://schema.org/", "https://schema.org/") for term in dir(SPACES[name])}
    assert {other for _, _, other in notes(path)} - known == set()


@pytest.mark.parametrize(("name", "file"), [("cpsv", "cpsv-ap_3.2.0.ttl"), ("dcat", "dcat3.ttl")])
def test_a_matched_term_exists_in_the_published_file(name: str, file: str, shared: Path) -> None:
    (path,) = (each for each in FILES if each.stem == name)
    known = {quad.subject.value for quad in ox.parse(path=shared / "reference" / "vocab" / file) if quad.subject}
    assert {other for _, _, other in notes(path)} - known == set()


def test_nothing_is_called_a_public_service_outright(ontology) -> None:
    for said in ontology.values():
        above = {str(parent) for place in ("subClassOf", "subPropertyOf") for parent in said[RDFS + place]}
        assert not [parent for parent in above if any(space in parent for space in CPSV)]
    (path,) = (each for each in FILES if each.stem == "cpsv")
    assert {predicate for _, predicate, _ in notes(path)} <= {SKOS + "closeMatch", SKOS + "relatedMatch"}
