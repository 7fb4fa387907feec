"""The rows of a table become facts about one organisation.

What people type becomes a name where it has one meaning, and a number or a day where it can be read as one. Whatever
cannot, stays the text that it is: the rules then say what is wrong with it, at its cell.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields, namespaces
from taxonomy.context import Context, fold
from taxonomy.fields import LABEL, TYPE, Field, Thing
from taxonomy.intake import cells
from taxonomy.intake.tables import Table
from taxonomy.namespaces import EXAMPLE, ID, SV
from taxonomy.records import Place, Problem
from taxonomy.values import Iri

_ORGANISATION, _SERVICE, _RECORD = Iri(SV + "Organisation"), Iri(SV + "Service"), Iri(SV + "Record")
_LEAD, _PARTNER = Iri(SV + "leadProvider"), Iri(SV + "partnerProvider")

Row = tuple[int, tuple[str, ...]]


class Filled:
    """One record while rows become facts about its organisation."""

    def __init__(self, tables: Mapping[str, Table], *, wide: bool, practice: bool, context: Context) -> None:
        self.places: dict[Triple, Place] = {}
        self.things: dict[Iri, Place] = {}
        self.proposals: dict[Iri, str] = {}  # organisations that the register does not know yet
        self.problems: list[Problem] = []
        self._tables, self._wide, self._context = tables, wide, context
        self._base = (EXAMPLE + "id/") if practice else ID
        self._named: dict[tuple[Iri, str], Iri] = {}  # by class and name
        self._parts: dict[tuple[Iri, Iri, tuple[str, ...]], Iri] = {}  # of a wide table: by parent, class and cells
        self._services: dict[int, Iri] = {}  # what each row of a wide table is about
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._said: defaultdict[tuple[Iri, str], set[NamedNode | Literal]] = defaultdict(set)
        first = tables["Organisation"].rows[:1] if "Organisation" in tables else ()
        self._name = next((tables["Organisation"].cell(texts, LABEL) for _, texts in first), "")
        self.owner = self._owner()

    def read(self) -> None:
        """Turn every row into facts."""
        self._read_organisation()
        for sheet in fields.SHEETS[1:]:
            if sheet in self._tables:
                table, things = self._tables[sheet], fields.things(sheet)
                for row in table.rows:
                    self._read_row(table, things, row)

    def _owner(self) -> Iri:
        known = self._context.find(self._name, [_ORGANISATION])
        if len(known) == 1 and known[0].startswith(self._base):
            return known[0]
        return Iri(f"{self._base}organisation/{slug(self._name)}")

    def _read_organisation(self) -> None:
        if "Organisation" not in self._tables:
            return
        table = self._tables["Organisation"]
        about = {_ORGANISATION: self.owner, _RECORD: Iri(namespaces.graph("record", self.owner.slug))}
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
        if _SERVICE in about:
            self._provide(about[_SERVICE], table.place(number))
        for each in fields.implied():
            thing_of = about.get(each.about)
            if thing_of and (each.by is None or self._said[thing_of, each.by]) and not self._said[thing_of, each.path]:
                self._put(thing_of, each.path, each.value, table.place(number))

    def _begin_named(self, thing: Thing, about: dict[Iri, Iri], table: Table, row: Row) -> None:
        number, texts = row
        name = table.cell(texts, LABEL)
        key = thing.about, fold(name) or f"row {number}"
        known, parent = self._named.get(key), self._parent(thing, about, table, row)
        astray = bool(thing.linked_by) and parent is None  # it names no service, and must not be lost in another row's
        if known and (self._wide or thing.shares_rows) and not astray:
            about[thing.about] = known
        else:
            about[thing.about] = self._minted(thing.kind, self._own(name))
            if known and not thing.shares_rows:
                place = table.place(number, table.field(LABEL))
                self.problems.append(Problem(rule="nameTwice", place=place, value=name, record=about[thing.about]))
        iri = about[thing.about]
        self._named.setdefault(key, iri)
        self._begin(iri, thing.about, table, number)
        if self._wide and thing.about == _SERVICE:
            self._services[number] = iri
        self._link(thing, iri, parent, table, row)

    def _begin_part(self, thing: Thing, about: dict[Iri, Iri], table: Table, row: Row) -> None:
        number, texts = row
        known = self._parent(thing, about, table, row)
        parent = known or Iri(f"{self._base}service/{self._own('')}")
        own = tuple(table.cell(texts, field.path) for field in table.columns if field.about == thing.about)
        key = parent, thing.about, own
        if not (self._wide and key in self._parts):
            self._counts[f"{parent}/{thing.part}"] += 1
            self._parts[key] = Iri(f"{parent}/{thing.part}/{self._counts[f'{parent}/{thing.part}']}")
        about[thing.about] = self._parts[key]
        self._begin(about[thing.about], thing.about, table, number)
        self._link(thing, about[thing.about], known, table, row)

    def _parent(self, thing: Thing, about: Mapping[Iri, Iri], table: Table, row: Row) -> Iri | None:
        """What a thing is a part of: what the same row is about, or the service that a column names."""
        number, texts = row
        naming = [field for field in table.columns if field.about == thing.about and field.inverse]
        naming += [field for path in thing.below for field in table.columns if field.path == path]
        names = [fold(table.cell(texts, field.path)) for field in naming]
        found = [about.get(each) for each in thing.below]
        found += [self._named.get((_SERVICE, name)) for name in names]
        found += [self._services.get(number)] if not any(names) else []
        if thing.or_owner and not set(names) - {"", fold(self._name)}:
            found.append(self.owner)
        return next(filter(None, found), None)

    def _link(self, thing: Thing, iri: Iri, parent: Iri | None, table: Table, row: Row) -> None:
        """State what follows from where a row stands."""
        number, texts = row
        naming = next((field for field in table.columns if field.about == thing.about and field.inverse), None)
        if thing.owned_by and (parent == self.owner or not thing.or_owner):
            self._put(iri, thing.owned_by, NamedNode(self.owner), table.place(number))
        if thing.linked_by and parent:
            self._put(parent, thing.linked_by, NamedNode(iri), table.place(number, naming))
        service = self._services.get(number)
        if thing.service_by and service and not table.cell(texts, thing.service_by):
            self._put(iri, thing.service_by, NamedNode(service), table.place(number))

    def _provide(self, service: Iri, place: Place) -> None:
        """Whose record it is leads a service, unless it says that another one does."""
        led = self._said[service, _LEAD]
        if not led:
            self._put(service, _LEAD, NamedNode(self.owner), place)
        elif NamedNode(self.owner) not in led:
            self._put(service, _PARTNER, NamedNode(self.owner), place)

    def _fill(self, about: Mapping[Iri, Iri], table: Table, row: int, texts: tuple[str, ...]) -> None:
        for field, column in table.columns.items():
            if field.inverse or column >= len(texts) or not texts[column]:
                continue
            place = table.place(row, field)
            for text in cells.pieces(field, texts[column], self._context):
                term = self._term(field, text, place)
                self._put(about[field.about], field.path, term, place)

    def _term(self, field: Field, text: str, place: Place) -> NamedNode | Literal:
        meant = None
        if field.kind == "choice":
            meant = self._context.choose(text, field.choices)
        elif field.kind == "name":
            meant = self._meant(field, text, place)
        return NamedNode(meant) if meant else cells.literal(field, text)

    def _meant(self, field: Field, text: str, place: Place) -> Iri | None:
        if _SERVICE in field.takes and (_SERVICE, fold(text)) in self._named:
            return self._named[_SERVICE, fold(text)]
        if _ORGANISATION in field.takes and fold(text) == fold(self._name):
            return self.owner
        found = self._context.find(text, field.takes)
        if found or field.takes != (_ORGANISATION,) or not fold(text):
            return found[0] if len(found) == 1 else None
        proposed = Iri(f"{self._base}organisation/{slug(text)}")
        if proposed not in self.proposals:
            near = self._context.near(text, field.takes)
            hint = f"Did you mean {' or '.join(near)}?" if near else ""
            self.problems.append(Problem(rule="nameNew", place=place, value=text, hint=hint, record=proposed))
            self._put(proposed, SV + "nameAsPrinted", Literal(text), place)
        self.proposals.setdefault(proposed, text)
        return proposed

    def _begin(self, thing: Iri, kind: Iri, table: Table, row: int) -> None:
        """A thing of a kind begins at a row."""
        if thing not in self.things:
            place = table.place(row, next((field for field in table.columns if field.about == kind), None))
            self.things[thing] = place
            self._put(thing, TYPE, NamedNode(kind), place)

    def _put(self, thing: Iri, path: str, value: NamedNode | Literal, place: Place) -> None:
        self.places.setdefault(Triple(NamedNode(thing), NamedNode(path), value), place)
        self._said[thing, path].add(value)

    def _own(self, name: str) -> str:
        """A slug that no other organisation's thing of that name will have."""
        start, own = self.owner.slug, slug(name)
        return own if own.startswith(f"{start}-") else f"{start}-{own}"

    def _minted(self, kind: str, own: str) -> Iri:
        self._counts[f"{kind}/{own}"] += 1
        number = self._counts[f"{kind}/{own}"]
        return Iri(f"{self._base}{kind}/{own}" + (f"-{number}" if number > 1 else ""))


def slug(name: str) -> str:
    """The short name of a thing in its IRI.

    >>> slug("Made-Up Centre (North)")
    'made-up-centre-north'
    """
    words = re.findall(r"[a-z0-9]+", fold(name))
    return "-".join(words)[:60].strip("-") or "unnamed"
