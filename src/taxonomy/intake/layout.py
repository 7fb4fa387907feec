"""A record laid out: the rows of the sheets that say it, as ``filling`` reads them.

Whatever no column can say is named, so that nobody loses it without knowing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields
from taxonomy.context import Context, fold
from taxonomy.drafts import ORGANISATION, RECORD
from taxonomy.fields import LABEL, TYPE, Field, Thing
from taxonomy.namespaces import SV
from taxonomy.naming import slug
from taxonomy.records import Record
from taxonomy.values import Iri

BETWEEN: Final = "; "  # stands between the values of one cell

_LEAD = Iri(SV + "leadProvider")
_AS_AT, _LAST_CONFIRMED = Iri(SV + "asAt"), Iri(SV + "lastConfirmed")
_Term = NamedNode | Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a sheet: its cells by heading, and the address of the thing that it names, once it has one."""

    cells: Mapping[str, str]
    iri: Iri = field(default=Iri())
    things: Mapping[Iri, Iri] = field(default_factory=dict)  # by class: what it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A record as rows."""

    owner: Iri
    rows: Mapping[str, tuple[Row, ...]]  # by sheet; a sheet without any is not there
    proposed: Mapping[str, Iri]  # organisations that the register does not know, by the names that it gives them


def lay_out(record: Record, context: Context) -> Layout:
    """The rows that say a record."""
    return _Laid(record, context).layout()


class _Laid:
    """One record, while its rows are found."""

    def __init__(self, record: Record, context: Context) -> None:
        self._record, self._context = record, context
        self._graph = Iri(record.graph_iri)
        self._said: defaultdict[tuple[Iri, Iri], list[_Term]] = defaultdict(list)
        self._linked: defaultdict[tuple[Iri, Iri], list[Iri]] = defaultdict(list)
        self._classes: defaultdict[Iri, dict[Iri, None]] = defaultdict(dict)
        for triple in sorted(record.places, key=_natural):
            self._note(triple)
        self._own: dict[tuple[Iri, str], Iri] = {}  # the record's own things that have names, by class and name
        for about in (each.about for sheet in fields.SHEETS for each in fields.things(sheet) if each.kind):
            for thing in self._things(about):
                self._own.setdefault((about, fold(self._name(thing))), thing)

    def layout(self) -> Layout:
        """The rows of every sheet."""
        rows = {sheet: tuple(self._sheet(sheet)) for sheet in fields.SHEETS[1:]}
        about = {ORGANISATION: self._record.owner, RECORD: self._graph}
        cells = _filled(self._cells(fields.of(fields.SHEETS[0]), about))
        first = Row(cells=cells, iri=self._record.owner, things=about)
        return Layout(
            owner=self._record.owner,
            rows={fields.SHEETS[0]: (first,)} | {sheet: found for sheet, found in rows.items() if found},
            proposed={name: iri for iri, name in self._record.proposals.items()},
        )

    def _note(self, triple: Triple) -> None:
        thing, path, said = Iri(triple.subject.value), Iri(triple.predicate.value), triple.object  # type: ignore[union-attr]  # readers let nothing but IRIs through
        if not isinstance(said, NamedNode | Literal):
            return
        self._said[thing, path].append(said)
        if isinstance(said, NamedNode):
            self._linked[Iri(said.value), path].append(thing)
            if path == TYPE:
                self._classes[thing] |= dict.fromkeys(sorted(self._context.closure([Iri(said.value)])))

    def _things(self, about: Iri) -> list[Iri]:
        """The things of a class, in the order of their addresses."""
        return [thing for thing, classes in self._classes.items() if about in classes]

    def _name(self, thing: Iri) -> str:
        return next((said.value for said in self._said.get((thing, LABEL), ())), "")

    def _sheet(self, sheet: str) -> Iterator[Row]:
        first, *parts = fields.things(sheet)
        columns = fields.of(sheet)
        naming = [each for each in columns if each.about == first.about and each.inverse]
        for thing in self._things(first.about):
            iri = thing if first.kind else Iri()
            about = {first.about: thing}
            whole = self._cells(columns, about)
            names = [each.heading for each in columns if each.path == LABEL]
            wholes = [self._cell(each, [NamedNode(one)]) for each in naming for one in self._wholes(each, first, thing)]
            below = [(part, each) for part in parts for each in self._below(part, thing)]
            count = max(1, len(below), len(wholes) if first.shares_rows else 1)
            for number in range(count):
                cells = {heading: whole[heading] for heading in (whole if number == 0 else names)}
                on_row = dict(about)
                if number < len(below):
                    on_row[below[number][0].about] = below[number][1]
                    cells |= self._cells(columns, {below[number][0].about: below[number][1]})
                if wholes:
                    cells[naming[0].heading] = wholes[min(number, len(wholes) - 1)]
                yield Row(cells=_filled(cells), iri=iri, things=on_row)

    def _wholes(self, column: Field, thing_kind: Thing, thing: Iri) -> Iterator[Iri]:
        """What a column that points backwards names: never the organisation, which needs no naming."""
        for one in self._linked.get((thing, column.path), ()):
            if not (thing_kind.or_owner and one == self._record.owner):
                yield one

    def _below(self, part: Thing, thing: Iri) -> list[Iri]:
        links = self._said.get((thing, part.linked_by), ()) if part.linked_by else ()
        return [Iri(each.value) for each in links if isinstance(each, NamedNode)]

    def _cells(self, columns: Sequence[Field], about: Mapping[Iri, Iri]) -> dict[str, str]:
        cells: dict[str, str] = {}
        for column in columns:
            thing = about.get(column.about)
            if thing and not column.inverse:
                said = self._said.get((thing, column.path), [])
                cells[column.heading] = "" if self._follows(column, thing, said) else self._cell(column, said)
        return cells

    def _cell(self, column: Field, said: Iterable[_Term]) -> str:
        texts = [self._text(column, each) for each in said if self._belongs(column, each)]
        if column.path == _LEAD and texts == [self._record.name]:
            return ""  # whose record it is leads a service, unless it says that another one does
        return BETWEEN.join(dict.fromkeys(texts))

    def _follows(self, column: Field, thing: Iri, said: Sequence[_Term]) -> bool:
        """Whether reading the other cells gives just these values: then this one stays empty, and follows them."""
        if column.path == _AS_AT:
            return said == self._said.get((thing, _LAST_CONFIRMED), [])
        return any(
            (each.about, each.path) == (column.about, column.path)
            and said == [each.value]
            and (each.by is None or (thing, each.by) in self._said)
            for each in fields.implied()
        )

    def _belongs(self, column: Field, said: _Term) -> bool:
        """Whether a value is for this column: of classes, only those to choose from, and what was typed instead."""
        return column.path != TYPE or isinstance(said, Literal) or Iri(said.value) in column.choices

    def _text(self, column: Field, said: _Term) -> str:
        if isinstance(said, Literal):
            return (
                {"true": "yes", "false": "no"}.get(said.value, said.value) if column.kind == "boolean" else said.value
            )
        thing = Iri(said.value)
        if column.kind == "choice":
            return self._context.label(thing)
        return self._called(column, thing)

    def _called(self, column: Field, thing: Iri) -> str:
        """The shortest way to name a thing that is read as this thing and no other."""
        if self._meant(column, self._name(thing)) == thing:
            return self._name(thing)
        if ORGANISATION in column.takes and thing == self._record.owner:
            return self._record.name
        proposed = self._record.proposals.get(thing)
        if proposed and slug(proposed):
            return proposed
        for name in (self._context.label(thing), self._context.coded(thing)):
            if not self._meant(column, name) and self._context.find(name, column.takes) == (thing,):
                return name
        return thing

    def _meant(self, column: Field, name: str) -> Iri | None:
        """The record's own thing that a name means in a column: as it is read, before anybody else's."""
        own = (self._own.get((kind, fold(name))) for kind in column.takes) if fold(name) else ()
        return next(filter(None, own), None)


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {heading: text for heading, text in cells.items() if text}


_DIGITS: Final = re.compile(r"([0-9]+)")


def _natural(triple: Triple) -> tuple[object, ...]:
    """The order of facts: by the address of the thing, where part 10 comes after part 9."""
    pieces = _DIGITS.split(str(triple.subject))
    numbered = tuple(int(each) if number % 2 else each for number, each in enumerate(pieces))
    return (*numbered, str(triple.predicate), str(triple.object))
