"""The axioms that rules can follow, read from ontology files.

The language is small on purpose. A definition is built from named classes, ``and``, ``or``, ``some``, ``value``, an
integer facet and an inverse; around it stand named superclasses, named domains and ranges, superproperties, inverses,
chains, symmetry and transitivity. Each of these only ever adds facts about things already named, so the rules find all
that a complete reasoner finds. Whatever would need more (``only``, ``not``, counting, identity) is refused by name.
Disjointness adds no fact, so it is passed over here and left to the reasoner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from taxonomy.errors import CurationError
from taxonomy.namespaces import OWL, RDF, RDFS, XSD, shorten

RdfTerm: TypeAlias = NamedNode | BlankNode | Literal | Triple

TYPE: Final = NamedNode(RDF + "type")
INTEGER: Final = NamedNode(XSD + "integer")
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_AND, _OR = NamedNode(OWL + "intersectionOf"), NamedNode(OWL + "unionOf")
_ON_PROPERTY, _INVERSE = NamedNode(OWL + "onProperty"), NamedNode(OWL + "inverseOf")
_SOME, _VALUE = NamedNode(OWL + "someValuesFrom"), NamedNode(OWL + "hasValue")
_ON_DATATYPE, _WITH = NamedNode(OWL + "onDatatype"), NamedNode(OWL + "withRestrictions")
_SUBCLASS, _EQUIVALENT = NamedNode(RDFS + "subClassOf"), NamedNode(OWL + "equivalentClass")
_SUBPROPERTY, _SAME_PROPERTY = NamedNode(RDFS + "subPropertyOf"), NamedNode(OWL + "equivalentProperty")
_CHAIN, _DOMAIN, _RANGE = NamedNode(OWL + "propertyChainAxiom"), NamedNode(RDFS + "domain"), NamedNode(RDFS + "range")
_DATATYPE_PROPERTY = NamedNode(OWL + "DatatypeProperty")
_SYMMETRIC, _TRANSITIVE = NamedNode(OWL + "SymmetricProperty"), NamedNode(OWL + "TransitiveProperty")

_LIMITS: Final = {  # facet: (is it a lower limit, what to add so that it is inclusive)
    NamedNode(XSD + "minInclusive"): (True, 0),
    NamedNode(XSD + "minExclusive"): (True, 1),
    NamedNode(XSD + "maxInclusive"): (False, 0),
    NamedNode(XSD + "maxExclusive"): (False, -1),
}
_BEYOND_RULES: Final = tuple(  # axioms from which facts follow that these rules do not find
    NamedNode(OWL + name)
    for name in (
        "FunctionalProperty",
        "InverseFunctionalProperty",
        "ReflexiveProperty",
        "disjointUnionOf",
        "hasKey",
        "sameAs",
    )
)


@dataclass(frozen=True, slots=True)
class Property:
    """A property as walked: forwards, or from object to subject."""

    iri: NamedNode
    inverse: bool = False

    def turned(self) -> Property:
        """The same property walked the other way."""
        return Property(self.iri, not self.inverse)


@dataclass(frozen=True, slots=True)
class Named:
    """The members of a named class."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class And:
    """What is in all of the parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What is in any of the parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """What a property leads from to something of a kind."""

    path: Property
    filler: Expression


@dataclass(frozen=True, slots=True)
class Value:
    """What a property leads from to one named thing."""

    path: Property
    value: NamedNode


@dataclass(frozen=True, slots=True)
class Facet:
    """What has a whole number within limits, both inclusive; ``None`` is no limit."""

    iri: NamedNode
    low: int | None
    high: int | None


Expression: TypeAlias = Named | And | Or | Some | Value | Facet


@dataclass(slots=True)
class Axioms:
    """All that the rules follow. Filled file by file, then only read."""

    superclasses: list[tuple[NamedNode, NamedNode]] = field(default_factory=list)
    definitions: list[tuple[NamedNode, Expression]] = field(default_factory=list)
    superproperties: list[tuple[NamedNode, Property]] = field(default_factory=list)
    chains: list[tuple[tuple[Property, ...], NamedNode]] = field(default_factory=list)
    domains: list[tuple[NamedNode, NamedNode]] = field(default_factory=list)
    ranges: list[tuple[NamedNode, NamedNode]] = field(default_factory=list)


def read(paths: Iterable[Path]) -> Axioms:
    """The axioms of some Turtle files.

    >>> from taxonomy import assets
    >>> axioms = read(assets.files("ontology", "**/*.ttl"))
    >>> any(shorten(term.value) == "sv:ISVAService" for term, _ in axioms.definitions)
    True

    Raises:
        CurationError: a file is not Turtle, or holds an axiom that rules cannot follow; names the file and the term.
    """
    axioms = Axioms()
    for path in paths:
        try:
            said = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
        except (SyntaxError, OSError) as error:
            raise CurationError(path, str(error)) from error
        _Said(path, said).add_to(axioms)
    return axioms


def of(triples: Iterable[Triple], where: Path | str) -> Axioms:
    """The axioms that some triples state; ``where`` is what an error names.

    Raises:
        CurationError: they hold an axiom that rules cannot follow; names the place and the term.
    """
    axioms = Axioms()
    _Said(where, triples).add_to(axioms)
    return axioms


class _Said:
    """What one place says, as subjects with their properties."""

    def __init__(self, where: Path | str, triples: Iterable[Triple]) -> None:
        self.where = where
        self.nodes: dict[RdfTerm, dict[NamedNode, list[RdfTerm]]] = {}
        for triple in triples:
            self.nodes.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)

    def add_to(self, axioms: Axioms) -> None:
        for term, statements in self.nodes.items():
            if isinstance(term, NamedNode):
                self._refuse_what_is_beyond_rules(term, statements)
                self._classes(term, statements, axioms)
                self._properties(term, statements, axioms)

    def _classes(self, term: NamedNode, statements: dict[NamedNode, list[RdfTerm]], axioms: Axioms) -> None:
        for parent in statements.get(_SUBCLASS, ()):
            axioms.superclasses.append((term, self._named(term, parent, "superclass")))
        for other in statements.get(_EQUIVALENT, ()):
            expression = self._expression(term, other)
            axioms.definitions.append((term, expression))
            parts = expression.parts if isinstance(expression, And) else (expression,)
            axioms.superclasses.extend((term, part.iri) for part in parts if isinstance(part, Named))

    def _properties(self, term: NamedNode, statements: dict[NamedNode, list[RdfTerm]], axioms: Axioms) -> None:
        supers, kinds = axioms.superproperties, statements.get(TYPE, ())
        for parent in statements.get(_SUBPROPERTY, ()):
            supers.append((term, Property(self._named(term, parent, "superproperty"))))
        for same in statements.get(_SAME_PROPERTY, ()):
            other = self._named(term, same, "equivalent property")
            supers += [(term, Property(other)), (other, Property(term))]
        for opposite in statements.get(_INVERSE, ()):
            other = self._named(term, opposite, "inverse")
            supers += [(term, Property(other, inverse=True)), (other, Property(term, inverse=True))]
        if _SYMMETRIC in kinds:
            supers.append((term, Property(term, inverse=True)))
        if _TRANSITIVE in kinds:
            axioms.chains.append(((Property(term), Property(term)), term))
        for chain in statements.get(_CHAIN, ()):
            axioms.chains.append((tuple(self._property(term, step) for step in self._list(term, chain)), term))
        for domain in statements.get(_DOMAIN, ()):
            axioms.domains.append((term, self._named(term, domain, "domain")))
        if _DATATYPE_PROPERTY not in kinds:  # the range of figures and texts says nothing about a thing
            for kind in statements.get(_RANGE, ()):
                axioms.ranges.append((term, self._named(term, kind, "range")))

    def _refuse_what_is_beyond_rules(self, term: NamedNode, statements: dict[NamedNode, list[RdfTerm]]) -> None:
        for axiom in _BEYOND_RULES:
            if axiom in statements or axiom in statements.get(TYPE, ()):
                raise self._refusal(term, f"{shorten(axiom.value)} is not among the axioms that rules follow.")

    def _expression(self, term: NamedNode, node: RdfTerm) -> Expression:
        if isinstance(node, NamedNode):
            return Named(node)
        said = self.nodes.get(node, {})
        builders: tuple[tuple[NamedNode, Callable[[RdfTerm], Expression]], ...] = (
            (_AND, lambda found: And(tuple(self._expression(term, part) for part in self._list(term, found)))),
            (_OR, lambda found: Or(tuple(self._expression(term, part) for part in self._list(term, found)))),
            (_SOME, lambda found: self._some(term, said, found)),
            (_VALUE, lambda found: Value(self._on(term, said), self._named(term, found, "value"))),
        )
        for predicate, build in builders:
            if predicate in said:
                return build(said[predicate][0])
        used = ", ".join(sorted(shorten(name.value) for name in said if name not in (TYPE, _ON_PROPERTY)))
        raise self._refusal(term, f"{used or 'A literal'} is not in the language of definitions.")

    def _some(self, term: NamedNode, said: dict[NamedNode, list[RdfTerm]], filler: RdfTerm) -> Some | Facet:
        path, limits = self._on(term, said), self.nodes.get(filler, {})
        if _WITH not in limits:
            return Some(path, self._expression(term, filler))
        if path.inverse or limits.get(_ON_DATATYPE) != [INTEGER]:
            raise self._refusal(term, "A facet belongs to a property whose values are whole numbers (xsd:integer).")
        low: list[int] = []
        high: list[int] = []
        for facet in self._list(term, limits[_WITH][0]):
            for kind, values in self.nodes[facet].items():
                value = values[0]
                if kind not in _LIMITS or not isinstance(value, Literal) or value.datatype != INTEGER:
                    raise self._refusal(term, f"The facet {shorten(kind.value)} is not a limit on whole numbers.")
                lower, shift = _LIMITS[kind]
                (low if lower else high).append(int(value.value) + shift)
        return Facet(path.iri, max(low, default=None), min(high, default=None))

    def _on(self, term: NamedNode, said: dict[NamedNode, list[RdfTerm]]) -> Property:
        if _ON_PROPERTY not in said:
            raise self._refusal(term, "A restriction names no property.")
        return self._property(term, said[_ON_PROPERTY][0])

    def _property(self, term: NamedNode, node: RdfTerm) -> Property:
        if isinstance(node, NamedNode):
            return Property(node)
        inverse = self.nodes.get(node, {}).get(_INVERSE)
        if not inverse:
            raise self._refusal(term, "A property is neither a name nor the inverse of one.")
        return self._property(term, inverse[0]).turned()

    def _named(self, term: NamedNode, node: RdfTerm, role: str) -> NamedNode:
        if not isinstance(node, NamedNode):
            raise self._refusal(term, f"Its {role} is not a name, and rules follow names only.")
        return node

    def _list(self, term: NamedNode, node: RdfTerm) -> Iterator[RdfTerm]:
        while node != _NIL:
            cell = self.nodes.get(node, {})
            if not {_FIRST, _REST} <= cell.keys():
                raise self._refusal(term, "A list is broken off.")
            yield cell[_FIRST][0]
            node = cell[_REST][0]

    def _refusal(self, term: NamedNode, detail: str) -> CurationError:
        return CurationError(self.where, f"{shorten(term.value)}: {detail}")


def names(expression: Expression) -> Iterator[NamedNode]:
    """Every class, property and thing that an expression names.

    >>> [shorten(iri.value) for iri in names(Some(Property(TYPE), Named(INTEGER)))]
    ['rdf:type', 'xsd:integer']
    """
    match expression:
        case Named(iri) | Facet(iri):
            yield iri
        case And(parts) | Or(parts):
            for part in parts:
                yield from names(part)
        case Some(path, filler):
            yield path.iri
            yield from names(filler)
        case Value(path, value):
            yield from (path.iri, value)
