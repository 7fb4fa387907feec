"""A provider's reply stands beside the fact, and each page says how to have something corrected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from taxonomy.errors import InputError
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Role
from taxonomy.settings import Settings
from taxonomy.site import create_app
from taxonomy.store.releases import Home
from taxonomy.validation import check, rules

RECORD = Path(__file__).resolve().parents[1] / "publishing" / "records" / "made-up-centre.ttl"
CENTRE = "https://example.org/id/organisation/made-up-centre"
WORDS = "The made-up plan is out of date: we are open again."
REPLY = f"""
<{CENTRE}/reply/1> a sv:Reply ;
    sv:replyAbout <https://example.org/id/service/made-up-counselling> ; sv:repliedBy <{CENTRE}> ;
    <http://purl.org/dc/terms/description> "{WORDS}"@en ; sv:repliedOn "2026-10-05"^^xsd:date .
"""
SERVICE = "/services/made-up-counselling"


@pytest.fixture(scope="module")
def replied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home in which the made-up centre's record is public, with a reply about its service."""
    folder = tmp_path_factory.mktemp("replied")
    home = Home.init(folder / "home", practice=True)
    file = folder / "record.ttl"
    file.write_text(RECORD.read_text(encoding="utf-8") + REPLY, encoding="utf-8")
    with Desk(home) as desk:
        people = People(desk.ledger)
        robin = people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]
        sam = people.add("sam", [Role.STEWARD])[0]
        receipt = desk.submit(file, robin)
        assert receipt.submission, [finding.message for finding in receipt.report.findings]
        desk.approve(receipt.submission.id, sam)
        desk.publish([receipt.submission.id], sam)
    return home.path


def browser(home: Path, corrections: str = "") -> FlaskClient:
    app = create_app(home, {"SETTINGS": replace(Settings.read(), corrections=corrections)})
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def test_a_reply_stands_on_the_page_of_what_it_is_about_with_by_whom_and_when(replied: Path) -> None:
    page = browser(replied).get(SERVICE).text
    assert WORDS in page
    assert page.index('id="replies"') < page.index(WORDS) < page.index('id="correct"')
    assert "5 October 2026" in page
    assert "Made-Up Centre" in page[page.index(WORDS) :]


def test_a_reply_about_a_service_is_not_shown_as_one_about_the_organisation(replied: Path) -> None:
    assert 'id="replies"' not in browser(replied).get("/organisations/made-up-centre").text


@pytest.mark.parametrize("suffix", ["json", "ttl", "jsonld", "csv"])
def test_the_data_of_the_page_hold_the_reply(replied: Path, suffix: str) -> None:
    assert WORDS in browser(replied).get(f"{SERVICE}.{suffix}").text


@pytest.mark.parametrize("path", ["/services/isva-avon-and-somerset", "/organisations/victim-support", "/agreements"])
def test_a_thing_that_nobody_replied_about_says_nothing_of_replies(replied: Path, path: str) -> None:
    assert 'id="replies"' not in browser(replied).get(path).text


@pytest.mark.parametrize("path", [SERVICE, "/organisations/made-up-centre", "/agreements/isva-avon-and-somerset"])
def test_a_page_names_the_mailbox_and_puts_the_things_address_in_the_subject(replied: Path, path: str) -> None:
    page = browser(replied, "corrections@svssv.example").get(path).text
    assert 'href="mailto:corrections@svssv.example?subject=https%3A//' in page.replace("%2F", "/")
    assert path.rpartition("/")[2] in page[page.index("?subject=") :].split('"')[0]


def test_without_a_mailbox_the_page_says_that_none_is_set(replied: Path) -> None:
    page = browser(replied).get(SERVICE).text
    assert "No mailbox is set for this site" in page
    assert "mailto:" not in page


@pytest.mark.parametrize("corrections", ["", "corrections@svssv.example"])
def test_the_privacy_page_says_how_to_ask_who_decides_and_by_when(replied: Path, corrections: str) -> None:
    page = browser(replied, corrections).get("/privacy").text
    assert all(words in page for words in ("one month", "A steward decides", "within minutes", 'id="erasure"'))
    assert (corrections or "No mailbox is set") in page


@pytest.mark.parametrize("text", ["corrections", "a@b", "a b@c.example", "x@c.example\nBcc: y@d.example", "<x@c.eu>"])
def test_what_does_not_look_like_a_mailbox_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="SVSSV_CORRECTIONS"):
        Settings.read({"SVSSV_CORRECTIONS": text})


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Come to 12 Canary Road, Madeupton.", "ConfidentialShape-noPlace"),
        ("Ring 07700 900123.", "TextShape-noPhone"),
        ("Write to jo@made-up-centre.example.", "TextShape-noEmail"),
    ],
)
def test_a_reply_gives_nobody_away(tmp_path: Path, words: str, rule: str) -> None:
    text = RECORD.read_text(encoding="utf-8").replace("service-type/counselling-longer-term", "service-type/refuge")
    file = tmp_path / "record.ttl"
    file.write_text(text + REPLY.replace(WORDS, words), encoding="utf-8")
    found = check(file)
    assert rule in {rules()[finding.rule].name for finding in found.findings}
    assert words not in repr(found)
