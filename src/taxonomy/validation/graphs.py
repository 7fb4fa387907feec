"""Facts and shapes as the engine's own graphs; the shapes in a form that says the same in less than half the time.

The engine looks at every property of a shape, and calls a shape that hangs from another one for each node alone. So the
words for people are left out, and a property shape that hangs from a shape with a target gets that target itself: it
then runs once over all nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

import pyoxigraph
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from taxonomy import assets
from taxonomy.values import from_term

_LONGEST_NUMBER: Final = 60  # characters of a number or a date; longer ones are checked as text
_KEPT: Final = (str(RDF), str(SH))
_FOR_PEOPLE: Final = frozenset({SH.name, SH.description, SH.order})


@cache
def shapes() -> rdflib.Graph:
    """The shapes of a record, as they are run."""
    return for_engine(written())


@cache
def written() -> rdflib.Graph:
    """The shapes of a record, as they stand in their files."""
    quads = (
        quad
        for path in assets.files("shapes", "record/*.ttl")
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    )
    return graph(quad.triple for quad in quads)


def for_engine(shapes: rdflib.Graph) -> rdflib.Graph:
    """Shapes that give the same results, sooner.

    >>> len(for_engine(written())) < len(written())
    True
    """
    lean = rdflib.Graph()
    for node, path, value in shapes:
        if str(path).startswith(_KEPT) and path not in _FOR_PEOPLE:
            lean.add((node, path, value))
    used_elsewhere = {value for _, path, value in lean if path not in {SH.targetClass, RDF.type}}
    for node in set(lean.subjects(SH.targetClass)) - used_elsewhere:
        targets = list(lean.objects(node, SH.targetClass))
        for part in list(lean.objects(node, SH.property)):
            lean.remove((node, SH.property, part))
            for target in targets:
                lean.add((part, SH.targetClass, target))
    return lean


def graph(triples: Iterable[pyoxigraph.Triple]) -> rdflib.Graph:
    """Facts as the engine takes them."""
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
        case pyoxigraph.Literal():
            return rdflib.Literal(term.value, datatype=_datatype(term), normalize=False)
        case _:
            raise TypeError(f"A record cannot hold {term}.")


def _datatype(term: pyoxigraph.Literal) -> rdflib.URIRef | None:
    """The datatype, where the text fits it; else none, so that the engine need not try to read what cannot be read."""
    iri = rdflib.URIRef(term.datatype.value)
    fits = iri == rdflib.XSD.anyURI or (len(term.value) <= _LONGEST_NUMBER and not isinstance(from_term(term), str))
    return iri if fits else None
