"""The JSON-LD context of a record: short names for what a record may hold, made from the shapes and the ontology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

import pyoxigraph

from taxonomy import assets, fields, namespaces
from taxonomy.namespaces import BASE, CONCEPT, ID, OWL, PREFIXES, RDF, RDFS, SV, XSD
from taxonomy.values import Iri

RECORD: Final = BASE + "context"  # its address, by which a file names it
Term = str | dict[str, str]

_TYPES: Final[Mapping[str, str]] = {
    "integer": XSD + "integer",
    "decimal": XSD + "decimal",
    "date": XSD + "date",
    "boolean": XSD + "boolean",
    "address": XSD + "anyURI",
}


@cache
def bundled() -> Mapping[str, Mapping[str, Term]]:
    """Every context that a file may name, by its address; no other is ever fetched.

    >>> bundled()[RECORD]["minimumAge"]
    {'@id': 'https://w3id.org/svssv/ontology#minimumAge', '@type': 'http://www.w3.org/2001/XMLSchema#integer'}
    >>> bundled()[RECORD]["Grant"]
    'https://w3id.org/svssv/ontology#Grant'
    """
    said = _ontology()
    kinds = {field.path: field.kind for field in fields.fields()}
    terms: dict[str, Term] = {"id": "@id", "type": "@type", **PREFIXES, "concept": CONCEPT, "thing": ID}
    for one in sorted(_described(said)):
        terms[one.slug] = str(one)
    allowed = frozenset().union(*map(fields.allowed, fields.classes())) - {fields.TYPE}
    for path in sorted(allowed, key=lambda path: (not path.startswith(SV), path)):
        name = namespaces.shorten(path) if path.slug in terms else path.slug  # of two of one name, ours has it
        terms[name] = _term(path, kinds.get(path), said[path])
    return {RECORD: terms}


def _term(path: Iri, kind: fields.Kind | None, said: Mapping[str, set[str]]) -> Term:
    """What a property stands for, with the type or language that its values have where they say none."""
    if OWL + "ObjectProperty" in said[RDF + "type"]:
        return {"@id": path, "@type": "@id"}
    if kind is not None and kind in _TYPES:
        return {"@id": path, "@type": _TYPES[kind]}
    if kind == "prose":
        return {"@id": path, "@language": "en"}
    typed = next((each for each in sorted(said[RDFS + "range"]) if each.startswith(XSD) and each != XSD + "string"), "")
    return {"@id": path, "@type": typed} if typed else str(path)


def _described(said: Mapping[str, Mapping[str, set[str]]]) -> set[Iri]:
    """The classes of things that a record may describe, and the narrower ones."""
    found, new = set(fields.classes()), set(fields.classes())
    while new:
        new = {Iri(one) for one, its in said.items() if its[RDFS + "subClassOf"] & new} - found
        found |= new
    return found


def _ontology() -> Mapping[str, Mapping[str, set[str]]]:
    said: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in assets.files("ontology", "**/*.ttl"):
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            if isinstance(quad.subject, pyoxigraph.NamedNode) and isinstance(quad.object, pyoxigraph.NamedNode):
                said[quad.subject.value][quad.predicate.value].add(quad.object.value)
    return said
