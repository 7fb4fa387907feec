"""What is for the steward alone is taken out of a file before anything else sees it."""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.restricted import ADDRESS, CONTACT, workbook

from taxonomy import intake, validation
from taxonomy.errors import InputError
from taxonomy.intake import parting
from taxonomy.restricted import layout
from taxonomy.sealing import Key
from taxonomy.site import create_app
from taxonomy.validation import annotate, report

KEY = Key.new()
HEADINGS = [column.heading for column in layout().columns]
TURTLE = Path(__file__).resolve().parents[1] / "publishing" / "records" / "made-up-centre.ttl"


def test_without_a_key_a_check_says_that_the_sheet_was_not_read(tmp_path: Path) -> None:
    found = validation.check(workbook(tmp_path / "records.xlsx"))
    assert [finding.message for finding in found.findings] == ["This sheet is for the steward alone. It was not read."]
    assert found.conforms


@pytest.mark.parametrize("form", report.FORMATS)
def test_no_report_repeats_it_in_any_form(tmp_path: Path, form: str) -> None:
    written = report.FORMATS[form](validation.check(workbook(tmp_path / "records.xlsx")))
    data = _unpacked(written.encode() if isinstance(written, str) else written)
    assert ADDRESS.encode() not in data
    assert CONTACT.encode() not in data


def test_the_copy_with_comments_has_no_such_sheet_and_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "records.xlsx")
    back = annotate.given_back(path.read_bytes(), validation.check(path))
    assert layout().sheet not in openpyxl.load_workbook(io.BytesIO(back)).sheetnames
    data = _unpacked(back)
    assert b"The sheet for the steward is not in this copy" in data
    assert ADDRESS.encode() not in data
    assert CONTACT.encode() not in data


def test_the_copy_keeps_the_sheet_while_it_is_empty(tmp_path: Path) -> None:
    path = workbook(tmp_path / "records.xlsx", [])
    back = annotate.given_back(path.read_bytes(), validation.check(path))
    assert layout().sheet in openpyxl.load_workbook(io.BytesIO(back)).sheetnames


def test_a_zip_of_csv_files_may_hold_such_a_sheet_too(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path / "records.xlsx"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for sheet in book.worksheets:
            text = io.StringIO()
            csv.writer(text).writerows(sheet.iter_rows(values_only=True))
            archive.writestr(f"{sheet.title}.csv", text.getvalue())
    read = intake.read_bytes(out.getvalue(), "records.zip", seal=KEY.seal)
    assert len(read.boxes) == 2
    assert ADDRESS not in repr(read)


def test_a_csv_that_is_such_a_sheet_is_no_record_and_is_not_repeated() -> None:
    text = f"{','.join(HEADINGS)}\nMade-Up Centre,address,{ADDRESS}\n"
    with pytest.raises(InputError) as told:
        intake.read_bytes(text.encode(), "notes.csv")
    assert ADDRESS not in str(told.value)


@pytest.mark.parametrize(
    "statement",
    [
        "<https://example.org/id/service/x> svsh:Restricted-text '{}' .",
        "<https://example.org/id/note/1> a svsh:Restricted ; rdfs:label '{}' .",
        "svsh:Restricted-contact rdfs:label '{}' .",
    ],
)
def test_in_rdf_it_is_refused_with_the_place_where_it_belongs(statement: str) -> None:
    head = "@prefix svsh: <https://w3id.org/svssv/shapes#> .\n"
    text = TURTLE.read_text() + head + statement.format(ADDRESS)
    with pytest.raises(InputError, match='"Kept for the steward"') as told:
        intake.read_bytes(text.encode(), "record.ttl", seal=KEY.seal)
    assert ADDRESS not in str(told.value)


def test_what_a_row_says_comes_out_of_its_box_alone(tmp_path: Path) -> None:
    read = intake.read(workbook(tmp_path / "records.xlsx"), seal=KEY.seal)
    assert ADDRESS in KEY.open(read.boxes[0]).decode()
    assert ADDRESS not in repr(read)
    assert not any(ADDRESS in text for text in read.cells.values())
    assert ADDRESS.encode() not in read.only.ntriples


def test_the_checking_page_says_that_it_was_not_read_and_logs_nothing_of_it(
    home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(home).test_client()
    with caplog.at_level(logging.DEBUG), workbook(tmp_path / "records.xlsx").open("rb") as file:
        reply = client.post("/validate", data={"file": (file, "records.xlsx")})
    page = reply.get_data(as_text=True)
    assert reply.status_code == 200
    assert "It was not read" in page
    assert ADDRESS not in page + caplog.text


def test_an_upload_of_any_size_touches_no_disk(home: Path) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="record.ttl"\r\n\r\n'
    body, form = head + b"x" * 2_000_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    app = create_app(home)
    with app.test_request_context("/validate", method="POST", data=body, content_type=form) as asked:
        stream = asked.request.files["file"].stream
        assert isinstance(stream, io.BytesIO)
        assert stream.getbuffer().nbytes == 2_000_000


@given(st.text("abcdefgh -", max_size=20), st.lists(st.lists(st.text("ab1 ", max_size=6), max_size=4), max_size=5))
def test_no_sheet_is_ever_both_kept_and_left_to_others(name: str, rows: list[list[str]]) -> None:
    parted = parting.part({name: rows, layout().sheet: rows}, KEY.seal)
    assert list(parted.sheets) == [name]


def _unpacked(data: bytes) -> bytes:
    """A workbook's parts, which are packed in its file; anything else as it is."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
