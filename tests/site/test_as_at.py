"""A list as at a day: what may be in force then, by the dates that sources state."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from taxonomy.analysis.validity import holds
from taxonomy.knowledge import KnowledgeGraph

DAYS = ["2012-01-01", "2015-06-30", "2018-03-12", "2018-03-31", "2018-04-01", "2030-01-01"]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main")[0])).split())


def listed(client: FlaskClient, query: str) -> set[str]:
    return {row["agreement"] for row in csv.DictReader(io.StringIO(client.get(f"/agreements.csv?{query}").text))}


@pytest.mark.parametrize("day", DAYS)
def test_a_day_keeps_what_its_dates_do_not_rule_out(client: FlaskClient, kg: KnowledgeGraph, day: str) -> None:
    dated = {str(row["agreement"]): (row["starts"], row["ends"]) for row in kg.ask("agreement-terms")}
    every = listed(client, "")
    assert every <= dated.keys()
    holding = set()
    for agreement in every:
        starts, ends = (each if isinstance(each, date) else None for each in dated[agreement])
        if holds(date.fromisoformat(day), starts, ends):
            holding.add(agreement)
    assert listed(client, f"as_at={day}") == holding


def test_a_day_goes_together_with_the_filters_of_the_list(client: FlaskClient) -> None:
    both = listed(client, "as_at=2018-03-12&area=E23000036")
    assert both == listed(client, "as_at=2018-03-12") & listed(client, "area=E23000036")
    assert both


def test_the_page_says_which_day_it_speaks_of_and_leads_back_to_all(browser: FlaskClient) -> None:
    html = browser.get("/agreements?as_at=2018-03-12&area=E23000036").text
    assert "As at 12 March 2018 : what may be in force on that day" in words(html)
    assert '<input type="hidden" name="as_at" value="2018-03-12">' in html
    assert 'href="/agreements?area=E23000036">Show all that is recorded</a>' in html
    assert "All that is recorded is shown" in words(browser.get("/agreements").text)


def test_what_was_said_long_before_the_day_is_not_passed_off_as_holding(browser: FlaskClient) -> None:
    assert "last spoken of more than" not in words(browser.get("/agreements?as_at=2015-12-01").text)
    text = words(browser.get("/agreements?as_at=2030-01-01").text)
    assert re.search(r"\d+ agreements have no stated end and were last spoken of more than 24 months before", text)
    assert "last spoken of more than" not in words(browser.get("/agreements").text)


def test_what_is_no_day_is_refused_plainly(browser: FlaskClient, client: FlaskClient) -> None:
    for query in ("as_at=yesterday", "as_at=2018-02-30", "as_at=%00"):
        assert browser.get(f"/agreements?{query}").status_code == 400
        assert client.get(f"/agreements.csv?{query}").status_code == 400
