"""Records as they were read: facts about organisations, each with the place in the file where it stood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final, Literal

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from taxonomy import namespaces
from taxonomy.errors import InputError
from taxonomy.fields import LABEL, TYPE
from taxonomy.namespaces import EXAMPLE, SVSH
from taxonomy.sealing import Box
from taxonomy.values import Iri

Columns = Mapping[tuple[str, Iri, Iri], tuple[str, str]]  # sheet, class and property: the column's letter and heading
How = Literal["same", "loose", "told", "none"]

CARRIER: Final = "SVSSV check"  # the hidden sheet of a workbook that was given back with what an earlier check found


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stood, as the user sees it; rows and lines count from 1, the heading's row too."""

    sheet: str | None = None
    row: int | None = None
    column: str | None = None  # the heading
    cell: str | None = None  # such as F14
    line: int | None = None
    pointer: str | None = None  # in a JSON file, such as /contents/0/minimum_age

    def order(self, sheets: tuple[str, ...]) -> tuple[int, int, int, str]:
        """For sorting: by sheet, row and column, or by line."""
        sheet = sheets.index(self.sheet) if self.sheet in sheets else len(sheets)
        letters = (self.cell or "").rstrip("0123456789")
        return sheet, self.row or self.line or 0, len(letters), letters or self.pointer or ""


NOWHERE: Final = Place()


@cache
def letters(column: int) -> str:
    """A column's letters, from its number.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that a reader found before any rule was run; its words stand in ``shapes/record/reading.ttl``."""

    rule: str  # the part of the rule's name after "Reading-"
    place: Place
    value: str | None = None
    hint: str = ""  # added to the rule's advice: "Did you mean …?"
    record: Iri | None = None  # the thing that it is about

    @property
    def rule_iri(self) -> Iri:
        """The rule's whole name."""
        return Iri(f"{SVSH}Reading-{self.rule}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How one heading of a table was understood."""

    sheet: str
    cell: str
    heading: str  # as it is written
    field: str  # our heading; empty: the column was not read
    how: How  # same words, loosely alike, as the user told, or not at all


@dataclass(frozen=True, kw_only=True)
class Record:
    """What one organisation says about itself: its facts, each with its place."""

    owner: Iri
    places: Mapping[Triple, Place] = field(default_factory=dict)  # every fact; what follows from one shares its place
    things: Mapping[Iri, Place] = field(default_factory=dict)  # where each thing begins
    proposals: Mapping[Iri, str] = field(default_factory=dict)  # organisations named that the register does not know

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The facts, in the order of the file."""
        return tuple(self.places)

    @property
    def practice(self) -> bool:
        """Whether it is a made-up record, to be published into a practice home only."""
        return self.owner.startswith(EXAMPLE)

    @property
    def graph_iri(self) -> str:
        """The named graph that the record is published as."""
        return namespaces.graph("record", self.owner.slug)

    @cached_property
    def ntriples(self) -> bytes:
        """The facts, sorted, as N-Triples."""
        return b"".join(sorted(serialize([triple], format=RdfFormat.N_TRIPLES) or b"" for triple in self.places))

    @cached_property
    def names(self) -> Mapping[Iri, str]:
        """What each thing is called; the first name where there are several."""
        found: dict[Iri, str] = {}
        for triple in self.places:
            if triple.predicate.value == LABEL and isinstance(triple.object, pyoxigraph.Literal):
                found.setdefault(_iri(triple.subject), triple.object.value)
        return found

    @property
    def name(self) -> str:
        """What the organisation is called; empty where the file does not say."""
        return self.names.get(self.owner, "")

    def stated(self, thing: Iri, path: Iri) -> tuple[str, ...]:
        """What is said of a thing with one property, as text."""
        return tuple(self._stood.get((thing, path), ()))

    def place_of(self, subject: Iri, path: Iri | None, value: str | None, columns: Columns) -> Place:
        """Where a value stands; for a value that is missing, the cell where it should stand."""
        row = self.things.get(subject, NOWHERE)
        if path is None:
            return self._somewhere(subject, value) or row
        stood = [place for said, place in self._stood.get((subject, path), {}).items() if value in {None, said}]
        if (value is None or not stood) and row.sheet:
            for about in self._stood.get((subject, TYPE), ()):
                if (row.sheet, Iri(about), path) in columns:
                    letter, heading = columns[row.sheet, Iri(about), path]
                    return Place(sheet=row.sheet, row=row.row, column=heading, cell=f"{letter}{row.row}")
        return stood[0] if stood else row

    def _somewhere(self, subject: Iri, value: str | None) -> Place | None:
        """Where a value stands, whatever it is said of; first what is said of one thing."""
        found = [
            (thing != subject, place)
            for (thing, _), said in self._stood.items()
            for each, place in said.items()
            if each == value
        ]
        return min(found, key=lambda each: each[0])[1] if found else None

    @cached_property
    def _stood(self) -> Mapping[tuple[Iri, Iri], Mapping[str, Place]]:
        stood: defaultdict[tuple[Iri, Iri], dict[str, Place]] = defaultdict(dict)
        for triple, place in self.places.items():
            if not isinstance(triple.object, Triple):
                stood[_iri(triple.subject), Iri(triple.predicate.value)][triple.object.value] = place
        return stood


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One file, read: the records in it, and what a reader has to say about it."""

    file: str  # the name that the user knows it by, without folders
    kind: str  # how it was read, such as workbook or rdf
    sha256: str
    records: tuple[Record, ...] = ()
    columns: Columns = field(default_factory=dict)  # where the column of each property is
    cells: Mapping[tuple[str, str], str] = field(default_factory=dict)  # sheet, cell: what is written there
    matches: tuple[Match, ...] = ()  # how each heading was understood, in the order of the file
    problems: tuple[Problem, ...] = ()
    carried: tuple[tuple[str, ...], ...] = ()  # the rows of the hidden sheet, where the file has one
    boxes: tuple[Box, ...] = ()  # what is for the steward alone, sealed by the process that opened the file

    @property
    def only(self) -> Record:
        """The one record of a file that is to be published.

        Raises:
            InputError: it holds none, or several.
        """
        if len(self.records) != 1:
            count = f"{len(self.records):,} records" if self.records else "no record"
            raise InputError(
                f"The file holds {count}.", where=self.file, hint="Hand in one file for each organisation."
            )
        return self.records[0]


def _iri(term: NamedNode | pyoxigraph.BlankNode | Triple) -> Iri:
    """The name of what a fact is about; readers let nothing but IRIs through."""
    return Iri(term.value) if isinstance(term, NamedNode) else Iri()
