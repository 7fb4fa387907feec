"""360Giving: each organisation that gets grants becomes a record, from JSON and from spreadsheets."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.records import Record, Submission
from taxonomy.standards import tabular, threesixty
from taxonomy.standards.reading import Read
from taxonomy.validation import Report, check, examine, report, rules

from .conftest import FILES, Plain, said

TODAY = date(2026, 11, 23)
GRANT = "example:agreement/360g-madeup-2026-17"

SHEETS = {
    "Meta": [["Version", "1.4"]],
    "grants": [
        ["Made-up grants of a made-up year"],
        [
            "Identifier",
            "Title",
            "Currency",
            "Amount Awarded",
            "Award Date",
            "Recipient Org:Identifier",
            "Recipient Org:Name",
            "Recipient Org:Postal Code",
            "Beneficiary Location:Name",
            "Beneficiary Location:Geographic Code",
            "Funding Org:Name",
            "fundingType/0/title",
            "Applicant / person",
        ],
        [
            "360G-madeup-1",
            "Made-Up grant",
            "GBP",
            "60000",
            "24/07/2026",
            "XI-EXAMPLE-1",
            "Made-Up Centre",
            "ZZ1 1ZZ",
            "The whole county",
            "E23000036",
            "Ministry of Justice",
            "Core grant",
            "Robin Madeup",
        ],
        ["360G-madeup-2", "Made-Up gift", "GBP", "about 5", "", "", "Made-Up Partner"],
    ],
    "Beneficiary Location": [
        ["Identifier", "Beneficiary Location:Name", "Beneficiary Location:Geographic Code"],
        ["360G-madeup-1", "London", ""],
        ["360G-madeup-2", "", "E12000007"],
    ],
    "Recipient Org": [
        ["Identifier", "Recipient Org:Identifier", "Recipient Org:Web Address"],
        ["360G-madeup-1", "XI-EXAMPLE-1", "https://made-up-centre.example/"],
    ],
}


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.fixture(scope="module")
def found(known: Context) -> Read:
    return threesixty.read(Plain(json.loads((FILES / "360giving.json").read_text())), known)


@pytest.fixture(scope="module")
def sheets() -> Submission:
    return intake.read_bytes(workbook(SHEETS), "grants.xlsx")


@pytest.fixture(scope="module")
def real(reference: Path) -> Submission:
    return intake.read(reference / "360giving" / "samples" / "abct_grants_subset_cc-by-4.0.json")


def told(found: Read | Submission, rule: str) -> list[str | None]:
    return [problem.value for problem in found.problems if problem.rule == rule]


def parts(record: Record) -> list[dict[str, list[str]]]:
    return [said(record, thing.partition("/id/")[2]) for thing in record.things if "/part/" in thing]


def test_each_recipient_is_one_record_with_all_its_grants(found: Read) -> None:
    centre, partner = found.records
    assert [thing.slug for thing in centre.things if "agreement/" in thing and "/part/" not in thing] == [
        "360g-madeup-2026-17",
        "360g-madeup-2026-18",
    ]
    assert partner.owner == "https://w3id.org/svssv/id/organisation/made-up-partner"
    assert (centre.practice, partner.practice) == (True, False)


def test_a_grant_has_its_name_its_days_its_identifier_and_its_recipient(found: Read) -> None:
    grant = said(found.records[0], GRANT)
    assert grant["rdfs:label"] == ["Made-Up counselling grant"]
    assert grant["dcterms:identifier"] == ["360G-madeup-2026-17"]
    assert grant["sv:recipient"] == ["example:organisation/made-up-centre"]
    assert (grant["sv:startDate"], grant["sv:endDate"]) == (["2026-04-01"], ["2029-03-31"])
    assert (grant["sv:initialTermMonths"], grant["sv:awardDate"]) == (["36"], ["2026-03-02"])


def test_a_grant_is_awarded_and_its_amount_is_for_the_whole_term_by_definition(found: Read) -> None:
    assert said(found.records[0], GRANT)["sv:agreementStatus"] == ["agreement-status/awarded"]
    part = said(found.records[0], f"{GRANT}/part/1")
    assert part["sv:amountBasis"] == ["amount-basis/whole-term"]
    assert (part["sv:amount"], part["sv:currency"]) == (["60000.5"], ["GBP"])
    assert part["sv:funder"] == ["organisation/ministry-of-justice"]


def test_an_area_is_a_code_only_where_it_has_one_meaning(found: Read) -> None:
    assert said(found.records[0], GRANT)["sv:forArea"] == ["E23000036", "E12000007", "West Midlands"]


def test_actual_days_are_read_only_where_none_were_planned(found: Read) -> None:
    assert said(found.records[0], "example:agreement/360g-madeup-2026-18")["sv:startDate"] == ["2026-08-01"]
    assert "actualDates/startDate" in told(found, "notCarried")


def test_a_word_for_the_form_of_funding_is_read_and_a_type_of_service_is_said(found: Read) -> None:
    assert said(found.records[0], GRANT)["sv:instrument"] == ["funding-instrument/core-grant"]
    assert "classifications" in told(found, "notCarried")


def test_a_grant_pays_for_a_service_only_where_it_names_one(found: Read) -> None:
    service = "https://example.org/id/service/made-up-counselling"
    rows = [
        {
            "thing": service,
            "type": "https://w3id.org/svssv/ontology#Service",
            "label": "Made-Up Counselling",
            "scheme": None,
        }
    ]
    grant = {
        "id": "360G-madeup-3",
        "title": "For counselling",
        "recipientOrganization": [{"id": "XI-EXAMPLE-1", "name": "Made-Up Centre"}],
        "classifications": [{"vocabulary": "SVSSV", "url": service}],
    }
    (record,) = threesixty.read(Plain({"grants": [grant]}), Context.from_rows(rows)).records
    assert said(record, "example:agreement/360g-madeup-3")["sv:funds"] == ["example:service/made-up-counselling"]
    assert "sv:funds" not in said(found.records[0], GRANT)


def test_a_recipient_whose_number_is_in_the_register_keeps_its_name_there() -> None:
    known = "https://example.org/id/organisation/made-up-elsewhere"
    rows = [
        {"thing": known, "type": "https://w3id.org/svssv/ontology#Organisation", "label": label, "scheme": None}
        for label in ("Made-Up Elsewhere", "XI-EXAMPLE-9")
    ]
    grant = {"id": "360G-madeup-4", "recipientOrganization": [{"id": "XI-EXAMPLE-9", "name": "The same, written anew"}]}
    (record,) = threesixty.read(Plain({"grants": [grant]}), Context.from_rows(rows)).records
    assert record.owner == known


def test_a_grant_without_a_service_says_what_to_add() -> None:
    checked = check(FILES / "360giving.json", today=TODAY)
    missing = [each for each in checked.findings if rules()[each.rule].name == "AgreementShape-fundsGiven"]
    assert [each.pointer for each in missing] == ["/grants/0", "/grants/1", "/grants/2"]


def test_a_funder_that_nobody_knows_is_proposed_once_for_each_record(found: Read) -> None:
    assert told(found, "nameNew") == ["Made-Up Fund", "Made-Up Fund"]
    assert "Made-Up Fund" in found.records[0].proposals.values()


def test_an_identifier_of_the_funder_alone_is_no_number_in_a_register(found: Read) -> None:
    assert said(found.records[0], "example:organisation/made-up-centre")["sv:identifier"] == ["XI-EXAMPLE-1"]


def test_nothing_about_a_person_is_carried(found: Read) -> None:
    facts = b"".join(record.ntriples for record in found.records)
    assert b"Robin" not in facts
    assert b"ZZ1" not in facts
    assert set(told(found, "notCarried")) >= {"contactName", "email", "postalCode", "recipientIndividual"}
    assert told(found, "recipientMissing") == [None]


def test_a_number_that_stands_twice_and_a_part_of_another_form_are_said(found: Read) -> None:
    assert told(found, "identifierTwice") == ["360G-madeup-2026-17"]
    assert told(found, "notOfTheForm") == ["plannedDates"]


def test_an_amount_of_nothing_and_money_of_another_country_are_faults() -> None:
    checked = check(FILES / "360giving.json", today=TODAY)
    broken = Counter(rules()[each.rule].name for each in checked.findings)
    assert broken["FundingPartShape-amountPositive"] == 1
    assert broken["FundingPartShape-currencyPounds"] == 1


def test_an_award_in_the_future_is_a_fault() -> None:
    checked = check(FILES / "360giving.json", today=date(2026, 7, 1))
    late = [each for each in checked.findings if rules()[each.rule].name == "AgreementShape-awardNotInTheFuture"]
    assert [(each.value, each.pointer) for each in late] == [("2026-07-24", "/grants/1/awardDate")]


def test_a_file_without_grants_is_refused_in_words(known: Context) -> None:
    with pytest.raises(InputError, match="holds no grant"):
        threesixty.read(Plain({"grants": []}), known)


# Spreadsheets


def test_a_spreadsheet_is_known_by_its_headings(sheets: Submission) -> None:
    assert sheets.kind == "360giving"
    assert [record.owner.slug for record in sheets.records] == ["made-up-centre", "made-up-partner"]


def test_headings_may_be_words_or_the_names_of_the_json_form(sheets: Submission) -> None:
    grant = said(sheets.records[0], "example:agreement/360g-madeup-1")
    assert grant["sv:awardDate"] == ["2026-07-24"]
    assert grant["sv:instrument"] == ["funding-instrument/core-grant"]


def test_further_sheets_add_to_the_grant_that_they_name(sheets: Submission) -> None:
    assert said(sheets.records[0], "example:agreement/360g-madeup-1")["sv:forArea"] == ["E23000036", "E12000007"]
    assert said(sheets.records[1], "agreement/360g-madeup-2")["sv:forArea"] == ["E12000007"]


def test_a_further_sheet_about_the_same_recipient_says_more_of_it(sheets: Submission) -> None:
    centre = said(sheets.records[0], "example:organisation/made-up-centre")
    assert centre["sv:website"] == ["https://made-up-centre.example/"]


def test_each_fact_of_a_spreadsheet_stands_at_its_cell(sheets: Submission) -> None:
    found = examine(sheets, today=TODAY)
    (amount,) = [each for each in found.findings if rules()[each.rule].name == "FundingPartShape-amountDecimal"]
    assert (amount.sheet, amount.cell, amount.column, amount.value) == ("grants", "D4", "Amount Awarded", "about 5")


def test_a_column_that_is_not_carried_is_never_shown(sheets: Submission) -> None:
    assert set(told(sheets, "notCarried")) >= {"Applicant / person", "postalCode"}
    found = examine(sheets, today=TODAY)
    for secret in ("Robin", "ZZ1"):
        assert secret not in report.to_json(found) + report.to_text(found) + str(found.cells)


def test_every_heading_of_the_official_templates_is_known(reference: Path) -> None:
    for path in sorted((reference / "360giving" / "templates").glob("*meta-tab*.xlsx")):
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            if sheet.title != "Meta":
                headings = [str(cell.value) for cell in sheet[1] if cell.value]
                unknown = [each for each in headings if tabular._field(each) is None]
                assert unknown == [], (path.name, sheet.title)


# Real files


def test_37_real_grants_are_21_records_with_their_amounts(real: Submission, reference: Path) -> None:
    document = json.loads((reference / "360giving" / "samples" / "abct_grants_subset_cc-by-4.0.json").read_text())
    shares = [part for record in real.records for part in parts(record)]
    amounts = [Decimal(part["sv:amount"][0]) for part in shares]
    assert (len(amounts), len(real.records), sum(amounts)) == (37, 21, Decimal(587_500))
    assert sorted(amounts) == sorted(Decimal(grant["amountAwarded"]) for grant in document["grants"])
    assert {part["sv:amountBasis"][0] for part in shares} == {"amount-basis/whole-term"}


def test_every_real_recipient_is_told_by_its_number(real: Submission) -> None:
    numbers = [said(record, record.owner.partition("/id/")[2])["sv:identifier"] for record in real.records]
    assert all(len(each) == 1 for each in numbers)
    assert Counter(each[0].rpartition("-")[0] for each in numbers) == {"GB-CHC": 19, "GB-SC": 1, "GB-NIC": 1}


def test_real_areas_become_codes_only_where_they_have_one_meaning(real: Submission) -> None:
    areas = Counter(
        area
        for record in real.records
        for thing in record.things
        if "agreement/" in thing
        for area in said(record, thing.partition("/id/")[2]).get("sv:forArea", ())
    )
    assert areas["E12000007"] == 8  # printed as London
    assert areas["Greater London"] == 9
    assert areas["UK Wide"] == 1
    assert sum(areas.values()) == 37


def test_what_of_the_real_grants_does_not_fit_is_said(real: Submission) -> None:
    assert set(told(real, "notCarried")) == {
        "title",
        "license",
        "description",
        "postalCode",
        "grantProgramme/code",
        "grantProgramme/title",
        "fromOpenCall",
        "dataSource",
        "Website",
        "Award Date - website format",
        "Amount Awarded - website format",
    }


def test_real_grants_lack_a_service_a_sector_and_a_day_of_checking(reference: Path) -> None:
    found = check(reference / "360giving" / "samples" / "abct_grants_subset_cc-by-4.0.json", today=TODAY)
    assert musts(found) == {
        "AgreementShape-areaKnown": 29,
        "AgreementShape-fundsGiven": 37,
        "OrganisationShape-sectorGiven": 21,
        "RecordShape-lastConfirmedGiven": 21,
    }


def musts(found: Report) -> Counter[str]:
    return Counter(rules()[each.rule].name for each in found.findings if each.level == "must")


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("fundingproviders-grants_2_grants.xlsx", 2),
        ("fundingproviders-grants_fixed_2_grants.json", 3),
        ("multiple_funder_names_org_ids.json", 1),
        ("badfile_all_validation_errors.json", 1),
    ],
)
def test_fixtures_of_the_data_quality_tool_are_read_and_checked(name: str, records: int, reference: Path) -> None:
    found = check(reference / "360giving" / "samples" / name, today=TODAY)
    assert (found.kind, len(found.records), found.conforms) == ("360giving", records, False)


def test_the_bad_fixture_is_told_each_of_its_faults(reference: Path) -> None:
    found = check(reference / "360giving" / "samples" / "badfile_all_validation_errors.json", today=TODAY)
    broken = {(rules()[each.rule].name, each.pointer) for each in found.findings}
    assert broken >= {
        ("AgreementShape-awardDate", "/grants/0/awardDate"),
        ("FundingPartShape-amountDecimal", "/grants/0/amountAwarded"),
        ("FundingPartShape-currencyPounds", "/grants/0/currency"),
        ("FundingPartShape-funderGiven", "/grants/0"),
        ("Reading-notOfTheForm", "/grants/0/plannedDates"),
        ("Reading-notOfTheForm", "/grants/0/actualDates/0"),
    }


def test_applicants_in_a_real_spreadsheet_are_neither_read_nor_shown(reference: Path) -> None:
    path = reference / "360giving" / "samples" / "fundingproviders-grants_2_grants.xlsx"
    found = check(path, today=TODAY)
    words = report.to_json(found) + report.to_text(found) + str(found.cells)
    assert "Surname of applicant" in words
    for name in ("Roe", "Hypatia", "Aquinas"):
        assert name not in words
    assert all(name.encode() not in record.ntriples for name in ("Roe", "Doe") for record in intake.read(path).records)
