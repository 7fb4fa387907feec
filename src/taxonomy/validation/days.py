"""The days that a record's own days are compared with: shapes know no clock, so each thing is told what day it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from pyoxigraph import NamedNode, Triple

from taxonomy.days import later
from taxonomy.fields import TYPE
from taxonomy.namespaces import SH, SVSH
from taxonomy.records import Record
from taxonomy.shapes import shapes
from taxonomy.values import to_term


def of(record: Record, today: date) -> Iterator[Triple]:
    """The days for each thing of a record whose shape speaks of them; where they are told stands in ``days.ttl``."""
    told = {each: to_term(later(today, -months)) for each, months in _months().items()}
    wanted = _wanted()
    for triple in record.places:
        if triple.predicate.value == TYPE and isinstance(triple.object, NamedNode):
            for each in wanted.get(triple.object.value, ()):
                yield Triple(triple.subject, NamedNode(each), told[each])


@cache
def _months() -> Mapping[str, int]:
    known = shapes()
    return {
        node.value: int(months)
        for node in known.nodes()
        if isinstance(node, NamedNode)
        for months in known.texts(node, SVSH + "monthsBefore")
    }


@cache
def _wanted() -> Mapping[str, frozenset[str]]:
    """Each class, with the days that its shapes speak of."""
    known, found = shapes(), dict[str, frozenset[str]]()
    for node in known.nodes():
        for about in known.texts(node, SH + "targetClass"):
            spoken = {each.value for each in known.below(node) if isinstance(each, NamedNode)} & _months().keys()
            found[about] = found.get(about, frozenset()) | spoken
    return {about: days for about, days in found.items() if days}
