"""The shapes of records as a table of what they say, for those who read a description of fields in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

import pyoxigraph

from taxonomy import assets
from taxonomy.namespaces import RDF, SH
from taxonomy.values import Iri

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple


class Shapes:
    """The shapes as a table of what is said of each node, in the order of the files."""

    def __init__(self, triples: Iterable[pyoxigraph.Triple]) -> None:
        self._said: defaultdict[Term, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self._said[triple.subject][triple.predicate.value].append(triple.object)

    def nodes(self) -> tuple[Term, ...]:
        """Everything that something is said of."""
        return tuple(self._said)

    def all(self, node: Term, iri: str) -> list[Term]:
        """All values of a property, in the order of the file."""
        return self._said[node][iri] if node in self._said else []

    def objects(self, node: Term) -> list[pyoxigraph.NamedNode]:
        """Every IRI that something says of a node."""
        values = (value for each in self._said[node].values() for value in each)
        return [value for value in values if isinstance(value, pyoxigraph.NamedNode)]

    def below(self, node: Term) -> set[Term]:
        """Everything that a shape leads to by the words of SHACL, the shape too."""
        found, waiting = {node}, [node]
        while waiting:
            said: Mapping[str, list[Term]] = self._said.get(waiting.pop(), {})
            new = {value for iri, values in said.items() if iri.startswith((SH, RDF)) for value in values} - found
            found |= new
            waiting += new
        return found

    def one(self, node: Term, iri: str) -> str | None:
        """The text or IRI of a property that is given once."""
        return next(iter(self.texts(node, iri)), None)

    def texts(self, node: Term, iri: str) -> list[str]:
        """The texts and IRIs of a property, in the order of the file."""
        return [value.value for value in self.all(node, iri) if not isinstance(value, pyoxigraph.Triple)]

    def members(self, node: Term) -> tuple[Iri, ...]:
        """The members of an RDF list of IRIs."""
        found: list[Iri] = []
        while first := self.one(node, RDF + "first"):
            found.append(Iri(first))
            node = self.all(node, RDF + "rest")[0]
        return tuple(found)


@cache
def shapes() -> Shapes:
    """The record shapes of this installation."""
    return Shapes(
        triple.triple
        for path in assets.files("shapes", "record/*.ttl")
        for triple in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
    )
