"""Rules compiled from the ontology's axioms: facts in, what follows from them out.

The rules run in two floors. First the properties: superproperties, inverses and chains, worked off pair by pair.
Then the kinds: domains, ranges, superclasses and definitions, each definition evaluated from the inside out to the set
of things that fit it, again and again until nothing new comes. A release is small enough for this to take well under
a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from taxonomy.namespaces import XSD
from taxonomy.reasoning import axioms
from taxonomy.reasoning.axioms import TYPE, And, Expression, Facet, Named, Or, Property, RdfTerm, Some, Value

Thing: TypeAlias = NamedNode | BlankNode
Things: TypeAlias = frozenset[Thing] | set[Thing]
_V = TypeVar("_V")

_INTEGER_TYPES: Final = frozenset(  # decimals are among them, since 12.0 and 12 are one number
    XSD + name
    for name in (
        *("decimal", "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
    )
)


class Rules:
    """The rules of one ontology, compiled once and used on any number of graphs."""

    def __init__(self, said: axioms.Axioms) -> None:
        self.axioms = said
        self._above: Mapping[NamedNode, tuple[Property, ...]] = grouped(said.superproperties)
        self._steps: dict[NamedNode, list[tuple[tuple[Property, ...], int, NamedNode]]] = defaultdict(list)
        for chain, whole in said.chains:
            for position, step in enumerate(chain):
                self._steps[step.iri].append((chain, position, whole))
        self._parents: Mapping[NamedNode, tuple[NamedNode, ...]] = grouped(said.superclasses)
        self._domains: Mapping[NamedNode, tuple[NamedNode, ...]] = grouped(said.domains)
        self._ranges: Mapping[NamedNode, tuple[NamedNode, ...]] = grouped(said.ranges)
        self._definitions = tuple(said.definitions)
        self._used = {*self._above, *self._steps, *self._domains, *self._ranges}
        self._used.update(above.iri for _, above in said.superproperties)
        self._used.update(whole for _, whole in said.chains)
        self._used.update(name for _, definition in said.definitions for name in axioms.names(definition))

    @classmethod
    def from_files(cls, paths: Iterable[Path]) -> Rules:
        """Rules from the Turtle files of an ontology.

        >>> from taxonomy import assets
        >>> len(Rules.from_files(assets.files("ontology", "**/*.ttl")).defined) >= 20
        True

        Raises:
            CurationError: an axiom is outside the language that rules follow; names the file and the term.
        """
        return cls(axioms.read(paths))

    @property
    def defined(self) -> frozenset[NamedNode]:
        """The classes with a definition: nobody states them, they follow."""
        return frozenset(term for term, _ in self._definitions)

    def properties_of(self, classes: Iterable[NamedNode]) -> frozenset[NamedNode]:
        """The properties on which it can depend whether a thing is of one of these classes, by their definitions."""
        found, waiting = set[NamedNode](), set(classes)
        while waiting:
            found |= waiting
            named = {name for term, said in self._definitions if term in waiting for name in axioms.names(said)}
            narrower = {below for below, above in self.axioms.superproperties if above.iri in waiting}
            steps = {step.iri for chain, whole in self.axioms.chains if whole in waiting for step in chain}
            waiting = (named | narrower | steps) - found
        return frozenset(found)

    def facts(self, triples: Iterable[Triple]) -> Facts:
        """The part of some triples that rules look at, by property and by kind."""
        return Facts(triples, self._used)

    def infer(self, triples: Iterable[Triple]) -> set[Triple]:
        """What follows from some facts, without the facts themselves.

        >>> from taxonomy import assets
        >>> from taxonomy.namespaces import ID, SV
        >>> rules = Rules.from_files(assets.files("ontology", "**/*.ttl"))
        >>> service, charity = NamedNode(ID + "service/made-up"), NamedNode(ID + "organisation/made-up")
        >>> found = rules.infer([Triple(service, NamedNode(SV + "leadProvider"), charity)])
        >>> Triple(charity, TYPE, NamedNode(SV + "LeadProvider")) in found
        True
        """
        facts = self.facts(triples)
        given = {kind: frozenset(things) for kind, things in facts.kinds.items()}
        found = {Triple(s, p, o) for p, s, o in self._follow_properties(facts)}
        self._follow_kinds(facts)
        for kind, things in facts.kinds.items():
            found.update(Triple(thing, TYPE, kind) for thing in things - given.get(kind, frozenset()))
        return found

    def _follow_properties(self, facts: Facts) -> list[_Fact]:
        waiting = [(p, s, o) for p, subjects in facts.out.items() for s, objects in subjects.items() for o in objects]
        found: list[_Fact] = []
        while waiting:
            new = [fact for fact in self._from_one(facts, *waiting.pop()) if facts.add(*fact)]
            waiting += new
            found += new
        return found

    def _from_one(self, facts: Facts, predicate: NamedNode, subject: Thing, obj: RdfTerm) -> Iterator[_Fact]:
        for above in self._above.get(predicate, ()):
            if not above.inverse:
                yield above.iri, subject, obj
            elif isinstance(obj, Thing):
                yield above.iri, obj, subject
        for chain, position, whole in self._steps.get(predicate, ()):
            first, last = (obj, subject) if chain[position].inverse else (subject, obj)
            starts: set[RdfTerm] = {first}
            for step in reversed(chain[:position]):
                starts = facts.walk(starts, step.turned())
            ends: set[RdfTerm] = {last}
            for step in chain[position + 1 :]:
                ends = facts.walk(ends, step)
            yield from ((whole, start, end) for start in starts for end in ends if isinstance(start, Thing))

    def _follow_kinds(self, facts: Facts) -> None:
        for predicate, subjects in facts.out.items():
            for kind in self._domains.get(predicate, ()):
                facts.kinds[kind].update(subjects)
            for kind in self._ranges.get(predicate, ()):
                facts.kinds[kind].update(thing for thing in facts.into[predicate] if isinstance(thing, Thing))
        before = -1
        while (now := sum(map(len, facts.kinds.values()))) != before:
            before = now
            self._lift(facts)
            for term, definition in self._definitions:
                facts.kinds[term] |= facts.fitting(definition)

    def _lift(self, facts: Facts) -> None:
        waiting = [kind for kind, things in facts.kinds.items() if things and kind in self._parents]
        while waiting:
            kind = waiting.pop()
            for parent in self._parents.get(kind, ()):
                if not facts.kinds[kind] <= facts.kinds[parent]:
                    facts.kinds[parent] |= facts.kinds[kind]
                    waiting.append(parent)


_Fact: TypeAlias = tuple[NamedNode, Thing, RdfTerm]


class Facts:
    """Facts by property, both ways, and things by kind."""

    def __init__(self, triples: Iterable[Triple], wanted: Container[NamedNode]) -> None:
        self.out: defaultdict[NamedNode, dict[Thing, set[RdfTerm]]] = defaultdict(dict)
        self.into: defaultdict[NamedNode, dict[RdfTerm, set[Thing]]] = defaultdict(dict)
        self.kinds: defaultdict[NamedNode, set[Thing]] = defaultdict(set)
        for triple in triples:
            if isinstance(triple.subject, Thing):
                if triple.predicate in wanted:
                    self.add(triple.predicate, triple.subject, triple.object)
                elif triple.predicate == TYPE and isinstance(triple.object, NamedNode):
                    self.kinds[triple.object].add(triple.subject)

    def add(self, predicate: NamedNode, subject: Thing, obj: RdfTerm) -> bool:
        """Add a fact; whether it is new."""
        objects = self.out[predicate].setdefault(subject, set())
        if obj in objects:
            return False
        objects.add(obj)
        self.into[predicate].setdefault(obj, set()).add(subject)
        return True

    def walk(self, things: set[RdfTerm], step: Property) -> set[RdfTerm]:
        """Where a step leads from some things."""
        ways: Mapping[RdfTerm, Iterable[RdfTerm]] = (self.into if step.inverse else self.out).get(step.iri, {})  # type: ignore[assignment]  # two maps of the same shape, of which one has narrower keys
        return {end for thing in things for end in ways.get(thing, ())}

    def fitting(self, expression: Expression) -> Things:
        """The things that fit an expression, by what is known so far."""
        match expression:
            case Named(iri):
                return self.kinds.get(iri, frozenset())
            case And(parts):
                return frozenset.intersection(*(frozenset(self.fitting(part)) for part in parts))
            case Or(parts):
                return frozenset[Thing]().union(*(self.fitting(part) for part in parts))
            case Some(path, filler):
                return self._things(self.walk(set(self.fitting(filler)), path.turned()))
            case Value(path, value):
                return self._things(self.walk({value}, path.turned()))
            case Facet(iri, low, high):
                return {s for s, values in self.out.get(iri, {}).items() if any(within(v, low, high) for v in values)}

    @staticmethod
    def _things(nodes: set[RdfTerm]) -> Things:
        return {node for node in nodes if isinstance(node, Thing)}


def within(value: RdfTerm, low: int | None, high: int | None) -> bool:
    """Whether a value is a whole number within limits, both inclusive; ``None`` is no limit.

    >>> within(Literal(12), None, 12), within(Literal("12"), None, 12)
    (True, False)
    """
    if not isinstance(value, Literal) or value.datatype.value not in _INTEGER_TYPES:
        return False
    try:
        number = Decimal(value.value)
    except InvalidOperation:
        return False
    whole = number.is_finite() and number == number.to_integral_value()
    return whole and (low is None or number >= low) and (high is None or number <= high)


def grouped(pairs: Iterable[tuple[NamedNode, _V]]) -> dict[NamedNode, tuple[_V, ...]]:
    """Values by key, each once, in their order."""
    groups: dict[NamedNode, list[_V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(dict.fromkeys(values)) for key, values in groups.items()}
