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
from taxonomy.validation.findings import WITHHELD

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
        ("Organisation", "Charity or company number", "GB-COH-1234567", "OrganisationShape-identifierWhole"),
        ("Waiting times", "Service", "the busy one", "WaitingShape-serviceNamed"),
        ("Waiting times", "How long", "a few months", "WaitingShape-lengthNumber"),
        ("Waiting times", "Days, weeks or months", None, "WaitingShape-unitGiven"),
        ("Waiting times", "Days, weeks or months", "People", "WaitingShape-unitOfTime"),
        ("Waiting times", "Wait until", None, "WaitingShape-stageGiven"),
        ("Waiting times", "As measured on", None, "WaitingShape-measuredOnGiven"),
        ("Waiting times", "Can people start?", "open, no wait", "WaitingShape-lengthFitsStatus"),
        ("Accreditations", "Held by", "our northern branch", "AccreditationShape-holderNamed"),
        ("Accreditations", "Standard", "five gold stars", "AccreditationShape-standardInScheme"),
        ("Accreditations", "Verified by", None, "AccreditationShape-verifierNamed"),
        ("Accreditations", "Verified by", "Made-Up Centre", "AccreditationShape-verifierIsAnother"),
        ("Accreditations", "Until", date(2026, 3, 31), "AccreditationShape-notRunOut"),
        ("Figures", "Service", "the groups", "FigureShape-serviceKnown"),
        ("Figures", "How many", 3, "FigureShape-smallHeldBack"),
        ("Figures", "How many", None, "FigureShape-statusGiven"),
        ("Figures", "What is counted", "Number of hubs", "FigureShape-measureOfPeople"),
        ("Figures", "From", "last year", "FigureShape-periodStartDate"),
        ("Sites", "Service", "all of us", "SiteShape-serviceNamed"),
        ("Sites", "Name of site", "Made-Up hub, ZZ1 1ZZ", "SiteShape-noAddress"),
    ],
)
def test_a_bad_value_is_found_at_its_cell(fill: Fill, sheet: str, heading: str, value: object, rule: str) -> None:
    finding = only(check(fill({(sheet, heading): value}), today=TODAY))
    headings = [field.heading for field in fields.fields() if field.sheet == sheet]
    elsewhere = {"EligibilityShape-agesInOrder": "Age from", "FigureShape-statusGiven": "Given or held back"}
    where = elsewhere.get(rule, heading)
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


def test_a_missing_sheet_is_told(fill: Fill, made_up: Rows) -> None:
    path = fill(rows={sheet: rows for sheet, rows in made_up.items() if sheet != "Looked for"})
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


def test_an_address_in_a_wrong_column_is_shown_nowhere_either(fill: Fill) -> None:
    secret = "made.upperson@made-up-centre.example"
    report = check(fill({("Organisation", "Last confirmed"): secret}), today=TODAY)
    assert ("RecordShape-lastConfirmedDate", "(not shown, for safety)") in {
        (rules()[each.rule].name, each.value) for each in report.findings
    }
    assert secret not in str(report)


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
    assert ["Read me", *fields.SHEETS, "Kept for the steward", "Lists"] == book.sheetnames
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


def test_an_accreditation_or_a_figure_without_a_service_is_of_the_whole_organisation(
    fill: Callable[..., Path], made_up: Rows
) -> None:
    rows = {
        **made_up,
        "Accreditations": [{**made_up["Accreditations"][0], "Held by": None}],
        "Figures": [{**made_up["Figures"][0], "Service": None}],
    }
    facts = intake.read(fill(rows=rows)).only.ntriples.decode()
    owner = "https://example.org/id/organisation/made-up-centre"
    assert f"<{owner}> <{SV}hasAccreditation> <{owner}/accreditation/1>" in facts
    assert f"<{owner}/figure/1> <{SV}aboutOrganisation> <{owner}>" in facts


def test_rows_with_one_name_are_one_site_of_several_services(fill: Callable[..., Path], made_up: Rows) -> None:
    second = {**made_up["Services"][0], "Name of service": "Made-Up Advocacy"}
    rows = {
        **made_up,
        "Services": [*made_up["Services"], second],
        "Eligibility": [*made_up["Eligibility"], {**made_up["Eligibility"][0], "Service": "Made-Up Advocacy"}],
        "Sites": [*made_up["Sites"], {**made_up["Sites"][0], "Service": "Made-Up Advocacy"}],
    }
    report = check(fill(rows=rows), today=TODAY)
    assert broken(report) == []
    facts = intake.read(fill(rows=rows)).only.ntriples.decode()
    assert (1, 2) == (facts.count("ontology#ServiceSite>"), facts.count("ontology#hasSite>"))


def test_a_slip_in_the_service_of_a_second_row_of_a_site_is_told(fill: Callable[..., Path], made_up: Rows) -> None:
    rows = {**made_up, "Sites": [*made_up["Sites"], {**made_up["Sites"][0], "Service": "Made-Up Conselling"}]}
    assert [("SiteShape-serviceNamed", "A4")] == broken(check(fill(rows=rows), today=TODAY))


def test_a_site_of_a_refuge_is_told_at_its_row_and_never_shown(fill: Callable[..., Path]) -> None:
    report = check(fill({("Services", "Type of service"): "Refuge"}), today=TODAY)
    assert [("ConfidentialShape-noSite", "A3")] == broken(report)
    assert report.findings[0].sheet == "Sites"
    assert not any("Bristol" in str(finding) or "North hub" in str(finding) for finding in report.findings)


def test_a_small_count_withholds_itself_and_no_other_number(fill: Callable[..., Path]) -> None:
    report = check(fill({("Figures", "How many"): 3, ("Eligibility", "Age from"): "13 or so"}), today=TODAY)
    shown = {rules()[finding.rule].name: finding.value for finding in report.findings}
    assert {"FigureShape-smallHeldBack": WITHHELD, "EligibilityShape-minimumAgeWhole": "13 or so"} == shown


def test_a_company_number_that_lost_its_noughts_gets_them_back_as_a_suggestion(fill: Callable[..., Path]) -> None:
    finding = only(check(fill({("Organisation", "Charity or company number"): "GB-COH-1234567"}), today=TODAY))
    assert finding.suggestion == "GB-COH-01234567"


def test_a_drop_down_offers_only_what_fits_its_column(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["Lists"].columns}
    assert ["Days", "Weeks", "Months"] in lists.values()
    assert ["Stated", "Suppressed", "Unknown"] in lists.values()


@pytest.mark.parametrize(
    ("sheet", "cells", "rule", "other"),
    [
        ("Eligibility", {"Age to": 13}, "EligibilityShape-agesInOrder", "Age to"),
        ("Funding", {"Ends": date(2020, 3, 31)}, "AgreementShape-datesInOrder", "Ends"),
        ("Waiting times", {"Wait until": None}, "WaitingShape-stageGiven", "How long"),
        ("Accreditations", {"Verified by": None}, "AccreditationShape-verifierNamed", "How sure"),
        ("Figures", {"Given or held back": "suppressed"}, "FigureShape-heldBackIsEmpty", "Given or held back"),
        (
            "Services",
            {"Gender offer of the whole service": "women only"},
            "EligibilityShape-genderOffersAgree",
            "Gender offer of the whole service",
        ),
    ],
)
def test_a_rule_over_two_cells_knows_where_the_other_one_is(
    fill: Callable[..., Path], sheet: str, cells: Mapping[str, object], rule: str, other: str
) -> None:
    path = fill({(sheet, heading): value for heading, value in cells.items()})
    finding = only(check(path, today=TODAY))
    assert rules()[finding.rule].name == rule
    assert [(other, 3)] == [(str(each.column).removesuffix(template.REQUIRED), each.row) for each in finding.others]
