"""Batches: several records in one graph, chosen so that each is checked as if it stood there alone.

A record is checked together with what it names: of what kind each thing is that it does not describe itself, and which
day it is. With other records in the same graph, more could be known of a thing, or more could point to it. So a record
*touches* what it says something about, and what it points to by a property that shapes walk backwards; and no record
of a batch may so much as mention what another one touches. Then, from any thing of a record, shapes lead to nothing
that is not there when the record is checked alone: by induction over the steps, each thing reached is mentioned by the
record itself, so no other one has added a fact in the direction of the next step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, Triple

from taxonomy import fields
from taxonomy.context import Context
from taxonomy.namespaces import SKOS, SV
from taxonomy.records import Record
from taxonomy.validation import days, engines
from taxonomy.validation.engines import Result
from taxonomy.validation.reach import backwards
from taxonomy.values import Iri

MOST_RECORDS: Final = 25  # in a batch; the fast engine takes as long for each of 25 as for each of 200
MOST_FACTS: Final = 10_000  # in a batch of several records, without what is said of the things that they name
_OPEN: Final = 8  # batches that wait for more records

_A: Final = NamedNode(fields.TYPE)
_IN_SCHEME: Final = NamedNode(SKOS + "inScheme")
_ORGANISATION: Final = Iri(SV + "Organisation")


@dataclass(frozen=True, slots=True)
class Case:
    """A record as it is checked: its facts with what it names, and what it has to do with other records."""

    number: int  # its place among the records that are checked
    facts: tuple[Triple, ...]
    named: Mapping[str, tuple[Triple, ...]]  # what is said of each thing that it names
    foci: frozenset[str]  # the things that it says something about: of these alone are faults told
    touched: frozenset[str]
    mentioned: frozenset[str]
    alone: bool = False  # it can share a graph with no other one


@dataclass(slots=True)
class Batch:
    """Some cases in one graph."""

    cases: list[Case] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)
    size: int = 0  # facts

    def takes(self, case: Case) -> bool:
        """Whether a case may stand beside those that are here."""
        room = len(self.cases) < MOST_RECORDS and self.size + len(case.facts) <= MOST_FACTS
        return room and self.touched.isdisjoint(case.mentioned) and self.mentioned.isdisjoint(case.touched)

    def add(self, case: Case) -> None:
        """Put a case into the graph."""
        self.cases.append(case)
        self.touched |= case.touched
        self.mentioned |= case.mentioned
        self.size += len(case.facts)

    @property
    def foci(self) -> list[str]:
        """The things of which faults are told."""
        return sorted(frozenset[str]().union(*(case.foci for case in self.cases)))

    @property
    def ntriples(self) -> bytes:
        """The graph."""
        named = {thing: said for case in self.cases for thing, said in case.named.items()}
        facts = (fact for case in self.cases for fact in case.facts)
        return engines.ntriples(chain(facts, *named.values()))

    def share(self, results: Iterable[Result]) -> dict[int, list[Result]]:
        """The results of each case, by its number; what is said of other things is left out."""
        shares: dict[int, list[Result]] = {case.number: [] for case in self.cases}
        whose = {thing: case.number for case in self.cases for thing in case.foci}
        for each in results:
            if each.focus in whose:
                shares[whose[each.focus]].append(each)
        return shares


def cases(records: Sequence[Record], context: Context, today: date) -> Iterator[Case]:
    """Each record with what it is checked with."""
    around = _Surroundings(context, today)
    return (around.case(number, record) for number, record in enumerate(records))


def pack(cases: Iterable[Case]) -> Iterator[Batch]:
    """Cases in batches: each goes into the first batch that takes it; a few batches are kept open for the next ones."""
    waiting: list[Batch] = []
    for case in cases:
        fitting = None if case.alone else next((batch for batch in waiting if batch.takes(case)), None)
        if fitting is None:
            fitting = Batch()
            if case.alone:
                fitting.add(case)
                yield fitting
                continue
            waiting.append(fitting)
        fitting.add(case)
        if len(fitting.cases) == MOST_RECORDS or fitting.size >= MOST_FACTS:
            waiting.remove(fitting)
            yield fitting
        elif len(waiting) > _OPEN:
            fullest = max(waiting, key=lambda batch: batch.size)
            waiting.remove(fullest)
            yield fullest
    yield from waiting


class _Surroundings:
    """What records are checked with: the kinds of the things that they name, and the day."""

    def __init__(self, context: Context, today: date) -> None:
        self._context, self._backwards = context, backwards()
        self._hubs = frozenset[str](context.schemes.values()).union(*context.types.values())
        self._today = today
        self._told: dict[str, tuple[Triple, ...]] = {}  # what is said of each thing; many records name the same ones

    def case(self, number: int, record: Record) -> Case:
        """One record as it is checked."""
        objects, pointed, alone = self._objects(record)
        own = {triple.subject.value for triple in record.places if isinstance(triple.subject, NamedNode)}
        own |= {*record.things, record.graph_iri}
        touched = own | pointed | record.proposals.keys()
        named = {thing: said for thing in objects if (said := self._said(thing, record))}
        touched |= named.keys() & self._hubs
        beyond = {
            triple.object.value for said in named.values() for triple in said if isinstance(triple.object, NamedNode)
        }
        return Case(
            number=number,
            facts=(*record.places, *days.of(record, self._today)),
            named=named,
            foci=frozenset(own),
            touched=frozenset(touched),
            mentioned=frozenset(touched | objects | beyond),
            alone=alone,
        )

    def _objects(self, record: Record) -> tuple[set[str], set[str], bool]:
        """What a record names; from what of it shapes may walk back; and whether they may walk back from a text."""
        objects: set[str] = set()
        pointed: set[str] = set()
        alone = False
        for triple in record.places:
            value, back = triple.object, triple.predicate.value in self._backwards
            if isinstance(value, NamedNode):
                objects.add(value.value)
                if back:
                    pointed.add(value.value)
            elif back:  # a step back from a text leads to all records that say it
                alone = True
        return objects, pointed, alone

    def _kinds(self, thing: str, record: Record) -> frozenset[Iri]:
        proposed = frozenset({_ORGANISATION}) if thing in record.proposals else frozenset[Iri]()
        return self._context.types.get(Iri(thing), proposed)

    def _said(self, thing: str, record: Record) -> tuple[Triple, ...]:
        """What kind of thing it is, unless the record says so itself; and, of a concept, its scheme."""
        if thing in record.things or thing in record.proposals:
            kinds = frozenset[Iri]() if thing in record.things else self._kinds(thing, record)
            return _told(thing, kinds, self._context)
        if thing not in self._told:
            self._told[thing] = _told(thing, self._kinds(thing, record), self._context)
        return self._told[thing]


def _told(thing: str, kinds: Iterable[Iri], context: Context) -> tuple[Triple, ...]:
    scheme = context.schemes.get(Iri(thing))
    said = [(_A, kind) for kind in kinds] + ([(_IN_SCHEME, scheme)] if scheme else [])
    return tuple(Triple(NamedNode(thing), path, NamedNode(value)) for path, value in said)
