"""Records in their context in, findings out. An engine says what breaks the shapes; here it gets words and places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from taxonomy import fields, intake
from taxonomy.context import Context
from taxonomy.records import Place, Problem, Record, Submission
from taxonomy.settings import Bounds
from taxonomy.validation import across, bulk, crews, difference, earlier, engines
from taxonomy.validation.bulk import Progress
from taxonomy.validation.faults import Fault, distinct
from taxonomy.validation.findings import READER, WITHHELD, Checked, Finding, Report
from taxonomy.validation.rules import LEVELS, Rule, personal, rules, rules_version
from taxonomy.validation.suggestions import suggest
from taxonomy.values import Iri

LONGEST_SHOWN: Final = 200  # characters of a value

_COUNT: Final = re.compile(r"[0-9.]{1,4}")  # a small count is withheld alone, not each year and sum with its digit


def check(
    path: Path | str,
    *,
    kind: str | None = None,
    context: Context | None = None,
    today: date | None = None,
    bounds: Bounds | None = None,
    mapping: Mapping[str, str] | None = None,
    against: Path | str | None = None,
    engine: str = engines.AUTO,
    jobs: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read a file and check the records in it; nothing is published and nothing is kept.

    ``context`` holds the things that a record may name (without one, those of the knowledge folders); ``today`` is the
    day against which old records are judged; ``bounds`` say what the file may hold and take; ``mapping`` says as which
    of our headings some headings of a table are to be read (as "", not at all). ``against`` is an earlier report to
    compare with: as JSON, or the workbook that was given back; a workbook that carries one needs no other. The rest
    is as for ``examine``.

    Raises:
        InputError: the file, or the earlier report, cannot be read.
        LimitError: reading it takes more than its share.
    """
    context = context or Context.bundled()
    before = earlier.open_file(against) if against else None
    return examine(
        intake.read(path, kind=kind, context=context, bounds=bounds, mapping=mapping),
        context=context,
        today=today,
        before=before,
        engine=engine,
        jobs=jobs,
        scheduler=scheduler,
        progress=progress,
    )


def examine(
    submission: Submission,
    *,
    context: Context | None = None,
    today: date | None = None,
    before: Report | None = None,
    engine: str = engines.AUTO,
    jobs: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check the records that were read from a file.

    ``before`` is an earlier report, to say what has changed. ``engine`` is ``auto`` (the fast one, of which pySHACL
    audits a sample where there are many records) or ``pyshacl``. Very many records are spread over processes, one for
    each core, any number of them over ``jobs`` processes, or over the Dask cluster whose scheduler has the address
    ``scheduler``. ``progress`` is told how many records are done, of how many.

    Raises:
        EnginesDisagreeError: pySHACL finds other faults in a record of the sample.
        InputError: there is no such engine or cluster.
        LimitError: a process takes more than its share.
    """
    context, today = context or Context.bundled(), today or datetime.now(UTC).date()
    stopped = any(rules()[each.rule_iri].stops_check for each in submission.problems)
    checked = () if stopped else submission.records
    context = across.known_together(checked, context)
    described = {thing for record in submission.records for thing in record.things}
    problems = [
        each
        for each in submission.problems
        if (not stopped or rules()[each.rule_iri].of_columns)
        and not (each.rule == "nameNew" and each.record in described)
    ]
    with crews.beside(lambda: list(across.clashes(checked, context)), records=len(checked)) as clashes:
        outcome = bulk.check_all(
            checked, context, today, engine=engine, jobs=jobs, scheduler=scheduler, progress=progress
        )
    problems = [
        each
        for each in problems
        if not (mark := rules()[each.rule_iri].only_with) or (mark, each.record) in outcome.marked
    ]
    beyond: defaultdict[int, list[Fault]] = defaultdict(list)
    for clash in clashes():
        beyond[clash.record].append(Fault(clash.rule, clash.focus, clash.path, clash.value, READER, clash.others))
    results = [
        (record, distinct([*some, *beyond[number]]))
        for number, (record, some) in enumerate(zip(checked, outcome.faults, strict=True))
    ]
    secret = {each.value for _, some in results for each in some if each.rule.withholds_value and each.value}
    about = {thing: record for record in submission.records for thing in (*record.things, *record.proposals)}
    found = [
        _from_problem(each, submission, about.get(each.record) if each.record else None, secret) for each in problems
    ]
    found += [_from_result(each, submission, record, context, secret) for record, some in results for each in some]
    order, levels = {rule: number for number, rule in enumerate(rules())}, list(LEVELS)
    sheets = tuple(dict.fromkeys(sheet for sheet, _ in submission.cells))
    found.sort(
        key=lambda each: (
            levels.index(each.level),
            each.place.order(sheets),
            order[each.rule],
            each.record or "",
            each.value or "",
        )
    )
    rows = {(each.sheet, each.row) for each in found if each.row}
    report = Report(
        file=submission.file,
        kind=submission.kind,
        sha256=submission.sha256,
        records=tuple(
            Checked(owner=each.owner, name=_shown(each.name, secret), facts=len(each.places))
            for each in submission.records
        ),
        findings=tuple(found),
        matches=submission.matches,
        cells={
            (sheet, cell): _shown(text, secret)
            for (sheet, cell), text in submission.cells.items()
            if text and (sheet, int(cell.lstrip(ascii_uppercase))) in rows
        },
        stopped=stopped,
        checked_on=today,
        checked_at=datetime.now(UTC).replace(microsecond=0),
        rules_version=rules_version(),
        engine=outcome.engine,
        audited=outcome.audited,
    )
    before = before or earlier.carried(submission.carried)
    return replace(report, difference=difference.between(before, report)) if before else report


def did_you_mean(written: str, rule: Rule, context: Context) -> str:
    """A question with the likely values, for a person who wrote one that is not known or that is several."""
    meant = context.find(written, rule.takes)
    several = [context.coded(each) for each in meant] if len(meant) > 1 else []
    near = several or context.near(written, rule.takes)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def _from_problem(problem: Problem, submission: Submission, record: Record | None, secret: set[str]) -> Finding:
    rule = rules()[problem.rule_iri]
    found = _finding(rule, submission, record, problem.place, problem.value, problem.record, secret)
    return replace(found, how_to_fix=f"{problem.hint} {rule.how_to_fix}".strip())


def _from_result(result: Fault, submission: Submission, record: Record, context: Context, secret: set[str]) -> Finding:
    rule, value = result.rule, result.value
    if rule.field and value and value not in (said := record.stated(result.focus, rule.field)):
        value = min(said, default=None)  # what stands in the rule's own column, not what it is compared with
    place = record.place_of(result.focus, result.path, value, submission.columns)
    stands = value or _stands(record, result, context)
    found = _finding(rule, submission, record, place, stands, result.focus, secret)
    hint = did_you_mean(value, rule, context) if value else ""
    return replace(
        found,
        how_to_fix=f"{hint} {rule.how_to_fix}".strip(),
        suggestion=_suggested(found, stands, result, context),
        others=(*result.others, *_others(rule, record, result.focus, place, submission)),
        path=result.path,
        component=result.component,
    )


def _stands(record: Record, result: Fault, context: Context) -> str | None:
    """What stands in the column of a rule that is about the whole of it, in words: the same in every form of file."""
    said = record.stated(result.focus, result.path) if result.path else ()
    if result.path == fields.TYPE:  # what was typed, beside the classes that follow from the sheet
        said = tuple(each for each in said if not each.startswith("http"))
    called = (context.labels.get(Iri(each), each) for each in said)
    return min(called, default=None)


def _suggested(found: Finding, value: str | None, result: Fault, context: Context) -> str:
    """What is likely to be meant; nothing where a safety rule withholds what stands there."""
    if not value or result.rule.withholds_value or found.value == WITHHELD:
        return ""
    return suggest(result.path, value, context)


def _others(rule: Rule, record: Record, thing: Iri, first: Place, submission: Submission) -> Iterator[Place]:
    """Where the other values stand, or should stand, that a rule looks at: of the thing, or of its whole."""
    for path in rule.also:
        about = next((each for each in (thing, fields.whole_of(thing)) if record.stated(each, path)), thing)
        place = record.place_of(about, path, None, submission.columns)
        if place != first and (place.cell or place.line or place.pointer):
            yield place


def _finding(
    rule: Rule,
    submission: Submission,
    record: Record | None,
    place: Place,
    value: str | None,
    thing: Iri | None,
    secret: set[str],
) -> Finding:
    name = _name(record, thing)
    withheld = rule.withholds_value or name in secret
    if name in secret:  # a name that a safety rule withholds would come back in its IRI as well
        name, thing = "", None
    if value is not None:
        shown = value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + "…"
        value = WITHHELD if withheld else _shown(shown, secret)
    return Finding(
        level=rule.level,
        rule=rule.iri,
        message=rule.message,
        how_to_fix=rule.how_to_fix,
        can_ignore_when=rule.can_ignore_when,
        owner=record.owner if record else None,
        record=thing,
        name=name,
        field=rule.heading,
        value=value,
        file=submission.file,
        sheet=place.sheet,
        row=place.row,
        column=place.column,
        cell=place.cell,
        line=place.line,
        pointer=place.pointer,
    )


def _shown(text: str, secret: set[str]) -> str:
    """A text, unless something stands in it that a safety rule withholds, or that may lead to a person."""
    told = any(each == text or (each in text and not _COUNT.fullmatch(each)) for each in secret)
    return WITHHELD if told or personal().search(text) else text


def _name(record: Record | None, thing: Iri | None) -> str:
    if record is None or thing is None:
        return ""
    about = record.owner if thing == record.graph_iri else fields.whole_of(thing)
    return record.names.get(about) or record.proposals.get(about, "")
