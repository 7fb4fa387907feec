"""The site follows the pointer, and says which kind of home it serves."""

from __future__ import annotations

from pathlib import Path

from taxonomy.publishing import release
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Role
from taxonomy.site import create_app, reading
from taxonomy.store.releases import Home

CENTRE = "https://example.org/id/organisation/made-up-centre"
RECORD = Path(__file__).resolve().parents[1] / "examples" / "records" / "made-up-centre.ttl"


def test_before_the_first_release_the_site_says_so_and_stays_up(practice_home: Path) -> None:
    client = create_app(practice_home).test_client()
    assert client.get("/healthz").status_code == 200
    page = client.get("/readyz")
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "release" in page.json["error"]["detail"]


def test_a_new_release_is_served_without_a_restart_and_a_practice_home_says_what_it_is(practice_home: Path) -> None:
    release.build(Home.open(practice_home))
    app = create_app(practice_home)
    client = app.test_client()
    try:
        assert client.get("/readyz").json["release"] == 1
        with app.app_context():
            held = reading.current().take()
        release.build(Home.open(practice_home), note="a second one")
        assert client.get("/readyz").json["release"] == 2
        assert held.pages.ask("page-counts").rows, "a request under way goes on reading the release that it began with"
        with app.app_context():
            reading.current().give_back(held)
        page = client.get("/", headers={"Accept": "text/html"})
        assert "Practice site" in page.text
        assert "practice-services.csv" in client.get("/services.csv").headers["Content-Disposition"]
        assert "made-up" in client.get("/services.ttl").headers["SVSSV-Practice"]
        assert "Disallow: /\n" in client.get("/robots.txt").text
    finally:
        with app.app_context():
            reading.current().close()


def test_every_download_of_a_practice_home_says_so_itself(practice_home: Path) -> None:
    release.build(Home.open(practice_home))
    app = create_app(practice_home)
    client = app.test_client()
    try:
        for path in ("/services", "/areas/E23000036/funding", "/questions/services-in-area"):
            for suffix in ("csv", "json", "ttl"):
                assert "Made-up records" in client.get(f"{path}.{suffix}").text, (path, suffix)
    finally:
        with app.app_context():
            reading.current().close()


def test_a_published_record_is_on_the_pages_with_who_said_it(practice_home: Path) -> None:
    release.build(Home.open(practice_home))
    with Desk(Home.open(practice_home)) as desk:
        people = People(desk.ledger)
        robin, sam = (
            people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0],
            people.add("sam", [Role.STEWARD])[0],
        )
        receipt = desk.submit(RECORD, robin)
        assert receipt.submission
        desk.approve(receipt.submission.id, sam, "looked at it together")
        desk.publish([receipt.submission.id], sam)
    app = create_app(practice_home)
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT"] = "text/html"
    try:
        for path in ("/areas/E23000036/services", "/areas/E23000036/pathways", "/services"):
            assert "Made-Up Counselling" in browser.get(path).text, path
        page = browser.get("/services/made-up-counselling").text
        assert "The organisation’s own record, 5 October 2026; last confirmed 5 October 2026" in page
        assert "Rule 1" in page
        assert browser.get("/graphs/record/made-up-centre").status_code == 200
        assert '<section class="sv-part" id="accreditation-1">' in browser.get("/organisations/made-up-centre").text
        for part in ("rule-1", "route-1", "waiting-1", "figure-1"):
            assert page.count(f'id="{part}"') == 1, f"a link to the {part} of the service leads to it"
    finally:
        with app.app_context():
            reading.current().close()


def test_a_damaged_release_gives_a_plain_503_and_the_safety_page_still_opens(practice_home: Path) -> None:
    release.build(Home.open(practice_home))
    (practice_home / "releases" / "1" / "manifest.json").write_text("not a manifest")
    browser = create_app(practice_home).test_client()
    browser.environ_base["HTTP_ACCEPT"] = "text/html"
    page = browser.get("/services")
    assert page.status_code == 503
    assert "<h1" in page.text
    assert "Content-Security-Policy" in page.headers
    assert browser.get("/safety").status_code == 200
