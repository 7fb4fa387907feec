"""Findings beside the rows and fields of the form that they are about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from taxonomy.fields import Field
from taxonomy.intake.form import Form, Row
from taxonomy.validation.findings import Finding, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One finding, at its place in the form."""

    finding: Finding
    sheet: str  # empty: it is about the whole record
    row: Row | None  # None: it is about the whole sheet
    field: Field | None  # None: it is about the whole row

    @property
    def advice(self) -> str:
        """What is wrong, and how to mend it."""
        return f"{self.finding.message} {self.finding.how_to_fix}".strip()


class Rows:
    """The findings of a report on a form, by where they are."""

    def __init__(self, form: Form, report: Report | None) -> None:
        self.all = tuple(_placed(form, each) for each in report.findings) if report else ()
        self._at: defaultdict[tuple[str, int | None], list[Placed]] = defaultdict(list)
        for each in self.all:
            self._at[each.sheet, each.row.id if each.row else None].append(each)

    def at(self, sheet: str, row: int | None) -> tuple[Placed, ...]:
        """What was found in one row; without a row, about the whole sheet."""
        return tuple(self._at.get((sheet, row), ()))

    def to_mend(self, sheet: str, row: int | None) -> tuple[Placed, ...]:
        """What of it keeps the record back."""
        return tuple(each for each in self.at(sheet, row) if each.finding.level == "must")

    def count(self, sheet: str) -> int:
        """How many things on a sheet keep the record back."""
        return sum(each.sheet == sheet and each.finding.level == "must" for each in self.all)


def _placed(form: Form, finding: Finding) -> Placed:
    sheet, row, field = form.at(finding.place)
    return Placed(finding=finding, sheet=sheet, row=row, field=field)
