"""The pathways page in a browser: what is read aloud tells what the picture shows, and it works without script."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from taxonomy.knowledge import KnowledgeGraph

pytestmark = pytest.mark.browser

PAGE = "/areas/E23000036/pathways"
ASKED = f"{PAGE}?age=15&reported=no&from=referral-source/self&as_at=2026-01-31"


def read_aloud(page: Page) -> str:
    """The page as its accessibility tree says it."""
    return page.locator("main").aria_snapshot().replace("''", "'")  # as the snapshot quotes an apostrophe


@pytest.mark.parametrize("address", [PAGE, ASKED, "/areas/E23000021/pathways"])
def test_a_screen_reader_is_told_every_way_of_the_picture_with_its_ends(
    page: Page, site: str, kg: KnowledgeGraph, address: str
) -> None:
    page.goto(site + address)
    said = read_aloud(page)
    drawn = {
        int(number)
        for numbers in page.eval_on_selector_all("[data-ways]", "all => all.map(each => each.dataset.ways)")
        for number in numbers.split()
    }
    edges = kg.pathways(address.partition("?")[0].split("/")[2]).edges
    assert drawn == {edge.number for edge in edges}
    told = {int(number) for number in re.findall(r'img "Way (\d+):', said)}
    assert told == drawn
    for edge in edges:
        sentence = f"Way {edge.number}: {edge.origin.name} to {edge.end.name}: {edge.status}"
        assert sentence in said
        assert f"Way {edge.number} · " in said  # and in the steps


def test_what_is_closed_to_a_person_is_said_aloud_with_its_reason(page: Page, site: str) -> None:
    page.goto(site + ASKED)
    told = r'img "Way (\d+): The person themselves to Lighthouse [^"]*?For this person: closed: refused by the service'
    found = re.search(told, read_aloud(page))
    assert found
    assert page.locator(f"#way-{found[1]}").get_attribute("class") == "edge refused closed"
    assert "reason" in (page.locator(f"#way-{found[1]} text").text_content() or "")


def test_a_person_is_asked_for_without_script(plain: Page, site: str) -> None:
    plain.goto(site + PAGE)
    plain.get_by_text("Ask for a person").click()
    plain.get_by_label("Age in years").fill("15")
    plain.get_by_label("Reported to the police", exact=True).select_option("No")
    plain.get_by_label("Begins with").select_option("The person themselves")
    plain.locator("summary").get_by_text("Communities").click()
    plain.get_by_label("LGBTQ+ people").check()
    plain.get_by_role("button", name="Show the ways").click()
    assert "What is open to this person" in (plain.locator("main").text_content() or "")
    assert "community=lgbtq-people" in plain.url


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_fits_and_axe_finds_nothing(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site + ASKED)
    page.locator(".govuk-details__summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
