"""The rows of a table become facts about one organisation.

What people type becomes a name where it has one meaning, and a number or a day where it can be read as one. Whatever
cannot, stays the text that it is: the rules then say what is wrong with it, at its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode

from taxonomy import fields
from taxonomy.context import Context, fold
from taxonomy.drafts import ORGANISATION, RECORD, SERVICE, Draft
from taxonomy.fields import LABEL, Field, Thing
from taxonomy.intake import cells
from taxonomy.intake.tables import Table
from taxonomy.namespaces import SV
from taxonomy.naming import Kept, base, is_ours, slug
from taxonomy.records import Place, Problem
from taxonomy.values import Iri

_NONE: Final[frozenset[str]] = frozenset()
_LEAD, _PARTNER = Iri(SV + "leadProvider"), Iri(SV + "partnerProvider")

Row = tuple[int, tuple[str, ...]]


class Filled(Draft):
    """One record while rows become facts about its organisation."""

    def __init__(
        self, tables: Mapping[str, Table], *, wide: bool, practice: bool, context: Context, kept: Kept | None = None
    ) -> None:
        first = tables["Organisation"].rows[:1] if "Organisation" in tables else ()
        self._name = next((tables["Organisation"].cell(texts, LABEL) for _, texts in first), "")
        super().__init__(_owner(self._name, base(practice=practice), context, kept or {}), context, kept=kept)
        self._tables, self._wide = tables, wide
        self._named: dict[tuple[Iri, str], Iri] = {}  # by class and name
        self._parts: dict[tuple[Iri, Iri, tuple[str, ...]], Iri] = {}  # of a wide table: by parent, class and cells
        self._services: dict[int, Iri] = {}  # what each row of a wide table is about
        self._addresses: dict[tuple[str, int], Iri] = {}  # by sheet and row: of the thing that it gives a name

    def read(self) -> None:
        """Turn every row into facts."""
        self._read_organisation()
        for sheet in fields.SHEETS[1:]:
            if sheet in self._tables:
                table, things = self._tables[sheet], fields.things(sheet)
                for row in table.rows:
                    self._read_row(table, things, row)

    def address(self, sheet: str, row: int) -> Iri:
        """The address of the thing that a row gives a name; empty where it gives none."""
        return self.owner if sheet == "Organisation" else self._addresses.get((sheet, row), Iri())

    def _read_organisation(self) -> None:
        if "Organisation" not in self._tables:
            return
        table = self._tables["Organisation"]
        about = {ORGANISATION: self.owner, RECORD: self.graph}
        for row, texts in table.rows if self._wide else table.rows[:1]:
            for kind, thing in about.items():
                self._begin(thing, kind, table, row)
            self._fill(about, table, row, texts)
        if not self._wide:
            self.problems += [Problem(rule="moreOrganisations", place=table.place(row)) for row, _ in table.rows[1:]]

    def _read_row(self, table: Table, things: Iterable[Thing], row: Row) -> None:
        number, texts = row
        if self._wide and not any(texts[column] for column in table.columns.values() if column < len(texts)):
            return
        about: dict[Iri, Iri] = {}
        for thing in things:
            if thing.part:
                self._begin_part(thing, about, table, row)
            else:
                self._begin_named(thing, about, table, row)
        self._fill(about, table, number, texts)
        if SERVICE in about:
            self._provide(about[SERVICE], table.place(number))
        for each in fields.implied():
            thing_of = about.get(each.about)
            if thing_of and (each.by is None or self.said(thing_of, each.by)) and not self.said(thing_of, each.path):
                self.put(thing_of, each.path, each.value, table.place(number))

    def _begin_named(self, thing: Thing, about: dict[Iri, Iri], table: Table, row: Row) -> None:
        number, texts = row
        name = table.cell(texts, LABEL)
        key = thing.about, fold(name) or f"row {number}"
        known, parent = self._named.get(key), self._parent(thing, about, table, row)
        astray = bool(thing.linked_by) and parent is None  # it names no service, and must not be lost in another row's
        if known and (self._wide or thing.shares_rows) and not astray:
            about[thing.about] = known
        else:
            about[thing.about] = self.names.named(thing.kind, name)
            if known and not thing.shares_rows:
                place = table.place(number, table.field(LABEL))
                self.problems.append(Problem(rule="nameTwice", place=place, value=name, record=about[thing.about]))
        iri = self._addresses[table.sheet, number] = about[thing.about]
        self._named.setdefault(key, iri)
        self._begin(iri, thing.about, table, number)
        if self._wide and thing.about == SERVICE:
            self._services[number] = iri
        self._link(thing, iri, parent, table, row)

    def _begin_part(self, thing: Thing, about: dict[Iri, Iri], table: Table, row: Row) -> None:
        number, texts = row
        known = self._parent(thing, about, table, row)
        nameless = Iri(f"{self.names.base}service/{self.names.own('')}")
        parent = self.owner if thing.of_owner else known or (self.owner if thing.else_owner else nameless)
        own = tuple(table.cell(texts, field.path) for field in table.columns if field.about == thing.about)
        key = parent, thing.about, own
        if not (self._wide and key in self._parts):
            self._parts[key] = self.names.part(parent, thing.part)
        about[thing.about] = self._parts[key]
        self._begin(about[thing.about], thing.about, table, number)
        self._link(thing, about[thing.about], known, table, row)

    def _parent(self, thing: Thing, about: Mapping[Iri, Iri], table: Table, row: Row) -> Iri | None:
        """What a thing is a part of: what the same row is about, or the service that a column names."""
        if thing.or_owner and not (thing.below or thing.linked_by):
            return self.owner
        number, texts = row
        naming = [field for field in table.columns if field.about == thing.about and field.inverse]
        naming += [field for path in thing.below for field in table.columns if field.path == path]
        names = [fold(table.cell(texts, field.path)) for field in naming]
        found = [about.get(each) for each in thing.below]
        found += [self._named.get((SERVICE, name)) for name in names]
        found += [self._services.get(number)] if not any(names) else []
        if thing.or_owner and not set(names) - {"", fold(self._name)}:
            found.append(self.owner)
        return next(filter(None, found), None)

    def _link(self, thing: Thing, iri: Iri, parent: Iri | None, table: Table, row: Row) -> None:
        """State what follows from where a row stands."""
        number, texts = row
        naming = next((field for field in table.columns if field.about == thing.about and field.inverse), None)
        if thing.owned_by and (parent == self.owner or not thing.or_owner):
            self.put(iri, thing.owned_by, NamedNode(self.owner), table.place(number))
        if thing.linked_by and parent:
            self.put(parent, thing.linked_by, NamedNode(iri), table.place(number, naming))
        service = self._services.get(number)
        if thing.service_by and service and not table.cell(texts, thing.service_by):
            self.put(iri, thing.service_by, NamedNode(service), table.place(number))

    def _provide(self, service: Iri, place: Place) -> None:
        """Whose record it is leads a service, unless it says that another one does."""
        led = self.said(service, _LEAD)
        if not led:
            self.put(service, _LEAD, NamedNode(self.owner), place)
        elif NamedNode(self.owner) not in led:
            self.put(service, _PARTNER, NamedNode(self.owner), place)

    def _fill(self, about: Mapping[Iri, Iri], table: Table, row: int, texts: tuple[str, ...]) -> None:
        for field, column in table.columns.items():
            if field.inverse or column >= len(texts) or not texts[column]:
                continue
            place = table.place(row, field)
            for text in cells.pieces(field, texts[column], self.context, own=self._own(field)):
                self.put(about[field.about], field.path, self.term(field, text, place), place)

    def _own(self, field: Field) -> frozenset[str]:
        """What the record's own services are called, as names are compared, where a field takes services."""
        return frozenset(name for kind, name in self._named if kind == SERVICE) if SERVICE in field.takes else _NONE

    def meant(self, field: Field, text: str) -> Iri | None:
        """The one thing that a name means: first of all one of the record's own."""
        own = (self._named.get((kind, fold(text))) for kind in field.takes)
        return next(filter(None, own), None) or super().meant(field, text)

    def _begin(self, thing: Iri, kind: Iri, table: Table, row: int) -> None:
        """A thing of a kind begins at a row."""
        if thing not in self.things:
            self.begin(
                thing, kind, table.place(row, next((each for each in table.columns if each.about == kind), None))
            )


def _owner(name: str, start: str, context: Context, kept: Kept) -> Iri:
    before = kept.get(("organisation", fold(name)))
    if before and before.startswith(start) and is_ours(before, "organisation"):
        return before
    known = context.find(name, [ORGANISATION])
    if len(known) == 1 and known[0].startswith(start):
        return known[0]
    return Iri(f"{start}organisation/{slug(name)}")
