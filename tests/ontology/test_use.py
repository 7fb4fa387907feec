"""Every name that files use is a name that is declared, and is used as what it is."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from taxonomy import assets
from taxonomy.namespaces import CONCEPT, OWL, RDF, RDFS, SKOS, SV, shorten

OBJECT, DATATYPE = NamedNode(OWL + "ObjectProperty"), NamedNode(OWL + "DatatypeProperty")


def declared(ontology) -> set[str]:
    return {term.value for term, said in ontology.items() if isinstance(term, NamedNode) and said[RDF + "type"]}


def test_data_and_shapes_use_declared_terms_only(ontology, facts) -> None:
    known = declared(ontology)
    unknown = {
        f"{shorten(node.value)} in {path.name}"
        for path, quads in facts.items()
        for quad in quads
        for node in (quad.predicate, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(SV) and node.value not in known
    }
    assert unknown == set()


def test_queries_use_declared_terms_only(ontology) -> None:
    known = {iri.removeprefix(SV) for iri in declared(ontology)}
    unknown = {
        f"sv:{name} in {path.name}"
        for path in assets.files("queries", "**/*.rq")
        for name in re.findall(r"(?<![\w-])sv:([A-Za-z]\w*)", path.read_text(encoding="utf-8"))
        if name not in known
    }
    assert unknown == set()


def test_code_uses_declared_terms_only(ontology) -> None:
    known = {iri.removeprefix(SV) for iri in declared(ontology)}
    unknown = {
        f"sv:{name} in {path.name}"
        for path in sorted((assets.root() / "src").rglob("*.py"))
        for name in re.findall(r"\bSV ?\+ ?\"(\w+)\"", path.read_text(encoding="utf-8"))
        if name not in known
    }
    assert unknown == set()


def test_every_concept_that_is_named_is_in_its_vocabulary(vocabularies, facts) -> None:
    known = {term for said in vocabularies.values() for term in said}
    named = {
        node: path.name
        for path, quads in facts.items()
        for quad in quads
        for node in (quad.subject, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(CONCEPT)
    }
    assert {f"{node.value} in {name}" for node, name in named.items() if node not in known} == set()


def test_every_concept_in_a_query_is_in_its_vocabulary(vocabularies) -> None:
    known = {term.value for said in vocabularies.values() for term in said}
    named = {
        (match, path.name)
        for path in assets.files("queries", "**/*.rq")
        for match in re.findall(rf"<({re.escape(CONCEPT)}[\w/-]+[\w-])>", path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in named if pair[0] not in known} == set()


def test_every_concept_in_a_definition_is_in_its_vocabulary(ontology, vocabularies) -> None:
    known = {term for said in vocabularies.values() for term in said}
    named = {node for said in ontology.values() for node in said[OWL + "hasValue"]}
    assert named - known == set()


def test_links_lead_to_things_and_figures_and_texts_are_values(ontology, facts) -> None:
    wrong = set()
    for path, quads in facts.items():
        for quad in quads if path.is_relative_to(assets.folder("data")) else []:
            kind = ontology[quad.predicate][RDF + "type"] if quad.predicate in ontology else []
            literal = isinstance(quad.object, Literal)
            if (OBJECT in kind and literal) or (DATATYPE in kind and not literal):
                wrong.add(f"{shorten(quad.predicate.value)} in {path.name}")
    assert wrong == set()


def test_outside_terms_that_data_use_are_declared(ontology, facts) -> None:
    known = declared(ontology)
    builtin = {RDF + "type", OWL + "differentFrom", *(RDFS + name for name in ("label", "seeAlso", "comment"))}
    used = {
        quad.predicate.value
        for path, quads in facts.items()
        if path.is_relative_to(assets.folder("data"))
        and not path.is_relative_to(assets.folder("data") / "support")  # which no release holds
        for quad in quads
    }
    assert {shorten(iri) for iri in used - known - builtin} == set()


def test_a_position_orders_the_stages_of_a_pathway(vocabularies) -> None:
    said = vocabularies["pathway-stage"]
    placed = [facts[SV + "position"][0].value for facts in said.values() if facts[SV + "position"]]
    assert len(placed) == len(set(placed)) == sum(bool(f[SKOS + "inScheme"]) for f in said.values()) - 1
