"""The search page: without script, from every page, and safe to have open."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from taxonomy.cli import main
from taxonomy.site import create_app, reading
from taxonomy.store.releases import Home


def names(html: str) -> list[str]:
    """The results on a page, in their order."""
    lists = re.findall(r'<ul class="sv-hits">(.*?)</ul>', html, flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", "", link) for each in lists for link in re.findall(r"<li>\s*(<a.*?</a>)", each)]


@pytest.fixture
def bare(home: Path, tmp_path: Path) -> Iterator[tuple[Path, FlaskClient]]:
    """A site over a release whose search index is not there yet."""
    copied = Home.open(shutil.copytree(home, tmp_path / "home", symlinks=True))
    copied.search_path(1).unlink()
    app = create_app(copied.path)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    yield copied.path, client
    with app.app_context():
        reading.current().close()


def test_every_page_has_one_search_box(browser: FlaskClient) -> None:
    for path in ("/", "/search", "/services", "/areas/E23000036", "/taxonomy/service-type/isva", "/no-such-page"):
        assert browser.get(path).text.count('action="/search"') == 1, path


def test_results_stand_by_kind_and_lead_to_their_pages(browser: FlaskClient) -> None:
    html = browser.get("/search?q=avn+and+somerset").text
    assert re.search(r'id="kind-area">Areas \(\d+\)', html)
    assert '<a class="govuk-link" href="/areas/E23000036">Avon and Somerset</a>' in html
    assert "Shown is what has “avon”" in html


def test_the_title_does_not_say_what_was_sought(browser: FlaskClient) -> None:
    page = browser.get("/search?q=rape+crisis")
    assert "<title>Search – SVSSV</title>" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_of_many_results_a_kind_has_all_of_its_own(browser: FlaskClient, client: FlaskClient) -> None:
    html = browser.get("/search?q=somerset&kind=record").text
    rows = list(csv.DictReader(io.StringIO(client.get("/search.csv?q=somerset&kind=record").text)))
    shown = [name.casefold() for name in names(html)]
    assert shown == [row["name"].replace("'", "&#39;").casefold() for row in rows]
    assert len(shown) > 5


def test_the_downloads_of_a_search_hold_every_result_in_its_order(browser: FlaskClient, client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/search.csv?q=leicester").text)))
    data = client.get("/search.json?q=leicester").json
    assert [row["thing"] for row in rows] == [row["thing"] for row in data["rows"]]
    assert f"{len(rows)} results" in browser.get("/search?q=leicester").text


def test_nothing_typed_and_nothing_found_help_on(browser: FlaskClient) -> None:
    for path in ("/search", "/search?q=", "/search?q=xqzzvvwk", "/search?q=%00"):
        page = browser.get(path)
        assert page.status_code == 200
        assert 'href="/areas"' in page.text.partition("Or browse")[2]


def test_what_was_typed_is_text_on_the_page(browser: FlaskClient) -> None:
    for typed in ('"><script>alert(1)</script>', "' OR 1=1 --", "a" * 10_000, "isva\0", "{{ 7 * 7 }}"):
        page = browser.get("/search", query_string={"q": typed})
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "49" not in re.findall(r'value="([^"]*)"', page.text)


def test_a_kind_that_there_is_not_is_not_found(browser: FlaskClient) -> None:
    assert browser.get("/search?q=isva&kind=nothing").status_code == 404


def test_until_the_index_is_there_search_says_so_and_all_else_works(bare: tuple[Path, FlaskClient]) -> None:
    _, client = bare
    page = client.get("/search?q=isva")
    assert page.status_code == 503
    assert "Search is being prepared" in page.text
    assert page.headers["Retry-After"]
    assert client.get("/search.json?q=isva").json["error"]["status"] == 503
    assert client.get("/services").status_code == 200


def test_verifying_a_release_makes_its_index_again(bare: tuple[Path, FlaskClient]) -> None:
    home, client = bare
    assert (
        "LOOK  search: release 1 has no whole index" in CliRunner().invoke(main, ["--home", str(home), "doctor"]).stdout
    )
    verified = CliRunner().invoke(main, ["--home", str(home), "release", "verify", "1"])
    assert verified.exit_code == 0
    assert "search index was missing or damaged, and was made again" in verified.stderr
    assert client.get("/search?q=isva").status_code == 200
    assert "ok    search: release 1 has its index" in CliRunner().invoke(main, ["--home", str(home), "doctor"]).stdout
    again = CliRunner().invoke(main, ["--home", str(home), "release", "verify", "1"])
    assert "made again" not in again.stderr
