"""Questions and queries asked of an earlier release, a few of which are open at once."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from taxonomy.errors import LimitError
from taxonomy.site import create_app, reading
from taxonomy.site.earlier import Earlier

SERVICES = "SELECT ?s { ?s a <https://w3id.org/svssv/ontology#Service> } ORDER BY ?s"
MADE_UP = "https://example.org/id/service/made-up-counselling"


@pytest.fixture
def own(three_releases: Path, tmp_path: Path) -> Path:
    """A copy of the home with three releases, to be changed."""
    shutil.copytree(three_releases, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture
def app(own: Path) -> Iterator[Flask]:
    app = create_app(own)
    yield app
    with app.app_context():
        reading.current().close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_query_is_asked_of_the_release_in_the_address(client: FlaskClient) -> None:
    def services(**more: str) -> list[str]:
        answer = client.get("/sparql", query_string={"query": SERVICES} | more)
        return [row["s"]["value"] for row in answer.json["results"]["bindings"]]

    assert MADE_UP in services()
    assert MADE_UP not in services(release="1")
    assert services(release="3") == services()
    posted = client.post("/sparql?release=1", data={"query": SERVICES})
    assert MADE_UP not in posted.text
    direct = client.post("/sparql?release=1", data=SERVICES, content_type="application/sparql-query")
    assert MADE_UP not in direct.text


def test_a_question_is_asked_of_the_release_in_the_address_and_says_which(client: FlaskClient) -> None:
    now = client.get("/questions/services-in-area.json").json
    before = client.get("/questions/services-in-area.json?release=1").json
    assert (before["release"], now["release"]) == (1, 3)
    assert MADE_UP in {row["service"] for row in now["rows"]}
    assert MADE_UP not in {row["service"] for row in before["rows"]}
    page = client.get("/questions/services-in-area?release=1&area=E23000036", headers={"Accept": "text/html"}).text
    assert "in release 1" in page


def test_a_download_of_one_release_is_never_taken_for_that_of_another(client: FlaskClient) -> None:
    tags = {client.get(f"/questions/sources.csv?release={n}").headers["ETag"] for n in (1, 2, 3)}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("release", "status", "says"),
    [
        ("9", 404, "There is no release with the name “9”."),
        ("0", 404, "There is no release"),
        ("one", 400, "is not the number of a release"),
        ("-1", 400, "is not the number of a release"),
    ],
)
def test_a_release_that_never_was_is_said_so(client: FlaskClient, release: str, status: int, says: str) -> None:
    for address in (f"/questions/sources.json?release={release}", f"/sparql?query=ASK%7B%7D&release={release}"):
        answer = client.get(address, headers={"Accept": "application/json"})
        assert answer.status_code == status
        assert says in answer.json["error"]["detail"]


def test_a_release_that_was_here_and_is_no_longer_kept_is_gone(own: Path, client: FlaskClient) -> None:
    shutil.rmtree(own / "releases" / "1")
    for address in ("/questions/sources.json?release=1", "/releases/1", "/releases/1/diff/3"):
        answer = client.get(address, headers={"Accept": "application/json"})
        assert answer.status_code == 410
        assert "The release 1 is no longer kept. The nearest is 2." in answer.json["error"]["detail"]


def test_few_earlier_releases_are_open_at_once_and_the_one_left_alone_longest_makes_room(app: Flask) -> None:
    with app.app_context():
        held = reading.current()._doors_to
    earlier = Earlier(lambda number: held(number, readers=1), at_once=1)
    first = earlier.take(1)
    with pytest.raises(LimitError, match="being read"):
        earlier.take(2)
    earlier.give_back(first)
    second = earlier.take(2)
    assert second.pages.ask("sources").release == 2
    with pytest.raises(Exception, match="closed"):
        first.pages.ask("sources")
    earlier.close()


def test_an_earlier_release_is_closed_again_when_it_is_left_alone(app: Flask) -> None:
    with app.app_context():
        held = reading.current()._doors_to
    earlier = Earlier(lambda number: held(number, readers=1), rest=0.1)
    doors = earlier.take(1)
    earlier.give_back(doors)
    again = earlier.take(1)
    assert again is doors, "it is not opened twice in a row"
    earlier.give_back(again)
    until = time.monotonic() + 20
    while doors.pages._source._pool.closed is False and time.monotonic() < until:
        time.sleep(0.05)
    assert doors.pages._source._pool.closed


def test_however_often_an_earlier_release_is_left_one_thread_waits_to_close_it(app: Flask) -> None:
    with app.app_context():
        held = reading.current()._doors_to
    before = {each for each in threading.enumerate() if isinstance(each, threading.Timer)}
    earlier = Earlier(lambda number: held(number, readers=1))
    for _ in range(20):
        earlier.give_back(earlier.take(1))
    waiting = {each for each in threading.enumerate() if isinstance(each, threading.Timer)} - before
    assert len(waiting) == 1
    earlier.close()
    for each in waiting:
        each.join(10)
        assert not each.is_alive()
