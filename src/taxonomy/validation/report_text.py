"""A report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from taxonomy.validation import outline
from taxonomy.validation.findings import Report
from taxonomy.validation.outline import FIRST, FIRST_RECORDS, Fault, Outline
from taxonomy.validation.spots import Around, Spot

_SHOWN: Final = 20  # places of one fault
_READINGS: Final = 40  # headings that are listed


def to_text(report: Report) -> str:
    """The report as text: the verdict first, then each fault with its places."""
    return "\n".join(_lines(outline.of(report))) + "\n"


def counted(said: Outline) -> str:
    """The counts of a report in one line."""
    return ", ".join(" ".join(filter(None, (f"{each.words}:", each.number, each.note))) for each in said.counts)


def _lines(said: Outline) -> Iterator[str]:
    yield f"{said.file}: {said.verdict}"
    yield counted(said)
    if said.changes:
        yield said.changes
    yield from filter(None, (said.changes_note, said.stopped))
    yield from _columns(said)
    yield from _records(said)
    for section in said.sections:
        yield ""
        yield section.heading.upper()
        yield section.lead
        for fault in section.faults:
            yield from _fault(fault)
    yield ""
    yield f"{said.steps_heading}:"
    yield from (f"  {number}. {step}" for number, step in enumerate(said.steps, start=1))
    yield ""
    yield said.footer


def _columns(said: Outline) -> Iterator[str]:
    """How the headings were understood; those that were understood as they stand are only counted."""
    for sheet in said.headings:
        yield ""
        yield f'Headings of the sheet "{sheet.sheet}":'
        yield f"  We need and did not find: {', '.join(sheet.missing)}"
        yield f"  We found and do not know: {', '.join(sheet.unknown) or 'none'}"
    if not said.doubtful and not said.readings:
        return
    yield ""
    yield "We read these columns like this:"
    for each in said.doubtful[:_READINGS]:
        read = f"read as “{each.field}”" if each.field else "not read"
        yield f"  {each.where}: “{each.heading}” {read} ({each.how})"
    if more := len(said.doubtful) - _READINGS:
        yield from [f"  and {more} more"] if more > 0 else []
    if said.readings:
        yield f"  {len(said.readings)} headings read as they stand"
    if said.doubtful:
        yield "  If one is wrong, say what it is: --map HEADING=FIELD"


def _records(said: Outline) -> Iterator[str]:
    if said.records:
        yield ""
        yield "The records of this file:"
        words = [count.words for count in said.counts]
        for row in said.records[:FIRST_RECORDS]:
            counts = ", ".join(f"{word}: {number}" for word, number in zip(words, row.counts, strict=True))
            yield f"  {row.name}  {counts}"
        more = len(said.records[FIRST_RECORDS:]) + said.records_more
        yield from [f"  And {more:,} more records with no more to mend than these."] if more else []


def _fault(fault: Fault) -> Iterator[str]:
    rule = fault.rule
    yield ""
    yield f"  {rule.message}" + (f" ({fault.times})" if fault.times else "")
    for number, spot in enumerate(fault.spots[:_SHOWN]):
        yield f"    {_spot(spot)}"
        if spot.around and number < FIRST:
            yield f"      {_around(spot.around)}"
    if fault.count > _SHOWN:
        yield f"    And {fault.count - _SHOWN:,} more. The report as CSV or as a workbook holds all of them."
    yield f"    How to mend it: {rule.how_to_fix}"
    yield f"    Why we ask: {rule.why}"
    yield f"    Right: {rule.good_example}    Wrong: {rule.bad_example}"
    if rule.can_ignore_when:
        yield f"    You may leave it when {rule.can_ignore_when}."
    yield f"    Rule {rule.name}"


def _spot(spot: Spot) -> str:
    about = f", {spot.name}" if spot.name else ""
    new = " (new)" if spot.new else ""
    suggested = f"We suggest “{spot.suggestion}”." if spot.suggestion and not spot.hint else ""
    return "  ".join(
        filter(
            None, (f"{spot.where}{about}: {'missing: ' if spot.missing else ''}{spot.value}{new}", spot.hint, suggested)
        )
    )


def _around(around: Around) -> str:
    cells = (
        f"[{letters}: {text}]" if meant else f"{letters}: {text}"
        for (letters, _), (text, meant) in zip(around.columns, around.cells, strict=True)
    )
    return f"Row {around.row} | " + " | ".join(cells)
