"""A provider's workbook is checked at its cells, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from taxonomy import fields, intake
from taxonomy.context import Context
from taxonomy.intake import marks, template
from taxonomy.namespaces import SV
from taxonomy.validation import Finding, Report, check, rules

TODAY = date(2026, 11, 23)
Fill = Callable[..., Path]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def broken(report: Report) -> list[tuple[str, str | None]]:
    return [(rules()[finding.rule].name, finding.cell) for finding in report.findings]


def only(report: Report) -> Finding:
    assert len(report.findings) == 1, [finding.message for finding in report.findings]
    return report.findings[0]


def test_the_template_filled_in_well_breaks_no_rule(fill: Fill) -> None:
    report = check(fill(), today=TODAY)
    assert broken(report) == []
    assert report.conforms
    assert [each.owner for each in report.records] == ["https://example.org/id/organisation/made-up-centre"]


def test_a_workbook_that_is_not_marked_as_practice_has_the_projects_own_addresses(fill: Fill) -> None:
    path = fill()
    book = openpyxl.load_workbook(path)
    book["Read me"]["B8"] = "no"
    book.save(path)
    assert intake.read(path).only.owner == "https://w3id.org/svssv/id/organisation/made-up-centre"


def test_a_workbook_and_turtle_of_the_same_record_say_the_same(fill: Fill, tmp_path: Path) -> None:
    bad = fill({("Eligibility", "Age from"): "sixteen", ("Services", "Type of service"): "chats over tea"})
    from_workbook = check(bad, today=TODAY)
    turtle = tmp_path / "same.nt"
    turtle.write_bytes(intake.read(bad).only.ntriples)
    from_turtle = check(turtle, today=TODAY)

    def said(report: Report) -> set[tuple[object, ...]]:
        return {(each.rule, each.message, each.how_to_fix, each.record, each.value) for each in report.findings}

    assert said(from_workbook) == said(from_turtle)
    assert {2} == {len(said(each)) for each in (from_workbook, from_turtle)}


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "rule"),
    [
        ("Organisation", "Sector", "third sector", "OrganisationShape-sectorGiven"),
        ("Organisation", "Sector", None, "OrganisationShape-sectorGiven"),
        ("Organisation", "Last confirmed", "last autumn", "RecordShape-lastConfirmedDate"),
        ("Organisation", "Last confirmed", None, "RecordShape-lastConfirmedGiven"),
        ("Organisation", "Website", "our site", "ContactShape-websiteForm"),
        ("Organisation", "Team to ask for", "Made Upperson", "ContactShape-teamIsNotAPerson"),
        ("Organisation", "Charity or company number", 1234567, "OrganisationShape-identifierForm"),
        ("Services", "Type of service", None, "ServiceShape-typeGiven"),
        ("Services", "Covers area", "our patch", "ServiceShape-areaKnown"),
        ("Services", "Is the place confidential?", "ask us", "ServiceShape-confidentialYesOrNo"),
        ("Eligibility", "Age from", "sixteen", "EligibilityShape-minimumAgeWhole"),
        ("Eligibility", "Age to", 13, "EligibilityShape-agesInOrder"),
        ("Eligibility", "Gender offer", "mostly women", "EligibilityShape-genderOfferInScheme"),
        ("Funding", "Funder", None, "FundingPartShape-funderGiven"),
        ("Funding", "Amount in pounds", "about £60k", "FundingPartShape-amountDecimal"),
        ("Funding", "Amount in pounds", 0, "FundingPartShape-amountPositive"),
        ("Funding", "Amount in pounds", None, "FundingPartShape-amountGiven"),
        ("Funding", "Starts", "spring", "AgreementShape-startDate"),
        ("Funding", "Status", "fingers crossed", "AgreementShape-statusInScheme"),
        ("Funding", "Services it pays for", "new chairs", "AgreementShape-fundsService"),
        ("Routes", "From", "that nice team", "RouteShape-fromKnown"),
        ("Routes", "Open or refused", "maybe", "RouteShape-openOrRefused"),
        ("Routes", "Consent needed?", "usually", "RouteShape-consentYesOrNo"),
    ],
)
def test_a_bad_value_is_found_at_its_cell(fill: Fill, sheet: str, heading: str, value: object, rule: str) -> None:
    finding = only(check(fill({(sheet, heading): value}), today=TODAY))
    headings = [field.heading for field in fields.fields() if field.sheet == sheet]
    where = "Age from" if rule.endswith("agesInOrder") else heading
    assert (finding.sheet, finding.cell) == (
        sheet,
        f"{get_column_letter(headings.index(where) + 1)}{template.FIRST_ROW}",
    )
    assert rules()[finding.rule].name == rule


def test_a_bad_value_below_hidden_and_empty_rows_is_found_at_the_row_that_a_spreadsheet_shows(fill: Fill) -> None:
    path = fill()
    book = openpyxl.load_workbook(path)
    sheet = book["Eligibility"]
    sheet.insert_rows(1, 2)  # a title above the headings
    sheet["A1"] = "Who can use it"
    for column, value in enumerate(["Made-Up Counselling", "sixty", None, "Women only", "any"], start=1):
        sheet.cell(9, column, value)
    book.save(path)
    assert [("EligibilityShape-minimumAgeWhole", "B9")] == broken(check(path, today=TODAY))


def test_a_slip_in_a_name_brings_the_likely_names(fill: Fill) -> None:
    finding = only(check(fill({("Services", "Type of service"): "Emotional suport"}), today=TODAY))
    assert finding.how_to_fix.startswith("Did you mean Emotional support")
    assert finding.value == "Emotional suport"


def test_a_funder_that_is_not_in_the_register_is_a_doubt_and_a_proposal(fill: Fill) -> None:
    book = fill({("Funding", "Funder"): "Made-Up Council"})
    report = check(book, today=TODAY)
    assert rules()[only(report).rule].name == "Reading-nameNew"
    assert report.conforms
    assert intake.read(book).only.proposals == {
        "https://example.org/id/organisation/made-up-council": "Made-Up Council"
    }


def test_headings_are_matched_loosely(fill: Fill) -> None:
    path = fill()
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["B1"] = "  youngest AGE:"
    book["Services"].title = "service"
    book.save(path)
    assert broken(check(path, today=TODAY)) == []


def test_columns_come_before_cells(fill: Fill) -> None:
    path = fill({("Eligibility", "Age from"): "sixteen"})
    book = openpyxl.load_workbook(path)
    book["Services"]["B1"] = "What we do"
    book.save(path)
    assert [("Reading-columnMissing", None), ("Reading-columnUnknown", "B1")] == broken(check(path, today=TODAY))


def test_a_column_that_stands_twice_is_told(fill: Fill) -> None:
    path = fill()
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["Z1"] = "Age from"
    book.save(path)
    assert [("Reading-columnTwice", "Z1")] == broken(check(path, today=TODAY))


def test_a_missing_sheet_is_told(fill: Fill) -> None:
    path = fill()
    book = openpyxl.load_workbook(path)
    del book["Services"]
    book.create_sheet("Notes")["A1"] = "for us alone"
    book.save(path)
    assert [("Reading-sheetMissing", None), ("Reading-sheetUnknown", None)] == broken(check(path, today=TODAY))


def test_two_services_of_one_name_are_told(fill: Fill, made_up: Rows) -> None:
    rows = dict(made_up)
    rows["Services"] = [*rows["Services"], *rows["Services"]]
    assert ("Reading-nameTwice", "A4") in broken(check(fill(rows=rows), today=TODAY))


def test_two_organisations_in_one_workbook_are_told(fill: Fill, made_up: Rows) -> None:
    rows = dict(made_up)
    rows["Organisation"] = [*rows["Organisation"], {"Name of organisation": "Made-Up Neighbour"}]
    assert [("Reading-moreOrganisations", None)] == broken(check(fill(rows=rows), today=TODAY))


def test_rows_with_one_name_are_shares_of_one_agreement(fill: Fill, made_up: Rows) -> None:
    rows = dict(made_up)
    second = {**rows["Funding"][0], "Funder": "Home Office", "Amount in pounds": 5000}
    rows["Funding"] = [*rows["Funding"], second]
    book = fill(rows=rows)
    assert broken(check(book, today=TODAY)) == []
    facts = intake.read(book).only.ntriples.decode()
    assert (1, 2) == (facts.count("ontology#Grant>"), facts.count("ontology#FundingPart>"))


def test_a_value_that_breaks_a_safety_rule_is_shown_nowhere(fill: Fill) -> None:
    secret = "made.upperson@made-up-centre.example"
    report = check(
        fill({("Organisation", "Shared e-mail"): secret, ("Services", "About the service"): secret}), today=TODAY
    )
    assert {"ContactShape-emailIsShared", "TextShape-noEmail"} == {name for name, _ in broken(report)}
    assert not any(secret in str(finding) for finding in report.findings)


def test_every_drop_down_value_of_the_template_is_understood(blank: Path) -> None:
    context = Context.bundled()
    for field in fields.fields():
        for place in field.takes:
            for label in context.members(place):
                assert context.find(label, [place]), (field.heading, label)
        for choice in field.choices:
            assert context.choose(context.label(choice), field.choices) == choice


def test_the_template_marks_what_is_required_and_carries_its_version(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    assert ["Read me", *fields.SHEETS, "Lists"] == book.sheetnames
    assert book["Read me"]["B9"].value == marks.version()
    for sheet in fields.SHEETS:
        required = {field.heading for field in fields.fields() if field.sheet == sheet and field.required}
        marked = {str(cell.value) for cell in book[sheet][1] if str(cell.value).endswith(template.REQUIRED)}
        assert marked == {heading + template.REQUIRED for heading in required}


def test_the_empty_template_asks_for_an_organisation_and_a_service(blank: Path) -> None:
    assert ["Reading-sheetMissing"] * 2 == [name for name, _ in broken(check(blank, today=TODAY))]


def test_a_funder_that_nobody_knows_yet_keeps_the_name_as_it_was_written(fill: Callable[..., Path]) -> None:
    record = intake.read(fill({("Funding", "Funder"): "The Made-Up Trust & Friends"})).only
    names = [triple.object.value for triple in record.triples if triple.predicate.value == SV + "nameAsPrinted"]
    assert names == ["The Made-Up Trust & Friends"]
    assert list(record.proposals.values()) == names
