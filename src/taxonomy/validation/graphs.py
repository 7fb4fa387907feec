"""Facts and shapes as graphs that the engines take.

Engines look at every property of a shape, so the words for people are left out. pySHACL also calls a shape that hangs
from another one for each node alone; for it, a property shape that hangs from a shape with a target gets that target
itself, and then runs once over all nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import pyoxigraph
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from taxonomy import assets
from taxonomy.namespaces import XSD
from taxonomy.values import from_term

_LONGEST_NUMBER: Final = 60  # characters of a number or a date; longer ones are checked as text
_TEXT: Final = XSD + "string"
_KEPT: Final = (str(RDF), str(SH))
_FOR_PEOPLE: Final = frozenset(map(str, (SH.name, SH.description, SH.order)))


@cache
def shapes() -> rdflib.Graph:
    """The shapes of a record, as pySHACL runs them."""
    return targeted(lean())


@cache
def lean() -> rdflib.Graph:
    """The shapes of a record, without the words for people.

    >>> len(lean()) < len(written())
    True
    """
    return graph(
        triple
        for triple in _read()
        if triple.predicate.value.startswith(_KEPT) and triple.predicate.value not in _FOR_PEOPLE
    )


@cache
def written() -> rdflib.Graph:
    """The shapes of a record, as they stand in their files."""
    return graph(_read())


def _read() -> Iterator[pyoxigraph.Triple]:
    for path in assets.files("shapes", "record/*.ttl"):
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            yield quad.triple


def targeted(shapes: rdflib.Graph) -> rdflib.Graph:
    """Shapes that give the same results, sooner: each part of a shape with a target has that target itself."""
    flat = rdflib.Graph()
    flat += shapes
    used_elsewhere = {value for _, path, value in flat if path not in {SH.targetClass, RDF.type}}
    for node in set(flat.subjects(SH.targetClass)) - used_elsewhere:
        targets = list(flat.objects(node, SH.targetClass))
        for part in list(flat.objects(node, SH.property)):
            flat.remove((node, SH.property, part))
            for target in targets:
                flat.add((part, SH.targetClass, target))
    return flat


def plain(triple: pyoxigraph.Triple) -> pyoxigraph.Triple:
    """A fact as every engine can read it: where a text does not fit its datatype, it is text and no more.

    Each engine has its own mind about what cannot be read; with the datatype gone, all agree that it is missing.

    >>> seven = pyoxigraph.Literal("seven", datatype=pyoxigraph.NamedNode(XSD + "integer"))
    >>> str(plain(pyoxigraph.Triple(pyoxigraph.NamedNode("x:a"), pyoxigraph.NamedNode("x:age"), seven)).object)
    '"seven"'
    """
    term = triple.object
    if not isinstance(term, pyoxigraph.Literal) or term.language or term.datatype.value == _TEXT or _fits(term):
        return triple
    return pyoxigraph.Triple(triple.subject, triple.predicate, pyoxigraph.Literal(term.value))


def graph(triples: Iterable[pyoxigraph.Triple]) -> rdflib.Graph:
    """Facts or shapes as rdflib holds them."""
    made = rdflib.Graph()
    for triple in triples:
        made.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    return made


def _node(
    term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple,
) -> Node:
    match term:
        case pyoxigraph.NamedNode():
            return rdflib.URIRef(term.value)
        case pyoxigraph.BlankNode():
            return rdflib.BNode(term.value)
        case pyoxigraph.Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case pyoxigraph.Literal() if term.datatype.value == _TEXT:
            return rdflib.Literal(term.value)
        case pyoxigraph.Literal():
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
        case _:
            raise TypeError(f"A record cannot hold {term}.")


def _fits(term: pyoxigraph.Literal) -> bool:
    if term.datatype.value == XSD + "anyURI":
        return True
    return len(term.value) <= _LONGEST_NUMBER and not isinstance(from_term(term), str)
