"""Promise 4. What must not be public is in no release, in no answer, in no report and in no file of the home."""

from __future__ import annotations

from pathlib import Path

import pytest

from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Role
from taxonomy.site import create_app
from taxonomy.store.releases import Home
from taxonomy.validation import report as reports

CENTRE = "https://example.org/id/organisation/made-up-centre"
MADE_UP = Path(__file__).resolve().parents[1] / "publishing" / "records" / "made-up-centre.ttl"

CANARIES = {
    "a postcode of safe accommodation": "ZZ99 9ZZ",
    "a mobile number": "07700 900123",
    "a person's e-mail address": "jo.canary@example.org",
}


def unsafe(folder: Path, canary: str) -> Path:
    """The made-up record, with a refuge whose description gives away what it must not."""
    text = MADE_UP.read_text()
    for old, new in {
        "Made-up talking therapy, for tests.": f"Ask at {canary} for a place.",
        "service-type/counselling-longer-term": "service-type/refuge",
    }.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "unsafe.ttl"
    path.write_text(text)
    return path


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES.keys())
def test_an_unsafe_value_is_refused_and_left_nowhere(canary: str, practice_home: Path, tmp_path: Path) -> None:
    path = unsafe(tmp_path, canary)
    with Desk(Home.open(practice_home)) as desk:
        robin = People(desk.ledger).add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]
        receipt = desk.submit(path, robin)
    assert receipt.submission is None
    assert not receipt.report.conforms
    assert canary not in reports.to_text(receipt.report)
    assert canary not in reports.to_json(receipt.report)
    held = [file for file in practice_home.rglob("*") if file.is_file() and canary.encode() in file.read_bytes()]
    assert held == []


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES.keys())
def test_the_upload_page_repeats_no_unsafe_value_in_any_form(canary: str, home: Path, tmp_path: Path) -> None:
    client = create_app(home).test_client()
    for accept in ("text/html", "application/json", "text/csv", "text/turtle"):
        with unsafe(tmp_path, canary).open("rb") as file:
            reply = client.post("/validate", data={"file": (file, "record.ttl")}, headers={"Accept": accept})
        assert reply.status_code == 200
        assert canary not in reply.get_data(as_text=True)
