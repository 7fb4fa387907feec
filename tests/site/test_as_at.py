"""A list as at a day: what may be in force then, by the dates that sources state."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from tests.site.crowded import graphs

from taxonomy.analysis.validity import holds
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app, reading

DATES = "https://example.org/graph/citation/made-up-dates/table"
DATED = """
@prefix sv: <https://w3id.org/svssv/ontology#> .
@prefix service: <https://example.org/id/service/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
service:made-up-service-0 sv:startDate "2018-01-01"^^xsd:date ; sv:endDate "2020-06-30"^^xsd:date .
service:made-up-service-1 sv:startDate "2031-01-01"^^xsd:date .
"""
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


@pytest.fixture(scope="module")
def dated(sealed: Callable[..., Path]) -> Iterator[FlaskClient]:
    """A browser over a made-up shire with three services: one that has ended, one yet to begin, one without dates."""
    app = create_app(
        sealed(graphs() | {DATES: frozenset(quad.triple for quad in parse(DATED, RdfFormat.TURTLE))}, practice=True)
    )
    yield app.test_client()
    with app.app_context():
        reading.current().close()


@pytest.mark.parametrize(
    ("day", "numbers"),
    [("2017-12-31", {2}), ("2018-01-01", {0, 2}), ("2020-06-30", {0, 2}), ("2020-07-01", {2}), ("2031-01-01", {1, 2})],
)
def test_the_services_of_an_area_are_those_that_their_dates_do_not_rule_out(
    dated: FlaskClient, day: str, numbers: set[int]
) -> None:
    every = csv.DictReader(io.StringIO(dated.get("/areas/made-up-shire/services.csv").text))
    some = csv.DictReader(io.StringIO(dated.get(f"/areas/made-up-shire/services.csv?as_at={day}").text))
    left_out = {row["service"] for row in every} - {row["service"] for row in some}
    assert left_out == {f"https://example.org/id/service/made-up-service-{n}" for n in {0, 1, 2} - numbers}


def test_the_page_of_an_areas_services_says_its_day_and_its_table_holds_what_the_download_does(
    dated: FlaskClient,
) -> None:
    page = dated.get("/areas/made-up-shire/services?as_at=2020-07-01", headers={"Accept": "text/html"}).text
    assert "As at 1 July 2020 : what may be in force on that day" in words(page)
    assert 'href="/areas/made-up-shire/services">Show all that is recorded</a>' in page
    assert 'href="/areas/made-up-shire/services.csv?as_at=2020-07-01"' in page
    assert "made-up-service-0" not in page.partition("<tbody")[2].partition("</tbody")[0]
    assert dated.get("/areas/made-up-shire/services?as_at=soon").status_code == 400
