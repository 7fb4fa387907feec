"""A stranger's JSON-LD: facts, each with its line and its pointer.

The parser does not tell where a fact stands, so the file is walked over as well, and each value in it waits for its
fact. That also finds what a parser passes over in silence, such as an address with a space in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, Final, NamedTuple

from pyoxigraph import Quad, RdfFormat, parse

from taxonomy import scanning
from taxonomy.errors import InputError
from taxonomy.intake.lines import unreadable
from taxonomy.intake.terms import RELATIVE, Terms
from taxonomy.namespaces import RDF, XSD

PARTS: Final = 1_000  # of one file, each with a context of its own
AT_ONCE: Final = 1_000  # things
_TYPE: Final = RDF + "type"
_DECIMAL: Final = XSD + "decimal"
_OF_VALUES: Final = frozenset({"@value", "@type", "@language"})

Place = tuple[int, str]  # line and pointer


class _Spot(NamedTuple):
    """A value of the file, and where it stands."""

    value: Any
    lines: Any  # as ``taxonomy.scanning`` gives them
    pointer: str

    @property
    def line(self) -> int:
        return self.lines if isinstance(self.lines, int) else self.lines[0]

    @property
    def place(self) -> Place:
        return self.line, self.pointer

    def inner(self) -> Iterator[tuple[str, _Spot]]:
        """What stands in an object, by its names, or in a list."""
        if isinstance(self.value, dict):
            for name, value in self.value.items():
                yield name, _Spot(value, self.lines[1][name], self.pointer + scanning.pointer([name]))
        elif isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield "", _Spot(value, self.lines[1][number], f"{self.pointer}/{number}")

    def refusal(self, detail: str, hint: str = "Mend that line and try again.") -> InputError:
        return unreadable(self.line, detail, hint)


def read(data: bytes) -> Iterator[tuple[Quad, Place]]:
    """Each fact with its place.

    Raises:
        InputError: it cannot be read, or not without loss; names the line.
    """
    lines, repeated = scanning.scan(data)
    whole = _Spot(json.loads(data.decode("utf-8-sig"), parse_float=Decimal), lines, "")
    if repeated:
        raise whole.refusal(f"a name stands twice in one object, at {repeated[0][:200]}.", "Keep one of the two.")
    items = [item for _, item in whole.inner()] if isinstance(whole.value, list) else [whole]
    for item in items:
        if not isinstance(item.value, dict):
            raise item.refusal("a thing should stand here, in curly brackets.")
    parts = groupby(items, key=lambda item: item.value.get("@context"))
    for count, (_, part) in enumerate(parts, start=1):
        if count > PARTS:
            raise whole.refusal(f"it has more than {PARTS:,} parts, each with a context of its own.")
        yield from _facts(list(part))


def _facts(items: list[_Spot]) -> Iterator[tuple[Quad, Place]]:
    """The facts of a part of a file that has one context; of so many things at a time, to spare memory."""
    begin, terms = items[0], Terms(line=items[0].line)
    if "@context" in begin.value:
        terms.add(begin.value["@context"])
    nodes = (node for item in items for node in _nodes(item, terms))
    while some := list(islice(nodes, AT_ONCE)):
        yield from _Things(some, terms).facts()


def _nodes(item: _Spot, terms: Terms) -> Iterator[_Spot]:
    """The things of an item: itself, or what stands in its graph."""
    said = [(name, spot) for name, spot in item.inner() if name != "@context"]
    if [terms.keyword(name) for name, _ in said] == ["@graph"]:
        yield from _each(said[0][1])
    elif said:
        yield item


class _Things:
    """Some things of a file, as the parser is to have them, with where it will find its facts."""

    def __init__(self, spots: list[_Spot], terms: Terms) -> None:
        self._begin, self._terms = spots[0], terms
        self._spots: dict[tuple[str, str, str], _Spot] = {}  # where what a fact should say stands
        self._numbers: dict[tuple[str, str], _Spot] = {}  # a number may be written in another way in its fact
        self._things: dict[str, _Spot] = {}
        self._nodes = [self._node(spot, top=True) for spot in spots]

    def facts(self) -> Iterator[tuple[Quad, Place]]:
        """Each fact with its place."""
        content = json.dumps({"@context": self._terms.context, "@graph": self._nodes}, default=float)
        heard = set()
        try:
            for quad in parse(content, format=RdfFormat.JSON_LD, base_iri=RELATIVE):
                subject, path, said = (getattr(term, "value", "") for term in quad.triple)
                heard.add((subject, path, said))
                spot = self._spots.get((subject, path, said)) or self._numbers.get((subject, path))
                yield quad, (spot or self._things.get(subject) or self._begin).place
        except SyntaxError as error:
            raise self._begin.refusal(f"it is no JSON-LD ({error.msg}).") from None
        for key, spot in self._spots.items():
            if key not in heard:
                detail = f"what stands at {spot.pointer[:200]} was not understood."
                raise spot.refusal(detail, "See that its name is right, and that an address in it has no spaces.")

    def _node(self, spot: _Spot, *, top: bool = False) -> dict[str, Any]:
        """A thing, as the parser is to have it."""
        names = {self._terms.keyword(name): name for name in spot.value} if isinstance(spot.value, dict) else {}
        written = spot.value[names["@id"]] if "@id" in names else None
        if not isinstance(written, str) or written.startswith("_:"):
            raise spot.refusal("something has no IRI.", "Give everything an @id of its own.")
        subject = self._terms.iri(written)
        self._things.setdefault(subject, spot)
        node: dict[str, Any] = {}
        for name, inner in spot.inner():
            keyword = self._terms.keyword(name)
            if keyword and not (top and keyword == "@context"):
                node[name] = self._said_by(keyword, inner, subject)
            elif not keyword and (path := self._terms.iri(name, word=True)):  # else a context says to pass it over
                node[name] = self._values(inner, subject, path, self._terms.type(name))
        return node

    def _said_by(self, keyword: str, spot: _Spot, subject: str) -> Any:
        """What a keyword says of a thing, as the parser is to have it."""
        match keyword:
            case "@id":
                return spot.value
            case "@type":
                for each in _each(spot):
                    if not isinstance(each.value, str):
                        raise each.refusal("a type is no text.")
                    self._wait(subject, _TYPE, self._terms.iri(each.value, word=True), each)
                return spot.value
            case "@included":
                return [self._node(each) for each in _each(spot)]
            case "@graph":
                raise spot.refusal("it holds a named graph.", "Take its @id out: a record is one graph.")
        raise spot.refusal(f"{keyword[:100]} cannot stand here.", "A record does not need it.")

    def _values(self, spot: _Spot, subject: str, path: str, kind: str) -> Any:
        """What is said of a thing in one way, as the parser is to have it."""
        value = spot.value
        match value:
            case list():
                return [self._values(each, subject, path, kind) for _, each in spot.inner()]
            case dict():
                inner = {self._terms.keyword(name): each for name, each in spot.inner()}
                if "@set" in inner and len(inner) == 1:
                    return self._values(inner["@set"], subject, path, kind)
                if "@value" not in inner:
                    node = self._node(spot)
                    self._wait(subject, path, self._terms.iri(inner["@id"].value), spot)
                    return node
                if not _OF_VALUES.issuperset(inner) or isinstance(inner["@value"].value, dict | list):
                    raise spot.refusal("this value says more than a text, a number, a type or a language.")
                of_type = inner["@type"].value if "@type" in inner else ""
                kind = self._terms.iri(of_type, word=True) if isinstance(of_type, str) else ""
                said = {keyword: each.value for keyword, each in inner.items()}
                return said | {"@value": self._values(inner["@value"], subject, path, kind)}
            case str():
                self._wait(subject, path, self._terms.iri(value) if kind == "@id" else value, spot)
            case bool():
                self._wait(subject, path, str(value).lower(), spot)
            case int() | Decimal():
                self._numbers.setdefault((subject, path), spot)
                if isinstance(value, Decimal):  # JSON-LD would write an amount of money as 6.00005E4
                    return f"{value:f}" if kind == _DECIMAL else float(value)
        return value

    def _wait(self, subject: str, path: str, said: str, spot: _Spot) -> None:
        self._spots.setdefault((subject, path, said), spot)


def _each(spot: _Spot) -> Iterator[_Spot]:
    """The members of a list, or the one thing that stands in its place."""
    if isinstance(spot.value, list):
        yield from (each for _, each in spot.inner())
    else:
        yield spot
