"""Pages that are kept are those that would be made afresh, to the byte; they go with the release and with the day."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from taxonomy.publishing import release
from taxonomy.settings import Settings
from taxonomy.site import create_app, dress, reading
from taxonomy.store.releases import Home

PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
AREA = "/areas/E23000036"


def site(home: Path, megabytes: str) -> Flask:
    return create_app(home, {"SETTINGS": Settings.read({"SVSSV_KEPT_MEGABYTES": megabytes})})


def close(app: Flask) -> None:
    with app.app_context():
        reading.current().close()


def ask(app: Flask, path: str, accept: str = BROWSER, packed: str = "", method: str = "GET") -> TestResponse:
    headers = {"Accept": accept} | ({"Accept-Encoding": packed} if packed else {})
    return app.test_client().open(path, method=method, headers=headers)


def told(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer, but for the word that lets one page of the editor bring its styles."""
    return answer.status_code, [pair for pair in answer.headers if pair[0] != "Content-Security-Policy"], answer.data


def held(app: Flask) -> int:
    """How many bytes of pages are kept."""
    with app.test_request_context("/"):
        return reading.kept_pages().bytes


@pytest.fixture(scope="module")
def fresh(home: Path) -> Iterator[Flask]:
    """The site that keeps nothing."""
    app = site(home, "0")
    yield app
    close(app)


@pytest.fixture(scope="module")
def keeping(home: Path) -> Iterator[Flask]:
    """The site as an operator has it."""
    app = site(home, "16")
    yield app
    close(app)


@pytest.mark.parametrize("path", [each for each in PAGES if "format=html" not in each and "/sparql" not in each])
def test_a_page_that_is_kept_is_the_one_made_afresh_to_the_byte(fresh: Flask, keeping: Flask, path: str) -> None:
    first, second = ask(keeping, path, packed="gzip"), ask(keeping, path, packed="gzip")
    assert told(first) == told(second) == told(ask(fresh, path, packed="gzip"))


def test_a_page_is_made_once(keeping: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(keeping, AREA)
    monkeypatch.setitem(keeping.view_functions, "areas.show", lambda area: f"made again: {area}")
    assert ask(keeping, AREA).data == first.data
    assert ask(keeping, f"{AREA}?n=1").data == b"made again: E23000036"


def test_an_answer_in_another_form_is_never_the_page_that_is_kept(keeping: Flask) -> None:
    path = f"{AREA}/services"
    assert ask(keeping, path).mimetype == ask(keeping, path).mimetype == "text/html"
    for accept in ("text/csv", "application/json", "text/turtle", "text/html;q=0.1,text/csv"):
        assert ask(keeping, path, accept).mimetype != "text/html"
    assert ask(keeping, f"{path}.csv").mimetype == "text/csv"
    assert ask(keeping, path).mimetype == "text/html"


def test_who_takes_no_packed_answer_gets_none(keeping: Flask) -> None:
    packed, plain = ask(keeping, AREA, packed="gzip"), ask(keeping, AREA)
    assert (packed.headers["Content-Encoding"], plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert ask(keeping, AREA, packed="gzip;q=0").data == plain.data


def test_the_head_of_a_page_that_is_kept_is_the_head_of_the_page(fresh: Flask, keeping: Flask) -> None:
    path = f"{AREA}/funding"
    heads = [ask(app, path, method="HEAD") for app in (fresh, keeping, keeping)]
    assert [each.data for each in heads] == [b""] * 3
    assert len({str(each.headers) for each in heads}) == 1
    assert ask(keeping, path).data == ask(fresh, path).data


@pytest.mark.parametrize("path", ["/privacy", "/search?q=isva", "/releases", "/areas/E23000036/changes", "/sparql"])
def test_what_more_than_the_release_decides_is_not_kept(keeping: Flask, path: str) -> None:
    before = held(keeping)
    assert ask(keeping, path).status_code == 200
    assert held(keeping) == before


@pytest.mark.parametrize("path", ["/areas/nowhere", "/services/nothing", "/services?sort=nothing", "/areas/Leicester"])
def test_what_is_no_page_is_not_kept(keeping: Flask, path: str) -> None:
    before = held(keeping)
    assert ask(keeping, path).status_code in {302, 400, 404}
    assert held(keeping) == before


def test_another_day_has_pages_of_its_own(keeping: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask(keeping, AREA).get_data(as_text=True)
    monkeypatch.setattr(dress, "today", lambda: date(2031, 2, 3))
    monkeypatch.setitem(keeping.jinja_env.globals, "today", dress.today)
    after = ask(keeping, AREA).get_data(as_text=True)
    assert ("opened on 3 February 2031" in before, "opened on 3 February 2031" in after) == (False, True)


def test_what_is_kept_stays_within_its_room(home: Path) -> None:
    app = site(home, "0.2")
    try:
        for number in range(12):
            ask(app, f"{AREA}?n={number}")
            assert 0 < held(app) <= 0.2 * 2**20
    finally:
        close(app)


def test_no_page_outlives_its_release(home: Path, tmp_path: Path) -> None:
    place = Home.open(shutil.copytree(home, tmp_path / "home", symlinks=True))
    app = site(place.path, "16")
    try:
        browser: FlaskClient = app.test_client()
        browser.environ_base["HTTP_ACCEPT"] = BROWSER
        assert "Release 1, built on" in browser.get(AREA).get_data(as_text=True)
        release.build(place)
        assert "Release 2, built on" in browser.get(AREA).get_data(as_text=True)
        place.swap(1)
        assert "Release 1, built on" in browser.get(AREA).get_data(as_text=True)
    finally:
        close(app)
