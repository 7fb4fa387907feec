"""Every kind of page, looked at by axe-core in Chromium: wide and narrow, with script and without; and by keyboard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
FAULTS = ["/questions/money-by-funder?area=Nowhere", "/sparql?format=html&query=SELECT", "/no-such-page"]
# Some pages repeat one pattern a few hundred times; axe-core looks at the first of them.
CONTEXT = {"exclude": [[".sv-section:nth-of-type(n+25)"]]}
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # naming every element that passes would take as long as the checks
}
WIDE, NARROW, SCRIPT, PLAIN = 1280, 320, "with script", "without script"
# Every change looks at each page in one way, the next page in another; `make checks` and `make soak` at each in all.
WAYS = [(WIDE, SCRIPT), (NARROW, PLAIN), (NARROW, SCRIPT), (WIDE, PLAIN)]
KINDS = [*PAGES, *FAULTS]
SCRIPTS = "**/assets/*.js*"


@pytest.fixture(scope="module")
def tabs(chromium: Browser) -> Iterator[dict[str, Page]]:
    """A tab with script, and one that the site's scripts never reach (axe-core itself is script)."""
    visits = {SCRIPT: chromium.new_context(), PLAIN: chromium.new_context()}
    visits[PLAIN].route(SCRIPTS, lambda route: route.abort())
    yield {name: visit.new_page() for name, visit in visits.items()}
    for visit in visits.values():
        visit.close()


def looks() -> list[object]:
    """Each page with the ways in which it is looked at."""
    every = os.environ.get("SVSSV_CHECKS")
    return [
        each
        for number, path in enumerate(KINDS)
        for each in (
            pytest.param(path, WAYS if every else [WAYS[number % len(WAYS)]], id=path),
            pytest.param(path, WAYS, id=f"{path} in every way", marks=pytest.mark.soak),
        )
    ]


@pytest.mark.parametrize(("path", "wanted"), looks())
def test_axe_finds_nothing_wide_or_narrow_with_script_or_without(
    tabs: dict[str, Page],
    chromium: Browser,
    site: str,
    noted: dict[str, Any],
    path: str,
    wanted: list[tuple[int, str]],
) -> None:
    ways, faults, said = [], set(), []
    for width, script in wanted:
        page = tabs[script]
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(site + path)
        found = Axe().run(page, CONTEXT, OPTIONS)
        ways.append(f"{width} px, {script}")
        faults |= {rule["id"] for rule in found.response["violations"]}
        noted["tool"] = f"axe-core {found.response['testEngine']['version']}"
        if found.violations_count:
            said.append(f"{ways[-1]}: {found.generate_report()}")
    noted["browser"] = f"Chromium {chromium.version}"
    noted.setdefault("pages", []).append({"path": path, "ways": ways, "faults": sorted(faults)})
    assert not said, "\n".join(said)


@pytest.mark.parametrize("path", KINDS)
def test_nothing_scrolls_sideways_but_boxes_made_for_it_on_a_phone_or_with_letters_twice_as_large(
    tabs: dict[str, Page], site: str, path: str
) -> None:
    page = tabs[PLAIN]
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_keyboard_reaches_a_list_in_the_order_in_which_it_is_read(page: Page, site: str) -> None:
    page.goto(f"{site}/services?area=E23000036")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))
    wanted = [
        "Skip to main content",
        "Support, and using this site safely",
        "Areas",
        "Area (1 chosen)",
        "Narrow the list",
    ]
    wanted += ["Remove", "Clear all", "CSV", "Service", "Adult Advocacy Service: AVoice with SARI (Avon and Somerset)"]
    places = [reached.index(each) for each in wanted]
    assert places == sorted(places)


def test_what_can_be_pressed_on_a_list_is_large_enough(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site}/services?area=E23000036&type=service-type/advocacy&sort=area")
    page.evaluate("document.querySelectorAll('.sv-facet').forEach(each => each.open = true)")
    small = page.eval_on_selector_all(
        ".sv-chips a, .sv-downloads a, .sv-sort, .sv-facet summary, .govuk-checkboxes__label, .govuk-button",
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.height < 24 || box.width < 24).length",
    )
    assert small == 0
