"""A report says the same in every form, in the order in which a person can act on it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph
import pytest

from taxonomy.namespaces import RDF, SH
from taxonomy.records import Match, Place
from taxonomy.validation import LEVELS, Finding, Report, check, outline, rules
from taxonomy.validation.findings import WITHHELD, Checked
from taxonomy.validation.report import COLUMNS, FORMATS
from taxonomy.values import Iri

RECORD = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"
TODAY = date(2026, 11, 23)
Fill = Callable[..., Path]


def written(report: Report, form: str) -> str:
    """A report in one form, as text."""
    made = FORMATS[form](report)
    if isinstance(made, str):
        return re.sub(r"&#39;", "'", made.replace('\\"', '"')) if form in {"ttl", "html"} else made
    book = openpyxl.load_workbook(io.BytesIO(made))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


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


@pytest.fixture
def many(fill: Fill, made_up: Mapping[str, Any]) -> Report:
    """One fault in thirty rows of a workbook."""
    rule = made_up["Eligibility"][0]
    return check(fill(rows={**made_up, "Eligibility": [{**rule, "Age from": "sixteen"}] * 30}), today=TODAY)


def test_the_verdict_comes_first_in_words_with_counts(report: Report) -> None:
    lines = written(report, "text").splitlines()
    assert lines[0] == "records.ttl: 4 things have to be mended before this record can be published."
    assert lines[1] == "must fix: 4, check this: 1, could add: 0"
    page = written(report, "html")
    assert page.index("4 things have to be mended") < page.index("Must fix") < page.index("Check this")


def test_the_gravest_come_first_then_the_order_of_the_file(report: Report) -> None:
    levels = list(LEVELS)
    found = [(levels.index(finding.level), finding.line) for finding in report.findings]
    assert found == sorted(found)


def test_a_finding_points_at_its_line(report: Report) -> None:
    lines = (report.file, *RECORD.read_text().splitlines())
    age = next(finding for finding in report.findings if finding.field == "Age from")
    assert age.line is not None
    assert "sv:minimumAge" in lines[age.line]


def test_a_value_that_is_worked_out_from_the_day_is_not_taken_for_what_was_typed(report: Report) -> None:
    stale = next(finding for finding in report.findings if finding.field == "Last confirmed")
    assert stale.value == "2019-10-05"


@pytest.mark.parametrize("form", FORMATS)
def test_a_long_value_is_cut_and_a_withheld_one_never_shown(report: Report, form: str) -> None:
    text = written(report, form)
    assert "long " * 41 not in text
    assert "upperson" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_says_every_message_and_how_to_mend_it(report: Report, form: str) -> None:
    text = written(report, form)
    for finding in report.findings:
        assert finding.message in text
        assert rules()[finding.rule].how_to_fix in text


def test_json_and_csv_hold_the_same_findings(report: Report) -> None:
    from_json = json.loads(written(report, "json"))["findings"]
    from_csv = list(csv.DictReader(io.StringIO(written(report, "csv"))))
    assert [list(COLUMNS)] * len(from_json) == [list(each) for each in from_json]
    assert [each["message"] for each in from_json] == [each["message"] for each in from_csv]
    assert [str(each["line"]) for each in from_json] == [each["line"] for each in from_csv]


def test_no_cell_of_the_csv_or_the_workbook_is_a_formula(report: Report) -> None:
    cells = [cell for row in csv.reader(io.StringIO(written(report, "csv"))) for cell in row]
    assert "'=1+1" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    made = FORMATS["xlsx"](report)
    assert isinstance(made, bytes)
    kinds = {cell.data_type for sheet in openpyxl.load_workbook(io.BytesIO(made)) for row in sheet for cell in row}
    assert "f" not in kinds


def test_turtle_is_a_shacl_report_with_all_that_the_standard_asks_of_a_result(report: Report) -> None:
    quads = list(pyoxigraph.parse(FORMATS["ttl"](report), format=pyoxigraph.RdfFormat.TURTLE))
    results = {quad.object for quad in quads if quad.predicate.value == SH + "result"}
    assert len(results) == len(report.findings)
    for name in ("focusNode", "resultSeverity", "sourceConstraintComponent", "sourceShape"):
        assert results == {quad.subject for quad in quads if quad.predicate.value == SH + name}
    kinds = [quad.object for quad in quads if quad.predicate.value == RDF + "type"]
    assert pyoxigraph.NamedNode(SH + "ValidationReport") in kinds


def test_the_page_that_stands_alone_loads_and_runs_nothing(report: Report) -> None:
    page = written(report, "html")
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["'](?!#)|url\(|@import""", page)
    assert "default-src 'none'" in page


def test_words_of_a_file_are_never_markup(report: Report) -> None:
    [first, *rest] = report.findings
    marked = replace(report, file="<script>.ttl", findings=(replace(first, name="<img src=x>", value=None), *rest))
    page = FORMATS["html"](marked)
    assert isinstance(page, str)
    assert "<script>" not in page
    assert "<img" not in page


def test_equal_faults_are_told_once_with_an_exact_count_and_the_first_three_open(many: Report) -> None:
    [fault] = [each for section in outline.of(many).sections for each in section.faults]
    assert (fault.count, fault.times) == (30, "30 times")
    page = written(many, "html")
    assert page.count("The youngest age is not a whole number.</h3>") + page.count("number. <span") == 1
    opened, folded = page.split("Show the other 27 places")
    assert (opened.count('class="sv-where"'), folded.count("cell B")) == (3, 27)
    assert "And 10 more." in written(many, "text")


def test_a_fault_in_very_many_places_is_capped_and_the_files_hold_all(many: Report) -> None:
    found = replace(many, findings=many.findings * 10)
    [fault] = [each for section in outline.of(found).sections for each in section.faults]
    assert len(fault.spots) == outline.MOST
    assert fault.rest == "And 200 more. The report as CSV or as a workbook holds all of them."
    assert len(list(csv.DictReader(io.StringIO(written(found, "csv"))))) == 300


def headed(report: Report, sheet: str, headings: str) -> Report:
    """A report whose sheet has been read with headings in columns A, B, …"""
    matches = (
        Match(sheet=sheet, cell=f"{letter}1", heading=heading, field=heading, how="same")
        for letter, heading in zip("ABCDEFGH", headings.split(","), strict=False)
    )
    return replace(report, matches=tuple(matches))


def test_a_bit_of_the_sheet_is_shown_around_the_cell_that_is_meant(fill: Fill) -> None:
    found = check(fill({("Eligibility", "Age from"): "sixteen"}), today=TODAY)
    found = headed(found, "Eligibility", "Service,Age from,Age to,Gender offer,Report to the police")
    [spot] = [spot for section in outline.of(found).sections for fault in section.faults for spot in fault.spots]
    assert spot.around is not None
    assert spot.around.row == 3
    assert [("A", "Service"), ("B", "Age from"), ("C", "Age to")] == list(spot.around.columns)
    assert [("Made-Up Counselling", False), ("sixteen", True), ("25", False)] == list(spot.around.cells)
    assert "Row 3 | A: Made-Up Counselling | [B: sixteen] | C: 25" in written(found, "text")


def test_nothing_that_is_withheld_or_was_not_read_is_shown_around_a_cell(fill: Fill) -> None:
    secret = "made.upperson@made-up-centre.example"
    found = check(
        fill({("Organisation", "Shared e-mail"): secret, ("Organisation", "Website"): "our site"}), today=TODAY
    )
    for form in FORMATS:
        assert "upperson" not in written(headed(found, "Organisation", "Name of organisation,Sector"), form)
        assert "upperson" not in written(found, form)
    assert WITHHELD in written(found, "text")


def test_a_rule_over_two_cells_names_and_marks_both() -> None:
    rule = next(iter(rules().values()))
    found = Finding(
        level="must",
        rule=rule.iri,
        message=rule.message,
        how_to_fix=rule.how_to_fix,
        sheet="Eligibility",
        row=3,
        column="Age from",
        cell="B3",
        others=(Place(sheet="Eligibility", row=3, column="Age to", cell="D3"),),
    )
    assert found.where == 'Sheet "Eligibility", cell B3 ("Age from") and cell D3 ("Age to")'
    shown = outline.of(replace(headed(bare(found), "Eligibility", "Service,Age from,Harm,Age to"), cells={}))
    [around] = [spot.around for section in shown.sections for fault in section.faults for spot in fault.spots]
    assert around is not None
    assert [meant for _, meant in around.cells] == [False, True, False, True]


def bare(*findings: Finding) -> Report:
    """A report with nothing but findings."""
    return Report(
        file="records.xlsx",
        kind="workbook",
        sha256="",
        records=(),
        findings=findings,
        checked_on=TODAY,
        rules_version="0",
    )


def test_while_columns_are_wrong_no_cell_is_spoken_of_and_its_count_is_not_nought(fill: Fill) -> None:
    path = fill({("Eligibility", "Age from"): "sixteen", ("Funding", "Funder"): "Made-Up Council"})
    book = openpyxl.load_workbook(path)
    book["Services"]["B1"] = "Typ serv"
    book.save(path)
    found = check(path, today=TODAY)
    assert found.stopped
    assert {"must": 1, "check": 1, "could": None} == found.counts
    text = written(found, "text")
    assert "must fix: 1 so far, check this: 1 so far, could add: not checked yet" in text
    assert "sixteen" not in text
    assert "Made-Up Council" not in text
    assert found.verdict == "1 thing has to be mended before we can look into the cells."


def test_missing_and_unknown_headings_stand_side_by_side(fill: Fill) -> None:
    path = fill()
    book = openpyxl.load_workbook(path)
    book["Services"]["B1"] = "Typ serv"
    book.save(path)
    [headings] = outline.of(check(path, today=TODAY)).headings
    assert headings.sheet == "Services"
    assert headings.missing == ("Type of service",)
    assert headings.unknown == ("“Typ serv” Did you mean Type of service?",)


def test_how_headings_were_read_is_said_first_and_only_the_doubtful_ones_are_open(many: Report) -> None:
    matches = (
        Match(sheet="Eligibility", cell="A1", heading="Service", field="Service", how="same"),
        Match(sheet="Eligibility", cell="B1", heading="Youngest", field="Age from", how="loose"),
        Match(sheet="Eligibility", cell="Z1", heading="Our notes", field="", how="none"),
    )
    page = written(replace(many, matches=matches), "html")
    assert page.index("We read these columns like this") < page.index('<h2 class="govuk-heading-l" id="must">Must fix')
    opened, folded = page.split("1 heading read as it stands")
    assert "Youngest" in opened
    assert "Our notes" in opened
    assert "Headings read as they stand" in folded
    text = written(replace(many, matches=matches), "text")
    assert "“Youngest” read as “Age from”" in text
    assert "--map HEADING=FIELD" in text


def test_several_records_are_counted_one_by_one_the_worst_first(many: Report) -> None:
    good, bad = Iri("https://example.org/id/organisation/good"), Iri("https://example.org/id/organisation/bad")
    found = replace(
        many,
        records=(Checked(owner=good, name="Good Centre", facts=9), Checked(owner=bad, name="Bad Centre", facts=9)),
        findings=tuple(replace(each, owner=bad) for each in many.findings),
    )
    assert found.verdict == "30 things have to be mended before these 2 records can be published."
    assert [("Bad Centre", ("30", "0", "0")), ("Good Centre", ("0", "0", "0"))] == [
        (row.name, row.counts) for row in outline.of(found).records
    ]
    assert [0, 30] == [each["counts"]["must"] for each in json.loads(written(found, "json"))["records"]]


def test_of_very_many_records_the_first_are_counted_and_the_others_are_only_numbered(many: Report) -> None:
    owners = [Iri(f"https://example.org/id/organisation/made-up-{number}") for number in range(70)]
    found = replace(many, records=tuple(Checked(owner=each, name=each.slug, facts=1) for each in owners))
    assert (50, 20) == (len(outline.of(found).records), outline.of(found).records_more)
    assert "And 60 more records with no more to mend than these." in written(found, "text")
    page = written(found, "html")
    assert "Show 40 more" in page
    assert "And 20 more records with no more to mend than these." in page


def test_the_steps_end_in_what_happens_next_where_nothing_must_be_fixed(report: Report, fill: Fill) -> None:
    assert outline.of(report).steps_heading == "What to do now"
    good = outline.of(check(fill(), today=TODAY))
    assert good.steps_heading == "What happens next"
    assert "A second person reads it. Then it is published with the next release." in good.steps


def test_a_report_says_when_of_which_file_and_against_which_rules(report: Report) -> None:
    assert report.checked_at is not None
    for form in ("text", "html", "xlsx"):
        text = written(report, form)
        assert f"records.ttl, checked at {report.checked_at:%H:%M} UTC on" in text
        assert f"against rules {report.rules_version}" in text


def test_an_empty_cell_is_called_empty(fill: Fill) -> None:
    text = written(check(fill({("Services", "Covers area"): None}), today=TODAY), "text")
    assert 'cell D3 ("Covers area (required)"), Made-Up Counselling: empty' in text


def test_a_cell_that_holds_something_is_not_called_empty(fill: Fill) -> None:
    found = check(fill({("Eligibility", "Service"): "Counselling on Tuesdays"}), today=TODAY)
    for form in ("text", "xlsx"):
        text = written(found, form)
        assert 'Eligibility", cell A3 ("Service (required)"): empty' not in text
        assert "“Counselling on Tuesdays”" in text


def test_the_counts_lead_to_their_faults(report: Report) -> None:
    page = written(report, "html")
    assert '<a class="govuk-link" href="#must">' in page
    assert 'id="must"' in page


def test_levels_that_were_left_out_are_not_counted_as_nought(report: Report) -> None:
    only = replace(report, findings=report.of("must"), left_out=("check", "could"))
    assert {"must": 4, "check": None, "could": None} == only.counts
    assert "check this: left out here" in written(only, "text")


def test_a_notebook_gets_the_findings_as_a_data_frame(report: Report) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = report.to_pandas()
    assert [each.message for each in report.findings] == frame["message"].tolist()
    assert [each.line for each in report.findings] == frame["line"].tolist()
