"""A report in every form: for people as text, page and workbook; for programs as JSON, CSV and SHACL's own in Turtle.

All forms hold the same findings in the same words.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from taxonomy.questions.writing import harmless
from taxonomy.records import Place
from taxonomy.validation.findings import Checked, Difference, Finding, Report
from taxonomy.validation.report_page import to_html
from taxonomy.validation.report_text import to_text
from taxonomy.validation.report_turtle import to_turtle
from taxonomy.validation.report_workbook import to_xlsx
from taxonomy.validation.rules import LEVELS, Level, Rule
from taxonomy.values import Iri

COLUMNS: Final = tuple(each.name for each in fields(Finding) if each.name not in {"path", "component"})


def to_json(report: Report) -> str:
    """The report for a program: the verdict, the counts, and each finding with all its fields."""
    found = Counter((finding.owner, finding.level) for finding in report.findings)
    content = {
        "file": report.file,
        "kind": report.kind,
        "sha256": report.sha256,
        "conforms": report.conforms,
        "verdict": report.verdict,
        "stopped": report.stopped,
        "counts": report.counts,
        "checked_on": report.checked_on.isoformat(),
        "checked_at": report.checked_at and report.checked_at.isoformat(),
        "rules_version": report.rules_version,
        "engine": report.engine,
        "audited": report.audited,
        "difference": _changes(report.difference),
        "records": [_record(each, found) for each in report.records],
        "matches": [asdict(each) for each in report.matches],
        "rules": {rule.iri: _rule(rule) for rule, _ in report.groups},
        "findings": [_row(finding) for finding in report.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def to_csv(report: Report) -> str:
    """One line for each finding, safe to open in a spreadsheet."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for finding in report.findings:
        row = _row(finding) | {"others": "; ".join(filter(None, (each.cell for each in finding.others)))}
        table.writerow([harmless(value) if isinstance(value, str) else value for value in row.values()])
    return out.getvalue()


FORMATS: Final[Mapping[str, Callable[[Report], str | bytes]]] = {
    "text": to_text,
    "html": to_html,
    "json": to_json,
    "csv": to_csv,
    "ttl": to_turtle,
    "xlsx": to_xlsx,
}


def _row(finding: Finding) -> dict[str, Any]:
    said = {column: getattr(finding, column) for column in COLUMNS}
    return said | {"others": [_place(each) for each in finding.others]}


def _place(place: Place) -> dict[str, Any]:
    return {name: value for name, value in asdict(place).items() if value is not None}


def _record(record: Checked, found: Counter[tuple[Iri | None, Level]]) -> dict[str, Any]:
    return asdict(record) | {"counts": {level: found[record.owner, level] for level in LEVELS}}


def _rule(rule: Rule) -> dict[str, str]:
    names = ("title", "why", "good_example", "bad_example")
    return {name: getattr(rule, name) for name in names}


def _changes(difference: Difference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    return {
        "fixed": len(difference.fixed),
        "left": difference.left,
        "new": len(difference.new),
        "not_checked_yet": difference.unseen,
        "since": difference.since and difference.since.isoformat(),
        "rules_changed": difference.rules_changed,
        "findings_fixed": [_row(finding) for finding in difference.fixed],
        "findings_new": list(difference.new),
    }
