"""A report as people read it: the verdict first, then what keeps the record back, each fault with its places.

Every surface for people (page, stand-alone file, terminal, workbook) is written from one outline, so that all of them
say the same in the same order and in the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from taxonomy.days import written
from taxonomy.namespaces import EXAMPLE
from taxonomy.records import Match
from taxonomy.validation import spots
from taxonomy.validation.findings import Difference, Report
from taxonomy.validation.rules import LEVELS, Level, Rule
from taxonomy.validation.spots import Spot

FIRST: Final = 3  # places of one fault that are shown at once; the others are folded away
MOST: Final = 100  # places of one fault that are shown at all
FIRST_RECORDS: Final = 10  # records of one file whose counts are shown at once
MOST_RECORDS: Final = 50  # that are counted one by one

NOT_CHECKED: Final = "not checked yet"
NOTHING_KEPT: Final = "Nothing was kept or published."
LEFT_OUT: Final = "left out here"
LEADS: Final[Mapping[Level, str]] = {
    "must": "These keep the record back.",
    "check": "These are probably wrong. Only you can say; they keep nothing back.",
    "could": "These would make the record more useful. They keep nothing back.",
}
_HOW: Final = {
    "same": "the same words",
    "loose": "close enough: we took it for this",
    "told": "as you told us",
    "none": "we do not know this heading, so nothing below it was read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many findings there are of one level."""

    level: Level
    words: str
    number: str  # digits; or in words that nothing was checked, or that this level was left out
    note: str = ""  # that there may be more


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One broken rule, with the places where it is broken."""

    rule: Rule
    count: int
    spots: tuple[Spot, ...]

    @property
    def times(self) -> str:
        """How often, where that is more than once."""
        return f"{self.count:,} times" if self.count > 1 else ""

    @property
    def rest(self) -> str:
        """What is not shown here, and where it is."""
        more = self.count - len(self.spots)
        return f"And {more:,} more. The report as CSV or as a workbook holds all of them." if more else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The faults of one level."""

    level: Level
    heading: str
    lead: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How many findings one record of several has."""

    name: str
    counts: tuple[str, ...]  # in the order of the levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one heading was understood."""

    where: str
    heading: str
    field: str  # empty: not read
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """What a sheet lacks, beside what it has and we do not know: the one is often the other with a slip."""

    sheet: str
    missing: tuple[str, ...]
    unknown: tuple[str, ...]  # each with the likely meaning, where there is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Everything that a report says to a person, in the order in which it is said."""

    file: str
    verdict: str
    conforms: bool
    counts: tuple[Count, ...]
    stopped: str  # why some things were not checked; empty where everything was
    changes: str  # "9 fixed, 2 left, 1 new"; empty without an earlier report
    changes_note: str
    fixed: tuple[str, ...]
    headings: tuple[Headings, ...]  # of sheets that lack a column
    readings: tuple[Reading, ...]  # of headings that were understood as they stand
    doubtful: tuple[Reading, ...]  # of those that were guessed, told or not read
    records: tuple[Row, ...]  # only where there are several
    records_more: int  # that have no more to mend than these
    sections: tuple[Section, ...]
    steps_heading: str
    steps: tuple[str, ...]
    footer: str


def of(report: Report, *, kept: str = NOTHING_KEPT, at_desk: bool = False) -> Outline:
    """The outline of a report; ``at_desk`` where the file can be handed in on the same page."""
    rows = sorted(_records(report), key=lambda row: row[0], reverse=True)
    return Outline(
        file=report.file,
        verdict=report.verdict,
        conforms=report.conforms,
        counts=tuple(_counts(report)),
        stopped=(
            "The sheets or columns are not right yet, so we have not looked into the cells: what we would say of them "
            "could be wrong."
            if report.stopped
            else ""
        ),
        changes=_changes(report.difference),
        changes_note=_changes_note(report.difference),
        fixed=tuple(_fixed(report.difference)),
        headings=tuple(_headings(report)),
        readings=tuple(_reading(each) for each in report.matches if each.how == "same"),
        doubtful=tuple(_reading(each) for each in report.matches if each.how != "same"),
        records=tuple(row for _, row in rows[:MOST_RECORDS]),
        records_more=len(rows[MOST_RECORDS:]),
        sections=tuple(_sections(report)),
        steps_heading="What happens next" if report.conforms else "What to do now",
        steps=tuple(_steps(report, at_desk=at_desk)),
        footer=_footer(report, kept),
    )


def _counts(report: Report) -> Iterator[Count]:
    for level, number in report.counts.items():
        unknown = LEFT_OUT if level in report.left_out else NOT_CHECKED
        note = "so far" if report.stopped and number is not None else ""
        yield Count(level=level, words=LEVELS[level], number=unknown if number is None else f"{number:,}", note=note)


def _sections(report: Report) -> Iterator[Section]:
    new = frozenset(id(report.findings[number]) for number in report.difference.new) if report.difference else ()
    cells = spots.standing(report)
    for level, words in LEVELS.items():
        groups = [(rule, findings) for rule, findings in report.groups if rule.level == level]
        groups.sort(key=lambda group: not group[0].of_columns)  # headings first: they decide what the cells mean
        faults = tuple(
            Fault(
                rule=rule,
                count=len(findings),
                spots=tuple(spots.of(each, rule, report, cells, new=id(each) in new) for each in findings[:MOST]),
            )
            for rule, findings in groups
        )
        if faults:
            yield Section(level=level, heading=words.capitalize(), lead=LEADS[level], faults=faults)


def _records(report: Report) -> Iterator[tuple[tuple[int, ...], Row]]:
    """Each record of several with its counts, and by what it is sorted: the one with most to mend comes first."""
    if len(report.records) < 2:
        return
    found = Counter((finding.owner, finding.level) for finding in report.findings)
    known = report.counts
    for record in report.records:
        numbers = tuple(found[record.owner, level] for level in LEVELS)
        shown = tuple(
            f"{each:,}" if each or known[level] is not None else LEFT_OUT if level in report.left_out else NOT_CHECKED
            for level, each in zip(LEVELS, numbers, strict=True)
        )
        yield numbers, Row(name=record.name or record.owner, counts=shown)


def _headings(report: Report) -> Iterator[Headings]:
    cells = spots.standing(report)
    lacking = [(rule, each) for rule, some in report.groups if rule.name == spots.COLUMN_MISSING for each in some]
    for sheet in dict.fromkeys(each.sheet or "" for _, each in lacking):
        yield Headings(
            sheet=sheet,
            missing=tuple(each.value or "" for _, each in lacking if (each.sheet or "") == sheet),
            unknown=tuple(
                " ".join(filter(None, (spots.said(each, cells), spots.hint_of(each, rule))))
                for rule, some in report.groups
                if rule.of_columns and rule.name != spots.COLUMN_MISSING
                for each in some
                if (each.sheet or "") == sheet and each.cell
            ),
        )


def _reading(match: Match) -> Reading:
    where = ", ".join((*([f'Sheet "{match.sheet}"'] if match.sheet else []), f"cell {match.cell}"))
    return Reading(where=where, heading=match.heading, field=match.field, how=_HOW[match.how])


def _changes(difference: Difference | None) -> str:
    if difference is None:
        return ""
    parts = [f"{len(difference.fixed):,} fixed", f"{difference.left:,} left", f"{len(difference.new):,} new"]
    if difference.unseen:
        parts.append(f"{difference.unseen:,} {NOT_CHECKED}")
    since = f" since the check on {written(difference.since)}" if difference.since else " since the earlier check"
    return ", ".join(parts) + since


def _changes_note(difference: Difference | None) -> str:
    if difference and difference.rules_changed and difference.new:
        return "The rules have changed in between, so some may be new for that reason alone."
    return ""


def _fixed(difference: Difference | None) -> Iterator[str]:
    for finding in difference.fixed if difference else ():
        about = f", {finding.name}" if finding.name else ""
        yield f"{finding.message} ({finding.where}{about})"


def _steps(report: Report, *, at_desk: bool) -> Iterator[str]:
    again = "Upload it here again." if at_desk else "Check the file again."
    if report.stopped:
        yield "Put the sheets and headings right in your own file."
        yield f"{again} Then we look into the cells."
        yield "Repeat until nothing must be fixed."
    elif not report.conforms:
        yield "Mend what must be fixed in your own file."
        yield again
        yield "Repeat until nothing must be fixed."
    else:
        if report.findings:
            yield "Look at what you could check or add. You may leave it as it is."
        if at_desk:
            yield "Choose “Hand it in”, at the top of this page. Until then nobody else sees it."
            yield "A steward, who is somebody else, reads it. You see here what they decide."
            yield "Once it is approved, it is published with the next release."
            return
        if any(record.owner.startswith(EXAMPLE) for record in report.records):
            yield "This is a practice record: it can be handed in on a practice site, and is never shown as real."
        yield "Hand the file in to the steward who looks after these records. Nothing has been sent by checking it."
        yield "A second person reads it. Then it is published with the next release."


def _footer(report: Report, kept: str) -> str:
    when = (
        f"{report.checked_at:%H:%M} UTC on {written(report.checked_at)}"
        if report.checked_at
        else written(report.checked_on)
    )
    twice = f" {report.audited:,} of the records were checked twice, by two programs." if report.audited else ""
    rules = f"against rules {report.rules_version}"
    return f"{report.file}, checked at {when} {rules}.{twice} {kept}"
