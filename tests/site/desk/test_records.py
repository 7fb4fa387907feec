"""A contributor's records: upload, see, mend in the form, hand in; and nothing typed is lost on the way."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import pytest
from tests.site.desk.conftest import CENTRE, OTHER, RECORD, Place, Visitor
from werkzeug.test import TestResponse

from benchmarks.made_up import MadeUp
from taxonomy import fields
from taxonomy.context import Context
from taxonomy.intake import sample, template
from taxonomy.publishing.drafts import Drafts
from taxonomy.publishing.ledger import State

HOME = "/steward/records/made-up-centre"
FORM = f"{HOME}/form"


def workbook(changes: Mapping[tuple[str, str], Any] | None = None) -> bytes:
    """The made-up centre's workbook, with some cells of the first row of a sheet changed."""
    rows = {sheet: [dict(row) for row in found] for sheet, found in sample.rows().items()}
    for (sheet, heading), value in (changes or {}).items():
        rows[sheet][0][heading] = value
    return template.filled_in(rows, context=Context.bundled(), practice=True)


def as_ods(data: bytes) -> bytes:
    """The same workbook as LibreOffice saves it: each sheet's cells, with their types."""
    names = " ".join(f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ODF)
    tables = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        rows = ("".join(map(_ods_cell, row)) for row in sheet.iter_rows(values_only=True))
        body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        tables.append(f"<table:table table:name={quoteattr(sheet.title)}>{body}</table:table>")
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>{"".join(tables)}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {names}/>")
        archive.writestr("content.xml", content)
    return out.getvalue()


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


ODF = ("office", "table", "text", "manifest")
FAULTY = {("Eligibility", "Age from"): "sixteen", ("Funding", "Starts"): "next spring"}


def upload(robin: Visitor, data: bytes, name: str = "record.xlsx") -> TestResponse:
    return robin.send(f"{HOME}/upload", f"{HOME}/upload", file=(io.BytesIO(data), name))


def row(robin: Visitor, section: str, turn: int = 0) -> str:
    """The address of one row of a section."""
    return re.findall(rf'href="({FORM}/{section}/\d+)"', robin.get(f"{FORM}/{section}").text)[turn]


def filled(robin: Visitor, address: str) -> dict[str, Any]:
    """What a browser would send of the form of a row, as it stands."""
    page, sent = robin.get(address).text, dict[str, Any]()
    for tag in re.findall(r"<input[^>]*>", page):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("name") == "mark" or (said.get("type") in {"radio", "checkbox"} and " checked" not in tag):
            continue
        if said.get("name"):
            sent.setdefault(said["name"], []).append(said.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        sent[name] = re.findall(r'<option value="([^"]*)" selected', inner) or [""]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent[name] = [text]
    return sent


def hand_in(robin: Visitor) -> TestResponse:
    [version] = re.findall(r'name="version" value="(\d+)"', robin.get(f"{HOME}/check").text)
    return robin.send(f"{HOME}/check", f"{HOME}/submit", version=version)


@pytest.fixture
def robin(place: Place) -> Visitor:
    return place.visitor("robin")


def test_a_record_that_was_never_handed_in_says_so_and_what_to_do(robin: Visitor) -> None:
    page = robin.get("/steward/records").text
    assert "Nothing was ever handed in" in page
    assert "Fill in the form, or upload a file" in page


def test_a_faulty_workbook_is_kept_as_a_draft_and_its_faults_are_shown(robin: Visitor) -> None:
    answer = upload(robin, workbook(FAULTY))
    page = robin.get(f"{HOME}/check").text
    assert (303, f"{HOME}/check") == (answer.status_code, answer.location)
    assert "2 things have to be mended" in page
    assert "The youngest age is not a whole number." in page
    assert "It is kept as your draft" in page


def test_a_faulty_draft_cannot_be_handed_in(place: Place, robin: Visitor) -> None:
    upload(robin, workbook(FAULTY))
    assert "Hand it in" not in robin.get(f"{HOME}/check").text
    robin.send(f"{HOME}/upload", f"{HOME}/submit", version="1")
    assert () == place.desk.list()


def test_a_file_that_conforms_is_handed_in_as_it_came(place: Place, robin: Visitor) -> None:
    upload(robin, workbook(), "our record.xlsx")
    page = robin.get(hand_in(robin).location).text
    [submission] = place.desk.list(State.SUBMITTED)
    assert (CENTRE, "our_record.xlsx", "robin") == (submission.owner, submission.file_name, submission.submitted_by)
    assert f"<strong>{submission.id}</strong>" in page


def test_a_workbook_of_libreoffice_is_handed_in_as_it_came(place: Place, robin: Visitor) -> None:
    upload(robin, as_ods(workbook()), "our record.ods")
    robin.get(hand_in(robin).location)
    [submission] = place.desk.list(State.SUBMITTED)
    assert (submission.owner, submission.file_name) == (CENTRE, "our_record.ods")


def test_the_faults_of_a_workbook_of_libreoffice_are_shown_at_their_cells(robin: Visitor) -> None:
    upload(robin, as_ods(workbook(FAULTY)), "record.ods")
    page = robin.get(f"{HOME}/check").text
    assert "2 things have to be mended" in page
    assert "Eligibility" in page


def test_a_file_that_conforms_says_what_to_do_at_the_desk(robin: Visitor) -> None:
    upload(robin, workbook())
    page = robin.get(f"{HOME}/check").text
    assert "Choose “Hand it in”, at the top of this page" in page
    assert "Hand the file in to the steward" not in page


def test_a_file_with_faults_is_uploaded_again_here(robin: Visitor) -> None:
    upload(robin, workbook(FAULTY))
    assert "Upload it here again." in robin.get(f"{HOME}/check").text


def test_a_file_that_conforms_with_doubts_can_be_handed_in(place: Place, robin: Visitor) -> None:
    upload(robin, workbook({("Organisation", "Last confirmed"): "2024-01-31"}))
    assert "Check this" in robin.get(f"{HOME}/check").text
    hand_in(robin)
    assert 1 == len(place.desk.list(State.SUBMITTED))


def test_a_draft_that_was_handed_in_is_gone(place: Place, robin: Visitor) -> None:
    upload(robin, workbook())
    hand_in(robin)
    assert {} == Drafts(place.desk.ledger).of(place.people["robin"].id)


def test_a_second_click_hands_nothing_in_twice(place: Place, robin: Visitor) -> None:
    upload(robin, workbook())
    hand_in(robin)
    again = robin.send(f"{HOME}/upload", f"{HOME}/submit", version="1")
    assert (303, HOME, 1) == (again.status_code, again.location, len(place.desk.list()))


def test_what_was_changed_since_it_was_seen_is_not_handed_in(place: Place, robin: Visitor) -> None:
    upload(robin, workbook())
    [seen] = re.findall(r'name="version" value="(\d+)"', robin.get(f"{HOME}/check").text)
    upload(robin, workbook({("Eligibility", "Age from"): 13}))
    robin.send(f"{HOME}/check", f"{HOME}/submit", version=seen)
    assert () == place.desk.list()


@pytest.mark.parametrize(
    ("data", "name", "status", "words"),
    [
        (b"", "record.xlsx", 400, "The selected file is empty."),
        (b"%PDF-1.7", "record.pdf", 415, "The selected file must be a workbook"),
        (b"PK\x03\x04 no workbook", "record.xlsx", 400, "There is a problem"),
        (b"a,b\n1,2\n", "record.csv", 422, "There is a problem"),
        (RECORD.read_bytes().replace(b"made-up-centre", b"made-up-haven"), "record.ttl", 400, "is the record of"),
    ],
    ids=["empty", "other kind", "broken", "no record", "another's"],
)
def test_a_file_that_cannot_be_taken_is_told_in_words_beside_the_field(
    data: bytes, name: str, status: int, words: str, place: Place, robin: Visitor
) -> None:
    answer = upload(robin, data, name)
    assert (status, {}) == (answer.status_code, Drafts(place.desk.ledger).of(place.people["robin"].id))
    assert words in answer.text
    assert 'href="#file"' in answer.text


def test_a_file_that_is_too_large_is_told_beside_the_field(robin: Visitor) -> None:
    found = re.search(r'name="mark" value="([0-9a-f]+)"', robin.get(f"{HOME}/upload").text)
    assert found
    parts = (("mark", found[1].encode()), ('file"; filename="record.csv', b"x" * (11 * 2**20)))
    body = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + said + b"\r\n"
        for name, said in parts
    )
    sent = {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}
    answer = robin.client.post(f"{HOME}/upload", **sent)  # type: ignore[arg-type]  # as the client takes it
    assert 413 == answer.status_code
    assert "The selected file must be smaller than" in answer.text


def test_a_file_of_two_organisations_is_not_taken(robin: Visitor) -> None:
    made = MadeUp(Context.bundled(), share=0)
    answer = upload(robin, made.turtle(0) + made.turtle(1), "two.nt")
    assert "The selected file holds the records of 2 organisations." in answer.text


def test_no_file_is_told_beside_the_field(robin: Visitor) -> None:
    answer = robin.send(f"{HOME}/upload", f"{HOME}/upload", file=(io.BytesIO(b""), ""))
    assert (400, True) == (answer.status_code, "Select the file that holds your record." in answer.text)


def test_a_file_that_cannot_be_taken_leaves_the_draft_before_it(place: Place, robin: Visitor) -> None:
    upload(robin, workbook(FAULTY))
    upload(robin, b"", "record.xlsx")
    kept = Drafts(place.desk.ledger).find(place.people["robin"].id, CENTRE)
    assert kept
    assert kept.file_name == "record.xlsx"


def test_the_name_of_an_upload_is_never_a_path(place: Place, robin: Visitor) -> None:
    upload(robin, workbook(), "../../etc/passwd/../record.xlsx")
    hand_in(robin)
    [submission] = place.desk.list()
    assert "etc_passwd_.._record.xlsx" == submission.file_name


def test_the_workbook_comes_back_with_comments_at_its_cells(robin: Visitor) -> None:
    upload(robin, workbook(FAULTY))
    book = openpyxl.load_workbook(io.BytesIO(robin.get(f"{HOME}/file").data))
    comments = {cell.coordinate for line in book["Eligibility"].iter_rows() for cell in line if cell.comment}
    assert {"B3"} == comments


def test_a_faulty_workbook_is_mended_in_the_form_and_handed_in(place: Place, robin: Visitor) -> None:
    upload(robin, workbook(FAULTY))
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    for section, name, value in (("eligibility", "age-from", "16"), ("funding", "starts", "1 April 2026")):
        address = row(robin, section)
        robin.send(address, address, **{**filled(robin, address), name: value})
    hand_in(robin)
    [submission] = place.desk.list(State.SUBMITTED)
    assert b'minimumAge> "16"' in place.desk.ledger.content(submission.id)


def test_what_is_wrong_comes_back_in_the_form_as_it_was_typed_with_its_fault(robin: Visitor) -> None:
    upload(robin, workbook(FAULTY))
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    page = robin.get(row(robin, "eligibility")).text
    assert 'value="sixteen"' in page
    assert '<a href="#age-from">Age from: The youngest age is not a whole number.' in page


def test_a_row_that_is_wrong_is_kept_and_shown_again_with_its_faults(robin: Visitor) -> None:
    robin.send(HOME, f"{FORM}/begin", **{"from": "nothing"})
    answer = robin.send(f"{FORM}/services/new", f"{FORM}/services/new", **{"name-of-service": "Made-Up Line"})
    page = robin.get(answer.location).text
    assert re.fullmatch(rf"{FORM}/services/\d+", answer.location)
    assert "Kept, and to be mended" in page
    assert 'value="Made-Up Line"' in page


def test_a_form_filled_in_from_nothing_is_handed_in(place: Place, robin: Visitor) -> None:
    robin.send(HOME, f"{FORM}/begin", **{"from": "nothing"})
    first = f"{FORM}/organisation/1"
    centre = {"name-of-organisation": "Made-Up Centre", "sector": "voluntary organisation"}
    line = {"name-of-service": "Made-Up Line", "type-of-service": "Helpline", "specialism": "Sexual violence"}
    rule = {"service": "Made-Up Line", "gender-offer": "All genders", "report-to-the-police": "Not stated"}
    robin.send(first, first, **{**filled(robin, first), **centre, "last-confirmed": "2026-10-05"})
    robin.send(f"{FORM}/services/new", f"{FORM}/services/new", **line, **{"covers-area": ["Avon and Somerset", ""]})
    robin.send(f"{FORM}/eligibility/new", f"{FORM}/eligibility/new", **rule)
    hand_in(robin)
    assert [CENTRE] == [each.owner for each in place.desk.list(State.SUBMITTED)]


def test_a_version_that_was_returned_is_shown_with_the_stewards_words_and_mended_in_the_form(
    place: Place, robin: Visitor
) -> None:
    number = place.submitted()
    place.desk.return_(number, place.people["sam"], "Please say for which ages.")
    page = robin.get(HOME).text
    assert "Please say for which ages." in page
    assert "Returned by a steward, to be mended" in page
    robin.send(HOME, f"{FORM}/begin", **{"from": str(number)})
    hand_in(robin)
    assert place.desk.ledger.content(number) == place.desk.ledger.content(place.desk.list(State.SUBMITTED)[0].id)


def test_a_row_changed_in_another_window_is_not_overwritten_unseen(robin: Visitor) -> None:
    upload(robin, workbook())
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    address = row(robin, "eligibility")
    first, second = filled(robin, address), filled(robin, address)
    robin.send(address, address, **{**first, "age-from": "13"})
    answer = robin.send(address, address, **{**second, "age-from": "18"})
    assert (409, True, True) == (
        answer.status_code,
        'value="18"' in answer.text,
        '<dd class="govuk-summary-list__value">13</dd>' in answer.text,
    )


def test_a_row_removed_in_another_window_is_added_again_when_it_is_saved(robin: Visitor) -> None:
    upload(robin, workbook())
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    address = row(robin, "eligibility", 1)
    sent = filled(robin, address)
    robin.send(f"{address}/remove", f"{address}/remove")
    robin.send(FORM + "/eligibility/new", address, **sent)
    assert "Made-Up Helpline" in robin.get(row(robin, "eligibility", -1)).text


def test_a_row_is_removed_after_one_more_question(robin: Visitor) -> None:
    upload(robin, workbook())
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    address = row(robin, "routes")
    robin.send(f"{address}/remove", f"{address}/remove")
    assert address not in robin.get(f"{FORM}/routes").text


def test_the_form_is_taken_along_as_a_workbook(robin: Visitor) -> None:
    upload(robin, workbook(FAULTY))
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    book = openpyxl.load_workbook(io.BytesIO(robin.get(f"{HOME}/workbook").data))
    assert "sixteen" == book["Eligibility"]["B3"].value


def test_what_the_form_has_no_field_for_is_named_before_it_is_handed_in(robin: Visitor) -> None:
    rule = "<https://example.org/id/service/made-up-counselling/rule/1>"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    upload(robin, RECORD.read_bytes() + f'\n{rule} {label} "For those over 16"@en .\n'.encode(), "record.ttl")
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    for page in (FORM, f"{HOME}/check"):
        assert "For those over 16: label: For those over 16" in robin.get(page).text


def test_a_draft_is_discarded_after_one_more_question(place: Place, robin: Visitor) -> None:
    upload(robin, workbook())
    robin.send(f"{HOME}/discard", f"{HOME}/discard")
    assert {} == Drafts(place.desk.ledger).of(place.people["robin"].id)


def test_the_page_says_until_when_a_draft_is_kept(robin: Visitor) -> None:
    upload(robin, workbook())
    assert "if you do not change it before" in robin.get(HOME).text


def test_a_draft_is_seen_by_nobody_else(place: Place, robin: Visitor) -> None:
    upload(robin, workbook(), "secret-plans.xlsx")
    for name in ("sam", "alex", "kim"):
        assert "secret-plans" not in place.visitor(name).get("/steward").text


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 20, "²", "-1"])
def test_a_number_that_no_version_can_have_begins_no_form_from_one(place: Place, number: str) -> None:
    begun = place.visitor("robin").send(HOME, f"{FORM}/begin", **{"from": number})
    assert begun.status_code in {303, 404}


@pytest.mark.parametrize("path", ["", "/upload", "/check", "/form", "/form/services", "/form/services/1", "/file"])
@pytest.mark.parametrize("name", ["kim", "jo"])
def test_the_record_of_another_organisation_is_not_there(name: str, path: str, place: Place) -> None:
    assert 404 == place.visitor(name).get(HOME + path).status_code


def test_a_version_of_another_organisation_is_no_beginning(place: Place, robin: Visitor) -> None:
    other = (
        RECORD.read_text(encoding="utf-8").replace("made-up-centre", "made-up-haven").replace("Made-Up Centre", "Haven")
    )
    number = place.submitted(other, by="kim")
    assert (404, OTHER) == (
        robin.send(HOME, f"{FORM}/begin", **{"from": str(number)}).status_code,
        place.desk.show(number).owner,
    )


def test_a_made_up_field_is_passed_over(place: Place, robin: Visitor) -> None:
    robin.send(HOME, f"{FORM}/begin", **{"from": "nothing"})
    address = f"{FORM}/organisation/1"
    robin.send(address, address, **{**filled(robin, address), "owner": OTHER, "iri": OTHER, "state": "published"})
    kept = Drafts(place.desk.ledger).find(place.people["robin"].id, CENTRE)
    assert kept
    assert OTHER not in kept.form


def test_a_record_of_three_hundred_rows_stays_usable(robin: Visitor) -> None:
    rows = dict(sample.rows())
    rows["Routes"] = [dict(rows["Routes"][0]) for _ in range(300)]
    upload(robin, template.filled_in(rows, context=Context.bundled(), practice=True))
    robin.send(f"{HOME}/check", f"{FORM}/begin", **{"from": "file"})
    page = robin.get(f"{FORM}/routes")
    assert 300 == page.text.count(">Change<")
    assert len(page.data) < 400_000


def test_the_list_of_records_is_the_same_for_a_program(place: Place) -> None:
    answer = place.app.test_client().get(
        "/steward/records", headers={"Authorization": f"Bearer {place.tokens['robin']}"}
    )
    assert [(CENTRE, "begin")] == [(each["owner"], each["step"]) for each in answer.json["records"]]


def test_a_text_that_is_too_long_is_told_and_stays_on_the_page(robin: Visitor) -> None:
    robin.send(HOME, f"{FORM}/begin", **{"from": "nothing"})
    address = f"{FORM}/organisation/1"
    sent = {**filled(robin, address), "about-the-organisation": "a" * 10_001}
    answer = robin.send(address, address, **sent)
    assert (400, True) == (answer.status_code, "a" * 10_001 in answer.text)
    assert "longer than 10,000 characters" in answer.text


@pytest.mark.parametrize(
    "typed", ["\x00", "\x1b[2J", "=1+1", "<script>", "'; DROP TABLE drafts", "\ufffe", "a\r\nb", "{{ 7 }}"]
)
def test_whatever_is_typed_is_answered_and_kept(typed: str, robin: Visitor) -> None:
    robin.send(HOME, f"{FORM}/begin", **{"from": "nothing"})
    address = f"{FORM}/organisation/1"
    sent = {**filled(robin, address), "about-the-organisation": f"words {typed} more"}
    answer = robin.send(address, address, **sent)
    assert 303 == answer.status_code
    assert "words" in robin.get(address).text


def test_every_section_of_the_shapes_has_a_page_but_what_commissioners_say(robin: Visitor) -> None:
    robin.send(HOME, f"{FORM}/begin", **{"from": "nothing"})
    page = robin.get(FORM).text
    assert ["Looked for"] == [sheet for sheet in fields.SHEETS if f">{sheet}</a>" not in page]


def test_what_was_looked_for_is_not_a_contributors_to_hand_in(place: Place, robin: Visitor) -> None:
    looked = {"Area": "Avon and Somerset", "Kind of service": "Refuge or safe accommodation"}
    looked |= {"What came of it": "none found", "Looked on": "2026-10-05", "In words": "We asked all providers."}
    upload(
        robin, template.filled_in({**sample.rows(), "Looked for": [looked]}, context=Context.bundled(), practice=True)
    )
    assert (403, ()) == (hand_in(robin).status_code, place.desk.list())


def test_an_urgent_withdrawal_destroys_the_drafts_of_the_organisation(place: Place, robin: Visitor) -> None:
    number, sam = place.submitted(), place.people["sam"]
    place.desk.approve(number, sam)
    place.desk.publish([number], sam)
    upload(robin, workbook())
    place.desk.purge([number], sam, "Asked for.")
    assert {} == Drafts(place.desk.ledger).of(place.people["robin"].id)
