"""A report as SHACL has it: a validation report in Turtle, for other programs that speak RDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from taxonomy.namespaces import PREFIXES, RDF, SH, SVSH
from taxonomy.validation.findings import WITHHELD, Finding, Report
from taxonomy.validation.rules import Level
from taxonomy.values import Iri, Value, to_term

_SEVERITIES: Final[Mapping[Level, str]] = {"must": SH + "Violation", "check": SH + "Warning", "could": SH + "Info"}
_OURS: Final = ("how_to_fix", "where", "sheet", "row", "column", "cell", "line", "pointer", "suggestion")


def to_turtle(report: Report) -> str:
    """A SHACL validation report; by its standard, ``sh:conforms`` is false for doubts and wishes as well."""
    prefixes = {name: PREFIXES[name] for name in ("sh", "svsh", "sv", "xsd")}
    return (serialize(_triples(report), format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


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
            if value not in {None, ""}:
                yield say(result, path, to_term(value))


def _said(finding: Finding) -> Iterator[tuple[str, Value | None]]:
    yield SH + "resultSeverity", Iri(_SEVERITIES[finding.level])
    yield SH + "sourceConstraintComponent", finding.component
    yield SH + "sourceShape", finding.rule
    yield SH + "resultPath", finding.path
    yield SH + "value", None if finding.value == WITHHELD else finding.value
    for name in _OURS:
        first, *rest = name.split("_")
        yield SVSH + first + "".join(word.title() for word in rest), getattr(finding, name)
