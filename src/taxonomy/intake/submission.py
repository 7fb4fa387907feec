"""A submission: what was read from a file, as facts, each with the place where it stood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from taxonomy import namespaces
from taxonomy.fields import LABEL
from taxonomy.namespaces import EXAMPLE, SVSH
from taxonomy.values import Iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stood, as the user sees it; rows and lines count from 1, the heading's row too."""

    sheet: str | None = None
    row: int | None = None
    column: str | None = None  # the heading
    cell: str | None = None  # such as F14
    line: int | None = None

    def order(self, sheets: tuple[str, ...]) -> tuple[int, int, int, str]:
        """For sorting: by sheet, row and column, or by line."""
        sheet = sheets.index(self.sheet) if self.sheet in sheets else len(sheets)
        letters = (self.cell or "").rstrip("0123456789")
        return sheet, self.row or self.line or 0, len(letters), letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that the reader found before any rule was run; its words stand in ``shapes/record/reading.ttl``."""

    rule: str  # the part of the rule's name after "Reading-"
    place: Place
    value: str | None = None
    hint: str = ""  # added to the rule's advice: "Did you mean …?"
    record: Iri | None = None  # the thing that it is about

    @property
    def rule_iri(self) -> Iri:
        """The rule's whole name."""
        return Iri(f"{SVSH}Reading-{self.rule}")


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One file, read: facts about one organisation."""

    file: str  # the name that the user knows it by, without folders
    kind: str  # workbook or rdf
    sha256: str
    owner: Iri | None = None  # None: the file names no organisation
    triples: tuple[Triple, ...] = ()
    places: Mapping[Triple, Place] = field(default_factory=dict)  # where each triple stood; derived ones share a place
    things: Mapping[Iri, Place] = field(default_factory=dict)  # where each thing begins
    columns: Mapping[tuple[str, Iri], tuple[str, str]] = field(default_factory=dict)  # sheet, property: letter, heading
    cells: Mapping[tuple[str, str], str] = field(default_factory=dict)  # sheet, cell: what is written there
    proposals: Mapping[Iri, str] = field(default_factory=dict)  # organisations named that the register does not know
    problems: tuple[Problem, ...] = ()

    @property
    def practice(self) -> bool:
        """Whether it is a made-up record, to be published into a practice home only."""
        return bool(self.owner and self.owner.startswith(EXAMPLE))

    @property
    def graph_iri(self) -> str | None:
        """The named graph that the record is published as."""
        return namespaces.graph("record", self.owner.slug) if self.owner else None

    @cached_property
    def ntriples(self) -> bytes:
        """The facts, sorted, as N-Triples."""
        return b"".join(sorted(serialize([triple], format=RdfFormat.N_TRIPLES) or b"" for triple in self.triples))

    @cached_property
    def names(self) -> Mapping[Iri, str]:
        """What each thing is called; the first name where there are several."""
        said = ((triple.subject, triple.object) for triple in self.triples if triple.predicate.value == LABEL)
        found: dict[Iri, str] = {}
        for thing, name in said:
            if isinstance(thing, NamedNode) and isinstance(name, Literal):
                found.setdefault(Iri(thing.value), name.value)
        return found

    def place_of(self, subject: Iri, path: Iri | None, value: str | None) -> Place:
        """Where a value stands; for a value that is missing, the cell where it should stand."""
        row = self.things.get(subject, Place())
        if path is None:
            return self._somewhere(subject, value) or row
        stood = [place for said, place in self._stood.get((subject, path), {}).items() if value in {None, said}]
        if (value is None or not stood) and row.sheet and (row.sheet, path) in self.columns:
            letter, heading = self.columns[row.sheet, path]
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
            if isinstance(triple.subject, NamedNode) and not isinstance(triple.object, Triple):
                stood[Iri(triple.subject.value), Iri(triple.predicate.value)][triple.object.value] = place
        return stood
