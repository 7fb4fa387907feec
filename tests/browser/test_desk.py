"""The desk in a real browser, with script and without; every kind of its pages is looked at by axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.servers import listening

from taxonomy.publishing.desk import Desk
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.people import People, Role
from taxonomy.site import reading
from taxonomy.site.desk import acting, create_desk
from taxonomy.store.releases import Home

pytestmark = pytest.mark.browser

CENTRE = "https://example.org/id/organisation/made-up-centre"
RECORD = Path(__file__).resolve().parents[1] / "publishing" / "records" / "made-up-centre.ttl"
WORDS = "lantern gravel orchestra"  # made up
PAGES = [
    "/steward/sign-in",
    "/steward",
    "/steward/submissions",
    "/steward/submissions/2",
    "/steward/submissions/2/preview",
    "/steward/submissions/1/urgent",
    "/steward/requests",
    "/steward/proposals",
    "/steward/publish/1",
    "/steward/people",
    "/steward/people/1",
    "/steward/account",
    "/steward/help",
    "/steward/no-such-page",
]
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A practice home with a published record, one that waits and one that is approved."""
    folder = tmp_path_factory.mktemp("desk")
    home = Home.init(folder / "home", practice=True)
    text = RECORD.read_text(encoding="utf-8")
    with Desk(home) as desk:
        people = People(desk.ledger)
        robin = people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]
        sam = people.add("sam", [Role.STEWARD, Role.ADMINISTRATOR])[0]
        Passwords(desk.ledger).set("sam", WORDS, by=sam)
        for number, version in enumerate((text, text.replace("12345.00", "23456.00"), text + "\n"), start=1):
            path = folder / "record.ttl"
            path.write_text(version, encoding="utf-8")
            desk.submit(path, robin)
            if number != 2:
                desk.approve(number, sam)
            if number == 1:
                desk.publish([number], sam)
    return home


@pytest.fixture(scope="module")
def at(home: Home) -> Iterator[str]:
    """The address of the desk."""
    app = create_desk(home.path)
    with listening(app) as address:
        yield address
    with app.app_context():
        acting.office().close()
        reading.current().close()


PATIENCE = 180_000  # milliseconds: a busy machine publishes slowly


def signed_in(page: Page, at: str) -> Page:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{at}/steward")
    page.get_by_label("Your name here").fill("sam")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    assert page.title() == "Tasks – SVSSV desk"
    return page


@pytest.fixture(scope="module")
def tab(chromium: Browser, at: str) -> Iterator[Page]:
    visit = chromium.new_context()
    yield signed_in(visit.new_page(), at)
    visit.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium: Browser, tab: Page, at: str, path: str) -> None:
    page = tab if path != PAGES[0] else chromium.new_context().new_page()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(at + path)
        found = Axe().run(page, options=OPTIONS)
        assert not found.violations_count, f"{width} px: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_steward_signs_in_reads_approves_and_publishes(
    chromium: Browser, tmp_path: Path, at: str, home: Home, script: bool
) -> None:
    text = RECORD.read_text(encoding="utf-8").replace("12345.00", f"3{int(script)}000.00")
    path = tmp_path / "record.ttl"
    path.write_text(text, encoding="utf-8")
    with Desk(home) as desk:
        receipt = desk.submit(path, People(desk.ledger).find("robin"))
        assert receipt.submission is not None
        number = receipt.submission.id
    visit = chromium.new_context(java_script_enabled=script)
    page = signed_in(visit.new_page(), at)
    page.get_by_role("row").filter(has=page.get_by_role("cell", name=str(number), exact=True)).get_by_role(
        "link"
    ).click()
    assert f"£3{int(script)},000" in page.inner_text("main")
    page.get_by_label("Why, if there is something to say").fill("Read it with the provider")
    page.get_by_role("button", name="Approve").click()
    assert "Read it with the provider" in page.inner_text("main")
    page.get_by_role("button", name="Publish").click()
    assert page.title().endswith("is in service – SVSSV desk"), page.inner_text("main, .govuk-error-summary")
    with Desk(home) as desk:
        assert desk.show(number).state == "published"
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{at}/steward/submissions/{number}")
    assert page.title() == "Sign in – SVSSV desk"
    visit.close()
