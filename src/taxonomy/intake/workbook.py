"""An Excel workbook in; facts with their cells, and what is wrong with its sheets and headings, out.

What people type becomes a name where it has one meaning, and a number or a day where it can be read as one. Whatever
cannot, stays the text that it is: the rules then say what is wrong with it, at its cell.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields, namespaces, sandbox
from taxonomy.context import Context, fold
from taxonomy.errors import InputError
from taxonomy.fields import Field
from taxonomy.intake import tables
from taxonomy.intake.tables import Table
from taxonomy.namespaces import CONCEPT, EXAMPLE, ID, RDF, SV, XSD
from taxonomy.records import Place, Problem
from taxonomy.settings import Bounds
from taxonomy.values import Iri, Value, parse_boolean, parse_date, parse_integer, parse_money, to_term

_PARSERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "integer": parse_integer,
    "decimal": parse_money,
    "date": parse_date,
    "boolean": parse_boolean,
}
_ORGANISATION, _SERVICE = Iri(SV + "Organisation"), Iri(SV + "Service")
_RULE, _ROUTE, _SITE = Iri(SV + "EligibilityRule"), Iri(SV + "ReferralLink"), Iri(SV + "ServiceSite")
_AGREEMENT, _PART, _RECORD = Iri(SV + "FundingAgreement"), Iri(SV + "FundingPart"), Iri(SV + "Record")
_WAITING, _ACCREDITATION, _FIGURE = Iri(SV + "WaitingTime"), Iri(SV + "Accreditation"), Iri(SV + "Statistic")
_PEOPLE, _STATED = Iri(CONCEPT + "unit/people"), Iri(CONCEPT + "value-status/stated")


class Filled:
    """A workbook while its rows become facts about one organisation."""

    def __init__(
        self, found: Mapping[str, Table], problems: tuple[Problem, ...], *, practice: bool, context: Context
    ) -> None:
        self.places: dict[Triple, Place] = {}
        self.things: dict[Iri, Place] = {}
        self.proposals: dict[Iri, str] = {}  # organisations that the register does not know yet
        self.problems = list(problems)
        self._tables, self._context = found, context
        self._base = (EXAMPLE + "id/") if practice else ID
        self._services: dict[str, Iri] = {}
        self._counts: defaultdict[str, int] = defaultdict(int)
        self.owner = self._name_owner()

    @property
    def columns(self) -> dict[tuple[str, Iri], tuple[str, str]]:
        """Where the column of each property is, also where nothing stands in it."""
        return {
            (table.written, field.path): (tables.letters(number), table.headings[number])
            for table in self._tables.values()
            for field, number in table.columns.items()
        }

    @property
    def cells(self) -> dict[tuple[str, str], str]:
        """What stands in each cell that a finding may point at."""
        return {
            (table.written, f"{tables.letters(column)}{row}"): text
            for table in self._tables.values()
            for row, texts in table.rows
            for column, text in enumerate(texts)
        }

    def read(self) -> None:
        """Turn every row into facts."""
        for row, texts in self._rows("Organisation")[:1]:
            record = Iri(namespaces.graph("record", self.owner.slug))
            self._begin(self.owner, _ORGANISATION, self._tables["Organisation"], row)
            self._begin(record, _RECORD, self._tables["Organisation"], row)
            self._fill({_ORGANISATION: self.owner, _RECORD: record}, "Organisation", row, texts)
        for row, _ in self._rows("Organisation")[1:]:
            self.problems.append(Problem(rule="moreOrganisations", place=self._tables["Organisation"].place(row)))
        self._name_services()
        self._read_parts("Eligibility", _RULE, "eligibility")
        self._read_agreements()
        self._read_routes()
        self._read_parts("Waiting times", _WAITING, "hasWaitingTime")
        self._read_parts("Accreditations", _ACCREDITATION, "hasAccreditation", whole=True)
        self._read_figures()
        self._read_sites()

    def _name_owner(self) -> Iri:
        rows = self._rows("Organisation")
        name = self._cell("Organisation", rows[0][1], "label") if rows else ""
        known = self._context.find(name, [_ORGANISATION])
        if len(known) == 1 and known[0].startswith(self._base):
            return known[0]
        return Iri(f"{self._base}organisation/{slug(name)}")

    def _name_services(self) -> None:
        for row, texts in self._rows("Services"):
            name, table = self._cell("Services", texts, "label"), self._tables["Services"]
            iri = self._minted("service", self._own(name))
            if fold(name) in self._services:
                field = self._field("Services", "label")
                self.problems.append(Problem(rule="nameTwice", place=table.place(row, field), value=name, record=iri))
            self._services.setdefault(fold(name), iri)
            self._begin(iri, _SERVICE, table, row)
            self._fill({_SERVICE: iri}, "Services", row, texts)
            led = {triple.object for triple in self.places if _says(triple, iri, "leadProvider")}
            if not led:
                self._state(iri, "leadProvider", self.owner, table.place(row))
            elif NamedNode(self.owner) not in led:
                self._state(iri, "partnerProvider", self.owner, table.place(row))

    def _read_parts(self, sheet: str, kind: Iri, link: str, *, whole: bool = False) -> None:
        """A sheet whose rows are parts of a service, or, where they may be and name none, of the whole organisation."""
        for row, texts in self._rows(sheet):
            table, field = self._tables[sheet], self._field(sheet, link)
            holder = self._holder(self._cell(sheet, texts, link), whole=whole)
            iri = self._numbered(holder, kind)
            self._begin(iri, kind, table, row)
            if holder:
                self._state(holder, link, iri, table.place(row, field))
            self._fill({kind: iri}, sheet, row, texts)

    def _read_figures(self) -> None:
        for row, texts in self._rows("Figures"):
            table = self._tables["Figures"]
            written = self._cell("Figures", texts, "aboutService")
            iri = self._numbered(self._holder(written, whole=True), _FIGURE)
            self._begin(iri, _FIGURE, table, row)
            self._fill({_FIGURE: iri}, "Figures", row, texts)
            self._state(iri, "unit", _PEOPLE, table.place(row))
            if not fold(written):
                self._state(iri, "aboutOrganisation", self.owner, table.place(row))
            if self._cell("Figures", texts, "value") and not self._cell("Figures", texts, "valueStatus"):
                self._state(iri, "valueStatus", _STATED, table.place(row))

    def _read_sites(self) -> None:
        sites: dict[str, Iri] = {}
        for row, texts in self._rows("Sites"):
            table, name = self._tables["Sites"], self._cell("Sites", texts, "label")
            service = self._holder(self._cell("Sites", texts, "hasSite"))
            key = fold(name) if service and fold(name) else f"row {row}"  # rows with one name are one site
            iri = sites.get(key) or self._minted("site", self._own(name))
            if key not in sites:
                sites[key] = iri
                self._begin(iri, _SITE, table, row)
            if service:
                self._state(service, "hasSite", iri, table.place(row, self._field("Sites", "hasSite")))
            self._fill({_SITE: iri}, "Sites", row, texts)

    def _holder(self, written: str, *, whole: bool = False) -> Iri | None:
        """The service that is written, or, where that may be, the organisation, which an empty cell means as well."""
        names = {"", fold(self._cell_of_owner())} if whole else set[str]()
        return self._services.get(fold(written)) or (self.owner if fold(written) in names else None)

    def _read_agreements(self) -> None:
        agreements: dict[str, Iri] = {}
        for row, texts in self._rows("Funding"):
            table, name = self._tables["Funding"], self._cell("Funding", texts, "label")
            key = fold(name) or f"row {row}"
            iri = agreements.get(key) or self._minted("agreement", self._own(name))
            if key not in agreements:
                agreements[key] = iri
                self._begin(iri, _AGREEMENT, table, row)
                self._state(iri, "recipient", self.owner, table.place(row))
            part = self._numbered(iri, _PART)
            self._begin(part, _PART, table, row)
            self._state(iri, "fundingPart", part, table.place(row))
            self._fill({_AGREEMENT: iri, _PART: part}, "Funding", row, texts)
            if self._cell("Funding", texts, "amount"):
                self._state(part, "currency", "GBP", table.place(row))

    def _read_routes(self) -> None:
        for row, texts in self._rows("Routes"):
            ends = [
                self._services.get(fold(self._cell("Routes", texts, end))) for end in ("referralTo", "referralFrom")
            ]
            iri = self._numbered(next(filter(None, ends), None), _ROUTE)
            self._begin(iri, _ROUTE, self._tables["Routes"], row)
            self._fill({_ROUTE: iri}, "Routes", row, texts)

    def _fill(self, about: Mapping[Iri, Iri], sheet: str, row: int, texts: tuple[str, ...]) -> None:
        table = self._tables[sheet]
        for field, column in table.columns.items():
            if field.inverse or column >= len(texts):
                continue
            place = table.place(row, field)
            written = re.split(r"[;\n]", texts[column]) if field.many else [texts[column]]
            for text in filter(None, (" ".join(each.split()) for each in written)):
                term = self._term(field, text, place)
                self.places.setdefault(Triple(NamedNode(about[field.about]), NamedNode(field.path), term), place)

    def _term(self, field: Field, text: str, place: Place) -> NamedNode | Literal:
        match field.kind:
            case "prose":
                return Literal(text, language="en")
            case "address":
                return Literal(text, datatype=NamedNode(XSD + "anyURI"))
            case "choice":
                chosen = self._context.choose(text, field.choices)
                return NamedNode(chosen) if chosen else Literal(text)
            case "name":
                meant = self._meant(field, text, place)
                return NamedNode(meant) if meant else Literal(text)
            case "text":
                return Literal(text)
        try:
            return to_term(_PARSERS[field.kind](text))
        except InputError:
            return Literal(text)

    def _meant(self, field: Field, text: str, place: Place) -> Iri | None:
        if _SERVICE in field.takes and fold(text) in self._services:
            return self._services[fold(text)]
        if _ORGANISATION in field.takes and fold(text) == fold(self._cell_of_owner()):
            return self.owner
        found = self._context.find(text, field.takes)
        if found or field.takes != (_ORGANISATION,) or not fold(text):
            return found[0] if len(found) == 1 else None
        proposed = Iri(f"{self._base}organisation/{slug(text)}")
        if proposed not in self.proposals:
            near = self._context.near(text, field.takes)
            hint = f"Did you mean {' or '.join(near)}?" if near else ""
            self.problems.append(Problem(rule="nameNew", place=place, value=text, hint=hint, record=proposed))
            self._state(proposed, "nameAsPrinted", text, place)
        self.proposals.setdefault(proposed, text)
        return proposed

    def _cell_of_owner(self) -> str:
        rows = self._rows("Organisation")
        return self._cell("Organisation", rows[0][1], "label") if rows else ""

    def _rows(self, sheet: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        return self._tables[sheet].rows if sheet in self._tables else ()

    def _field(self, sheet: str, path: str) -> Field | None:
        return next((field for field in self._tables[sheet].columns if field.path.slug == path), None)

    def _cell(self, sheet: str, texts: tuple[str, ...], path: str) -> str:
        field = self._field(sheet, path)
        column = self._tables[sheet].columns[field] if field else len(texts)
        return texts[column] if column < len(texts) else ""

    def _begin(self, thing: Iri, kind: Iri, table: Table, row: int) -> None:
        """A thing of a kind begins at a row."""
        place = table.place(row, next((field for field in table.columns if field.about == kind), None))
        self.things.setdefault(thing, place)
        self.places.setdefault(Triple(NamedNode(thing), NamedNode(RDF + "type"), NamedNode(kind)), place)

    def _state(self, thing: Iri, path: str, value: Iri | str, place: Place) -> None:
        """State what follows from where a row stands."""
        self.places.setdefault(Triple(NamedNode(thing), NamedNode(SV + path), to_term(value)), place)

    def _own(self, name: str) -> str:
        """A slug that no other organisation's thing of that name will have."""
        start, own = self.owner.slug, slug(name)
        return own if own.startswith(f"{start}-") else f"{start}-{own}"

    def _minted(self, kind: str, own: str) -> Iri:
        self._counts[f"{kind}/{own}"] += 1
        number = self._counts[f"{kind}/{own}"]
        return Iri(f"{self._base}{kind}/{own}" + (f"-{number}" if number > 1 else ""))

    def _numbered(self, parent: Iri | None, kind: Iri) -> Iri:
        parent = parent or Iri(f"{self._base}service/{self._own('')}")
        parts = f"{parent}/{fields.parts()[kind]}"
        self._counts[parts] += 1
        return Iri(f"{parts}/{self._counts[parts]}")


def open_sheets(data: bytes, bounds: Bounds) -> Mapping[str, list[list[str]]]:
    """The text of every cell, by sheet.

    Raises:
        InputError: it is no workbook that can be read safely.
        LimitError: reading it takes more than its share.
    """
    sheets: Mapping[str, list[list[str]]] = json.loads(sandbox.run("taxonomy.intake.sheets", data, bounds.limits))
    return sheets


def read(sheets: Mapping[str, list[list[str]]], context: Context) -> Filled:
    """The facts of a workbook.

    Raises:
        InputError: it has none of the sheets of a record.
    """
    found, problems = tables.find(sheets)
    if not found:
        raise InputError(
            f"The workbook has none of the sheets {', '.join(fields.SHEETS)}.",
            hint="Fill in the template, or name your sheets as there.",
        )
    filled = Filled(found, problems, practice=_is_practice(sheets), context=context)
    filled.read()
    return filled


def slug(name: str) -> str:
    """The short name of a thing in its IRI.

    >>> slug("Made-Up Centre (North)")
    'made-up-centre-north'
    """
    words = re.findall(r"[a-z0-9]+", fold(name))
    return "-".join(words)[:60].strip("-") or "unnamed"


def _is_practice(sheets: Mapping[str, list[list[str]]]) -> bool:
    """Whether a cell says "Practice record", and the one beside or below it yes."""
    return any(_YES.intersection(map(fold, beside)) for rows in sheets.values() for beside in _beside_mark(rows))


_YES: Final = frozenset({"yes", "y", "true", "1"})


def _beside_mark(rows: list[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if fold(cell) == "practice record":
                yield [*row[column + 1 : column + 2], *(below[column] for below in rows[number + 1 : number + 2])]


def _says(triple: Triple, thing: Iri, path: str) -> bool:
    return triple.subject == NamedNode(thing) and triple.predicate.value == SV + path
