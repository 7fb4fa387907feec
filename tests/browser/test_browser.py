"""The running site in Chromium: accessible, private, usable on a phone and without script, and quick to leave."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from taxonomy.intake import sample

pytestmark = pytest.mark.browser

AREA = "/areas/E23000036"
ISVA = "/agreements/isva-avon-and-somerset"
PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
FAULTS = ["/questions/money-by-funder?area=Nowhere", "/sparql?format=html&query=SELECT", "/no-such-page"]
KINDS = [*PAGES, *FAULTS]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def heard(chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A tab that goes from page to page, and what its console says."""
    with chromium.new_context() as visit:
        tab, said = visit.new_page(), list[str]()
        tab.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        tab.on("pageerror", lambda error: said.append(str(error)))
        yield tab, said


@pytest.mark.parametrize("path", KINDS)
def test_nothing_is_blocked_and_nothing_fails_in_the_console(
    heard: tuple[Page, list[str]], site: str, path: str
) -> None:
    tab, said = heard
    said.clear()
    tab.goto(site + path)
    assert [line for line in said if "Failed to load resource" not in line] == []


def test_a_question_is_asked_and_answered_without_script(plain: Page, site: str) -> None:
    plain.goto(f"{site}/questions/money-by-funder")
    plain.locator("#area").select_option("E23000036")
    plain.get_by_role("button", name="Show the answer").click()
    expect(plain.get_by_role("cell", name="£80,000")).to_be_visible()


def test_a_list_is_narrowed_without_script_and_its_address_can_be_kept(plain: Page, site: str) -> None:
    plain.goto(f"{site}/services")
    for field, choice in (("Area", "Avon and Somerset"), ("Type", "Advocacy")):
        plain.locator("summary", has_text=field).click()
        plain.get_by_role("group", name=f"{field}: any of").get_by_label(re.compile(rf"^{choice} \(\d")).check()
    plain.get_by_role("button", name="Narrow the list").click()
    kept = plain.url
    plain.goto(kept)
    expect(plain.get_by_text("Area: Avon and Somerset")).to_be_visible()
    plain.get_by_role("link", name="Leave out Type: Advocacy instead").click()
    expect(plain.get_by_text("Type, left out: Advocacy")).to_be_visible()
    plain.get_by_role("link", name="Last stated").click()
    expect(plain.get_by_role("columnheader", name="Last stated")).to_have_attribute("aria-sort", "ascending")
    plain.get_by_role("link", name="Clear all").click()
    expect(plain.get_by_role("list", name="The list is narrowed to")).to_have_count(0)


def test_the_iri_of_a_term_leads_to_its_place_on_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/ontology#SVSSVService")
    expect(page.locator("#SVSSVService > a").first).to_be_in_viewport()


def test_why_a_service_is_here_opens_without_script(plain: Page, site: str) -> None:
    plain.goto(f"{site}/services/isva-avon-and-somerset")
    plain.locator(".sv-why summary", has_text="SVSSV service").click()
    expect(plain.get_by_text("Missing Link is a voluntary organisation").first).to_be_visible()


def test_a_query_is_asked_and_answered_without_script(plain: Page, site: str) -> None:
    plain.goto(f"{site}/sparql")
    plain.get_by_label("Query").fill("SELECT (40 + 2 AS ?answer) {}")
    plain.get_by_role("button", name="Ask").click()
    expect(plain.get_by_role("rowheader", name="42")).to_be_visible()


def test_the_editor_offers_our_terms_and_adds_the_prefix_that_one_needs(page: Page, site: str) -> None:
    page.goto(f"{site}/sparql")
    with page.expect_response(lambda answer: "/sparql/terms" in answer.url):
        page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("SELECT * { ?s a sv:SVSSVS")
    offered = page.locator(".cm-tooltip-autocomplete li").first
    expect(offered).to_contain_text("SVSSV service")
    offered.click()
    sent = "PREFIX sv: <https://w3id.org/svssv/ontology#>\nSELECT * { ?s a sv:SVSSVService}"
    assert page.evaluate("document.querySelector('textarea[name=query]').value") == sent
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("rowheader").first).to_be_visible()


def test_tab_leaves_the_editor_both_ways(page: Page, site: str) -> None:
    page.goto(f"{site}/sparql")
    page.locator(".cm-content").click()
    for key in ("Tab", "Shift+Tab", "Shift+Tab"):
        page.keyboard.press(key)
        inside = "document.activeElement.closest('.cm-editor') !== null"
        assert page.evaluate(inside) is (key == "Shift+Tab" and not page.evaluate("window.been"))
        page.evaluate(f"window.been = {inside}")


def test_the_editor_has_the_name_of_the_box_and_marks_the_place_of_a_fault(page: Page, site: str) -> None:
    page.goto(f"{site}/sparql?format=html&query=SELECT%20%2A%0A%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20ORDER%20%3Fs")
    expect(page.get_by_role("textbox", name="Query")).to_be_visible()
    expect(page.locator(".cm-lintRange-error").last).to_contain_text("?s")


def send(page: Page, site: str, file: Path) -> None:
    """Choose a file on the form and check it."""
    page.goto(f"{site}/validate")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Check it").click()
    page.wait_for_load_state()


def test_a_file_that_cannot_be_read_takes_the_keyboard_to_its_summary(page: Page, site: str, tmp_path: Path) -> None:
    file = tmp_path / "record.xlsx"
    file.write_bytes(b"no workbook at all")
    send(page, site, file)
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.get_by_role("link", name=re.compile("record.xlsx")).click()
    assert page.evaluate("document.activeElement.id") == "file"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The sample workbook with many slips, and a heading that we do not know."""
    book = openpyxl.load_workbook(io.BytesIO(sample.workbook()))
    for row in range(3, 9):
        book["Eligibility"][f"A{row}"], book["Eligibility"][f"B{row}"] = "Made-Up Helpline", "sixteen"
    book["Services"]["Z1"] = "Our notes"
    book["Funding"]["E3"] = "Made-Up Council"
    path = tmp_path / "records.xlsx"
    book.save(path)
    return path


def test_a_report_can_be_read_by_all_and_on_a_phone(page: Page, site: str, faulty: Path) -> None:
    send(page, site, faulty)
    expect(page.get_by_role("heading", level=1)).to_contain_text("have to be mended")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_heading_is_told_and_the_file_checked_again_without_script(plain: Page, site: str, faulty: Path) -> None:
    book = openpyxl.load_workbook(faulty)
    book["Eligibility"]["B1"] = "Youngest person"
    book.save(faulty)
    send(plain, site, faulty)
    assert "sixteen" not in plain.locator("main").inner_text()
    plain.get_by_text("Say what a column is, and check the file again").click()
    plain.get_by_label("Youngest person").select_option(label="Age from")
    plain.locator("#file").set_input_files(faulty)
    plain.get_by_role("button", name="Check it again").click()
    expect(plain.get_by_role("row", name=re.compile("Youngest person Age from as you told us"))).to_be_visible()
    expect(plain.get_by_role("heading", name="The youngest age is not a whole number.")).to_be_visible()


def test_the_workbook_with_comments_is_downloaded_without_script(plain: Page, site: str, faulty: Path) -> None:
    plain.goto(f"{site}/validate")
    plain.locator("#file").set_input_files(faulty)
    plain.get_by_label("My own file with comments at the cells").check()
    with plain.expect_download() as coming:
        plain.get_by_role("button", name="Check it").click()
    assert coming.value.suggested_filename == "records-checked.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))["Eligibility"]["B3"].comment is not None


def test_a_report_is_kept_from_its_page_and_compared_with_the_next(plain: Page, site: str, faulty: Path) -> None:
    send(plain, site, faulty)
    with plain.expect_download() as coming:
        plain.get_by_role("link", name="to compare with the next check (JSON)").click()
    plain.goto(f"{site}/validate")
    plain.get_by_text("More choices").click()
    plain.locator("#file").set_input_files(faulty)
    plain.locator("#against").set_input_files(coming.value.path())
    plain.get_by_role("button", name="Check it").click()
    expect(plain.get_by_text(re.compile("0 fixed, [0-9]+ left, 0 new"))).to_be_visible()


def test_on_paper_a_report_lays_open_what_is_folded_and_asks_for_nothing(page: Page, site: str, faulty: Path) -> None:
    send(page, site, faulty)
    page.emulate_media(media="print")
    expect(page.get_by_text("Check another file")).to_be_hidden()
    expect(page.get_by_text(re.compile("records.xlsx, checked at"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("cell B8")).first).to_be_visible()
    expect(page.locator(".sv-folded table")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_the_menu_is_there_without_script_on_a_phone(plain: Page, site: str) -> None:
    plain.set_viewport_size({"width": 320, "height": 640})
    plain.goto(site)
    expect(plain.get_by_role("navigation", name="Main").get_by_role("link", name="Services")).to_be_visible()


def test_a_fault_in_a_query_takes_the_keyboard_to_its_summary(page: Page, site: str) -> None:
    page.goto(f"{site}/sparql?format=html&query=SELECT")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"


def test_every_box_of_the_picture_can_be_reached_and_followed_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}{AREA}/pathways")
    boxes = page.locator(".sv-picture a")
    assert boxes.count() > 9
    boxes.first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url != f"{site}{AREA}/pathways"


def test_on_paper_there_are_facts_and_nothing_to_press(page: Page, site: str) -> None:
    page.goto(site + ISVA)
    page.emulate_media(media="print")
    for gone in (".govuk-exit-this-page", ".sv-downloads", ".govuk-service-navigation", ".govuk-breadcrumbs"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_a_briefing_fits_the_width_of_paper_without_what_can_be_pressed(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 less its margins
    page.goto(f"{site}{AREA}/briefing")
    page.emulate_media(media="print")
    shown = "[...document.querySelectorAll('.sv-briefing table, .sv-briefing svg')]"
    assert max(page.evaluate(f"{shown}.map(each => each.getBoundingClientRect().width)")) <= 688
    for pressed in (".sv-subnav", ".govuk-exit-this-page", ".sv-downloads", ".sv-safety"):
        expect(page.locator(pressed).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.sv-briefing a'), '::after').content") == "none"
