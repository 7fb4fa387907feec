"""Cited answers: kept, shown, asked again, and compared."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from taxonomy import citing
from taxonomy.citing import Citations
from taxonomy.cli import main
from taxonomy.errors import LimitError, NotFoundError, QueryError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.citation import Citation
from taxonomy.questions.results import Answer
from taxonomy.site import create_app, reading

PARTS = (
    "PREFIX sv: <https://w3id.org/svssv/ontology#> SELECT ?part ?amount { ?part a sv:FundingPart ; sv:amount ?amount }"
)
AREAS = "PREFIX sv: <https://w3id.org/svssv/ontology#> SELECT ?area { ?area a sv:PoliceForceArea }"
TYPED = "{ ?area a <https://w3id.org/svssv/ontology#PoliceForceArea> , ?type }"


def made(number: int) -> Citation:
    asked = datetime(2026, 11, 30, tzinfo=UTC)
    return Citation(text=f"ASK {{}} # {number}", release=1, release_hash="x", asked=asked, rows=1, hash="y", given={})


@pytest.fixture(scope="module")
def client(three_releases: Path) -> Iterator[FlaskClient]:
    app = create_app(three_releases)
    yield app.test_client()
    with app.app_context():
        reading.current().close()


@pytest.fixture(scope="module")
def of_whole(home: Path) -> Iterator[FlaskClient]:
    """The site over a release that holds values of every kind."""
    app = create_app(home)
    yield app.test_client()
    with app.app_context():
        reading.current().close()


def cited(client: FlaskClient, **fields: str) -> dict[str, object]:
    answer = client.post("/q", data=fields, headers={"Accept": "application/json"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def checked(client: FlaskClient, name: object) -> list[tuple[int, str]]:
    return [(each["release"], each["state"]) for each in client.get(f"/q/{name}.json").json["checked"]]


def test_a_citation_is_kept_once_and_stays_as_it_was_first(tmp_path: Path) -> None:
    kept = Citations(tmp_path / "citations.db")
    first = kept.keep(made(1))
    later = Citation.from_json(made(1).to_json().replace("2026-11-30", "2027-01-01"))
    assert later != first
    assert kept.keep(later) == first == kept.get(first.id)
    with pytest.raises(NotFoundError):
        kept.get("nothing")


def test_no_more_are_kept_than_an_hour_and_the_whole_file_may_take(tmp_path: Path) -> None:
    kept = Citations(tmp_path / "hour.db", an_hour=2)
    kept.keep(made(1))
    kept.keep(made(2))
    kept.keep(made(2))
    with pytest.raises(LimitError, match="within an hour"):
        kept.keep(made(3))
    with sqlite3.connect(tmp_path / "hour.db") as file:
        file.execute("UPDATE citation SET kept = kept - 3601")
    file.close()
    kept.keep(made(3))
    full = Citations(tmp_path / "hour.db", in_all=3)
    with pytest.raises(LimitError, match="no more can be kept"):
        full.keep(made(4))


def test_the_caps_hold_when_many_cite_at_once(tmp_path: Path) -> None:
    def keep(number: int) -> None:
        try:
            Citations(tmp_path / "citations.db", an_hour=5).keep(made(number))
        except LimitError:
            refused.append(number)

    refused: list[int] = []
    threads = [threading.Thread(target=keep, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7


def test_a_query_too_long_or_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    long = Citation(text="x" * 20_000, release=1, release_hash="", asked=datetime.now(UTC), rows=0)
    with pytest.raises(QueryError, match="cannot be cited"):
        Citations(tmp_path / "citations.db").keep(long)
    (tmp_path / "no.db").write_bytes(b"no database, but long enough to be read as one" * 100)
    with pytest.raises(StoreError, match=r"no\.db"):
        Citations(tmp_path / "no.db").keep(made(1))


def test_rows_that_differ_are_found_one_for_one(three_releases: Path) -> None:
    with (
        KnowledgeGraph.open(three_releases, release=2) as before,
        KnowledgeGraph.open(three_releases, release=3) as now,
    ):
        old, new = before.sparql(PARTS), now.sparql(PARTS)
        assert isinstance(old, Answer)
        assert isinstance(new, Answer)
        gone, come = citing.differing(old, new)
        assert [str(row["amount"]) for row in gone] == ["12345"]
        assert [str(row["amount"]) for row in come] == ["23456"]
        assert [len(side) for side in citing.differing(old, old)] == [0, 0]


def test_a_query_is_cited_and_later_says_what_changed(client: FlaskClient) -> None:
    citation = cited(client, query=PARTS, release="2")
    assert citation["release"] == 2
    assert checked(client, citation["id"]) == [(2, "unchanged"), (3, "changed")]
    page = client.get(f"/q/{citation['id']}", headers={"Accept": "text/html"}).text
    for words in ("Unchanged.", "Changed.", "12,345", "23,456", "Only in release 2: 1 row", str(citation["hash"])):
        assert words in page


def test_an_answer_that_holds_is_unchanged_in_every_release(client: FlaskClient) -> None:
    assert checked(client, cited(client, query=AREAS, release="1")["id"]) == [(1, "unchanged"), (3, "unchanged")]
    assert checked(client, cited(client, query=AREAS)["id"]) == [(3, "unchanged")]


def test_a_question_is_cited_with_its_values(client: FlaskClient) -> None:
    citation = cited(client, question="money-by-funder", area="E23000036", release="1")
    assert (citation["question"], citation["given"]) == ("money-by-funder", {"area": ["E23000036"]})
    assert str(citation["address"]).endswith(f"/q/{citation['id']}")
    assert checked(client, citation["id"])[0] == (1, "unchanged")


def test_a_graph_can_be_cited(client: FlaskClient) -> None:
    query = "CONSTRUCT { ?part a ?amount } WHERE { ?part <https://w3id.org/svssv/ontology#amount> ?amount }"
    citation = cited(client, query=query, release="2")
    assert checked(client, citation["id"]) == [(2, "unchanged"), (3, "changed")]
    assert "23,456" in client.get(f"/q/{citation['id']}", headers={"Accept": "text/html"}).text


def test_what_cannot_be_repeated_has_no_hash_and_the_page_says_why(client: FlaskClient) -> None:
    citation = cited(client, query="SELECT (RAND() AS ?x) {}")
    assert citation["hash"] is None
    assert checked(client, citation["id"]) == [(3, "not repeatable")]
    page = client.get(f"/q/{citation['id']}", headers={"Accept": "text/html"}).text
    assert "Not repeatable" in page
    assert "It uses RAND" in page


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?area {TYPED} LIMIT 3",
        f"SELECT ?area ?type {TYPED} ORDER BY ?type LIMIT 3",
        f"SELECT ?type (COUNT(*) AS ?n) {TYPED} GROUP BY ?type ORDER BY DESC(?n) LIMIT 1",
    ],
)
def test_a_part_of_rows_that_no_order_decides_between_is_cited_without_a_hash(client: FlaskClient, query: str) -> None:
    citation = cited(client, query=query)
    assert citation["hash"] is None
    assert checked(client, citation["id"]) == [(3, "not repeatable")]
    page = client.get(f"/q/{citation['id']}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "in an order that does not decide between all of them" in page.text
    assert "not repeatable" in client.get(f"/q/{citation['id']}/txt").text


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?area ?type {TYPED} ORDER BY ?type",
        f"SELECT DISTINCT ?area ?type {TYPED} ORDER BY ?type ?area LIMIT 3",
    ],
)
def test_rows_that_tie_are_cited_with_a_hash_where_all_are_shown_or_the_order_decides(
    client: FlaskClient, query: str
) -> None:
    citation = cited(client, query=query)
    assert citation["hash"]
    assert checked(client, citation["id"]) == [(3, "unchanged")]


def _value(place: int) -> str:
    """A number, a text or a day, in turn."""
    of_place = place * 7919 % 9973
    day = f'"2018-03-{1 + of_place % 28:02d}"^^<http://www.w3.org/2001/XMLSchema#date>'
    return (f"{of_place % 1000}", f'"{of_place % 1000}"', day)[place % 3]


# A sequence that the engine cannot put in one order; with a release's own values, a few facts more and it might manage.
NO_ORDER = f"SELECT ?o {{ VALUES ?o {{ {' '.join(map(_value, range(60)))} }} }} ORDER BY ?o"


@pytest.mark.parametrize(("method", "address"), [("POST", "/q"), ("POST", "/sparql"), ("GET", "/sparql")])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_what_cannot_be_put_in_order_is_refused_in_words_and_the_next_is_answered(
    of_whole: FlaskClient, method: str, address: str, accept: str
) -> None:
    where = "query_string" if method == "GET" else "data"
    answer = of_whole.open(address, method=method, headers={"Accept": accept}, **{where: {"query": NO_ORDER}})
    assert answer.status_code == 400
    assert "ORDER BY meets values of different kinds" in answer.text
    assert "Order by STR(?x)" in answer.text
    assert of_whole.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"}).status_code == 200


def test_a_browser_is_sent_to_the_page_and_each_form_of_the_citation_is_there(client: FlaskClient) -> None:
    sent = client.post("/q", data={"question": "sources"}, headers={"Accept": "text/html"})
    assert sent.status_code == 303
    address = sent.headers["Location"]
    assert client.get(address, headers={"Accept": "text/html"}).status_code == 200
    assert client.get(f"{address}/bib").text.startswith("@misc{")
    assert client.get(f"{address}/ris").text.startswith("TY  - DATA")
    assert "Made-up records" in client.get(f"{address}/txt").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"query": "ASK {}", "question": "sources"}, 400),
        ({"query": "SELECT * {"}, 400),
        ({"query": "INSERT DATA { <a:b> <a:b> <a:b> }"}, 400),
        ({"query": "ASK {}", "release": "9"}, 404),
        ({"question": "no-such-question"}, 404),
        ({"question": "page-quads"}, 404),
        ({"question": "agreements-ending"}, 400),
        ({"query": f"ASK {{}} # {'x' * 17_000}"}, 400),
    ],
)
def test_what_cannot_be_cited_is_refused_in_words(client: FlaskClient, fields: dict[str, str], status: int) -> None:
    answer = client.post("/q", data=fields, headers={"Accept": "application/json"})
    assert (answer.status_code, bool(answer.json["error"]["detail"])) == (status, True)


def test_a_citation_that_never_was_is_404(client: FlaskClient) -> None:
    assert client.get("/q/000000000000").status_code == 404


def test_nothing_about_who_cited_is_kept(client: FlaskClient, three_releases: Path) -> None:
    who = {"REMOTE_ADDR": "203.0.113.77"}
    client.post("/q", data={"question": "sources"}, headers={"User-Agent": "canary-agent"}, environ_base=who)
    kept = (three_releases / "citations.db").read_bytes()
    assert b"203.0.113.77" not in kept
    assert b"canary-agent" not in kept


def test_the_shell_gives_the_rows_and_then_the_citation(three_releases: Path) -> None:
    done = CliRunner().invoke(main, ["--home", str(three_releases), "query", "sources", "--format", "csv", "--cite"])
    assert done.exit_code == 0
    assert done.stdout.startswith("document,")
    assert "sha256:" in done.stderr
    assert "@misc{svssv-" in done.stderr


def test_python_shell_and_site_give_one_hash_and_one_id(three_releases: Path, client: FlaskClient) -> None:
    with KnowledgeGraph.open(three_releases) as kg:
        mine = kg.ask("money-by-funder", area="E23000036").citation
    theirs = cited(client, question="money-by-funder", area="E23000036")
    assert (mine.hash, mine.id) == (theirs["hash"], theirs["id"])
    shell = ["query", "money-by-funder", "-p", "area=E23000036", "--format", "json", "--cite"]
    done = CliRunner().invoke(main, ["--home", str(three_releases), *shell])
    assert mine.hash is not None
    assert mine.hash in done.stderr
    assert json.loads(done.stdout)["release"] == mine.release
