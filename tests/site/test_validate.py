"""A file in, a report out, nothing kept: by form and by program."""

from __future__ import annotations

import io
from pathlib import Path

from flask.testing import FlaskClient

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
GOOD = EXAMPLES / "records" / "made-up-centre.ttl"
BAD = EXAMPLES / "shapes" / "AgreementShape-endDate" / "invalid-words.ttl"


def test_a_record_without_fault_is_said_to_have_none(browser: FlaskClient) -> None:
    page = browser.post("/validate", data={"file": (io.BytesIO(GOOD.read_bytes()), "mine.ttl")})
    assert page.status_code == 200
    assert "Nothing has to be mended" in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_each_fault_is_shown_with_its_place_and_what_to_do(browser: FlaskClient) -> None:
    page = browser.post("/validate", data={"file": (io.BytesIO(BAD.read_bytes()), "mine.ttl")})
    assert page.status_code == 200
    assert "Must fix" in page.text
    assert "What to do:" in page.text
    assert "Line " in page.text


def test_a_program_gets_the_same_report_as_json_csv_and_turtle(client: FlaskClient) -> None:
    def sent(kind: str) -> str:
        answer = client.post("/validate", data=BAD.read_bytes(), content_type="text/turtle", headers={"Accept": kind})
        assert (answer.status_code, answer.mimetype) == (200, kind)
        return answer.text

    assert '"conforms": false' in sent("application/json")
    assert "AgreementShape-endDate" in sent("text/csv")
    assert "sh:ValidationReport" in sent("text/turtle")


def test_a_made_up_file_name_is_never_shown_as_markup(browser: FlaskClient) -> None:
    name = "<script>alert(1)</script>.ttl"
    page = browser.post("/validate", data={"file": (io.BytesIO(GOOD.read_bytes()), name)})
    assert "<script>alert" not in page.text
