"""Figures that are held back, and that can be worked out from those that are given.

A total is the sum of its parts: of the services of an organisation, of areas, of groups that shut each other out. Each
sum is an equation, and each figure that is held back an unknown in it. What the equations together leave no choice
about is given back, whatever way through them leads to it; and so are unknowns of one sum that are fewer than five
people together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat

from taxonomy import assets
from taxonomy.fields import TYPE
from taxonomy.namespaces import CONCEPT, SKOS, SV, SVSH
from taxonomy.records import Record
from taxonomy.shapes import shapes
from taxonomy.values import Iri, Value, from_term

FEWEST: Final = 5  # people who may be counted together

_PRIME: Final = 2**61 - 1  # sums are solved modulo this: exact for sums of ones, and numbers stay small
_SUPPRESSED: Final = Iri(CONCEPT + "value-status/suppressed")
_Equation = tuple["Figure", tuple["Figure", ...]]  # a total, and its parts


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is counted; without a service, an area or a group it is all of them."""

    measured: str
    period: tuple[str, str]
    service: str | None
    area: str | None
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One count of people."""

    thing: Iri
    about: About
    value: Decimal | None  # None: held back or not known
    held_back: bool


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A figure that is held back in vain, and the figures that give it back with others."""

    figure: Iri
    by: tuple[Iri, ...]


def given_back(record: Record) -> Iterator[GivenBack]:
    """The figures of a record that are held back and can be worked out, in the order of the record."""
    yield from _given_back(list(_figures(record)))


def given_back_by(record: Record, other: Record) -> Iterator[GivenBack]:
    """The figures that one version of a record holds back, and that can be worked out with another version beside it.

    Whoever keeps both, as two releases do, has the figures of either.
    """
    own, others = list(_figures(record)), [each for each in _figures(other) if each.value is not None]
    said, counted = {each.about: each.value for each in others}, {each.about for each in own}
    beside = [
        replace(each, value=said[each.about], held_back=False) if each.value is None and each.about in said else each
        for each in own
    ]
    beside += [
        replace(each, thing=Iri(f"{each.thing} in the other version")) for each in others if each.about not in counted
    ]
    yield from _given_back(beside)


def _given_back(figures: Sequence[Figure]) -> Iterator[GivenBack]:
    if any(figure.held_back for figure in figures):
        equations = list(_equations(figures))
        known = _determined(equations) | _few(equations)
        for figure in figures:
            if figure.held_back and figure.thing in known:
                by = dict.fromkeys(
                    other.thing
                    for total, parts in equations
                    if figure in (total, *parts)
                    for other in ((total,) if figure != total else parts)
                )
                yield GivenBack(figure.thing, tuple(by))


def _figures(record: Record) -> Iterator[Figure]:
    said: defaultdict[Iri, dict[str, Value]] = defaultdict(dict)
    for triple in record.places:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | pyoxigraph.Literal):
            said[Iri(triple.subject.value)].setdefault(
                triple.predicate.value.removeprefix(SV), from_term(triple.object)
            )
            if triple.predicate.value == TYPE and triple.object.value == SV + "Statistic":
                said[Iri(triple.subject.value)]["counts"] = True
    for thing, words in said.items():
        if words.get("counts"):
            value = words.get("value")
            about = About(
                measured=str(words.get("measured")),
                period=(str(words.get("periodStart")), str(words.get("periodEnd"))),
                service=_text(words.get("aboutService")),
                area=_text(words.get("refersToArea")),
                group=_text(words.get("populationGroup")),
            )
            yield Figure(
                thing=thing,
                about=about,
                value=value if isinstance(value, Decimal) else None,
                held_back=words.get("valueStatus") == _SUPPRESSED,
            )


def _text(value: Value | None) -> str | None:
    return None if value is None or value in _everybody() else str(value)


def _equations(figures: Sequence[Figure]) -> Iterator[_Equation]:
    """Every total of which two parts or more are counted, with those parts; and one thing that is counted twice."""
    counted: defaultdict[About, list[Figure]] = defaultdict(list)
    for figure in figures:
        counted[figure.about].append(figure)
    for twins in counted.values():
        yield from ((one, (other,)) for one, other in pairwise(twins))
    families: defaultdict[tuple[About, str], list[Figure]] = defaultdict(list)
    for about, twins in counted.items():
        for family in _wholes(about, counted):
            families[family].append(twins[0])
    for (whole, _), parts in families.items():
        if len(parts) > 1 and whole in counted:
            equation = counted[whole][0], tuple(parts)
            left = _left(equation)
            if left is None or left >= 0:  # parts that are more than their total overlap, and so tell nothing
                yield equation


def _wholes(about: About, counted: Container[About]) -> Iterator[tuple[About, str]]:
    """What a count is a part of, and as which kind of part."""
    if about.service:
        yield replace(about, service=None), "service"
    if about.area:
        yield replace(about, area=None), "area"
    if about.group and (scheme := about.group.removeprefix(CONCEPT).partition("/")[0]) in _adding_up():
        wider = _broader().get(about.group)
        while wider and replace(about, group=wider) not in counted:
            wider = _broader().get(wider)
        yield replace(about, group=wider), scheme  # without a wider group that is counted as well: everybody


def _left(equation: _Equation) -> Decimal | None:
    """How many people a total leaves for the parts that are not given; none where the total is not given either."""
    total, parts = equation
    return None if total.value is None else total.value - sum(each.value for each in parts if each.value is not None)


def _few(equations: Iterable[_Equation]) -> set[Iri]:
    """The unknowns that are fewer than five people together."""
    return {
        part.thing
        for equation in equations
        for left in [_left(equation)]
        if left is not None and left < FEWEST
        for part in equation[1]
        if part.value is None
    }


def _determined(equations: Iterable[_Equation]) -> set[Iri]:
    """The unknowns about which the equations leave no choice: each that is alone in a row when all are reduced."""
    rows: dict[Iri, dict[Iri, int]] = {}  # reduced rows, by the unknown that each begins with and no other holds
    for total, parts in equations:
        row = {part.thing: 1 for part in parts if part.value is None}
        if total.value is None:
            row[total.thing] = _PRIME - 1
        for lead in [each for each in row if each in rows]:
            _subtract(row, rows[lead], row[lead])
        if not row:
            continue
        lead, factor = next(iter(row.items()))
        inverse = pow(factor, -1, _PRIME)
        row = {each: number * inverse % _PRIME for each, number in row.items()}
        for other in rows.values():
            if lead in other:
                _subtract(other, row, other[lead])
        rows[lead] = row
    return {lead for lead, row in rows.items() if len(row) == 1}


def _subtract(row: dict[Iri, int], other: Mapping[Iri, int], times: int) -> None:
    for each, number in other.items():
        left = (row.get(each, 0) - times * number) % _PRIME
        if left:
            row[each] = left
        else:
            row.pop(each, None)


@cache
def _adding_up() -> frozenset[str]:
    """The schemes whose groups shut each other out."""
    return frozenset(Iri(node).slug for node in _marked("addsUp"))


@cache
def _everybody() -> frozenset[str]:
    """The groups that mean all people."""
    return frozenset(_marked("everybody"))


def _marked(word: str) -> Iterator[str]:
    known = shapes()
    return (
        node.value for node in known.nodes() if isinstance(node, NamedNode) and known.one(node, SVSH + word) == "true"
    )


@cache
def _broader() -> Mapping[str, str]:
    """The next wider group of each, in the schemes whose groups add up."""
    return {
        quad.subject.value: quad.object.value
        for scheme in sorted(_adding_up())
        for path in assets.files("data", f"vocabularies/{scheme}.ttl")
        for quad in pyoxigraph.parse(path=path, format=RdfFormat.TURTLE)
        if quad.predicate.value == SKOS + "broader"
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    }
