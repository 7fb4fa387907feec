"""The whole way in a real browser, with script and without: a workbook with faults becomes public, and goes again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.test_browser import RULES
from tests.servers import listening

from taxonomy.context import Context
from taxonomy.intake import sample, template
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.people import People, Role
from taxonomy.site import create_app, reading
from taxonomy.site.desk import acting, create_desk
from taxonomy.store.releases import Home

pytestmark = pytest.mark.browser

CENTRE = "https://example.org/id/organisation/made-up-centre"
WORDS = "lantern gravel orchestra"
REASON = "Please say what the counselling is like."
SAID = "Talking with one person, every week."
GONE = "The centre has closed."
HOME = "/steward/records/made-up-centre"


@dataclass(frozen=True)
class Desk:
    """A desk that is served, and the home it is about."""

    url: str
    home: Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over a practice home, with a contributor and a steward who have passwords."""
    place = tmp_path / "practice"
    with Ledger.of(Home.init(place, practice=True)) as ledger:
        people = People(ledger)
        for name, role, own in (("robin", Role.CONTRIBUTOR, [CENTRE]), ("sam", Role.STEWARD, [])):
            person = people.add(name, [role], organisations=own)[0]
            Passwords(ledger).set(name, WORDS, by=person)
    app = create_desk(place)
    with listening(app) as url:
        yield Desk(url, place)
    with app.app_context():
        acting.office().close()
        reading.current().close()


def visit(chromium: Browser, desk: Desk, name: str, *, script: bool) -> Page:
    """A browser of somebody who signs in."""
    page = chromium.new_context(java_script_enabled=script).new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{desk.url}/steward")
    page.get_by_label("Your name here").fill(name)
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(f"Signed in as {name}")).to_be_visible()
    return page


def workbook(folder: Path, *, faults: bool) -> Path:
    """The made-up centre's workbook, with two slips in it or without."""
    rows = {sheet: [dict(row) for row in found] for sheet, found in sample.rows().items()}
    if faults:
        rows["Eligibility"][0]["Age from"] = "sixteen"
        rows["Funding"][0]["Starts"] = "next spring"
    path = folder / ("faulty.xlsx" if faults else "mended.xlsx")
    path.write_bytes(template.filled_in(rows, context=Context.bundled(), practice=True))
    return path


def upload(page: Page, file: Path) -> None:
    page.get_by_label("Your file").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()


def change(page: Page, section: str, heading: str, value: str) -> None:
    """Change one field of the first row of a section, in the form."""
    page.get_by_role("link", name=section, exact=True).click()
    page.get_by_role("link", name="Change row 1").click()
    page.get_by_label(heading, exact=True).fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Go on", exact=True).click()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()


def mended_in_the_form(page: Page) -> None:
    page.get_by_role("button", name="Mend it in the form").click()
    expect(page.get_by_text("1 to mend")).to_have_count(2)
    change(page, "Eligibility", "Age from", "16")
    change(page, "Funding", "Starts", "1 April 2026")
    page.get_by_role("button", name="Check your answers").click()


def mended_on_paper(page: Page, folder: Path) -> None:
    page.get_by_role("button", name="Upload a mended file").click()
    upload(page, workbook(folder, faults=False))


def decided(page: Page, desk: Desk, number: int, label: str, words: str, button: str) -> None:
    page.goto(f"{desk.url}/steward/submissions/{number}")
    page.get_by_label(label).fill(words)
    page.get_by_role("button", name=button, exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_workbook_with_faults_becomes_public_and_goes_again(
    script: bool, chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    robin = visit(chromium, desk, "robin", script=script)
    robin.get_by_role("link", name="My records").click()
    robin.get_by_role("link", name="Made up centre").click()
    robin.get_by_role("button", name="Upload a file").click()
    upload(robin, workbook(tmp_path, faults=True))
    expect(robin.get_by_role("heading", name="2 things have to be mended")).to_be_visible()
    expect(robin.get_by_text("The youngest age is not a whole number.").first).to_be_visible()
    if script:
        mended_in_the_form(robin)
    else:
        mended_on_paper(robin, tmp_path)
    hand_in(robin)

    sam = visit(chromium, desk, "sam", script=script)
    decided(sam, desk, 1, "What to mend", REASON, "Return")

    robin.goto(desk.url + HOME)
    expect(robin.get_by_text(REASON).first).to_be_visible()
    robin.get_by_role("button", name="Change it in the form").click()
    change(robin, "Services", "About the service", SAID)
    robin.get_by_role("button", name="Check your answers").click()
    hand_in(robin)

    decided(sam, desk, 2, "Why, if there is something to say", "Now it does.", "Approve")
    sam.goto(f"{desk.url}/steward/submissions/2")
    sam.get_by_role("button", name="Publish", exact=True).click(timeout=120_000)
    app = create_app(desk.home)
    client = app.test_client()
    assert client.get("/organisations/made-up-centre", headers={"Accept": "text/html"}).status_code == 200
    with listening(app) as url:
        public = chromium.new_context(java_script_enabled=script).new_page()
        public.goto(f"{url}/services/made-up-centre-made-up-counselling")
        expect(public.get_by_text(SAID).first).to_be_visible()
        decided(sam, desk, 2, "Why it is withdrawn", GONE, "Withdraw")
        expect(sam.get_by_text("Withdrawn").first).to_be_visible(timeout=120_000)
        public.reload()
        expect(public.get_by_text(SAID)).to_have_count(0)
    with app.app_context():
        reading.current().close()

    robin.goto(desk.url + HOME)
    for words in (REASON, "Now it does.", GONE, "Version 1: returned", "Version 2: withdrawn"):
        expect(robin.get_by_text(words).first).to_be_visible()


@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.soak)])
def test_the_pages_of_a_contributor_are_accessible_and_fit(
    width: int, chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    page = visit(chromium, desk, "robin", script=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{desk.url}{HOME}/upload")
    page.get_by_role("button", name="Upload and check").click()
    seen = {"upload without a file": looked_at(page)}
    upload(page, workbook(tmp_path, faults=True))
    seen["findings of a file"] = looked_at(page)
    page.get_by_role("button", name="Mend it in the form").click()
    for section, sheet in (
        ("", "form"),
        ("/eligibility", "section"),
        ("/services/new", "new"),
        ("/routes/new", "route"),
    ):
        page.goto(f"{desk.url}{HOME}/form{section}")
        seen[sheet] = looked_at(page)
    page.goto(f"{desk.url}{HOME}/form/eligibility")
    page.get_by_role("link", name="Change row 1").click()
    seen["row with a fault"] = looked_at(page)
    page.goto(page.url + "/remove")
    seen["remove"] = looked_at(page)
    for path in ("", "/check", "/discard"):
        page.goto(f"{desk.url}{HOME}{path}")
        seen[path or "record"] = looked_at(page)
    page.goto(f"{desk.url}/steward/records")
    seen["records"] = looked_at(page)
    assert {name: faults for name, faults in seen.items() if faults} == {}


def looked_at(page: Page) -> list[str]:
    """What axe-core finds on a page, and whether it is wider than its window."""
    faults = [
        f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page, options=RULES).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*faults, *(["wider than the window"] if wide else [])]
