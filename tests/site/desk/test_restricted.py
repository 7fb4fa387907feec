"""The page of what is for the steward alone: a look tells nothing, and reading it leaves an entry."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import openpyxl
import pytest
from tests.restricted import ADDRESS, CONTACT, holding, workbook
from tests.site.desk.conftest import PEOPLE, Place

from taxonomy.publishing import restricted
from taxonomy.sealing import Key
from taxonomy.store.releases import Home

PAGE = "/steward/restricted/1"


@pytest.fixture
def sealed(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A desk with the key, and a submission with two notes for the steward alone."""
    restricted.make(Home.open(place.desk._home.path), tmp_path / "restricted.key")
    monkeypatch.setenv("SVSSV_RESTRICTED_KEY_FILE", str(tmp_path / "restricted.key"))
    assert place.desk.submit(workbook(tmp_path / "records.xlsx"), place.people["robin"]).submission
    return place


def test_the_page_says_how_many_there_are_and_none_of_them(sealed: Place) -> None:
    page = sealed.visitor("sam").get(PAGE).text
    assert "2 notes are sealed" in page
    assert ADDRESS not in page
    assert restricted.openings(sealed.desk.ledger, 1) == ()


def test_a_steward_reads_them_by_a_form_and_is_written_down(sealed: Place) -> None:
    page = sealed.visitor("sam").send(PAGE, PAGE)
    assert ADDRESS in page.text
    assert CONTACT in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert [each.who for each in restricted.openings(sealed.desk.ledger, 1)] == ["sam"]
    assert '<th scope="row" class="govuk-table__header">sam</th>' in sealed.visitor("sam").get(PAGE).text


def test_a_steward_takes_the_file_as_it_came(sealed: Place, tmp_path: Path) -> None:
    answer = sealed.visitor("sam").send(PAGE, f"{PAGE}/file")
    assert answer.data == (tmp_path / "records.xlsx").read_bytes()
    assert [each.what for each in restricted.openings(sealed.desk.ledger, 1)] == ["file"]


def test_the_page_of_the_submission_leads_a_steward_there_and_nobody_else(sealed: Place) -> None:
    pages = {name: sealed.visitor(name).get("/steward/submissions/1").text for name in ("sam", "robin")}
    assert {name for name, page in pages.items() if f'href="{PAGE}"' in page} == {"sam"}
    assert all("2 notes, sealed" in page for page in pages.values())


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "sam"])
def test_nobody_else_comes_near(sealed: Place, name: str) -> None:
    assert sealed.visitor(name).get(PAGE).status_code == 403


def test_a_desk_without_the_key_offers_nothing_and_opens_nothing(
    sealed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SVSSV_RESTRICTED_KEY_FILE")
    sam = sealed.visitor("sam")
    page = sam.get(PAGE).text
    assert "not given the private key" in page
    assert "Open and read" not in page
    assert sam.send(PAGE, PAGE).status_code == 403


def test_a_desk_with_another_key_says_so_and_opens_nothing(
    sealed: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Key.new().write(tmp_path / "other.key")
    monkeypatch.setenv("SVSSV_RESTRICTED_KEY_FILE", str(tmp_path / "other.key"))
    answer = sealed.visitor("sam").send(PAGE, PAGE)
    assert answer.status_code == 403
    assert ADDRESS not in answer.text
    assert restricted.openings(sealed.desk.ledger, 1) == ()


def test_no_page_of_the_desk_but_that_answer_and_no_log_holds_a_note(
    sealed: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        sealed.visitor("sam").send(PAGE, PAGE)
        pages = [sealed.visitor("sam").get(path).text for path in ("/steward", PAGE, "/steward/help")]
    assert ADDRESS not in "".join(pages) + caplog.text
    assert CONTACT not in "".join(pages) + caplog.text


def test_a_contributors_upload_with_such_a_sheet_is_sealed_and_handed_in_at_once(sealed: Place, tmp_path: Path) -> None:
    data = workbook(tmp_path / "again.xlsx").read_bytes()
    robin = sealed.visitor("robin")
    page = "/steward/records/made-up-centre/upload"
    answer = robin.send(page, page, file=(io.BytesIO(data), "again.xlsx"))
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/steward/records/made-up-centre/sent/2")
    key = restricted.key()
    assert restricted.Restricted(sealed.desk.ledger, key).file(2, sealed.people["sam"]) == data
    assert holding(sealed.desk._home.path, ADDRESS, CONTACT, "PK\x03\x04") == []


def test_such_an_upload_that_is_to_be_mended_is_kept_nowhere(sealed: Place, tmp_path: Path) -> None:
    path = workbook(tmp_path / "again.xlsx")
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["A3"] = "a service of nobody"
    book.save(path)
    page = "/steward/records/made-up-centre/upload"
    answer = sealed.visitor("robin").send(page, page, file=(path.open("rb"), "again.xlsx"))
    assert answer.status_code == 400
    assert "Nothing was kept" in answer.text
    assert ADDRESS not in answer.text
    assert len(sealed.desk.list()) == 1
    assert holding(sealed.desk._home.path, ADDRESS, CONTACT, "PK\x03\x04") == []


def test_a_row_for_the_steward_without_its_text_is_told_and_not_kept(sealed: Place, tmp_path: Path) -> None:
    path = workbook(tmp_path / "again.xlsx", [("", "address", ADDRESS)])
    page = "/steward/records/made-up-centre/upload"
    answer = sealed.visitor("robin").send(page, page, file=(path.open("rb"), "again.xlsx"))
    assert "row 3" in answer.text
    assert ADDRESS not in answer.text
    assert len(sealed.desk.list()) == 1
