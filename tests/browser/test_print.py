"""Pages on paper: whole, no wider than the sheet, and with nothing to press."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SHEET, ON_ITS_SIDE = 718, 1031  # pixels between the margins of an A4 sheet
WIDE = "body:has(.sv-matrix), .sv-money"  # what is printed on sheets that lie on their side
AREA = "/areas/E23000036"
PRINTED = [
    AREA,
    f"{AREA}/services",
    f"{AREA}/pathways",
    f"{AREA}/funding",
    f"{AREA}/funding/ending?on=2018-03-12",
    f"{AREA}/gaps",
    f"{AREA}/gaps/pathway",
    f"{AREA}/gaps/printed",
    f"{AREA}/briefing",
    "/areas/compare/matrix?area=E23000036&area=E23000021",
    "/services?area=E23000036",
    "/agreements?sort=-amount",
    "/organisations",
    "/sources/avon-somerset-recommissioning-2018",
    "/services/isva-avon-and-somerset",
    "/agreements/isva-avon-and-somerset",
    "/taxonomy/service-type",
]
FOLDED = """all => all.filter(one => !one.closest('.sv-noprint, .sv-filters, .sv-folded'))
    .filter(one => [...one.children].some(part => part.tagName !== 'SUMMARY' && !part.getBoundingClientRect().height))
    .length"""


BROKEN = """all => all.filter(one => {  // headings of one word that stand on two lines
    if (one.textContent.trim().split(/\\s+/).length > 1) return false
    const range = document.createRange(), texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT)
    let text = texts.nextNode()
    while (text && !text.textContent.trim()) text = texts.nextNode()
    range.selectNodeContents(text ?? one)
    return new Set([...range.getClientRects()].map(each => Math.round(each.top))).size > 1
}).map(one => one.textContent.trim())"""


def on_paper(page: Page, address: str, width: int = SHEET) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(address)


@pytest.mark.parametrize("path", PRINTED)
def test_a_page_fits_the_sheet_and_lays_open_what_is_folded(page: Page, site: str, path: str) -> None:
    on_paper(page, site + path, ON_ITS_SIDE)
    assert page.evaluate("document.documentElement.scrollWidth") <= ON_ITS_SIDE
    wide = page.locator(WIDE)
    assert {each.evaluate("one => getComputedStyle(one).page") for each in wide.all()} <= {"wide"}
    wide.evaluate_all("all => all.forEach(one => one.remove())")
    page.set_viewport_size({"width": SHEET, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    assert page.eval_on_selector_all("main details", FOLDED) == 0
    assert page.eval_on_selector_all(
        "thead", "all => all.every(one => getComputedStyle(one).display.startsWith('table'))"
    )


@pytest.mark.parametrize("path", [each for each in PRINTED if each.startswith("/areas")])
def test_no_heading_of_a_table_is_broken_within_a_word(page: Page, site: str, path: str) -> None:
    on_paper(page, site + path, ON_ITS_SIDE)
    assert page.eval_on_selector_all(f":is({WIDE}) thead th", BROKEN) == []
    page.set_viewport_size({"width": SHEET, "height": 1000})
    assert page.eval_on_selector_all(f"thead th:not(:is({WIDE}) *)", BROKEN) == []


@pytest.mark.parametrize("path", PRINTED)
def test_paper_says_where_it_came_from_and_when_and_asks_for_nothing(page: Page, site: str, path: str) -> None:
    on_paper(page, site + path)
    expect(page.get_by_text(re.compile(f"^Printed from http.*{re.escape(path)}, opened on "))).to_be_visible()
    expect(page.locator("footer").get_by_text(re.compile("^Release 1, built on "))).to_be_visible()
    for gone in (".govuk-exit-this-page", ".sv-downloads", ".govuk-service-navigation", ".sv-filters", ".sv-pages"):
        for each in page.locator(gone).all():
            expect(each).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_list_on_paper_says_what_it_is_narrowed_to(page: Page, site: str) -> None:
    on_paper(page, f"{site}/services?area=E23000036&without_type=service-type/advocacy")
    expect(page.get_by_text("Area: Avon and Somerset")).to_be_visible()
    expect(page.get_by_text("Type, left out: Advocacy")).to_be_visible()
    expect(page.get_by_text("Remove")).to_have_count(2)
    for each in page.get_by_text("Remove").all():
        expect(each).to_be_hidden()


def test_addresses_of_other_sites_are_printed_and_those_of_this_one_are_not(page: Page, site: str) -> None:
    on_paper(page, f"{site}/safety")
    told = "one => getComputedStyle(one, '::after').content"
    assert "https://rapecrisis.org.uk/" in page.locator("main a[href^='https://rapecrisis']").evaluate(told)
    assert page.locator("main a[href='/safety/how-we-check']").evaluate(told) == "none"
