"""What differs between two releases: by thing and property, with the place where each fact stands.

Only the named graphs whose hashes differ are read. What a release says of itself (``graph/releases``) is left out.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal, NamedTuple

from pyoxigraph import Triple

from taxonomy import namespaces
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import terms
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.terms import Term, Value
from taxonomy.store.base import Request
from taxonomy.store.manifests import PRACTICE
from taxonomy.store.releases import Manifest

Kind = Literal["added", "removed", "changed"]

COLUMNS: Final = ("thing", "property", "change", "value", "place")
_APART: Final = (namespaces.graph("releases"),)
_DERIVED: Final = namespaces.graph("inferred")


class _Fact(NamedTuple):
    place: str
    thing: str
    predicate: str
    value: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one place states of one property of a thing: the values that went, and those that came."""

    predicate: str
    place: str
    removed: tuple[Term, ...]
    added: tuple[Term, ...]

    @property
    def kind(self) -> Kind:
        """Whether values came, went, or came in place of others."""
        return _kind(len(self.added), len(self.removed))

    @property
    def derived(self) -> bool:
        """Whether nobody stated it, and it follows from what was stated."""
        return self.place == _DERIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedThing:
    """A thing of which the two releases say different things."""

    iri: str
    label: str
    kind: Kind  # added: only the later release describes it; removed: only the earlier one does
    changes: tuple[Change, ...]

    @property
    def stated(self) -> tuple[Change, ...]:
        """Without what only follows from other facts."""
        return tuple(change for change in self.changes if not change.derived)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedGraph:
    """A named graph with the number of its facts that went and came."""

    iri: str
    label: str
    added: int
    removed: int

    @property
    def kind(self) -> Kind:
        """Whether facts came, went, or both."""
        return _kind(self.added, self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the later of two releases says that the earlier does not, and the other way round.

    "Later" is the second one that was named; it may have the lower number.
    """

    earlier: Manifest
    later: Manifest
    things: tuple[ChangedThing, ...]  # those of which stated facts changed first, each part by label
    graphs: tuple[ChangedGraph, ...]
    labels: Mapping[str, str]

    @property
    def added(self) -> int:
        """Facts that came, each place of a fact counted."""
        return sum(graph.added for graph in self.graphs)

    @property
    def removed(self) -> int:
        """Facts that went."""
        return sum(graph.removed for graph in self.graphs)

    @property
    def stated(self) -> tuple[ChangedThing, ...]:
        """The things of which something changed that somebody stated."""
        return tuple(thing for thing in self.things if thing.stated)

    def counted(self) -> Mapping[Kind, int]:
        """How many of the things in ``stated`` were added, removed and changed."""
        found = Counter(thing.kind for thing in self.stated)
        return {kind: found[kind] for kind in ("added", "removed", "changed")}

    def label(self, iri: str) -> str:
        """The label of a property, a place or a value; its shortened IRI where neither release gives it one."""
        return self.labels.get(iri) or namespaces.shorten(iri)

    def said(self, value: Term) -> str:
        """A value as a person reads it."""
        return self.label(value.value) if value.is_iri else value.value

    def to_json(self) -> str:
        """All of it for programs; a value is written as in SPARQL results in JSON."""
        facts: dict[str, Any] = {
            "earlier": self.earlier.name,
            "later": self.later.name,
            "added": self.added,
            "removed": self.removed,
            "things": [self._thing(thing) for thing in self.things],
            "graphs": [
                {"graph": each.iri, "label": each.label, "added": each.added, "removed": each.removed}
                for each in self.graphs
            ],
        }
        if self.later.practice:
            facts["notice"] = PRACTICE
        return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"

    def to_answer(self) -> Answer:
        """One row for each fact that came or went, for tables."""
        facts = [
            (thing.iri, change.predicate, how, value, change.place)
            for thing in self.things
            for change in thing.changes
            for how, values in (("removed", change.removed), ("added", change.added))
            for value in values
        ]
        return Answer(
            columns=COLUMNS,
            rows=tuple(_row(fact, self.labels) for fact in facts),
            text="",
            question=f"difference of releases {self.earlier.name} and {self.later.name}",
            release=self.later.name,
            labels=self.labels,
            notice=PRACTICE if self.later.practice else "",
        )

    def _thing(self, thing: ChangedThing) -> dict[str, Any]:
        changes = [
            {
                "property": change.predicate,
                "property_label": self.label(change.predicate),
                "place": change.place,
                "removed": [value.as_json() for value in change.removed],
                "added": [value.as_json() for value in change.added],
            }
            for change in thing.changes
        ]
        return {"thing": thing.iri, "label": thing.label, "change": thing.kind, "changes": changes}


def of(earlier: KnowledgeGraph, later: KnowledgeGraph) -> Difference:
    """What differs between two open releases, of one home or of two.

    Raises:
        LimitError: it is more than these graphs' limits allow in one answer.
    """
    before, now = earlier.release.graphs, later.release.graphs
    names = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    names = [name for name in names if name not in _APART]
    (columns, old), (_, new) = (_lines(kg, names) for kg in (earlier, later))
    went, came = _facts(columns, old - new), _facts(columns, new - old)
    iris = sorted(set(_named(went)) | set(_named(came)) | set(names))
    first, second = earlier.labels(iris), later.labels(iris)
    labels = first | second
    return Difference(
        earlier=earlier.release,
        later=later.release,
        things=tuple(_things(went, came, labels, known=(first, second))),
        graphs=tuple(_graphs(went, came, labels)),
        labels=labels,
    )


def of_graphs(
    before: Iterable[Triple], now: Iterable[Triple], *, place: str, labels: Mapping[str, str]
) -> tuple[ChangedThing, ...]:
    """What two versions of one graph say differently, thing by thing; ``place`` is the graph's IRI."""
    old, new = (frozenset(_of_triples(triples, place)) for triples in (before, now))
    known = tuple({fact.thing: "" for fact in facts} for facts in (old, new))
    return tuple(_things(old - new, new - old, labels, known=known))


def _of_triples(triples: Iterable[Triple], place: str) -> Iterator[_Fact]:
    for triple in triples:
        thing, value = (terms.from_rdf(term) for term in (triple.subject, triple.object))
        if thing and value:
            yield _Fact(place, thing.value, triple.predicate.value, value)


def _lines(kg: KnowledgeGraph, names: Sequence[str]) -> tuple[str, frozenset[str]]:
    """What these graphs state, one fact to a line of text: two releases are compared before anything is read."""
    kept = tuple(name for name in names if name in kg.release.graphs)
    text = kg.questions["page-quads"].text
    reply = kg.request(Request(query=text, named_graphs=kept, bindings="text/tab-separated-values"))
    columns, *lines = reply.body.decode().split("\n")
    return columns, frozenset(lines) - {""}


def _facts(columns: str, lines: Iterable[str]) -> frozenset[_Fact]:
    facts = set()
    for place, thing, predicate, value in terms.read_lines(columns, list(lines)):
        if place and thing and predicate and value:
            facts.add(_Fact(place.value, thing.value, predicate.value, value))
    return frozenset(facts)


def _named(facts: Iterable[_Fact]) -> Iterator[str]:
    for fact in facts:
        yield from (fact.place, fact.thing, fact.predicate)
        if fact.value.is_iri:
            yield fact.value.value


def _things(
    went: frozenset[_Fact], came: frozenset[_Fact], labels: Mapping[str, str], *, known: Sequence[Mapping[str, str]]
) -> list[ChangedThing]:
    changes: dict[tuple[str, str, str], tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
    for side, facts in enumerate((went, came)):
        for fact in sorted(facts):
            changes[fact.thing, fact.predicate, fact.place][side].append(fact.value)
    things = []
    for iri, keys in groupby(sorted(changes), key=lambda key: key[0]):
        found = [
            Change(predicate=key[1], place=key[2], removed=tuple(changes[key][0]), added=tuple(changes[key][1]))
            for key in keys
        ]
        before, now = (iri in each for each in known)
        one_sided = {change.kind for change in found}
        kind: Kind = "changed"
        if one_sided == {"added"} and not before:
            kind = "added"
        elif one_sided == {"removed"} and not now:
            kind = "removed"
        label = labels.get(iri) or namespaces.shorten(iri)
        things.append(ChangedThing(iri=iri, label=label, kind=kind, changes=tuple(found)))
    return sorted(things, key=lambda thing: (not thing.stated, thing.label.casefold(), thing.iri))


def _graphs(went: frozenset[_Fact], came: frozenset[_Fact], labels: Mapping[str, str]) -> Iterator[ChangedGraph]:
    removed, added = (Counter(fact.place for fact in facts) for facts in (went, came))
    for name in sorted(removed.keys() | added.keys()):
        label = labels.get(name) or name.removeprefix(namespaces.GRAPH)
        yield ChangedGraph(iri=name, label=label, added=added[name], removed=removed[name])


def _kind(added: int, removed: int) -> Kind:
    return "changed" if added and removed else "added" if added else "removed"


def _row(fact: tuple[str, str, str, Term, str], labels: Mapping[str, str]) -> Row:
    thing, name, how, value, place = fact
    values: tuple[Value, ...] = (thing, name, how, value.python, place)
    return Row(COLUMNS, values, frozenset({0, 1, 4} | ({3} if value.is_iri else set())), labels)
