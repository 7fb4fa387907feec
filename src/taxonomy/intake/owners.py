"""Whose record each fact of a file is part of: one file may hold the records of many organisations.

A record is split off so that it is the same as if it had come alone. Through what a thing belongs to an organisation is
said in ``shapes/record/owners.ttl``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from taxonomy import fields
from taxonomy.context import Context
from taxonomy.errors import NoRecordError
from taxonomy.fields import TYPE
from taxonomy.namespaces import RDF, SH, SV, SVSH
from taxonomy.records import Place, Problem
from taxonomy.shapes import Shapes, shapes
from taxonomy.values import Iri

FAR: Final = 10  # steps from a thing to its organisation; a share takes three: agreement, service, organisation

_RECORD_OF = Iri(SV + "recordOf")
_ORGANISATION = Iri(SV + "Organisation")
_WRITTEN = Iri(SV + "nameAsPrinted")  # of an organisation that another record describes

Facts = Mapping[Triple, Place]
Records = dict[Iri, dict[Triple, Place]]


def split(facts: Facts, context: Context) -> tuple[Records, tuple[Problem, ...]]:
    """The facts of each organisation's record, in the order of the file, and problems with what is in nobody's.

    Where a file says whose records it holds, those are the organisations; else the ones that it describes. In a file
    of one organisation, all is its own.

    Raises:
        NoRecordError: the file describes no organisation.
    """
    things = _Things(facts, context)
    stated = {graph: own[_RECORD_OF][0] for graph, own in things.links.items() if own[_RECORD_OF]}
    owners = list(dict.fromkeys(stated.values())) or things.of(_ORGANISATION)
    if not owners:
        raise NoRecordError(
            "The file describes no organisation, so it is not a record.",
            hint="A record starts with what one organisation is: its name and its sector.",
        )
    if len(owners) == 1:
        return {owners[0]: dict(facts)}, ()
    owner_of = things.owned({owner: owner for owner in owners} | stated)
    records: Records = {owner: {} for owner in owners}
    lost: dict[Iri, Place] = {}
    for (triple, place), thing in zip(facts.items(), things.subjects, strict=True):
        own = {owner_of[thing]} if thing in owner_of else {owner_of[one] for one in things.naming(thing, owner_of)}
        for owner in own:
            records[owner][triple] = place
        if not own:
            lost.setdefault(thing, place)
    heads = [thing for thing in lost if not any(one in lost and one != thing for one in things.beyond(thing))]
    return records, tuple(
        Problem(rule="ownerUnknown", place=lost[thing], value=thing, record=thing) for thing in heads or lost
    )


class _Things:
    """The things of a file, and what links them."""

    def __init__(self, facts: Facts, context: Context) -> None:
        self.subjects: list[Iri] = []  # of each fact
        self.links: defaultdict[Iri, defaultdict[Iri, list[Iri]]] = defaultdict(lambda: defaultdict(list))
        self._linked: defaultdict[Iri, defaultdict[Iri, list[Iri]]] = defaultdict(lambda: defaultdict(list))
        self._classes: defaultdict[Iri, set[Iri]] = defaultdict(set)
        self._described: dict[Iri, None] = {}  # to write a thing's name is not to describe it
        known: dict[str, Iri] = {}
        for triple in facts:
            thing, path = _named(known, triple.subject), _named(known, triple.predicate)
            self.subjects.append(thing)
            if path != _WRITTEN:
                self._described[thing] = None
                said = triple.object
                if isinstance(said, NamedNode):
                    self._link(thing, path, _named(known, said), context)

    def of(self, kind: Iri) -> list[Iri]:
        """The things of a class, in the order of the file."""
        return [thing for thing, classes in self._classes.items() if kind in classes]

    def owned(self, found: dict[Iri, Iri]) -> dict[Iri, Iri]:
        """The organisation of each thing that leads to one; ``found`` are those known from the start."""
        left = [thing for thing in self._described if thing not in found]
        wait: Set[Iri] = set(left)  # while something stronger may still lead to an organisation, nothing weaker does
        for _ in range(FAR):
            new = {thing: owner for thing in left if (owner := self._owner(thing, found, wait))}
            found |= new
            left = [thing for thing in left if thing not in new]
            if not new and not wait:
                break
            wait = set(left) if new else frozenset()
        return found

    def naming(self, thing: Iri, among: Iterable[Iri]) -> list[Iri]:
        """The things that name one which the file does not describe, of those that are in somebody's record."""
        if thing in self._described:
            return []
        return [one for ones in self._linked[thing].values() for one in ones if one in among]

    def beyond(self, thing: Iri) -> Iterator[Iri]:
        """What a thing belongs to, the strongest first; where no shape says it, what names it, and its parent."""
        steps = [step for one in sorted(self._classes[thing]) for step in through().get(one, ())]
        for path, inverse in steps:
            yield from (self._linked if inverse else self.links)[thing][path]
        if not steps:
            yield from (one for ones in self._linked[thing].values() for one in ones)
        yield fields.whole_of(thing)

    def _owner(self, thing: Iri, found: Mapping[Iri, Iri], wait: Set[Iri]) -> Iri | None:
        for one in self.beyond(thing):
            if one in found:
                return found[one]
            if one in wait and one != thing:
                return None
        return None

    def _link(self, thing: Iri, path: Iri, other: Iri, context: Context) -> None:
        if path == TYPE:
            self._classes[thing] |= context.closure([other])
        else:
            self.links[thing][path].append(other)
            self._linked[other][path].append(thing)


def _named(known: dict[str, Iri], term: object) -> Iri:
    """The name of a term; each is made once."""
    text: str = term.value  # type: ignore[attr-defined]  # readers let nothing but IRIs through
    found = known.get(text)
    if found is None:
        found = known[text] = Iri(text)
    return found


@cache
def through() -> Mapping[Iri, tuple[tuple[Iri, bool], ...]]:
    """The properties from a thing of each class to what it belongs to, and whether each is followed backwards."""
    known = shapes()
    return {
        Iri(node.value): tuple(_steps(known, head))
        for node in known.nodes()
        if isinstance(node, NamedNode)
        for head in known.all(node, SVSH + "belongsThrough")
    }


def _steps(known: Shapes, head: NamedNode | BlankNode | Literal | Triple) -> Iterator[tuple[Iri, bool]]:
    while firsts := known.all(head, RDF + "first"):
        inverse = known.one(firsts[0], SH + "inversePath")
        path = inverse or known.one(head, RDF + "first") or ""
        yield Iri(path), inverse is not None
        head = known.all(head, RDF + "rest")[0]
