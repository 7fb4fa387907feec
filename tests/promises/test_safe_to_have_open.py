"""Promise 8. No cookies, no storage, no third party, no referrer, and a way out on every page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Route

pytestmark = pytest.mark.browser

NEUTRAL = "https://www.bbc.co.uk/weather"
ISVA = "/agreements/isva-avon-and-somerset"
PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
STORED = """async () => localStorage.length + sessionStorage.length + (await indexedDB.databases()).length
    + (await caches.keys()).length + (await navigator.serviceWorker.getRegistrations()).length"""
LINKS = "all => all.map(a => new URL(a.getAttribute('href'), location).href)"  # in an SVG, href is not text
UNCOVERED = """() => {
    const at = document.activeElement, way = document.querySelector('.govuk-exit-this-page');
    if (at === document.body || way.contains(at)) return true;
    const one = at.getBoundingClientRect(), other = way.getBoundingClientRect();
    const inside = one.top >= other.top - 1 && one.bottom <= other.bottom + 1
        && one.left >= other.left - 1 && one.right <= other.right + 1;
    return !(inside && one.width > 0);
}"""
OF_ONE_PATH = 12  # addresses that differ only in their filters, in the long crawl


def stand_in(page: Page) -> None:
    """Answer for the neutral page, so that no test leaves this machine."""

    def answer(route: Route) -> None:
        route.fulfill(body="<!DOCTYPE html><title>Weather</title><h1>Weather</h1>", content_type="text/html")

    page.context.route(f"{NEUTRAL}**", answer)


@dataclass
class Watch:
    """What a visit leaves behind, and what it tells to whom."""

    context: BrowserContext
    site: str
    pages: int = 0
    stored: int = 0
    elsewhere: list[str] = field(default_factory=list)
    referrers: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("request", self._asked)
        self.context.on("console", self._said)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.site):
            self.elsewhere.append(request.url)
        if request.headers.get("referer"):  # empty: none is sent
            self.referrers.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.blocked.append(message.text)

    def visit(self, page: Page, address: str) -> None:
        """Open one page, and hold it to what every page promises."""
        reply = page.goto(address)
        assert reply is not None
        assert reply.status == 200, address
        assert reply.headers["referrer-policy"] == "no-referrer", address
        assert reply.headers["cache-control"] == "no-store", address
        assert "set-cookie" not in reply.headers, address
        assert page.locator(".govuk-exit-this-page__button").get_attribute("href") == NEUTRAL, address
        self.pages += 1

    @property
    def left(self) -> dict[str, int]:
        """The trace, as it is written down."""
        return {
            "pages": self.pages,
            "cookies": len(self.context.cookies()),
            "stored": self.stored,
            "elsewhere": len(self.elsewhere),
            "referrers": len(self.referrers),
            "blocked": len(self.blocked),
        }

    def left_nothing(self) -> None:
        """Fail with what was left, if anything was."""
        assert (self.context.cookies(), self.stored, self.elsewhere, self.referrers, self.blocked) == (
            [],
            0,
            [],
            [],
            [],
        )


def one_of_each_kind(site: str, page: Page) -> list[str]:
    """A page for each rule by which addresses are read; ``test_addresses.py`` holds that every rule has one."""
    cited = page.request.post(f"{site}/q", form={"question": "sources", "release": "1"}, max_redirects=0)
    return [f"{site}{path}" for path in PAGES] + [urljoin(site, cited.headers["location"])]


def test_a_visit_to_a_page_of_each_kind_leaves_no_trace_and_asks_nobody_else(
    context: BrowserContext, site: str, noted: dict[str, Any]
) -> None:
    watch, page = Watch(context, site), context.new_page()
    for address in one_of_each_kind(site, page):
        watch.visit(page, address)
        watch.stored += page.evaluate(STORED)
    noted["trace"] = watch.left
    watch.left_nothing()


def test_a_visit_without_script_leaves_no_trace_either(plain: Page, site: str) -> None:
    watch = Watch(plain.context, site)
    for address in one_of_each_kind(site, plain):
        watch.visit(plain, address)
    assert sum(len(each.get("localStorage", [])) for each in plain.context.storage_state()["origins"]) == 0
    watch.left_nothing()


@pytest.mark.soak
def test_no_page_of_the_whole_site_leaves_a_trace_or_asks_anybody_else(context: BrowserContext, site: str) -> None:
    watch, page = Watch(context, site), context.new_page()
    waiting, seen, filtered = [f"{site}/"], {f"{site}/"}, Counter[str]()
    while waiting:
        watch.visit(page, waiting.pop(0))
        watch.stored += page.evaluate(STORED)
        for link in (urldefrag(link).url for link in page.eval_on_selector_all("a[href]", LINKS)):
            parts = urlsplit(link)
            data = "." in parts.path.rpartition("/")[2] or parts.path.startswith(("/id/", "/sparql/", "/validate/"))
            if not link.startswith(f"{site}/") or link in seen or data:
                continue
            filtered[parts.path] += bool(parts.query)
            if filtered[parts.path] <= OF_ONE_PATH:
                seen.add(link)
                waiting.append(link)
    assert watch.pages > 300
    watch.left_nothing()


def test_leaving_by_click_leads_to_a_neutral_page_and_back_does_not_return(page: Page, site: str) -> None:
    stand_in(page)
    page.goto(f"{site}/safety")
    page.goto(site + ISVA)
    page.locator(".govuk-exit-this-page__button").click()
    page.wait_for_url(f"{NEUTRAL}**")
    page.go_back()
    assert page.url == f"{site}/safety"


def test_leaving_by_three_presses_of_shift_and_back_does_not_return(page: Page, site: str) -> None:
    stand_in(page)
    page.goto(f"{site}/safety")
    page.goto(site + ISVA)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(f"{NEUTRAL}**")
    page.go_back()
    assert page.url == f"{site}/safety"


def test_leaving_by_the_first_link_that_the_keyboard_reaches(page: Page, site: str) -> None:
    stand_in(page)
    page.goto(site + ISVA)
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Exit this page"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{NEUTRAL}**")


@pytest.mark.parametrize("path", ["/services", "/accessibility", "/agreements/isva-avon-and-somerset"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_way_out_never_covers_what_the_keyboard_has_reached(page: Page, site: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(site + path)
    for _ in range(70):
        page.keyboard.press("Tab")
        assert page.evaluate(UNCOVERED), page.evaluate("document.activeElement.outerHTML")


def test_leaving_without_script(plain: Page, site: str) -> None:
    stand_in(plain)
    plain.goto(site + ISVA)
    plain.locator(".govuk-exit-this-page__button").click()
    plain.wait_for_url(f"{NEUTRAL}**")


def test_the_neutral_page_is_not_told_where_the_visitor_came_from(page: Page, site: str) -> None:
    told: list[str | None] = []

    def answer(route: Route) -> None:
        told.append(route.request.headers.get("referer"))
        route.fulfill(body="<title>Weather</title>", content_type="text/html")

    page.context.route(f"{NEUTRAL}**", answer)
    page.goto(site + ISVA)
    page.locator(".govuk-exit-this-page__button").click()
    page.wait_for_url(f"{NEUTRAL}**")
    assert told == [None]
