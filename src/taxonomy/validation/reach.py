"""Which properties shapes walk backwards: through these, a fact of one record could change what is found in another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from taxonomy.validation import graphs
from taxonomy.values import Iri

_LEAD_ON: Final = frozenset({SH.property, SH.node, SH["not"], SH.qualifiedValueShape, RDF.first})


@cache
def backwards() -> frozenset[Iri]:
    """The properties that the shapes of a record walk backwards.

    >>> Iri("https://w3id.org/svssv/ontology#recordOf") in backwards()
    True
    """
    return backwards_in(graphs.lean())


def backwards_in(shapes: rdflib.Graph) -> frozenset[Iri]:
    """The properties that some shapes walk from object to subject, save from the very thing that a shape is for.

    That first step is left out: it begins at a thing that the record describes, and what a record describes no other
    one may mention.
    """
    found: set[Iri] = set()
    for shape, path in shapes.subject_objects(SH.path):
        first, later = _steps(shapes, path)
        found |= later if _only_at_targets(shapes, shape) else first | later
    return frozenset(found)


def _only_at_targets(shapes: rdflib.Graph, shape: Node) -> bool:
    """Whether a shape is asked of things with a target class alone: its own, or that of the shape it hangs from."""
    above = [(node, path) for node, path in shapes.subject_predicates(shape) if path in _LEAD_ON]
    if not above:
        return True
    return all(
        path == SH.property
        and (node, SH.targetClass, None) in shapes
        and not any(each in _LEAD_ON for each in shapes.predicates(None, node))
        for node, path in above
    )


def _steps(shapes: rdflib.Graph, path: Node) -> tuple[set[Iri], set[Iri]]:
    """The properties that a path walks backwards: in its first step, and in later ones."""
    if isinstance(path, rdflib.URIRef):
        return set(), set()
    if inverse := shapes.value(path, SH.inversePath):
        names = set(map(Iri, _names_in(shapes, inverse)))
        return (names, set()) if isinstance(inverse, rdflib.URIRef) else (set(), names)
    if (path, RDF.first, None) in shapes:
        begin, *others = Collection(shapes, path)
        first, later = _steps(shapes, begin)
        return first, later.union(*(_inverses_in(shapes, each) for each in others))
    if choices := shapes.value(path, SH.alternativePath):
        some = [_steps(shapes, each) for each in Collection(shapes, choices)]
        return set().union(*(first for first, _ in some)), set().union(*(later for _, later in some))
    return set(), set(_inverses_in(shapes, path))  # a step that is repeated, or left out


def _inverses_in(shapes: rdflib.Graph, path: Node) -> Iterator[Iri]:
    """Every property that may be walked backwards anywhere in a path, and more rather than less."""
    if isinstance(path, rdflib.URIRef):
        return
    for kind, inside in shapes.predicate_objects(path):
        if kind == SH.inversePath:
            yield from map(Iri, _names_in(shapes, inside))
        elif not isinstance(inside, rdflib.URIRef):
            yield from _inverses_in(shapes, inside)


def _names_in(shapes: rdflib.Graph, path: Node) -> Iterator[Node]:
    if isinstance(path, rdflib.URIRef):
        yield path
        return
    for inside in shapes.objects(path, None):
        yield from _names_in(shapes, inside)
