"""The site over a release that a SPARQL server elsewhere holds: the same answers, and plain words for what it lacks."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Triple
from tests.servers import an_oxigraph, free_port

from taxonomy import namespaces as ns
from taxonomy.cli import main
from taxonomy.errors import NotAllowedError
from taxonomy.publishing import pushing
from taxonomy.publishing.pushing import Server
from taxonomy.settings import Settings
from taxonomy.site import create_app
from taxonomy.site.elsewhere import Elsewhere
from taxonomy.store.releases import Home

PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
OF_A_HOME = [
    "/search?q=isva",
    "/areas/E23000036/changes",
    "/releases/1",
    "/releases/1/diff/2",
    "/q/0123456789ab",
    "/q/0123456789ab/bib",
]
FREE = ("/sparql?format=html&query", "/releases", "/search", "/areas/E23000036/changes")  # otherwise, or not at all
DATA = [
    f"{path}.{suffix}"
    for path in ("/services", "/areas/E23000036/funding", "/questions/agreement-parts", "/sources")
    for suffix in ("csv", "json", "tsv")
]
BROWSER = {"Accept": "text/html"}
QUERY = "SELECT ?s { ?s a <https://w3id.org/svssv/ontology#Service> } ORDER BY ?s"
ISSUED = NamedNode(ns.DCTERMS + "issued")


@pytest.fixture(scope="module")
def app_elsewhere(oxigraph: Server) -> Flask:
    return create_app(endpoint=oxigraph.endpoint)


@pytest.fixture
def elsewhere(app_elsewhere: Flask) -> FlaskClient:
    return app_elsewhere.test_client()


def words(page: str) -> str:
    """A page without what it cannot have in common: the button that keeps a citation."""
    page = re.sub(r"\s*<form action=\"/q\".*?</form>", "", page, flags=re.DOTALL)
    page = re.sub(r"nonce[-=]\"?[\w-]+", "", page)
    return re.sub(r"\s+", " ", page)


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith(FREE)])
def test_a_page_says_what_it_says_over_a_home(client: FlaskClient, elsewhere: FlaskClient, path: str) -> None:
    there, here = (each.get(path, headers=BROWSER) for each in (elsewhere, client))
    assert there.status_code == 200
    assert words(there.text) == words(here.text)


@pytest.mark.parametrize("path", DATA)
def test_a_download_holds_the_same_and_claims_no_tag(client: FlaskClient, elsewhere: FlaskClient, path: str) -> None:
    there = elsewhere.get(path)
    assert there.data == client.get(path).data
    assert "ETag" not in there.headers  # what the server holds may change under the same number


@pytest.mark.parametrize("path", OF_A_HOME)
def test_what_takes_a_home_is_said_not_to_be_here(elsewhere: FlaskClient, path: str) -> None:
    answer = elsewhere.get(path, headers=BROWSER)
    assert answer.status_code == 404
    assert "Not available here" in answer.text
    assert "SPARQL server" in answer.text


def test_no_citation_is_offered_and_none_is_kept(elsewhere: FlaskClient) -> None:
    assert "Cite this answer" not in elsewhere.get("/questions/sources").text
    refused = elsewhere.post("/q", data={"question": "sources"})
    assert refused.status_code == 404
    assert "not kept here" in refused.json["error"]["detail"]


def test_another_release_is_refused_and_this_one_may_be_named(elsewhere: FlaskClient) -> None:
    assert elsewhere.get("/questions/sources.csv?release=1").status_code == 200
    refused = elsewhere.get("/questions/sources.csv?release=9")
    assert refused.status_code == 404
    assert "release 9 is not that one" in refused.json["error"]["detail"]


def test_the_page_of_releases_tells_of_the_one_that_is_read(elsewhere: FlaskClient) -> None:
    page = elsewhere.get("/releases")
    assert page.status_code == 200
    assert "release 1, built on" in page.text
    assert "are not available here" in page.text


def test_what_is_not_known_of_it_is_null(elsewhere: FlaskClient) -> None:
    ready = elsewhere.get("/readyz").json
    assert (ready["ready"], ready["release"], ready["triples"], ready["isolated"]) == (True, 1, None, False)


@pytest.mark.parametrize("path", [f"/sparql?query={QUERY}", f"/sparql?query={QUERY}&format=html"])
def test_free_queries_stay_off_and_the_page_says_why(elsewhere: FlaskClient, path: str) -> None:
    refused = elsewhere.get(path)
    assert refused.status_code == 503
    assert "may reach other networks" in refused.text
    assert elsewhere.post("/sparql", data={"query": QUERY}).status_code == 503
    assert elsewhere.get("/sparql/answer", query_string={"query": QUERY, "as": "csv"}).status_code == 503


def test_an_operator_who_says_that_the_server_has_no_way_out_opens_them(
    client: FlaskClient, oxigraph: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVSSV_ENDPOINT_ISOLATED", "1")
    there = create_app(endpoint=oxigraph.endpoint).test_client()
    for form in ("text/csv", "application/sparql-results+json"):
        asked = {"query": QUERY}, {"Accept": form}
        answers = [each.get("/sparql", query_string=asked[0], headers=asked[1]) for each in (there, client)]
        assert answers[0].status_code == 200
        assert answers[0].data == answers[1].data
    long_path = "ASK { ?a " + "/".join(["!<x:x>"] * 500) + " ?b }"
    assert there.get("/sparql", query_string={"query": long_path}).status_code == 413


def test_named_graphs_are_found_and_others_are_not(client: FlaskClient, elsewhere: FlaskClient) -> None:
    name = "https://w3id.org/svssv/graph/releases"
    as_lines = {"Accept": "application/n-triples"}
    here, there = (each.get("/graphs", query_string={"graph": name}, headers=as_lines) for each in (client, elsewhere))
    assert there.status_code == 200
    assert sorted(there.data.splitlines()) == sorted(here.data.splitlines())
    assert elsewhere.get("/graphs", query_string={"graph": "https://example.org/none"}).status_code == 404


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    with an_oxigraph(tmp_path) as server:
        yield server


def told(number: int) -> Mapping[str, frozenset[Triple]]:
    """A release that says nothing but its number and its day."""
    release = NamedNode(f"{ns.BASE}release/{number}")
    day = Literal(f"2026-01-0{number}T00:00:00+00:00", datatype=NamedNode(ns.XSD + "dateTime"))
    identifier = NamedNode(ns.DCTERMS + "identifier")
    facts = frozenset({Triple(release, identifier, Literal(str(number))), Triple(release, ISSUED, day)})
    return {ns.graph("releases"): facts}


def test_a_release_that_is_pushed_there_is_read_at_the_next_look(
    empty: Server, sealed: Callable[[Mapping[str, frozenset[Triple]]], Path]
) -> None:
    keeper = Elsewhere(empty.endpoint, Settings(), look=0.0)
    for number in (1, 2):
        pushing.push(Home.open(sealed(told(number))), 1, empty)
        doors = keeper.take()
        assert doors.pages.release.number == number
        keeper.give_back(doors)


def test_without_the_server_every_page_says_so_and_not_where_it_was(home: Path) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    client = create_app(endpoint=f"http://{nowhere}/query").test_client()
    for path in ("/", "/services.csv", "/readyz"):
        refused = client.get(path)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert "cannot be reached" in refused.text
        assert nowhere not in refused.text
    assert client.get("/healthz").status_code == 200


def test_a_server_without_a_release_is_not_served(empty: Server) -> None:
    said = CliRunner().invoke(main, ["serve", "--endpoint", empty.endpoint])
    assert said.exit_code == 2
    assert "holds no release" in said.stderr


def test_made_up_records_are_not_served_on(
    published_practice_home: Path, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    with serving(published_practice_home) as address, pytest.raises(NotAllowedError, match="never leave"):
        Elsewhere(f"{address}/sparql", Settings()).take()


def test_serve_reads_a_server_without_any_home(
    oxigraph: Server, tmp_path: Path, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    with serving(tmp_path / "none", endpoint=oxigraph.endpoint) as address:
        with urllib.request.urlopen(f"{address}/questions/sources.json") as answer:
            assert json.load(answer)["rows"]
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{address}/releases/1")
        assert caught.value.code == 404
        caught.value.close()


@pytest.mark.soak
@pytest.mark.parametrize("path", PAGES)
def test_over_virtuoso_a_page_is_shown_or_refused_in_words(virtuoso: Server, path: str) -> None:
    answer = create_app(endpoint=virtuoso.endpoint).test_client().get(path)
    assert answer.status_code in {200, 404, 503}
    assert answer.status_code == 200 or path.startswith(FREE)
