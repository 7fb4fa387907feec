"""What a machine that judges ontologies by the FAIR principles looks for, as far as it can be seen without a network.

The names are those of the FOOPS! catalogue. What needs the public address (PURL1, HTTP1, URI2, FIND1) waits for it;
content negotiation (CN1) and the pages for people (DOC1) are tests of the site.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from taxonomy import assets
from taxonomy.namespaces import BASE, DCTERMS, OWL, RDF, RDFS, SKOS, SV

VANN, BIBO = "http://purl.org/vocab/vann/", "http://purl.org/ontology/bibo/"
WHOLE, VERSION = NamedNode(BASE + "ontology"), "1.0.0"
MINIMUM = ("title", "description", "license", "creator", "created")
DETAILED = ("publisher", "contributor", "issued", "modified", "source", "bibliographicCitation")


@pytest.fixture(scope="module")
def header(ontology) -> dict[str, list[object]]:
    return ontology[WHOLE]


def terms(ontology) -> list[dict[str, list[object]]]:
    return [said for term, said in ontology.items() if getattr(term, "value", "").startswith(SV)]


def test_uri1_the_ontology_goes_by_one_persistent_name(ontology) -> None:
    assert WHOLE.value.startswith("https://w3id.org/")
    assert NamedNode(OWL + "Ontology") in ontology[WHOLE][RDF + "type"]


def test_ver1_and_ver2_each_version_has_a_name_of_its_own(header) -> None:
    assert header[OWL + "versionIRI"] == [NamedNode(f"{BASE}ontology/{VERSION}")]
    assert header[OWL + "versionInfo"] == [Literal(VERSION)]


def test_a_version_after_the_first_names_the_one_before_it(header) -> None:
    before = [iri for name in ("priorVersion", "backwardCompatibleWith") for iri in header.get(OWL + name, ())]
    assert bool(before) == (VERSION != "1.0.0")


@pytest.mark.parametrize("name", MINIMUM)
def test_om1_the_least_that_must_be_said_is_said(header, name: str) -> None:
    assert len(header[DCTERMS + name]) == 1


def test_om2_prefix_and_namespace_are_recommended(header) -> None:
    assert header[VANN + "preferredNamespacePrefix"] == [Literal("sv")]
    assert header[VANN + "preferredNamespaceUri"] == [Literal(SV)]


@pytest.mark.parametrize("name", DETAILED)
def test_om3_what_a_careful_reader_wants_is_said_too(header, name: str) -> None:
    assert header[DCTERMS + name]


def test_om3_its_status_is_said(header) -> None:
    assert header[BIBO + "status"] == [NamedNode(BIBO + "status/draft")]


def test_om4_the_licence_is_open_and_has_an_address(header) -> None:
    assert header[DCTERMS + "license"] == [NamedNode("https://creativecommons.org/licenses/by/4.0/")]


def test_om5_who_made_it_and_out_of_what_is_said(header) -> None:
    assert header[DCTERMS + "creator"] == header[DCTERMS + "publisher"]
    known = {path.parent.name for path in assets.files("data", "sources/*/*.trig")}
    named = {iri.value.removeprefix(f"{BASE}id/source/") for iri in header[DCTERMS + "source"]}
    assert known <= named


def test_the_days_are_in_order(header) -> None:
    created, issued, modified = (
        date.fromisoformat(header[DCTERMS + name][0].value) for name in ("created", "issued", "modified")
    )
    assert created <= issued <= modified


def test_the_citation_names_the_version(header) -> None:
    citation = header[DCTERMS + "bibliographicCitation"][0].value
    assert f"{BASE}ontology/{VERSION}" in citation
    assert f"version {VERSION}" in citation


def test_rdf1_every_file_is_turtle_with_prefixes() -> None:
    for path in assets.files("ontology", "**/*.ttl"):
        text = path.read_text(encoding="utf-8")
        used = set(re.findall(r"(?<![\w<\"])([a-z]+):\w", re.sub(r'"[^"]*"|<[^>]*>|#.*', "", text)))
        declared = set(re.findall(r"@prefix ([a-z]+):", text))
        assert used <= declared, path.name


def test_voc1_and_voc2_terms_of_well_known_vocabularies_are_used(ontology) -> None:
    for known in (SKOS + "Concept", "http://www.w3.org/ns/org#Organization", DCTERMS + "source"):
        assert NamedNode(known) in ontology


@pytest.mark.parametrize("text", [RDFS + "label", SKOS + "definition"])
def test_voc3_and_voc4_every_term_has_a_label_and_a_description(ontology, text: str) -> None:
    assert [said for said in terms(ontology) if not said.get(text)] == []


def test_find2_a_prefix_that_is_free_to_register_is_stated(header) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]{1,9}", header[VANN + "preferredNamespacePrefix"][0].value)
