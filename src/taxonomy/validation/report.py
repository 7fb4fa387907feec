"""A report as text, JSON, CSV, or a SHACL validation report in Turtle: the same findings in the same words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from taxonomy.namespaces import PREFIXES, RDF, SH, SVSH
from taxonomy.validation.findings import WITHHELD, Finding, Report
from taxonomy.validation.rules import LEVELS, Level, Rule
from taxonomy.values import Iri, Value, to_term

COLUMNS: Final = tuple(each.name for each in fields(Finding) if each.name not in {"path", "component"})
_SHOWN: Final = 20  # places of one fault in the text; the other formats hold all
_SEVERITIES: Final[Mapping[Level, str]] = {"must": SH + "Violation", "check": SH + "Warning", "could": SH + "Info"}


def to_text(report: Report) -> str:
    """The report for a person at a terminal: the verdict first, then each fault with its places."""
    return "\n".join(_lines(report)) + "\n"


def to_json(report: Report) -> str:
    """The report for a program: the verdict, the counts, and each finding with all its fields."""
    content = {
        "file": report.file,
        "sha256": report.sha256,
        "conforms": report.conforms,
        "verdict": report.verdict,
        "counts": report.counts,
        "checked_on": report.checked_on.isoformat(),
        "rules_version": report.rules_version,
        "findings": [_row(finding) for finding in report.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def to_csv(report: Report) -> str:
    """One line for each finding, safe to open in a spreadsheet."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for finding in report.findings:
        table.writerow([_harmless(value) for value in _row(finding).values()])
    return out.getvalue()


def to_turtle(report: Report) -> str:
    """A SHACL validation report; by its standard, ``sh:conforms`` is false for doubts and wishes as well."""
    prefixes = {name: PREFIXES[name] for name in ("sh", "svsh", "sv", "xsd")}
    return (serialize(_triples(report), format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": to_text,
    "json": to_json,
    "csv": to_csv,
    "ttl": to_turtle,
}


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.file}: {report.verdict}"
    yield ", ".join(f"{count} {LEVELS[level]}" for level, count in report.counts.items())
    for level, words in LEVELS.items():
        groups = [(rule, findings) for rule, findings in report.groups if rule.level == level]
        if groups:
            yield ""
            yield words.upper()
        for rule, findings in groups:
            yield from _fault(rule, findings)
    yield ""
    if not report.conforms:
        yield "1. Mend what must be fixed. 2. Check the file again. 3. Repeat until nothing is left."
    yield f"Checked on {report.checked_on.isoformat()} with rules {report.rules_version}. Nothing was published."


def _fault(rule: Rule, findings: tuple[Finding, ...]) -> Iterator[str]:
    yield ""
    yield f"  {rule.message}" + (f" ({len(findings)} times)" if len(findings) > 1 else "")
    for finding in findings[:_SHOWN]:
        about = f", {finding.name}" if finding.name else ""
        value = f": {finding.value}" if finding.value else ""
        hint = finding.how_to_fix.removesuffix(rule.how_to_fix).strip()
        yield f"    {finding.where}{about}{value}" + (f"  {hint}" if hint else "")
    if len(findings) > _SHOWN:
        yield f"    and {len(findings) - _SHOWN} more; ask for the report as CSV to see all"
    yield f"    How to mend it: {rule.how_to_fix}"
    yield f"    Why we ask: {rule.why}"
    yield f"    Right: {rule.good_example}    Wrong: {rule.bad_example}"
    if rule.can_ignore_when:
        yield f"    You may leave it when {rule.can_ignore_when}."
    yield f"    Rule {rule.name}"


def _row(finding: Finding) -> dict[str, Any]:
    return {column: getattr(finding, column) for column in COLUMNS}


def _harmless(value: object) -> object:
    """A text that a spreadsheet would take for a formula, made plain text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _triples(report: Report) -> Iterator[Triple]:
    node = BlankNode("report")

    def say(subject: BlankNode, path: str, value: NamedNode | BlankNode | Literal) -> Triple:
        return Triple(subject, NamedNode(path), value)

    yield say(node, RDF + "type", NamedNode(SH + "ValidationReport"))
    yield say(node, SH + "conforms", to_term(not report.findings))
    results = {BlankNode(f"result{number}"): each for number, each in enumerate(report.findings, start=1)}
    for result in results:
        yield say(node, SH + "result", result)
    for result, finding in results.items():
        yield say(result, RDF + "type", NamedNode(SH + "ValidationResult"))
        focus = finding.record or finding.owner or SVSH + "unnamed"
        yield say(result, SH + "focusNode", NamedNode(focus))
        yield say(result, SH + "resultMessage", Literal(finding.message, language="en"))
        for path, value in _said(finding):
            if value is not None:
                yield say(result, path, to_term(value))


def _said(finding: Finding) -> Iterator[tuple[str, Value | None]]:
    yield SH + "resultSeverity", Iri(_SEVERITIES[finding.level])
    yield SH + "sourceConstraintComponent", finding.component
    yield SH + "sourceShape", finding.rule
    yield SH + "resultPath", finding.path
    yield SH + "value", None if finding.value == WITHHELD else finding.value
    for name in ("how_to_fix", "sheet", "row", "cell", "line"):
        first, *rest = name.split("_")
        yield SVSH + first + "".join(word.title() for word in rest), getattr(finding, name)
