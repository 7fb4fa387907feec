"""Faults: what an engine says of one record, in terms of our rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from taxonomy.records import Place, Record
from taxonomy.validation.engines import Result
from taxonomy.validation.rules import Rule, rules
from taxonomy.values import Iri


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that one thing breaks."""

    rule: Rule
    focus: Iri
    path: Iri | None
    value: str | None
    component: Iri
    others: tuple[Place, ...] = ()  # where the things stand with which it clashes


def faults(record: Record, results: Collection[Result]) -> tuple[Fault, ...]:
    """The faults of a record among what an engine says of it."""
    marked = {(each.shape, each.focus) for each in results}
    found = []
    for each in results:
        rule = rules().get(each.shape)  # none: a mark, which is no fault
        if rule is None or not (each.focus in record.things or rule.withholds_value):
            continue  # of what a record names and does not describe, only the name that it writes is looked at
        if rule.only_with is None or (rule.only_with, each.focus) in marked:
            value = None if each.value == each.focus else each.value  # a rule about a whole thing
            found.append(Fault(rule, each.focus, rule.field or each.path, value, each.component))
    return tuple(found)


def distinct(found: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once: not twice by one rule, nor by a rule that yields to another one; by rule, thing and value."""
    last = sorted(found, key=lambda each: each.component, reverse=True)  # of several, the first by name stays
    once = {(each.rule.iri, each.focus, each.path or "", each.value or ""): each for each in last}
    broken = {(each.rule.iri, each.focus) for each in once.values()}
    return tuple(
        fault
        for _, fault in sorted(once.items(), key=lambda item: item[0])
        if not any((rule, fault.focus) in broken for rule in fault.rule.yields_to)
    )
