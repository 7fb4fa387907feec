"""A report says the same in every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest

from taxonomy.namespaces import RDF, SH
from taxonomy.validation import Report, check
from taxonomy.validation.report import COLUMNS, FORMATS, to_csv, to_json, to_text, to_turtle

RECORD = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    text = RECORD.read_text()
    for good, bad in {
        "sv:minimumAge 18": 'sv:minimumAge "=1+1"',
        "service-type:counselling-longer-term": '"chats over tea", "' + "long " * 100 + '"',
        '"info@made-up-centre.example"': '"made.upperson@made-up-centre.example"',
        "2026-10-05": "2019-10-05",
    }.items():
        text = text.replace(good, bad)
    path = tmp_path_factory.mktemp("reports") / "records.ttl"
    path.write_text(text)
    return check(path, today=TODAY)


def test_the_verdict_comes_first_in_words(report: Report) -> None:
    assert to_text(report).startswith("records.ttl: 4 things have to be mended before this record can be published.\n")


def test_the_gravest_come_first_then_the_order_of_the_file(report: Report) -> None:
    levels = ["must", "check", "could"]
    found = [(levels.index(finding.level), finding.line) for finding in report.findings]
    assert found == sorted(found)


def test_a_finding_points_at_its_line(report: Report) -> None:
    lines = (report.file, *RECORD.read_text().splitlines())
    age = next(finding for finding in report.findings if finding.field == "Age from")
    assert age.line is not None
    assert "sv:minimumAge" in lines[age.line]


def test_a_long_value_is_cut_and_a_withheld_one_never_shown(report: Report) -> None:
    for form in FORMATS.values():
        text = form(report)
        assert "long " * 41 not in text
        assert "upperson" not in text


def test_json_and_csv_hold_the_same_findings(report: Report) -> None:
    from_json = json.loads(to_json(report))["findings"]
    from_csv = list(csv.DictReader(io.StringIO(to_csv(report))))
    assert [list(COLUMNS)] * len(from_json) == [list(each) for each in from_json]
    assert [each["message"] for each in from_json] == [each["message"] for each in from_csv]
    assert [str(each["line"]) for each in from_json] == [each["line"] for each in from_csv]


def test_no_cell_of_the_csv_is_a_formula(report: Report) -> None:
    cells = [cell for row in csv.reader(io.StringIO(to_csv(report))) for cell in row]
    assert "'=1+1" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_turtle_is_a_shacl_report_with_all_that_the_standard_asks_of_a_result(report: Report) -> None:
    quads = list(pyoxigraph.parse(to_turtle(report), format=pyoxigraph.RdfFormat.TURTLE))
    results = {quad.object for quad in quads if quad.predicate.value == SH + "result"}
    assert len(results) == len(report.findings)
    for name in ("focusNode", "resultSeverity", "sourceConstraintComponent", "sourceShape"):
        assert results == {quad.subject for quad in quads if quad.predicate.value == SH + name}
    kinds = [quad.object for quad in quads if quad.predicate.value == RDF + "type"]
    assert pyoxigraph.NamedNode(SH + "ValidationReport") in kinds


def test_every_format_says_every_message(report: Report) -> None:
    for name, form in FORMATS.items():
        for finding in report.findings:
            assert finding.message in form(report).replace('\\"', '"'), name
