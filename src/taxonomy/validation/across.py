"""What is wrong between several things, each of which may be right alone: between records, and between figures.

The queries are those that a release is looked at with too: each file in ``queries/quality/`` whose header names a rule.
Every row of one is a fault, at the place of the fact that it gives; rows that share something stand at each other's
side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets, nesting
from taxonomy.context import Context
from taxonomy.fields import TYPE
from taxonomy.namespaces import SV, SVSH, graph
from taxonomy.records import Place, Record
from taxonomy.store import embedded
from taxonomy.validation import suppression
from taxonomy.validation.rules import Rule, rules
from taxonomy.values import Iri

MOST_SHOWN: Final = 5  # places that a fault names beside its own

_NAMES_RULE: Final = re.compile(r"^#\+ rule: (Across-[A-Za-z]+)$", re.MULTILINE)
_ORGANISATION: Final = Iri(SV + "Organisation")
_VALUE, _VALUE_STATUS, _RECORD_OF = Iri(SV + "value"), Iri(SV + "valueStatus"), Iri(SV + "recordOf")
_NESTED: Final = {  # what lies in wider things, and the properties by which a service names it
    nesting.WITHIN: frozenset({SV + "coversArea"}),
    nesting.BROADER: frozenset(
        SV + path for path in ("serviceType", "addressesNeed", "pathwayStage", "communityServed", "ageGroup")
    ),
}
_Row = Mapping[str, NamedNode | Literal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One rule that a thing breaks together with others."""

    record: int  # whose thing it is, by its position among the records
    rule: Rule
    focus: Iri
    path: Iri | None
    value: str | None
    others: tuple[Place, ...] = ()  # where the others stand


def known_together(records: Sequence[Record], context: Context) -> Context:
    """A context that also knows what some records describe: each may name what another one of the same file holds."""
    types = dict(context.types)
    for record in records if len(records) > 1 else ():
        for triple in record.places:
            if triple.predicate.value == TYPE and isinstance(triple.object, NamedNode):
                thing = _iri(triple.subject)
                types[thing] = types.get(thing, frozenset()) | {Iri(triple.object.value)}
    return replace(context, types=types)


def clashes(records: Sequence[Record], context: Context) -> Iterator[Clash]:
    """What breaks a rule across things, in some records that are given together.

    ``context`` says what the things are that the records name and do not describe.
    """
    yield from _given_twice(records)
    for number, record in enumerate(records):
        for found in suppression.given_back(record):
            yield Clash(
                record=number,
                rule=_rule("Across-figureGivenBack"),
                focus=found.figure,
                path=_VALUE_STATUS,
                value=None,
                others=tuple(record.place_of(each, _VALUE, None, {}) for each in found.by[:MOST_SHOWN]),
            )
    texts = _queries()
    for name, rows in zip(texts, embedded.ask(_graphs(records, context), texts.values()), strict=True):
        yield from _from_rows(_rule(name), rows, records)


def _given_twice(records: Sequence[Record]) -> Iterator[Clash]:
    """Records about one organisation: these would be one graph, so that no query could tell them apart."""
    same: defaultdict[Iri, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        same[record.owner].append(number)
    for owner, numbers in same.items():
        for number in numbers if len(numbers) > 1 else ():
            others = (records[each].things.get(owner, Place()) for each in numbers if each != number)
            yield Clash(
                record=number,
                rule=_rule("Across-recordTwice"),
                focus=owner,
                path=None,
                value=None,
                others=tuple(islice(others, MOST_SHOWN)),
            )


def _from_rows(rule: Rule, rows: Sequence[_Row], records: Sequence[Record]) -> Iterator[Clash]:
    """A fault for each fact that a row gives, in each record that states it."""
    stating: defaultdict[Triple, list[int]] = defaultdict(list)
    wanted = {_fact(row) for row in rows}
    for number, record in enumerate(records if wanted else ()):
        for triple in record.places:
            if triple in wanted:
                stating[triple].append(number)
    sharing: defaultdict[NamedNode | Literal, list[tuple[int, Triple]]] = defaultdict(list)
    for row in rows:
        fact = _fact(row)
        for number in stating[fact]:
            if row.get("graph", NamedNode(records[number].graph_iri)).value == records[number].graph_iri:
                sharing[row.get("shared", row["value"])].append((number, fact))
    shares = any("shared" in row for row in rows)
    for together in sharing.values():
        for own in together:
            number, fact = own
            beside = (each for each in together if shares and each != own)
            yield Clash(
                record=number,
                rule=rule,
                focus=_iri(fact.subject),
                path=_iri(fact.predicate),
                value=fact.object.value if isinstance(fact.object, NamedNode | Literal) else None,
                others=tuple(records[other].places[each] for other, each in islice(beside, MOST_SHOWN)),
            )


def _fact(row: _Row) -> Triple:
    thing, path = row["thing"], row["property"]
    assert isinstance(thing, NamedNode) and isinstance(path, NamedNode)  # noqa: S101, PT018  # a test reads each query
    return Triple(thing, path, row["value"])


def _graphs(records: Sequence[Record], context: Context) -> embedded.Graphs:
    """The records as a release would hold them, with what is known of the things that they name."""
    graphs: defaultdict[str, set[Triple]] = defaultdict(set)
    named = graphs[graph("register", "named")]
    for record in records:
        graphs[record.graph_iri].update(record.places)
        for triple in record.places:
            if isinstance(triple.object, NamedNode):
                thing = Iri(triple.object.value)
                for each in context.types.get(thing, {_ORGANISATION} if thing in record.proposals else ()):
                    named.add(Triple(triple.object, NamedNode(TYPE), NamedNode(each)))
                for path, places in _NESTED.items():
                    if triple.predicate.value in places:
                        around = nesting.around(thing, path) - {thing}
                        named.update(Triple(triple.object, NamedNode(path), NamedNode(wider)) for wider in around)
    return {name: frozenset(triples) for name, triples in graphs.items()}


@cache
def _queries() -> Mapping[str, str]:
    """Every query that finds what breaks a rule, by the rule's name."""
    texts = [path.read_text(encoding="utf-8") for path in assets.files("queries", "quality/*.rq")]
    return {name[1]: text for text in texts for name in [_NAMES_RULE.search(text)] if name}


def _rule(name: str) -> Rule:
    return rules()[Iri(SVSH + name)]


def _iri(term: object) -> Iri:
    return Iri(term.value) if isinstance(term, NamedNode) else Iri()
