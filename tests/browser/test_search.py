"""Search as a person does it: from any page, by keyboard, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_box_of_any_page_finds_an_area_by_a_misspelt_name_without_script(plain: Page, site: str) -> None:
    plain.goto(f"{site}/taxonomy")
    box = plain.get_by_role("searchbox", name="Search this site")
    box.fill("avn and somerset")
    box.press("Enter")
    expect(plain).to_have_title("Search – SVSSV")
    expect(plain.get_by_role("searchbox")).to_have_value("avn and somerset")
    plain.get_by_role("link", name="Avon and Somerset", exact=True).first.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Avon and Somerset")


def test_results_are_narrowed_to_a_kind_and_widened_again_by_links(plain: Page, site: str) -> None:
    plain.goto(f"{site}/search?q=leicester")
    kinds = plain.get_by_role("navigation", name="Kinds of results")
    kinds.get_by_role("link", name="Services").click()
    expect(kinds.locator("[aria-current]")).to_contain_text("Services")
    assert plain.locator(".sv-hits li").count() > 5
    kinds.get_by_role("link", name="All kinds").click()
    expect(plain.get_by_role("heading", name="Organisations")).to_be_visible()


def test_the_box_comes_after_the_menu_and_before_the_page_on_the_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/services")
    page.get_by_role("link", name="Check a record").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox", name="Search this site")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_focused()


def test_nothing_to_search_with_stands_on_paper(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=leicester")
    page.emulate_media(media="print")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.get_by_role("heading", name="Organisations")).to_be_visible()
