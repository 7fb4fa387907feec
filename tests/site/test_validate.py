"""A file in, a report or the file itself out, nothing kept: by form and by program."""

from __future__ import annotations

import base64
import io
import json
import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from taxonomy.intake import sample
from taxonomy.records import Match
from taxonomy.site import create_app
from taxonomy.site.matching import questions

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
GOOD = EXAMPLES / "records" / "made-up-centre.ttl"
BAD = EXAMPLES / "shapes" / "AgreementShape-endDate" / "invalid-words.ttl"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """The sample workbook with a slip in one cell."""
    book = openpyxl.load_workbook(io.BytesIO(sample.workbook()))
    book["Eligibility"]["B3"] = "sixteen"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def file(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_a_record_without_fault_is_said_to_have_none_and_what_happens_next(browser: FlaskClient) -> None:
    page = browser.post("/validate", data={"file": file(GOOD.read_bytes(), "mine.ttl")})
    assert page.status_code == 200
    assert "Nothing has to be mended" in page.text
    assert "What happens next" in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_each_fault_is_shown_with_its_place_and_what_to_do(browser: FlaskClient) -> None:
    page = browser.post("/validate", data={"file": file(BAD.read_bytes(), "mine.ttl")})
    assert page.status_code == 200
    assert "Must fix" in page.text
    assert "How to mend it:" in page.text
    assert "Line " in page.text
    assert "<ol" in page.text.split("What to do now")[1]


def test_a_body_that_curl_calls_a_form_is_the_file_itself(client: FlaskClient) -> None:
    curls = "application/x-www-form-urlencoded"
    told = client.post("/validate?format=json&name=mine.ttl", data=BAD.read_bytes(), content_type=curls)
    assert told.status_code == 200
    assert told.get_json()["file"] == "mine.ttl"


def test_what_cannot_be_read_is_said_in_json_where_a_form_is_named(browser: FlaskClient) -> None:
    told = browser.post("/validate?format=json", data=b"", content_type="text/turtle")
    assert (told.status_code, told.mimetype) == (400, "application/json")
    assert told.get_json()["error"]["detail"] == "The selected file is empty."


def test_a_program_gets_the_same_report_as_json_csv_and_turtle(client: FlaskClient) -> None:
    def sent(kind: str) -> str:
        answer = client.post("/validate", data=BAD.read_bytes(), content_type="text/turtle", headers={"Accept": kind})
        assert (answer.status_code, answer.mimetype) == (200, kind)
        return answer.text

    assert '"conforms": false' in sent("application/json")
    assert "AgreementShape-endDate" in sent("text/csv")
    assert "sh:ValidationReport" in sent("text/turtle")


@pytest.mark.parametrize("address", ["/validate?format=json", "/validate.json"])
def test_the_form_may_be_named_in_the_address(browser: FlaskClient, address: str) -> None:
    answer = browser.post(address, data=BAD.read_bytes(), content_type="text/turtle")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert json.loads(answer.text)["conforms"] is False


def test_the_page_and_the_data_say_the_same(browser: FlaskClient, client: FlaskClient, workbook: bytes) -> None:
    page = unescape(browser.post("/validate", data={"file": file(workbook, "mine.xlsx")}).text)
    told = client.post("/validate?format=json&name=mine.xlsx", data=workbook, content_type=XLSX).get_json()
    assert told["file"] == "mine.xlsx"
    assert told["verdict"] in page
    for finding in told["findings"]:
        assert finding["message"] in page
        assert f"cell {finding['cell']}" in page


@pytest.mark.parametrize("by", ["form", "Accept", "format"])
def test_a_workbook_comes_back_with_comments(client: FlaskClient, workbook: bytes, by: str) -> None:
    if by == "form":
        answer = client.post("/validate", data={"file": file(workbook, "mine.xlsx"), "back": "file"})
    else:
        accept = {"Accept": XLSX} if by == "Accept" else {}
        asked = "/validate?format=xlsx" if by == "format" else "/validate"
        answer = client.post(asked, data=workbook, content_type=XLSX, headers=accept)
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert "-checked.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book["Eligibility"]["B3"].comment is not None
    assert book["Problems"]["A1"].value == "1 thing has to be mended before this record can be published."


def test_a_file_that_is_no_table_comes_back_as_a_list_of_findings(client: FlaskClient) -> None:
    answer = client.post("/validate?format=xlsx", data=BAD.read_bytes(), content_type="text/turtle")
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames == ["Problems"]


def test_the_report_can_be_kept_from_the_page_since_nothing_is_kept_here(browser: FlaskClient, workbook: bytes) -> None:
    page = browser.post("/validate", data={"file": file(workbook, "mine.xlsx")}).text
    links = dict(re.findall(r'href="data:([a-z/]+);base64,([^"]+)" download="mine-report\.[a-z]+"', page))
    assert {"text/html", "text/csv", "application/json"} == set(links)
    kept = base64.b64decode(links["application/json"])
    again = browser.post("/validate", data={"file": file(workbook, "mine.xlsx"), "against": file(kept, "first.json")})
    assert "0 fixed, 1 left, 0 new" in again.text


def test_a_workbook_that_came_back_is_compared_by_itself(browser: FlaskClient, workbook: bytes) -> None:
    back = browser.post("/validate", data={"file": file(workbook, "mine.xlsx"), "back": "file"}).data
    assert "0 fixed, 1 left, 0 new" in browser.post("/validate", data={"file": file(back, "mine.xlsx")}).text


def test_an_earlier_report_that_is_none_is_said_to_be_so(browser: FlaskClient, workbook: bytes) -> None:
    page = browser.post(
        "/validate", data={"file": file(workbook, "mine.xlsx"), "against": file(b"not a report", "first.json")}
    )
    assert page.status_code == 400
    assert "first.json: The file is no report of an earlier check." in page.text


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({}, 400, "Select a file to check."),
        ({"file": (b"", "mine.xlsx")}, 400, "The selected file is empty."),
        ({"file": (b"x", "mine.doc")}, 415, "The selected file must be a workbook (XLSX or ODS), a CSV, or a file in"),
        ({"file": (b"x", "mine.xlsx"), "as": "scroll"}, 400, "There is no kind of file"),
    ],
    ids=["none", "empty", "not read here", "no such kind"],
)
def test_what_is_wrong_with_a_file_is_said_above_the_form_and_to_a_program(
    browser: FlaskClient, client: FlaskClient, sent: dict[str, tuple[bytes, str]], status: int, words: str
) -> None:
    def data() -> dict[str, object]:
        files = {name: file(*value) if isinstance(value, tuple) else value for name, value in sent.items()}
        return {"back": "page", **files}

    page = browser.post("/validate", data=data(), content_type="multipart/form-data")
    assert page.status_code == status
    assert "<title>Error: Check a record" in page.text
    assert "There is a problem" in page.text
    assert f'<a href="#file">{words}' in unescape(page.text)
    told = client.post("/validate?format=json", data=data(), content_type="multipart/form-data")
    assert told.status_code == status
    assert words in told.get_json()["error"]["detail"]


def test_a_form_of_report_that_is_not_written_is_refused(client: FlaskClient) -> None:
    assert client.post("/validate?format=docx", data=b"x", content_type="text/turtle").status_code == 400


def test_the_workbook_to_fill_in_and_a_filled_in_one_can_be_fetched(client: FlaskClient) -> None:
    empty = client.get("/validate/template.xlsx")
    assert empty.mimetype == XLSX
    assert "Services" in openpyxl.load_workbook(io.BytesIO(empty.data)).sheetnames
    filled = client.get("/validate/sample.xlsx").data
    told = client.post("/validate?format=json", data=filled, content_type=XLSX).get_json()
    assert told["conforms"] is True
    assert {"must": 0, "check": 0, "could": 0} == told["counts"]
    assert client.get("/validate/template").status_code == 404


def test_the_form_says_what_the_site_reads(browser: FlaskClient) -> None:
    page = browser.get("/validate").text
    assert "Smaller than 10MB, with 2,000 records at most." in page
    assert "/validate/template.xlsx" in page
    assert "/validate/sample.xlsx" in page


def test_how_large_a_file_may_be_is_a_setting_and_said_above_the_form(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVSSV_UPLOAD_MEGABYTES", "0.0625")
    small, large = create_app(home).test_client(), b"#" * 70_000
    told = small.post("/validate?format=json", data=large, content_type="text/turtle")
    assert told.status_code == 413
    page = small.post("/validate", data={"file": file(large, "mine.ttl")}, headers={"Accept": "text/html"})
    assert page.status_code == 413
    assert "<title>Error: Check a record" in page.text
    assert "The selected file must be smaller than 0.0625MB." in page.text


def test_headings_that_were_not_read_as_they_stand_are_asked_about() -> None:
    matches = (
        Match(sheet="Services", cell="A1", heading="Name of service", field="Name of service", how="same"),
        Match(sheet="Services", cell="B1", heading="Kind", field="Type of service", how="loose"),
        Match(sheet="everything", cell="Z9", heading="Our notes", field="", how="none"),
    )
    kind, notes = questions(matches)
    assert (kind.key, kind.chosen) == ("Services!B1", "Services: Type of service")
    assert ["Services"] == list(kind.groups)
    assert notes.chosen == ""
    assert len(notes.groups) > 4


def test_a_made_up_file_name_is_never_shown_as_markup(browser: FlaskClient) -> None:
    name = "<script>alert(1)</script>.ttl"
    page = browser.post("/validate", data={"file": file(GOOD.read_bytes(), name)})
    assert "<script>alert" not in page.text
