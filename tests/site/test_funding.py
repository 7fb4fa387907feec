"""The pages on money: one list in picture, table, download, shell and Python; days and choices in the address."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from taxonomy.analysis.withdrawal import After
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app, reading

from .conftest import BROWSER
from .crowded import AGREEMENTS, AREA, graphs

MONEY = "/areas/E23000036/funding"
OPCC = "organisation/opcc-avon-and-somerset"


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_page_begins_with_what_is_published_in_all(browser: FlaskClient) -> None:
    assert "Published: £3,547,368 per year, awarded or committed. 7 of 9 agreements" in words(browser.get(MONEY).text)


def test_an_amount_stands_next_to_the_agreement_that_it_is_of(browser: FlaskClient, client: FlaskClient) -> None:
    shown = browser.get(MONEY).text.partition('id="answer"')[2]
    heads = [words(head) for head in re.findall(r"<th scope=\"col\".*?</th>", shown, flags=re.DOTALL)]
    assert heads[:4] == ["Agreement", "Amount", "For", "Standing"]
    saved = client.get(f"{MONEY}.csv").text.splitlines()[0].split(",")
    assert len(heads) == len([name for name in saved if not name.endswith("_label")])


def test_each_download_is_the_table_that_python_gives(client: FlaskClient, kg: KnowledgeGraph) -> None:
    money = kg.funding("E23000036")
    supposed = money.supposed(kg.thing(OPCC))
    tables = {
        "": money.shares,
        "/totals.csv?by=service": money.totals("service"),
        "/timeline": money.timeline,
        "/ending.csv?on=2018-03-12&ending_within=12": money.ending(date(2018, 3, 12), 12),
        "/dependence.csv?of=recipient": money.dependence("recipient"),
        f"/without.csv?without={OPCC}": money.without(supposed),
        "/without.csv?after=2018-06-01": money.without(After(day=date(2018, 6, 1))),
        f"/steps.csv?without={OPCC}": money.steps(supposed, kg.pathway("E23000036")),
        ".csv?as_at=2020-06-01": kg.funding("E23000036", as_at=date(2020, 6, 1)).shares,
    }
    for tail, table in tables.items():
        address = MONEY + (tail if ".csv" in tail else f"{tail}.csv")
        assert client.get(address).text == table.to_csv(), address
        assert table.rows, address


def test_the_newest_day_of_a_source_is_offered_where_nothing_ends_after_the_day_asked_for(browser: FlaskClient) -> None:
    html = browser.get(f"{MONEY}/ending?on=2026-11-30&ending_within=12").text
    assert "No recorded end lies in these months." in words(html)
    assert f'href="{MONEY}/ending?on=2018-03-12&amp;ending_within=12"' in html
    assert "The latest end that is recorded is 31 March 2020." in words(html)


def test_what_ends_is_looked_for_from_today_unless_the_address_names_a_day(browser: FlaskClient) -> None:
    today = datetime.now(UTC).date()
    shown = words(browser.get(f"{MONEY}/ending").text)
    assert f"What ends within 24 months of {today.day} {today:%B %Y}" in shown


def test_a_download_of_what_ends_always_says_its_day(client: FlaskClient) -> None:
    moved = client.get(f"{MONEY}/ending.csv?ending_within=6")
    today = datetime.now(UTC).date().isoformat()
    assert (moved.status_code, moved.headers["Location"]) == (302, f"{MONEY}/ending.csv?ending_within=6&on={today}")


def test_an_end_with_an_extension_is_told_from_one_without(browser: FlaskClient) -> None:
    shown = words(browser.get(f"{MONEY}/ending?on=2018-03-12&ending_within=24").text)
    assert "Emotional Support Service (Avon and Somerset) 31 March 2018 3 ends unless it is extended" in shown
    assert "31 March 2019 24 ends if it was extended as far as it may be" in shown
    assert "5 of 9 agreements have an end that is not known" in shown


def test_without_a_funder_each_service_says_what_it_would_lose_and_none_would_close(browser: FlaskClient) -> None:
    shown = words(browser.get(f"{MONEY}/without?without={OPCC}").text)
    assert "would lose £262,333 of £342,333 recorded (76.6%)" in shown
    assert "5 services: would lose all recorded money" in shown
    assert "2 services: not known whether it would lose recorded money" in shown
    assert re.findall(r"would close", shown) == ["would close"]
    assert "It does not say that a service would close" in shown


def test_the_steps_are_those_of_the_page_of_pathways(client: FlaskClient, kg: KnowledgeGraph) -> None:
    edges = {str(edge.number): edge for edge in kg.pathway("E23000036").edges}
    found = rows(client.get(f"{MONEY}/steps.csv?without={OPCC}").text)
    assert found
    for row in found:
        edge = edges[row["way"]]
        assert (edge.origin.name.iri, edge.end.name.iri) == (row["from"], row["to"])
        assert row["service"] in (row["from"], row["to"])
        assert edge.way == "open"


def test_as_at_a_day_what_had_ended_is_gone_and_what_is_old_is_not_called_current(client: FlaskClient) -> None:
    found = rows(client.get(f"{MONEY}.csv?as_at=2020-06-01").text)
    assert "agreement/cse-avon-and-somerset" not in {row["agreement"].partition("/id/")[2] for row in found}
    assert {row["in_force"] for row in found} == {"last stated in 2018"}


@pytest.mark.parametrize(
    "tail",
    [
        "?as_at=yesterday",
        "/ending?on=2018-13-01",
        "/ending?ending_within=0",
        "/totals?by=colour",
        "/dependence?of=basis",
        "?sort=colour",
        "/without?after=soon",
        f"/without?without={OPCC}&after=2018-01-01",
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(browser: FlaskClient, tail: str) -> None:
    page = browser.get(MONEY + tail)
    assert page.status_code == 400
    assert "Traceback" not in page.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("tail", ["?as_at=", "/ending?on=", "/without?after=", "/timeline?as_at="])
def test_the_ends_of_the_calendar_are_days_too(browser: FlaskClient, tail: str, day: str) -> None:
    assert browser.get(MONEY + tail + day).status_code == 200


def test_a_funder_of_another_area_is_not_found(browser: FlaskClient) -> None:
    assert browser.get(f"{MONEY}/without?without=organisation/comic-relief").status_code == 404


def test_an_area_without_agreements_explains_itself_and_how_to_contribute(browser: FlaskClient) -> None:
    shown = browser.get("/areas/E23000002/funding").text
    assert "No agreement is recorded for this area: not known, which is not the same as none." in words(shown)
    assert 'href="/guide"' in shown
    for tail in ("/totals", "/timeline", "/ending", "/dependence", "/without", "/steps"):
        assert browser.get(f"/areas/E23000002/funding{tail}").status_code == 200


def test_a_narrowed_page_says_so_and_its_links_keep_it(browser: FlaskClient) -> None:
    html = browser.get(f"{MONEY}?funder=organisation/nhs-england").text
    assert "Shown: who pays NHS England. Only these shares are counted and added up." in words(html)
    assert f'href="{MONEY}/timeline?funder=organisation/nhs-england"' in html
    assert "1 of 1 agreement has a published amount" in words(html)


def test_money_is_narrowed_to_any_of_several_values_as_lists_are(browser: FlaskClient, client: FlaskClient) -> None:
    every = rows(client.get(f"{MONEY}.csv").text)
    two = sorted({row["funder"] for row in every if row["funder"]})[:2]
    asked = "&".join(f"funder={each.partition('/id/')[2]}" for each in two)
    some = rows(client.get(f"{MONEY}.csv?{asked}").text)
    assert [row for row in every if row["funder"] in two] == some
    assert len(two) == len({row["funder"] for row in some}) == 2
    html = browser.get(f"{MONEY}?{asked}").text
    assert len(re.findall(r'<input[^>]+name="funder"[^>]+ checked>', html)) == 2
    assert f'href="{MONEY}/timeline?{asked}"' in unescape(html)


def test_each_value_can_be_taken_back_by_itself(browser: FlaskClient) -> None:
    asked = "by=service&funder=organisation/nhs-england&funder=organisation/opcc-avon-and-somerset"
    html = unescape(browser.get(f"{MONEY}?{asked}").text)
    chips = html.partition('class="sv-chips')[2].partition("</ul>")[0]
    assert re.findall(r'href="([^"]+)"', chips) == [
        f"{MONEY}?by=service&funder=organisation/opcc-avon-and-somerset",
        f"{MONEY}?by=service&funder=organisation/nhs-england",
    ]


@pytest.fixture(scope="module")
def crowded(sealed: Callable[..., Path]) -> Iterator[Flask]:
    """The site over a practice home with a made-up area of 300 agreements."""
    app = create_app(sealed(graphs(), practice=True))
    yield app
    with app.app_context():
        reading.current().close()


@pytest.fixture
def crowd(crowded: Flask) -> FlaskClient:
    """A browser on that site."""
    client = crowded.test_client()
    client.environ_base["HTTP_ACCEPT"] = BROWSER
    return client


def test_300_agreements_stay_readable_and_none_is_left_out(crowd: FlaskClient) -> None:
    html = crowd.get("/areas/made-up-shire/funding").text
    picture = html.partition('svssv-flow"')[2].partition("</svg>")[0]
    assert 20 < picture.count('class="card"') < 120
    named = {int(n) for n in re.findall(r"Made-Up FundingAgreement (\d+)", picture)}
    assert named == set(range(AGREEMENTS))
    assert f"100 of {AGREEMENTS} agreements have no published amount" in words(html)
    assert len(rows(crowd.get("/areas/made-up-shire/funding.csv").text)) == AGREEMENTS


def test_a_box_of_several_opens_the_page_narrowed_to_them(crowd: FlaskClient) -> None:
    html = crowd.get("/areas/made-up-shire/funding").text
    box = re.search(r'href="([^"]+)" aria-label="(\d+) agreements: Grant', html)
    assert box is not None
    narrowed = rows(crowd.get(unescape(box[1]).replace("/funding?", "/funding.csv?")).text)
    assert len(narrowed) > int(box[2])
    assert {row["instrument_label"] for row in narrowed} == {"Grant"}


def test_long_tables_are_in_pages_and_their_downloads_whole(crowd: FlaskClient) -> None:
    first, second = (crowd.get(f"/areas/made-up-shire/funding?page={n}").text for n in (1, 2))
    shown = [html.rpartition("<tbody")[2].count("<tr") for html in (first, second)]
    assert shown == [200, 100]
    assert "(page 2 of 2)" in second


@pytest.mark.parametrize("tail", ["", "/timeline", "/dependence", "/ending?on=2026-01-01"])
def test_a_page_on_300_agreements_takes_its_share_of_a_second(crowd: FlaskClient, tail: str) -> None:
    crowd.get("/areas/made-up-shire/funding" + tail)
    before = time.process_time()
    crowd.get("/areas/made-up-shire/funding" + tail)
    assert time.process_time() - before < 1.5


def test_the_made_up_area_has_the_name_that_the_address_says(crowded: Flask) -> None:
    with crowded.test_request_context():
        assert reading.pages().area("made-up-shire") == AREA
