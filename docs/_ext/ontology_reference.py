"""A directive that writes the reference of the ontology into the documentation when it is built.

It reads the ontology's own files, so that the reference says what the product reasons with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalogues import definitions, section
from docutils import nodes
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from taxonomy import assets
from taxonomy.namespaces import BASE, DCTERMS, OWL, RDF, RDFS, SKOS, SV, shorten
from taxonomy.reasoning import axioms
from taxonomy.reasoning.wording import Wording

Said = Mapping[str, Sequence[Any]]
KINDS = {OWL + "Class": "class", OWL + "ObjectProperty": "link", OWL + "DatatypeProperty": "value"}


class Ontology(SphinxDirective):
    """Each module with its classes and properties."""

    def run(self) -> list[nodes.Node]:
        """One section for each module, in it one for each term."""
        reference = Reference()
        return [reference.module(path.stem, triples) for path, triples in reference.files.items()]


class Reference:
    """The terms of the ontology, and how they hang together."""

    def __init__(self) -> None:
        self.files = {path: _read(path) for path in assets.files("ontology", "**/*.ttl")}
        concepts = [triple for path in assets.files("data", "vocabularies/*.ttl") for triple in _read(path)]
        whole = [triple for triples in self.files.values() for triple in triples]
        self.said = _by_subject([*whole, *concepts])
        self.axioms = axioms.read(self.files)
        self.rules = dict(self.axioms.definitions)
        self.wording = Wording(self.axioms, whole, self.label)
        self.used: dict[NamedNode, set[str]] = defaultdict(set)
        for term, rule in self.axioms.definitions:
            for name in axioms.names(rule):
                self.used[name].add(shorten(term.value))

    def label(self, iri: str) -> str:
        """What a term or a concept is called."""
        said = self.said[NamedNode(iri)]
        names = [text.value for predicate in (RDFS + "label", SKOS + "prefLabel") for text in said.get(predicate, ())]
        return names[0] if names else shorten(iri)

    def module(self, name: str, triples: Sequence[Triple]) -> nodes.Node:
        """A module's description, then its terms."""
        terms = {t.subject for t in triples if t.predicate.value == RDF + "type" and t.object.value in KINDS}
        ours = sorted((term for term in terms if term.value.startswith(SV)), key=lambda term: term.value)
        header = next(t.subject for t in triples if t.object == NamedNode(OWL + "Ontology"))
        said = self.said[header]
        body: list[nodes.Node] = [nodes.paragraph(text=said[DCTERMS + "description"][0].value)]
        body += [section(shorten(term.value), list(self.term(term))) for term in ours]
        title = said[DCTERMS + "title"][0].value
        return section(f"{title} ({name})", body)

    def term(self, term: NamedNode) -> Iterator[nodes.Node]:
        """What one term means, and what it stands beside."""
        said = self.said[term]
        kind = next(KINDS[each.value] for each in said[RDF + "type"] if each.value in KINDS)
        yield nodes.paragraph(text=f"{self.label(term.value)} ({kind}). {said[SKOS + 'definition'][0].value}")
        rule = f"{self.wording.noun(self.rules[term])}." if term in self.rules else ""

        def named(predicate: str) -> str:
            return ", ".join(sorted(map(_name, said.get(predicate, ()))))

        yield definitions(
            ("Defined as", rule),
            ("Note", named(SKOS + "scopeNote")),
            ("Example", named(SKOS + "example")),
            ("Also called", named(SKOS + "altLabel")),
            ("Narrower than", named(RDFS + "subClassOf") or named(RDFS + "subPropertyOf")),
            ("Leads from", named(RDFS + "domain") or self.inherited(term, RDFS + "domain")),
            ("Leads to", named(RDFS + "range") or self.inherited(term, RDFS + "range")),
            ("Used in the definitions of", ", ".join(sorted(self.used[term]))),
            ("Source", named(DCTERMS + "source")),
        )

    def inherited(self, term: NamedNode, predicate: str) -> str:
        """What a wider property is said of or leads to, and so this one too; with the name of the wider one."""
        for wider in self.said[term].get(RDFS + "subPropertyOf", ()):
            said = self.said.get(wider, {})
            if names := ", ".join(sorted(map(_name, said.get(predicate, ())))):
                return f"{names} (as {_name(wider)})"
            if isinstance(wider, NamedNode) and (names := self.inherited(wider, predicate)):
                return names
        return ""


def _read(path: Any) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


def _by_subject(triples: Sequence[Triple]) -> Mapping[Any, Said]:
    found: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        found[triple.subject][triple.predicate.value].append(triple.object)
    return found


def _name(term: object) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value).removeprefix(f"{BASE}id/")
    return term.value if isinstance(term, Literal) else "a class without a name"


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("svssv-ontology", Ontology)
    return {"parallel_read_safe": True}
