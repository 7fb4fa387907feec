"""A file comes back to its owner with what was found: comments at the cells, and nothing that she typed changed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from taxonomy.errors import InputError
from taxonomy.intake import template
from taxonomy.records import Place
from taxonomy.validation import Report, check
from taxonomy.validation.annotate import _annotated, beside, given_back, suffix_of
from taxonomy.validation.marks import spots_of

TODAY = date(2026, 11, 23)
Fill = Callable[..., Path]
FAULTS = {
    ("Eligibility", "Age from"): "sixteen",
    ("Services", "Covers area"): None,
    ("Funding", "Starts"): "spring",
    ("Funding", "Funder"): "Made-Up Council",
    ("Organisation", "Last confirmed"): date(2019, 1, 1),
}


@pytest.fixture
def path(fill: Fill) -> Path:
    return fill(FAULTS)


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def back(path: Path) -> Workbook:
    return opened(given_back(path.read_bytes(), check(path, today=TODAY)))


def typed(book: Workbook) -> dict[tuple[str, str], tuple[object, str]]:
    """Everything that stands in cells, with its type, of the sheets that are the owner's."""
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.data_type)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_each_finding_is_one_comment_at_its_cell_and_there_are_no_others(path: Path) -> None:
    report = check(path, today=TODAY)
    book = opened(given_back(path.read_bytes(), report))
    comments = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert len(report.findings) == 5
    assert {(each.sheet, each.cell) for each in report.findings} == set(comments)
    for finding in report.findings:
        assert finding.message in comments[str(finding.sheet), str(finding.cell)]


def test_a_mark_is_a_fill_and_a_word_never_a_colour_alone(path: Path) -> None:
    book = back(path)
    cell = book["Eligibility"]["B3"]
    assert cell.fill.fill_type == "solid"
    assert "* MUST FIX: The youngest age is not a whole number." in cell.comment.text
    assert "* must fix: K3; * check this: E3" == said_of_row(book, "Funding", 3)
    assert book["Funding"]["A3"].border.left.style == "thick"


def said_of_row(book: Workbook, sheet: str, row: int) -> object:
    [column] = [cell.column for cell in book[sheet][1] if cell.value == "SVSSV check"]
    return book[sheet].cell(row, column).value


def test_what_was_typed_is_unchanged_in_value_and_type(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    notes = book.create_sheet("My notes")
    notes["A1"], notes["A2"], notes["A3"] = 0.1, True, "=1+1"
    notes["A4"] = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001  # spreadsheets know no zones
    notes["A5"], notes["A6"] = " space ", "0117"
    notes["A7"] = "=HYPERLINK"
    notes["A7"].data_type = "s"
    book["Services"]["A3"].font = Font(bold=True)
    book.save(path)
    before, after = typed(openpyxl.load_workbook(path)), typed(back(path))
    assert before == {key: after[key] for key in before}
    added = {key for key in after if key not in before and key[0] not in {"Problems", "SVSSV check"}}
    assert {after[key][0] for key in added} <= {"SVSSV check"} | {
        text for text, _ in after.values() if str(text).startswith("* ")
    }


def test_lists_frozen_rows_and_own_comments_are_kept(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["B3"].comment = Comment("Ask Robin", "Sam")
    lists = len(book["Eligibility"].data_validations.dataValidation)
    frozen = book["Eligibility"].freeze_panes
    book.save(path)
    again = back(path)
    assert again["Eligibility"]["B3"].comment.text.startswith("Ask Robin\n")
    assert len(again["Eligibility"].data_validations.dataValidation) == lists
    assert isinstance(again["Eligibility"].data_validations.dataValidation[0], DataValidation)
    assert again["Eligibility"].freeze_panes == frozen


def test_the_sheet_of_problems_comes_first_says_that_it_is_a_copy_and_leads_to_each_cell(path: Path) -> None:
    report = check(path, today=TODAY)
    book = opened(given_back(path.read_bytes(), report))
    problems = book["Problems"]
    assert book.sheetnames[0] == "Problems"
    words = [str(cell.value) for row in problems.iter_rows() for cell in row]
    assert report.verdict in words
    assert any(word.startswith("This is a copy of your file.") for word in words)
    links = {cell.hyperlink.location or cell.hyperlink.target for row in problems for cell in row if cell.hyperlink}
    assert {f"#'{each.sheet}'!{each.cell}" for each in report.findings} == {f"#{link.lstrip('#')}" for link in links}


def test_a_likely_value_stands_beside(path: Path) -> None:
    report = check(path, today=TODAY)
    [first, *rest] = report.findings
    book = opened(given_back(path.read_bytes(), replace(report, findings=(replace(first, suggestion="16"), *rest))))
    [top] = [row for row in book["Problems"].iter_rows() if row[7].value == "We suggest"]
    assert "16" == book["Problems"].cell(top[7].row + 1, 8).value


def test_a_rule_over_two_cells_has_its_comment_at_both(path: Path) -> None:
    report = check(path, today=TODAY)
    age = next(each for each in report.findings if each.field == "Age from")
    both = replace(age, others=(Place(sheet="Eligibility", row=3, column="Age to", cell="C3"),))
    book = opened(given_back(path.read_bytes(), replace(report, findings=(both,))))
    assert 'See also Sheet "Eligibility", cell B3' in book["Eligibility"]["C3"].comment.text


def test_what_is_about_a_row_or_a_sheet_is_marked_where_it_begins(path: Path) -> None:
    report = check(path, today=TODAY)
    [first, *_] = report.findings
    row, sheet = replace(first, sheet="Routes", cell=None, row=3), replace(first, sheet="Funding", cell=None, row=None)
    nowhere = replace(first, sheet="No such sheet", cell="A1")
    found = replace(report, findings=(row, sheet, nowhere))
    assert {("Routes", "A3"), ("Funding", "A1")} == set(spots_of(found, openpyxl.load_workbook(path)))


def test_a_file_that_is_sent_again_loses_its_old_marks_and_keeps_its_own_looks(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["B3"].fill = PatternFill("solid", fgColor="00ABCDEF")
    book["Funding"]["K3"].comment = Comment("Ask Robin", "Sam")
    book.save(path)
    path.write_bytes(given_back(path.read_bytes(), check(path, today=TODAY)))
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["B3"], book["Funding"]["K3"] = 16, "1 April 2026"
    book.save(path)
    again = back(path)
    assert again["Eligibility"]["B3"].fill.fgColor.rgb == "00ABCDEF"
    assert again["Eligibility"]["B3"].comment is None
    assert again["Funding"]["K3"].comment.text == "Ask Robin"
    assert again["Eligibility"]["A3"].border.left.style is None
    assert said_of_row(again, "Funding", 3) == "* check this: E3"
    assert "SVSSV check" not in [cell.value for cell in again["Eligibility"][1]]
    assert again.sheetnames.count("Problems") == 1


def test_marks_do_not_become_findings(path: Path) -> None:
    first = check(path, today=TODAY)
    path.write_bytes(given_back(path.read_bytes(), first))
    again = check(path, today=TODAY)
    assert [each.where for each in first.findings] == [each.where for each in again.findings]


def test_a_sheet_of_ones_own_with_the_same_name_stays(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book.create_sheet("Problems")["A1"] = "Mine"
    book.save(path)
    for _ in range(2):
        path.write_bytes(given_back(path.read_bytes(), check(path, today=TODAY)))
        book = openpyxl.load_workbook(path)
        assert book["Problems"]["A1"].value == "Mine"
        assert book.sheetnames.count("Problems 2") == 1


def test_joined_cells_are_marked_at_the_first_of_them(path: Path) -> None:
    report = check(path, today=TODAY)
    book = openpyxl.load_workbook(path)
    book["Routes"].merge_cells("A5:C6")
    book.save(path)
    found = replace(report, findings=(replace(report.findings[0], sheet="Routes", cell="B6", row=6),))
    assert opened(given_back(path.read_bytes(), found))["Routes"]["A5"].comment is not None


def test_beside_a_csv_comes_a_second_one(path: Path) -> None:
    report = replace(check(path, today=TODAY), kind="csv")
    assert suffix_of(report) == "csv"
    rows = list(csv.DictReader(io.StringIO(given_back(b"a,b\n", report).decode("utf-8-sig"))))
    assert len(rows) == len(report.findings)
    assert list(rows[0])[:4] == ["_row", "_column", "_level", "_message"]
    assert {"sixteen"} == {row["_value"] for row in rows if row["_column"] == "Age from"}
    assert beside(report).count("\r\n") == len(report.findings) + 1


def test_for_a_file_that_is_no_table_the_findings_come_as_a_workbook() -> None:
    record = Path(__file__).parent.parent / "examples" / "shapes" / "AgreementShape-endDate" / "invalid-words.ttl"
    book = opened(given_back(record.read_bytes(), check(record, today=TODAY)))
    assert book.sheetnames == ["Problems"]


def test_an_open_document_comes_back_as_an_excel_workbook(path: Path, tmp_path: Path) -> None:
    report = check(path, today=TODAY)
    book = opened(given_back(open_document({"Eligibility": [["Service", "Age from"], [], ["Us", "sixteen"]]}), report))
    assert book["Eligibility"]["B3"].value == "sixteen"
    assert "* MUST FIX" in book["Eligibility"]["B3"].comment.text
    assert any("as an Excel workbook" in str(row[0].value) for row in book["Problems"].iter_rows())


def open_document(sheets: Mapping[str, list[list[str]]]) -> bytes:
    """A small ODS file."""
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
                for text in row or [""]
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"])
def test_a_workbook_that_cannot_be_written_again_is_said_to_be_so(path: Path, part: str) -> None:
    report, out = check(path, today=TODAY), io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, b"<broken" if entry == part else old.read(entry))
    with pytest.raises(InputError) as caught:
        given_back(out.getvalue(), report)
    assert caught.value.hint


VALUES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("=+-@'ab 1é\n", max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["A5", "B6", "C3", "F9"]), VALUES))
def test_whatever_stands_in_a_workbook_stands_there_afterwards(path: Path, cells: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Mine")
    for address, value in cells.items():
        sheet[address].value = value
        if isinstance(value, str):
            sheet[address].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    report = Report(
        file="x.xlsx", kind="workbook", sha256="", records=(), findings=(), checked_on=TODAY, rules_version="0"
    )
    before, after = typed(opened(out.getvalue())), typed(opened(_annotated(out.getvalue(), report)))
    assert before == {key: value for key, value in after.items() if key[0] not in {"Problems", "SVSSV check"}}


def test_the_template_itself_comes_back_whole(blank: Path) -> None:
    book = back(blank)
    assert {"Read me", "Lists", "Problems", "SVSSV check"} <= set(book.sheetnames)
    assert str(book["Services"]["A1"].value).endswith(template.REQUIRED)
