"""What differs between two releases, in Python, in the shell and on the site."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from taxonomy import differences
from taxonomy.cli import main
from taxonomy.differences import Difference
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app, reading
from taxonomy.store.embedded import SealedStore

RECORD = "https://w3id.org/svssv/graph/record/made-up-centre"
PART = "https://example.org/id/agreement/made-up-counselling/part/1"
SERVICE = "https://example.org/id/service/made-up-counselling"
AMOUNT = "https://w3id.org/svssv/ontology#amount"
SECONDS = 2.0


def between(home: Path, earlier: int, later: int) -> Difference:
    with KnowledgeGraph.open(home, release=earlier) as before, KnowledgeGraph.open(home, release=later) as now:
        return differences.of(before, now)


def svssv(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


@pytest.fixture(scope="module")
def client(three_releases: Path) -> Iterator[FlaskClient]:
    app = create_app(three_releases)
    yield app.test_client()
    with app.app_context():
        reading.current().close()


def test_a_changed_value_is_one_change_of_one_thing_at_its_place(three_releases: Path) -> None:
    found = between(three_releases, 2, 3)
    [thing] = found.things
    [change] = thing.changes
    assert (thing.iri, thing.kind) == (PART, "changed")
    assert (change.predicate, change.place, change.kind) == (AMOUNT, RECORD, "changed")
    assert [value.value for value in change.removed] == ["12345"]
    assert [value.value for value in change.added] == ["23456"]
    assert [(graph.iri, graph.added, graph.removed) for graph in found.graphs] == [(RECORD, 1, 1)]


def test_a_published_record_brings_new_things_with_labels_and_each_of_its_facts(three_releases: Path) -> None:
    found = between(three_releases, 1, 2)
    new = {thing.iri: thing.label for thing in found.stated if thing.kind == "added"}
    assert new[SERVICE] == "Made-Up Counselling"
    assert found.removed == 0
    store = SealedStore(three_releases / "releases" / "2" / "store")
    [record] = [graph for graph in found.graphs if graph.iri == RECORD]
    assert record.added == len(list(store.triples(RECORD)))


def test_the_way_back_is_the_same_difference_turned_round(three_releases: Path) -> None:
    there, back = between(three_releases, 1, 3), between(three_releases, 3, 1)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert {thing.iri for thing in there.things} == {thing.iri for thing in back.things}
    assert {thing.iri for thing in there.stated if thing.kind == "added"} == {
        thing.iri for thing in back.stated if thing.kind == "removed"
    }


def test_a_release_does_not_differ_from_itself_nor_by_its_own_number_and_date(three_releases: Path) -> None:
    same = between(three_releases, 2, 2)
    assert (same.things, same.graphs, same.added, same.removed) == ((), (), 0, 0)
    assert all("graph/releases" not in graph.iri for graph in between(three_releases, 1, 3).graphs)


def test_two_whole_releases_are_compared_in_a_moment(three_releases: Path) -> None:
    with KnowledgeGraph.open(three_releases, release=1) as before, KnowledgeGraph.open(three_releases) as now:
        differences.of(before, now)
        started = time.perf_counter()
        differences.of(before, now)
        assert time.perf_counter() - started < SECONDS


def test_the_shell_says_what_came_and_went_and_where(three_releases: Path) -> None:
    done = svssv(three_releases, "release", "diff", "2", "3")
    assert done.exit_code == 0
    assert "    - amount: 12345  (" in done.stdout
    assert "    + amount: 23456  (" in done.stdout
    assert "1 changed" in done.stderr
    assert "1 added, 1 removed, in 1 places" in done.stderr


def test_shell_and_site_give_the_same_json_and_the_table_has_a_row_for_each_fact(
    three_releases: Path, client: FlaskClient
) -> None:
    shell = svssv(three_releases, "release", "diff", "1", "3", "--format", "json").stdout
    found = json.loads(shell)
    assert client.get("/releases/1/diff/3.json").text == shell
    assert found["notice"]
    rows = list(csv.DictReader(io.StringIO(client.get("/releases/1/diff/3.csv").text)))
    assert len(rows) == found["added"] + found["removed"] == sum(each["added"] for each in found["graphs"])
    assert {row["change"] for row in rows} == {"added"}


def test_the_page_shows_each_change_and_says_when_there_is_none(client: FlaskClient) -> None:
    page = client.get("/releases/2/diff/3", headers={"Accept": "text/html"}).text
    for words in ("12345", "23456", "1 changed thing", "Practice site"):
        assert words in page
    assert "Nothing. Both say the same." in client.get("/releases/2/diff/2", headers={"Accept": "text/html"}).text
    chosen = client.get("/releases/diff?of=1&and=3")
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/releases/1/diff/3")
    assert client.get("/releases/diff?of=x&and=3").status_code == 404
    assert client.get("/releases/1/diff/9").status_code == 404
    assert client.get("/releases/1/diff/3.ttl").status_code == 404
