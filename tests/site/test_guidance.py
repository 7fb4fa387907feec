"""The pages that say how to use the site, safely and by everybody, say what the files and the checks say."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
import textstat
from flask import Flask
from flask.testing import FlaskClient

from taxonomy import checks, support
from taxonomy.site import words

PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
# Sixth grade (eleven years old) for whoever looks for help; ninth (fourteen) for the rest.
GRADES = {
    "/safety": 6,
    "/safety/how-we-check": 9,
    "/privacy": 9,
    "/accessibility": 9,
    "/guide": 9,
    "/": 9,
    "/services": 9,
}
TELLING = re.compile(r"sexual|rape|abuse|assault|violence|victim|survivor", re.IGNORECASE)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def sentences(html: str) -> list[str]:
    """The sentences of a page's own words: paragraphs and list items that end as a sentence does."""
    main = re.sub(r"<(pre|table|code)\b.*?</\1>", " ", html.partition("<main")[2], flags=re.DOTALL)
    told = map(plain, re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", main.partition("</main")[0], flags=re.DOTALL))
    return [each for text in told if text[-1:] in {".", "?"} for each in re.split(r"(?<=[.?!])\s+", text)]


@pytest.mark.parametrize("path", PAGES)
def test_sentences_are_short(browser: FlaskClient, path: str) -> None:
    lengths = [len(each.split()) for each in sentences(browser.get(path).text)]
    assert sum(lengths) <= 25 * len(lengths)


@pytest.mark.parametrize("path", sorted(GRADES))
def test_words_are_as_easy_as_their_readers_need(browser: FlaskClient, path: str) -> None:
    told = sentences(browser.get(path).text)
    assert told
    assert textstat.automated_readability_index(" ".join(told)) <= GRADES[path]


def test_the_titles_of_fixed_pages_tell_nobody_who_sees_the_history(app: Flask, browser: FlaskClient) -> None:
    urls = app.url_map.bind("localhost")
    fixed = [path for path in PAGES if not urls.match(path.partition("?")[0])[1]]
    assert len(fixed) > 15
    for path in fixed:
        title = unescape(re.findall(r"<title>(.*?)</title>", browser.get(path).text)[0])
        assert len(title) <= 60, path
        assert TELLING.search(title) is None, path


def test_every_page_leads_to_support_to_safety_and_to_the_statement(browser: FlaskClient) -> None:
    for path in ("/", "/services", "/no-such-page"):
        footer = browser.get(path).text.partition("<footer")[2]
        assert "In danger, call 999." in footer
        for line in support.load():
            assert f'rel="noreferrer" href="{line.link}"' in footer
        for page in ("/safety", "/accessibility", "/privacy"):
            assert f'href="{page}"' in footer


def test_a_number_stands_beside_its_source_and_its_day(app: Flask) -> None:
    line = support.Line(
        name="Made-Up Line",
        about="made up",
        link="https://example.org/",
        place=1,
        number="01632 960000",
        source="https://example.org/contact",
        checked=date(2026, 11, 30),
    )
    shown = app.jinja_env.get_template("frame/support.html").module.line
    fresh, old = plain(str(shown(line.on(date(2026, 12, 1))))), plain(str(shown(line.on(date(2027, 12, 1)))))
    assert "Call 01632 960000 The number was checked here on 30 November 2026." in fresh
    assert old == "Made-Up Line : made up"


def test_the_guide_has_every_part_that_other_pages_lead_to(browser: FlaskClient) -> None:
    guide = browser.get("/guide").text
    for path in ("/areas/E23000036/gaps", "/areas/E23000038/funding", "/accessibility"):
        named = re.findall(r'href="/guide#([a-z-]+)"', browser.get(path).text)
        assert named
        assert [part for part in named if f'id="{part}"' not in guide] == []


def test_the_statement_says_what_the_last_run_and_people_found(browser: FlaskClient) -> None:
    known = checks.load()
    text = plain(browser.get("/accessibility").text)
    assert f"On {words.day(known.run.day)}, {known.run.tool} looked at" in text
    for page in known.run.pages:
        assert page.path in text
    for each in (*known.tried, *known.faults):
        assert each.what in text
        assert each.found in text


def test_how_we_check_says_what_the_last_crawl_left_behind(browser: FlaskClient) -> None:
    run = checks.load().run
    text = plain(browser.get("/safety/how-we-check").text)
    assert f"{words.day(run.day)}, {words.plural(run.trace.pages, 'page')}, {run.browser}" in text
    assert re.findall(r"are counted on each page (\d+)", text) == [str(run.trace.stored)]
