"""The places of a fault: what stands at each, and the cells around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from taxonomy.validation.findings import WITHHELD, Finding, Report
from taxonomy.validation.rules import Rule

Cells = Mapping[tuple[str, str], str]  # sheet, cell: what stands there

COLUMN_MISSING: Final = "Reading-columnMissing"
_MISSING: Final = frozenset({COLUMN_MISSING, "Reading-sheetMissing"})
_SHORT: Final = 60  # signs of a cell beside the one that is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The row of a sheet that a fault stands in, or the part of it that helps to find the cell."""

    row: int
    columns: tuple[tuple[str, str], ...]  # letter and heading
    cells: tuple[tuple[str, bool], ...]  # what stands there, and whether this is the cell that is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place of a fault."""

    where: str
    name: str  # what the thing in that row is called
    value: str  # what stands there, in words
    missing: bool  # it does not stand there, and should
    hint: str  # "Did you mean …?"
    suggestion: str
    new: bool  # not found by the earlier check
    around: Around | None


def standing(report: Report) -> Cells:
    """What stands in the cells of the rows that findings are about, shortened; not what a rule of safety withholds."""
    withheld = {(each.sheet or "", each.cell) for each in report.findings if each.value == WITHHELD}
    return {place: WITHHELD if place in withheld else _short(text) for place, text in report.cells.items()}


def of(finding: Finding, rule: Rule, report: Report, cells: Cells, *, new: bool) -> Spot:
    """The place of one finding; ``new`` says that an earlier check did not find it."""
    return Spot(
        where=finding.where,
        name=finding.name,
        value=said(finding, cells),
        missing=rule.name in _MISSING,
        hint=hint_of(finding, rule),
        suggestion=finding.suggestion,
        new=new,
        around=_around(finding, rule, report, cells),
    )


def said(finding: Finding, cells: Cells) -> str:
    """What stands at the place of a finding, in words; of a fault that is in no one value, what stands in its cell."""
    value = finding.value
    if value is None:
        if not finding.cell:
            return "nothing"
        value = cells.get((finding.sheet or "", finding.cell))
    if not value:
        return "empty"
    return value if value == WITHHELD else f"“{value}”"


def hint_of(finding: Finding, rule: Rule) -> str:
    """What is added to the rule's own advice for this finding: "Did you mean …?"."""
    return finding.how_to_fix.removesuffix(rule.how_to_fix).strip()


def _around(finding: Finding, rule: Rule, report: Report, cells: Cells) -> Around | None:
    """The first column of the row, the cells that are meant, and those beside them."""
    if not finding.cell or not finding.row or rule.of_columns:
        return None
    sheet, row = finding.sheet or "", finding.row
    read = {_letters(each.cell): each.heading for each in report.matches if each.sheet == sheet and each.field}
    meant = {
        _letters(each.cell): each.column for each in (finding.place, *finding.others) if each.cell and each.row == row
    }
    known = sorted({**read, **meant}, key=lambda letters: (len(letters), letters))
    marked = [known.index(letters) for letters in meant]
    shown = {0, *marked, *(number + step for number in marked for step in (-1, 1))}
    columns = [letters for number, letters in enumerate(known) if number in shown]
    if len(columns) < 2:
        return None
    return Around(
        row=row,
        columns=tuple((letters, read.get(letters) or meant.get(letters) or "") for letters in columns),
        cells=tuple((cells.get((sheet, f"{letters}{row}"), ""), letters in meant) for letters in columns),
    )


def _letters(cell: str) -> str:
    return cell.rstrip("0123456789")


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
