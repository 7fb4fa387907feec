"""What changed in an area: found, told in words, and given as tables and as a feed."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from defusedxml import ElementTree
from flask.testing import FlaskClient

from taxonomy import changes, differences
from taxonomy.changes import Changes
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app, reading, things
from taxonomy.store.releases import Home

AREA = "http://statistics.data.gov.uk/id/statistical-geography/E23000036"
ELSEWHERE = "http://statistics.data.gov.uk/id/statistical-geography/E23000033"
REGION = "http://statistics.data.gov.uk/id/statistical-geography/E12000009"
MADE_UP = "https://example.org/id/"
PAGE = "/areas/E23000036/changes"
ATOM = "{http://www.w3.org/2005/Atom}"


def between(home: Path, earlier: int, later: int, area: str = AREA) -> Changes:
    with KnowledgeGraph.open(home, release=earlier) as before, KnowledgeGraph.open(home, release=later) as now:
        concerning = {
            str(row["thing"]): str(row["kind"]) for kg in (before, now) for row in kg.ask("page-touching", area=[area])
        }
        found = differences.of(before, now)
        return changes.of(found, concerning, label=lambda iri: now.labels([iri]).get(iri, iri), tell=things.told)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main")[0])).split())


@pytest.fixture(scope="module")
def client(three_releases: Path) -> Iterator[FlaskClient]:
    app = create_app(three_releases)
    yield app.test_client()
    with app.app_context():
        reading.current().close()


@pytest.fixture(scope="module")
def browser(client: FlaskClient) -> FlaskClient:
    browser = client.application.test_client()
    browser.environ_base["HTTP_ACCEPT"] = "text/html"
    return browser


def test_a_published_record_brings_its_service_agreement_way_and_provider(three_releases: Path) -> None:
    found = between(three_releases, 1, 2)
    assert [(each.kind, each.how, each.thing.removeprefix(MADE_UP)) for each in found.things] == [
        ("service", "added", "service/made-up-counselling"),
        ("agreement", "added", "agreement/made-up-counselling"),
        ("way", "added", "service/made-up-counselling/route/1"),
        ("organisation", "added", "organisation/made-up-centre"),
    ]
    assert found.summary == "1 service added, 1 agreement added, 1 way added, 1 organisation added"


def test_a_way_that_nobody_named_is_named_after_its_service(three_releases: Path) -> None:
    labels = {each.kind: each.label for each in between(three_releases, 1, 2).things}
    assert labels["way"] == "Way 1 of Made-Up Counselling"


def test_a_changed_share_is_told_with_its_agreement(three_releases: Path) -> None:
    [changed] = between(three_releases, 2, 3).things
    [said] = changed.said
    assert (changed.kind, changed.how, changed.label) == (
        "agreement",
        "changed",
        "Made-up grant for Made-Up Counselling",
    )
    assert (said.part, said.before, said.now) == ("part 1", ("£12,345",), ("£23,456",))


def test_what_came_is_what_goes_the_other_way_round(three_releases: Path) -> None:
    forth, back = between(three_releases, 1, 3), between(three_releases, 3, 1)
    assert {each.thing for each in forth.things} == {each.thing for each in back.things}
    assert {each.how for each in forth.things} == {"added"}
    assert {each.how for each in back.things} == {"removed"}


def test_another_area_has_nothing_of_it_and_the_region_around_has_all(three_releases: Path) -> None:
    assert between(three_releases, 1, 3, ELSEWHERE).things == ()
    assert between(three_releases, 1, 3, ELSEWHERE).summary == "nothing that concerns this area changed"
    assert between(three_releases, 1, 3, REGION).things == between(three_releases, 1, 3).things


def test_the_page_compares_with_the_release_before_unless_another_is_named(browser: FlaskClient) -> None:
    assert "Since release 2" in words(browser.get(PAGE).text)
    assert "amount £12,345 £23,456 The organisation's own record" in words(browser.get(PAGE).text)
    assert "Since release 1" in words(browser.get(f"{PAGE}?since=1").text)
    assert "From release 1" in words(browser.get(f"{PAGE}?since=1&until=2").text)


def test_the_page_is_a_tab_of_the_area(browser: FlaskClient) -> None:
    assert f'href="{PAGE}"' in browser.get("/areas/E23000036").text
    assert f'href="{PAGE}" aria-current="page"' in browser.get(PAGE).text


def test_the_tables_hold_what_the_page_shows(browser: FlaskClient, client: FlaskClient) -> None:
    for query in ("", "?since=1"):
        rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv{query}").text)))
        page, data = words(browser.get(PAGE + query).text), client.get(f"{PAGE}.json{query}").json
        assert [row["thing"] for row in rows] == [row["thing"] for row in data["rows"]]
        for row in rows:
            assert row["thing_label"] in page
            assert row["before"] in page
            assert row["now"] in page


def test_the_first_release_says_that_there_is_nothing_before_it(three_releases: Path, tmp_path: Path) -> None:
    shutil.copytree(three_releases, tmp_path / "home", symlinks=True)
    Home.open(tmp_path / "home").swap(1)
    app = create_app(tmp_path / "home")
    client = app.test_client()
    try:
        page = client.get(PAGE, headers={"Accept": "text/html"})
        assert "Release 1 is the first that is kept" in page.text
        assert client.get(f"{PAGE}.json").json["rows"] == []
        assert ElementTree.fromstring(client.get(f"{PAGE}.atom").data).findall(f"{ATOM}entry") == []
    finally:
        with app.app_context():
            reading.current().close()


@pytest.mark.parametrize(
    ("query", "status"), [("since=9", 404), ("since=3&until=1", 400), ("since=x", 400), ("until=0", 404)]
)
def test_releases_that_cannot_be_compared_are_refused_plainly(browser: FlaskClient, query: str, status: int) -> None:
    page = browser.get(f"{PAGE}?{query}")
    assert page.status_code == status
    assert "<h1" in page.text


def test_the_feed_has_an_entry_for_each_release_that_changed_the_area(client: FlaskClient) -> None:
    reply = client.get(f"{PAGE}.atom")
    feed = ElementTree.fromstring(reply.data)
    entries = feed.findall(f"{ATOM}entry")
    assert reply.mimetype == "application/atom+xml"
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Release 3: 1 agreement changed",
        "Release 2: 1 service added, 1 agreement added, 1 way added, 1 organisation added",
    ]
    assert "£12,345 → £23,456" in "".join(entries[0].itertext())


def test_the_feed_has_what_atom_asks_for(client: FlaskClient, three_releases: Path) -> None:
    feed = ElementTree.fromstring(client.get(f"{PAGE}.atom").data)
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids) == 3
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(each)) for each in ids)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "SVSSV"
    for each in [feed, *feed.findall(f"{ATOM}entry")]:
        assert datetime.fromisoformat(str(each.findtext(f"{ATOM}updated"))).tzinfo
        assert each.findtext(f"{ATOM}title")
        links = [link.get("href", "") for link in each.findall(f"{ATOM}link")]
        assert links
        assert all(link.startswith("http") for link in links)
    latest = Home.open(three_releases).manifest(3).built
    assert datetime.fromisoformat(str(feed.findtext(f"{ATOM}updated"))) == latest
    assert "made-up" in str(feed.findtext(f"{ATOM}title"))


def test_the_names_of_entries_stay_and_differ_between_areas(client: FlaskClient) -> None:
    def ids(path: str) -> list[str | None]:
        return [each.text for each in ElementTree.fromstring(client.get(path).data).iter(f"{ATOM}id")]

    assert ids(f"{PAGE}.atom") == ids(f"{PAGE}.atom")
    assert not set(ids(f"{PAGE}.atom")) & set(ids("/areas/E12000009/changes.atom"))


def test_a_feed_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    mark = client.get(f"{PAGE}.atom").headers["ETag"]
    assert client.get(f"{PAGE}.atom", headers={"If-None-Match": mark}).status_code == 304
