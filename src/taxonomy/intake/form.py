"""A record in a form: the rows of its sheets while somebody fills them in, as typed, whatever is wrong with them.

What it says is read as a workbook is, since it is handed on as one: a finding points at a field as at a cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from taxonomy import fields, intake
from taxonomy.context import Context, fold
from taxonomy.drafts import SERVICE
from taxonomy.errors import InputError, NotFoundError
from taxonomy.fields import Field
from taxonomy.intake import marks, rdf, template, texts, workbook
from taxonomy.intake.layout import BETWEEN, lay_out
from taxonomy.intake.row import Row, name_column
from taxonomy.intake.tables import WIDE
from taxonomy.intake.unsaid import in_words, unsaid
from taxonomy.intake.workbook import Opened, Read
from taxonomy.namespaces import EXAMPLE
from taxonomy.naming import Kept
from taxonomy.records import Place, Record, letters
from taxonomy.settings import Bounds
from taxonomy.values import Iri

__all__ = ["MOST", "ORGANISATION", "Form", "Row"]

ORGANISATION: Final = fields.SHEETS[0]
MOST: Final = 1_000  # rows of one form


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One organisation's record in a form."""

    owner: Iri
    rows: Mapping[str, tuple[Row, ...]]  # by sheet
    proposed: Mapping[str, Iri] = field(default_factory=dict)  # organisations without an entry, by name
    left: tuple[str, ...] = ()  # what the file or record says that no field can hold, in words

    def of(self, sheet: str) -> tuple[Row, ...]:
        """The rows of a sheet, in their order."""
        return self.rows.get(sheet, ())

    def row(self, sheet: str, number: int) -> Row:
        """One row.

        Raises:
            NotFoundError: the sheet has no row of this number.
        """
        found = next((row for row in self.of(sheet) if row.id == number), None)
        if found is None:
            raise NotFoundError("row", str(number))
        return found

    @property
    def name(self) -> str:
        """What the organisation is called here."""
        return next((row.cells.get(name_column(ORGANISATION), "") for row in self.of(ORGANISATION)), "")

    def own(self, field: Field) -> tuple[str, ...]:
        """What those of its own things are called that a field takes, such as its services."""
        sheets = [
            each for each in fields.SHEETS for thing in fields.things(each) if thing.kind and thing.about in field.takes
        ]
        called = [row.cells.get(name_column(sheet), "") for sheet in sheets for row in self.of(sheet)]
        return tuple(dict.fromkeys(filter(None, called)))

    def with_row(self, sheet: str, cells: Mapping[str, str], number: int | None = None) -> tuple[Form, int]:
        """The form with a row changed, or with one more, and the number of that row.

        Where a service gets another name, the rows that name it follow.

        Raises:
            InputError: a text is longer than a cell may be, or there are more rows than one record may have.
        """
        long = next((heading for heading, text in cells.items() if len(text) > texts.LONGEST), None)
        if long:
            raise InputError(f"{long}: the text is longer than {texts.LONGEST:,} characters.", hint="Shorten it.")
        if sum(map(len, self.rows.values())) >= MOST and not any(row.id == number for row in self.of(sheet)):
            raise InputError(f"A form holds {MOST:,} rows at most.", hint="Upload a file instead.")
        filled = {heading: text for heading, text in cells.items() if text}
        before = next((row for row in self.of(sheet) if row.id == number), None)
        row = replace(before, cells=filled) if before else Row(id=self._next, cells=filled)
        rows = tuple(row if each.id == row.id else each for each in self.of(sheet))
        form = replace(self, rows={**self.rows, sheet: rows if before else (*rows, row)})
        heading = name_column("Services")
        if sheet == "Services" and before and (old := before.cells.get(heading)) and (new := filled.get(heading)):
            form = form if old == new else _renamed(form, old, new)
        return form, row.id

    def without(self, sheet: str, number: int) -> Form:
        """The form without one row; where the row is gone already, as it is."""
        return replace(self, rows={**self.rows, sheet: tuple(each for each in self.of(sheet) if each.id != number)})

    def of_owner(self, owner: Iri) -> Form:
        """The form as that of an organisation, where it does not say of which."""
        first = self.of(ORGANISATION)[:1] or (Row(id=self._next, cells={}),)
        return replace(self, owner=owner, rows={**self.rows, ORGANISATION: (replace(first[0], iri=owner),)})

    def sheets(self) -> dict[str, list[list[str]]]:
        """The cells, as a reader of workbooks finds them: the first row of a thing stands where the template has it."""
        practice = "yes" if self.owner.startswith(EXAMPLE) else "no"
        found = {"Read me": [[marks.PRACTICE, practice]], marks.KEPT: [[*key, iri] for key, iri in self._kept.items()]}
        for sheet, rows in self.rows.items():
            columns = fields.of(sheet)
            above = [[each.heading + (template.REQUIRED if each.required else "") for each in columns]]
            above += [[""] * len(columns)] * (template.FIRST_ROW - 2)
            found[sheet] = above + [[row.cells.get(each.heading, "") for each in columns] for row in rows]
        return found

    def workbook(self, context: Context) -> bytes:
        """The form as the workbook that a provider would have filled in, as the bytes of a file."""
        rows = {sheet: [row.cells for row in rows] for sheet, rows in self.rows.items()}
        practice = self.owner.startswith(EXAMPLE)
        return template.filled_in(rows, context=context, practice=practice, kept=self._kept)

    def bare(self) -> bytes:
        """The form as a workbook without help, lists and looks, to be checked: a fault in both is at one place."""
        return template.bare(self.sheets())

    def read(self, context: Context) -> Read:
        """What it says, as the readers of workbooks understand it.

        Raises:
            NoRecordError: there is nothing in it.
        """
        return workbook.read(Opened(sheets=self.sheets(), guessed={}), context, {})

    def at(self, place: Place) -> tuple[str, Row | None, Field | None]:
        """The sheet, row and field of a place in the workbook that it makes; None: no single one is meant."""
        sheet = place.sheet or ""
        if sheet not in fields.SHEETS:
            return "", None, None
        rows, number = self.of(sheet), (place.row or 0) - template.FIRST_ROW
        row = rows[number] if 0 <= number < len(rows) else None
        letter = (place.cell or "").rstrip("0123456789")
        return sheet, row, next((each for i, each in enumerate(fields.of(sheet)) if letters(i) == letter), None)

    def to_json(self) -> str:
        """The form as text that ``from_json`` reads."""
        rows = {sheet: [[row.id, row.iri, dict(row.cells)] for row in rows] for sheet, rows in self.rows.items()}
        said = {"owner": self.owner, "rows": rows, "proposed": dict(self.proposed), "left": list(self.left)}
        return json.dumps(said, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Form:
        """The form that ``to_json`` wrote."""
        said = json.loads(text)
        return cls(
            owner=Iri(said["owner"]),
            rows={
                sheet: tuple(Row(id=number, iri=Iri(iri), cells=cells) for number, iri, cells in rows)
                for sheet, rows in said["rows"].items()
            },
            proposed={name: Iri(iri) for name, iri in said["proposed"].items()},
            left=tuple(said["left"]),
        )

    @classmethod
    def begun(cls, owner: Iri, name: str) -> Form:
        """A form with nothing in it but what the organisation is called."""
        return _numbered(owner, {ORGANISATION: [({name_column(ORGANISATION): name} if name else {}, owner)]})

    @classmethod
    def of_record(cls, record: Record, context: Context) -> Form:
        """The form filled from a record; what no field can hold is named in ``left``."""
        laid = lay_out(record, context)
        form = _numbered(
            laid.owner, {sheet: [(row.cells, row.iri) for row in rows] for sheet, rows in laid.rows.items()}
        )
        form = replace(form, proposed=laid.proposed)
        return replace(
            form,
            left=tuple(in_words(each, record, context) for each in unsaid(record, form.read(context), laid, context)),
        )

    @classmethod
    def of_file(cls, data: bytes, name: str, context: Context, *, bounds: Bounds | None = None) -> Form:
        """The form filled from a file that we read; the cells of a table come over as they were typed.

        Raises:
            InputError: the file cannot be read, or holds no record or several.
            LimitError: reading it takes more than its share.
        """
        bounds = bounds or Bounds()
        submission = intake.read_bytes(data, name, context=context, bounds=bounds)
        record = submission.only
        if not submission.matches:
            return cls.of_record(record, context)
        opened = workbook.open_sheets(data, submission.file, bounds, csv=submission.kind == "csv")
        return cls.of_tables(workbook.read(opened, context, {}), context)

    @classmethod
    def of_tables(cls, read: Read, context: Context) -> Form:
        """The form filled from the cells of a workbook of one record, as they were typed; of a wide one, as read."""
        [filled] = read.records
        if WIDE in read.found.tables:
            record = Record(owner=filled.owner, places=filled.places, things=filled.things, proposals=filled.proposals)
            form = cls.of_record(replace(record, places=rdf.complete(record.places, record.owner, context)), context)
        else:
            form = _numbered(
                filled.owner,
                {
                    sheet: [
                        (_cells(table.columns, texts), filled.address(sheet, number)) for number, texts in table.rows
                    ]
                    for sheet, table in read.found.tables.items()
                },
            )
            form = replace(form, proposed={name: iri for iri, name in filled.proposals.items()})
        unread = (each for each in read.found.matches if each.how == "none")
        return replace(form, left=(*form.left, *(f"{each.sheet}, column “{each.heading}”" for each in unread)))

    @property
    def _next(self) -> int:
        return max((row.id for rows in self.rows.values() for row in rows), default=0) + 1

    @property
    def _kept(self) -> Kept:
        """The addresses that its things have already, by kind and name."""
        kept = {("organisation", fold(name)): iri for name, iri in self.proposed.items()}
        kinds = {each.about: each.kind for sheet in self.rows for each in fields.things(sheet) if each.kind}
        for sheet, rows in self.rows.items():
            kind = next((kinds[each.about] for each in fields.things(sheet) if each.kind), "organisation")
            for row in rows:
                name = fold(row.cells.get(name_column(sheet), ""))
                if row.iri and name:
                    kept.setdefault((kind, name), row.iri)
        return kept | {("organisation", fold(self.name)): self.owner}


def _numbered(owner: Iri, rows: Mapping[str, Iterable[tuple[Mapping[str, str], Iri]]]) -> Form:
    numbered: dict[str, tuple[Row, ...]] = {}
    number = 0
    for sheet, found in rows.items():
        those = []
        for cells, iri in found:
            number += 1
            those.append(Row(id=number, cells=cells, iri=iri))
        numbered[sheet] = tuple(those)
    return Form(owner=owner, rows=numbered)


def _cells(columns: Mapping[Field, int], texts: tuple[str, ...]) -> dict[str, str]:
    return {each.heading: texts[number] for each, number in columns.items() if number < len(texts) and texts[number]}


def _renamed(form: Form, old: str, new: str) -> Form:
    rows: dict[str, tuple[Row, ...]] = {}
    for sheet, found in form.rows.items():
        naming = [each for each in fields.of(sheet) if SERVICE in each.takes]
        rows[sheet] = tuple(replace(row, cells={**row.cells, **_follow(row.cells, naming, old, new)}) for row in found)
    return replace(form, rows=rows)


def _follow(cells: Mapping[str, str], naming: Iterable[Field], old: str, new: str) -> dict[str, str]:
    """The cells that name a service, with its new name."""
    followed: dict[str, str] = {}
    for each in naming:
        said = cells.get(each.heading, "")
        parts = [part.strip() for part in said.split(BETWEEN.strip())] if each.many else [said]
        if fold(old) in map(fold, parts):
            followed[each.heading] = BETWEEN.join(new if fold(part) == fold(old) else part for part in parts)
    return followed
