"""Promise 8. No cookies, no storage, no third party, no referrer, and a way out on every page."""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route

pytestmark = pytest.mark.browser

NEUTRAL = "https://www.bbc.co.uk/weather"
ISVA = "/agreements/isva-avon-and-somerset"
STORED = "[localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length]"
LINKS = "all => all.map(a => new URL(a.getAttribute('href'), location).href)"  # in an SVG, href is not text
FEW_OF_A_KIND = 3


def stand_in(page: Page) -> None:
    """Answer for the neutral page, so that no test leaves this machine."""

    def answer(route: Route) -> None:
        route.fulfill(body="<!DOCTYPE html><title>Weather</title><h1>Weather</h1>", content_type="text/html")

    page.context.route(f"{NEUTRAL}**", answer)


def kind_of(address: str) -> tuple[str, int]:
    """Pages of one kind share the beginning and the depth of their address."""
    parts = urlsplit(address).path.strip("/").split("/")
    return parts[0], len(parts)


def test_a_visit_to_every_kind_of_page_leaves_no_trace_and_asks_nobody_else(context: BrowserContext, site: str) -> None:
    elsewhere: list[str] = []
    context.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(site) else None)
    page = context.new_page()
    waiting, seen = [f"{site}/"], {f"{site}/"}
    visited: dict[tuple[str, int], int] = {}
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if visited.get(kind, 0) >= FEW_OF_A_KIND:
            continue
        visited[kind] = visited.get(kind, 0) + 1
        reply = page.goto(address)
        assert reply is not None
        assert reply.status == 200, address
        assert page.evaluate(f"async () => {STORED}") == [0, 0, "", 0], address
        assert page.locator(".govuk-exit-this-page__button").count() == 1, address
        assert reply.headers["referrer-policy"] == "no-referrer", address
        assert reply.headers["cache-control"] == "no-store", address
        links: list[str] = page.eval_on_selector_all("a[href]", LINKS)
        for link in (urldefrag(link).url for link in links):
            last = urlsplit(link).path.rpartition("/")[2]
            if link.startswith(f"{site}/") and link not in seen and "." not in last:
                seen.add(link)
                waiting.append(link)
    assert len(visited) >= 20
    assert context.cookies() == []
    assert elsewhere == []


def test_leaving_by_click_leads_to_a_neutral_page_and_back_does_not_return(page: Page, site: str) -> None:
    stand_in(page)
    page.goto(f"{site}/safety")
    page.goto(site + ISVA)
    page.locator(".govuk-exit-this-page__button").click()
    page.wait_for_url(f"{NEUTRAL}**")
    page.go_back()
    assert page.url == f"{site}/safety"


def test_leaving_by_three_presses_of_shift(page: Page, site: str) -> None:
    stand_in(page)
    page.goto(site + ISVA)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(f"{NEUTRAL}**")


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
