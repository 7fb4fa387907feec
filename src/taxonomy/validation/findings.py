"""Findings and the report that holds them: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from taxonomy.namespaces import SVSH
from taxonomy.questions import frames
from taxonomy.records import Match, Place
from taxonomy.validation.rules import LEVELS, Level, Rule, rules
from taxonomy.values import Iri

if TYPE_CHECKING:
    import pandas as pd

WITHHELD: Final = "(not shown, for safety)"
READER: Final = Iri(SVSH + "ReadingConstraintComponent")  # broken before any shape was run


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault, at one place, in the words of its rule."""

    level: Level
    rule: Iri
    message: str
    how_to_fix: str
    can_ignore_when: str = ""
    owner: Iri | None = None  # the organisation whose record it is in
    record: Iri | None = None  # the thing that it is about
    name: str = ""  # what that thing is called
    field: str = ""  # the heading of the column
    value: str | None = None  # what stands there, at most 200 characters; withheld where the rule is a safety rule
    file: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    line: int | None = None
    pointer: str | None = None  # in a JSON file, such as /contents/0/minimum_age
    others: tuple[Place, ...] = ()  # further cells that the rule speaks of, such as Age to beside Age from
    suggestion: str = ""  # what could stand there instead, where one answer is likely
    path: Iri | None = None  # the property, for programs
    component: Iri = READER  # which kind of constraint was broken, in SHACL's words

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(
            sheet=self.sheet,
            row=self.row,
            column=self.column,
            cell=self.cell,
            line=self.line,
            pointer=self.pointer,
        )

    @property
    def where(self) -> str:
        """Every place that it is about, in words.

        >>> finding = Finding(level="must", rule=Iri("r"), message="", how_to_fix="", sheet="Services", cell="F14",
        ...                   column="Age from", others=(Place(sheet="Services", cell="G14", column="Age to"),))
        >>> finding.where
        'Sheet "Services", cell F14 ("Age from") and cell G14 ("Age to")'
        """
        others = (_spot(each, known=each.sheet == self.sheet) for each in self.others)
        return " and ".join((_spot(self.place) or "The file", *filter(None, others)))


def _spot(place: Place, *, known: bool = False) -> str:
    """A place in words; without the sheet where that is known already."""
    parts = [f'Sheet "{place.sheet}"'] if place.sheet and not known else []
    if place.cell:
        parts.append(f"cell {place.cell}" + (f' ("{place.column}")' if place.column else ""))
    elif place.row:
        parts.append(f"row {place.row}")
    if place.line:
        parts.append(f"line {place.line}")
    if place.pointer:
        parts.append(place.pointer)
    words = ", ".join(parts)
    return words if known else words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One record that was checked, without its facts."""

    owner: Iri
    name: str  # of the organisation; empty where the file does not say
    facts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed since an earlier check of the same records."""

    fixed: tuple[Finding, ...]  # found then, and no more
    left: int
    new: tuple[int, ...]  # which findings of the later report were not found then, by their number from 0
    unseen: int  # found then; not looked at now, since the check stopped before the cells
    since: datetime | None  # when the earlier check was done
    rules_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that was found in one file, gravest first, then in the order of the file."""

    file: str  # the name that the user knows it by
    kind: str  # how it was read, such as workbook or rdf
    sha256: str
    records: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    checked_on: date
    rules_version: str  # changes when a rule does
    engine: str = ""  # what ran the rules, with its version
    audited: int = 0  # records that pySHACL has checked as well, in a large run
    matches: tuple[Match, ...] = ()  # how the headings of a table were understood
    cells: Mapping[tuple[str, str], str] = field(default_factory=dict)  # sheet, cell: the rows that findings are about
    stopped: bool = False  # the sheets or columns are wrong, so that the cells were not looked at
    checked_at: datetime | None = field(default=None, compare=False)  # by the clock, in UTC
    difference: Difference | None = None  # None: no earlier report was given
    left_out: tuple[Level, ...] = ()  # levels whose findings the asker did not want

    @property
    def conforms(self) -> bool:
        """Whether nothing has to be mended before the record can be published."""
        return not self.of("must")

    @property
    def verdict(self) -> str:
        """The answer, in one sentence."""
        count = len(self.of("must"))
        things = "1 thing has" if count == 1 else f"{count:,} things have" if count else "Nothing has"
        record = "this record" if len(self.records) < 2 else f"these {len(self.records):,} records"
        goal = "we can look into the cells" if self.stopped else f"{record} can be published"
        return f"{things} to be mended before {goal}."

    @property
    def counts(self) -> dict[Level, int | None]:
        """How many findings there are of each level; None where that was not looked for, or left out."""
        return {
            level: len(self.of(level)) or (None if self.stopped or level in self.left_out else 0) for level in LEVELS
        }

    def of(self, level: Level) -> tuple[Finding, ...]:
        """The findings of one level."""
        return tuple(finding for finding in self.findings if finding.level == level)

    @property
    def groups(self) -> tuple[tuple[Rule, tuple[Finding, ...]], ...]:
        """Equal faults together: each broken rule with its findings, in the order of the report."""
        broken = dict.fromkeys(finding.rule for finding in self.findings)
        return tuple((rules()[rule], tuple(each for each in self.findings if each.rule == rule)) for rule in broken)

    def to_pandas(self) -> pd.DataFrame:
        """The findings as a pandas data frame, one row each; what is not known is ``<NA>``.

        Raises:
            InputError: pandas is not installed; says how to get it.
        """
        names = [each.name for each in fields(Finding) if each.name != "others"]
        rows = [{name: getattr(finding, name) for name in names} for finding in self.findings]
        frame: pd.DataFrame = frames.need("pandas").DataFrame(rows, columns=names)
        return frame.convert_dtypes()
