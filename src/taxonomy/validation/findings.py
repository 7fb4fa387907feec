"""Findings and the report that holds them: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from taxonomy.namespaces import SVSH
from taxonomy.records import Match
from taxonomy.validation.rules import LEVELS, Level, Rule, rules
from taxonomy.values import Iri

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
    suggestion: str = ""  # what could stand there instead, where one answer is likely
    path: Iri | None = None  # the property, for programs
    component: Iri = READER  # which kind of constraint was broken, in SHACL's words

    @property
    def where(self) -> str:
        """The place in words.

        >>> finding = Finding(level="must", rule=Iri("r"), message="", how_to_fix="", sheet="Services", cell="F14",
        ...                   column="Age from")
        >>> finding.where
        'Sheet "Services", cell F14 ("Age from")'
        """
        if self.line:
            return f"Line {self.line}"
        parts = [f'Sheet "{self.sheet}"'] if self.sheet else []
        if self.cell:
            parts.append(f"cell {self.cell}" + (f' ("{self.column}")' if self.column else ""))
        elif self.row:
            parts.append(f"row {self.row}")
        return ", ".join(parts) or "The file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One record that was checked, without its facts."""

    owner: Iri
    name: str  # of the organisation; empty where the file does not say
    facts: int


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

    @property
    def conforms(self) -> bool:
        """Whether nothing has to be mended before the record can be published."""
        return not self.of("must")

    @property
    def verdict(self) -> str:
        """The answer, in one sentence."""
        count = len(self.of("must"))
        if not count:
            return "Nothing has to be mended before this record can be published."
        things = "1 thing has" if count == 1 else f"{count} things have"
        return f"{things} to be mended before this record can be published."

    @property
    def counts(self) -> dict[Level, int]:
        """How many findings there are of each level."""
        return {level: len(self.of(level)) for level in LEVELS}

    def of(self, level: Level) -> tuple[Finding, ...]:
        """The findings of one level."""
        return tuple(finding for finding in self.findings if finding.level == level)

    @property
    def groups(self) -> tuple[tuple[Rule, tuple[Finding, ...]], ...]:
        """Equal faults together: each broken rule with its findings, in the order of the report."""
        broken = dict.fromkeys(finding.rule for finding in self.findings)
        return tuple((rules()[rule], tuple(each for each in self.findings if each.rule == rule)) for rule in broken)
