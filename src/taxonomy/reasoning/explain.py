"""Why a thing is what the rules find it to be: a proof, from a class down to facts that somebody stated.

The rules say what follows; this module says from what. It works backwards from the conclusion over the same axioms, and
where a fact can be reached in several ways it takes the shortest, then the first by name. So one set of facts has
one explanation, whatever order the facts came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pyoxigraph import NamedNode, Triple

from taxonomy.errors import NotFoundError
from taxonomy.namespaces import shorten
from taxonomy.reasoning.axioms import TYPE, And, Expression, Facet, Named, Or, Property, RdfTerm, Some, Value
from taxonomy.reasoning.rules import Facts, Rules, Thing, grouped, within

_V = TypeVar("_V")


class How(StrEnum):
    """How a statement comes to hold."""

    STATED = "stated"
    DEFINITION = "definition"
    WIDER_CLASS = "wider class"
    WIDER_PROPERTY = "wider property"
    CHAIN = "chain"
    DOMAIN = "domain"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement, how it comes to hold, and what it rests on: nothing, where somebody stated it."""

    claim: Triple
    how: How
    because: tuple[Proof, ...] = ()

    @property
    def facts(self) -> tuple[Triple, ...]:
        """The stated facts that it rests on, each once, in the order of the proof."""
        return tuple(dict.fromkeys(self._leaves()))

    def _leaves(self) -> Iterator[Triple]:
        if self.how is How.STATED:
            yield self.claim
        for part in self.because:
            yield from part._leaves()  # noqa: SLF001  the same class


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a thing is of a class: the class's definition, where it has one, and the proof."""

    thing: NamedNode
    cls: NamedNode
    definition: Expression | None
    proof: Proof

    @property
    def facts(self) -> tuple[Triple, ...]:
        """The stated facts that make it true, each once."""
        return self.proof.facts


def explain(rules: Rules, triples: Iterable[Triple], thing: NamedNode, cls: NamedNode) -> Explanation:
    """Why a thing is of a class, by these facts.

    >>> from taxonomy import assets
    >>> from taxonomy.namespaces import ID, SV
    >>> rules = Rules.from_files(assets.files("ontology", "**/*.ttl"))
    >>> service, charity = NamedNode(ID + "service/made-up"), NamedNode(ID + "organisation/made-up")
    >>> facts = [Triple(service, NamedNode(SV + "leadProvider"), charity)]
    >>> why = explain(rules, facts, charity, NamedNode(SV + "LeadProvider"))
    >>> why.proof.how, why.facts == tuple(facts)
    (<How.DEFINITION: 'definition'>, True)

    Raises:
        NotFoundError: by these facts the thing is not of the class.
    """
    return Explainer(rules, triples).explain(thing, cls)


class Explainer:
    """Explanations from one set of facts, whose conclusions are drawn once."""

    def __init__(self, rules: Rules, triples: Iterable[Triple]) -> None:
        self._stated = frozenset(triples)
        self._facts: Facts = rules.facts(self._stated | rules.infer(self._stated))
        said = rules.axioms
        self._definitions = _sorted(said.definitions)
        self._narrower_classes = _sorted((above, below) for below, above in said.superclasses)
        self._narrower_properties = _sorted((above.iri, (below, above)) for below, above in said.superproperties)
        self._chains = _sorted((whole, steps) for steps, whole in said.chains)
        self._domains = _sorted((kind, of) for of, kind in said.domains)
        self._ranges = _sorted((kind, of) for of, kind in said.ranges)
        self._proved: dict[Triple, Proof] = {}
        self._open: set[Triple] = set()  # what is being proved: a proof never rests on its own conclusion

    def explain(self, thing: NamedNode, cls: NamedNode) -> Explanation:
        """Why a thing is of a class.

        Raises:
            NotFoundError: by these facts it is not.
        """
        proof = self._prove(Triple(thing, TYPE, cls))
        if proof is None:
            raise NotFoundError("reason", f"{shorten(thing.value)} is of the class {shorten(cls.value)}")
        definitions = self._definitions.get(cls, ())
        return Explanation(thing, cls, definitions[0] if definitions else None, proof)

    def _prove(self, claim: Triple) -> Proof | None:
        if claim in self._proved:
            return self._proved[claim]
        if claim in self._stated:
            return self._proved.setdefault(claim, Proof(claim, How.STATED))
        if claim in self._open or not self._holds(claim):
            return None
        self._open.add(claim)
        found = _least(
            Proof(claim, how, because)
            for how, because in (self._of_kind(claim) if claim.predicate == TYPE else self._of_link(claim))
        )
        self._open.remove(claim)
        if found:
            self._proved[claim] = found
        return found

    def _holds(self, claim: Triple) -> bool:
        subject, predicate, value = claim
        if isinstance(value, NamedNode) and predicate == TYPE:
            return subject in self._facts.kinds.get(value, ())
        return isinstance(subject, Thing) and value in self._facts.out.get(predicate, {}).get(subject, ())

    def _of_kind(self, claim: Triple) -> Iterator[tuple[How, tuple[Proof, ...]]]:
        thing, kind = claim.subject, claim.object
        if not isinstance(kind, NamedNode):
            return
        for definition in self._definitions.get(kind, ()):
            if (parts := self._fits(thing, definition)) is not None:
                yield How.DEFINITION, parts
        for below in self._narrower_classes.get(kind, ()):
            if proof := self._prove(Triple(thing, TYPE, below)):
                yield How.WIDER_CLASS, (proof,)
        for path in self._domains.get(kind, ()):
            yield from ((How.DOMAIN, (proof,)) for _, proof in self._links(thing, Property(path)))
        for path in self._ranges.get(kind, ()):
            yield from ((How.RANGE, (proof,)) for _, proof in self._links(thing, Property(path, inverse=True)))

    def _of_link(self, claim: Triple) -> Iterator[tuple[How, tuple[Proof, ...]]]:
        for below, above in self._narrower_properties.get(claim.predicate, ()):
            if proof := self._link(claim.subject, Property(below, above.inverse), claim.object):
                yield How.WIDER_PROPERTY, (proof,)
        for steps in self._chains.get(claim.predicate, ()):
            for proofs in self._ways(claim.subject, steps, claim.object):
                yield How.CHAIN, proofs

    def _ways(self, start: RdfTerm, steps: Sequence[Property], end: RdfTerm) -> Iterator[tuple[Proof, ...]]:
        """The ways along a chain from one thing to another."""
        first, rest = steps[0], steps[1:]
        if not rest:
            if proof := self._link(start, first, end):
                yield (proof,)
            return
        for between, proof in self._links(start, first):
            yield from ((proof, *others) for others in self._ways(between, rest, end))

    def _links(self, start: RdfTerm, path: Property) -> Iterator[tuple[RdfTerm, Proof]]:
        """Where a property leads from a thing, in the order of the names, each with its proof."""
        for end in sorted(self._facts.walk({start}, path), key=str):
            if proof := self._link(start, path, end):
                yield end, proof

    def _link(self, start: RdfTerm, path: Property, end: RdfTerm) -> Proof | None:
        subject, value = (end, start) if path.inverse else (start, end)
        return self._prove(Triple(subject, path.iri, value)) if isinstance(subject, Thing) else None

    def _fits(self, thing: RdfTerm, expression: Expression) -> tuple[Proof, ...] | None:
        """What shows that a thing fits an expression; None where it does not."""
        match expression:
            case Named(iri):
                proof = self._prove(Triple(thing, TYPE, iri)) if isinstance(thing, Thing) else None
                return (proof,) if proof else None
            case And(parts):
                shown = [self._fits(thing, part) for part in parts]
                return None if None in shown else tuple(proof for each in shown if each for proof in each)
            case Or(parts):
                return _fewest(self._fits(thing, part) for part in parts)
            case Some(path, filler):
                ends = ((proof, self._fits(end, filler)) for end, proof in self._links(thing, path))
                return _fewest((proof, *more) for proof, more in ends if more is not None)
            case Value(path, value):
                proof = self._link(thing, path, value)
                return (proof,) if proof else None
            case Facet(iri, low, high):
                figures = self._links(thing, Property(iri))
                return _fewest((proof,) for value, proof in figures if within(value, low, high))


def _size(proofs: Iterable[Proof]) -> tuple[int, int]:
    """How many facts some proofs rest on, and how many steps they take."""
    proofs = tuple(proofs)
    return len({fact for proof in proofs for fact in proof.facts}), sum(_steps(proof) for proof in proofs)


def _steps(proof: Proof) -> int:
    return 1 + sum(_steps(part) for part in proof.because)


def _fewest(ways: Iterable[tuple[Proof, ...] | None]) -> tuple[Proof, ...] | None:
    return min((way for way in ways if way is not None), key=_size, default=None)


def _least(proofs: Iterable[Proof]) -> Proof | None:
    return min(proofs, key=lambda proof: _size((proof,)), default=None)


def _sorted(pairs: Iterable[tuple[NamedNode, _V]]) -> Mapping[NamedNode, tuple[_V, ...]]:
    return grouped(sorted(pairs, key=str))
