"""Promise 5. The same question by page, SPARQL, shell or Python gives the same rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, QuerySolutions, QueryTriples, Store

from taxonomy.cli import main
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import catalogue
from taxonomy.site import create_app
from taxonomy.store.releases import Home

QUESTIONS = sorted(catalogue.load())


@pytest.fixture(scope="module")
def client(home: Path) -> FlaskClient:
    return create_app(home).test_client()


def test_a_fact_that_stands_in_two_places_changes_no_answer(home: Path) -> None:
    """Elsewhere the default graph may be all named graphs at once, and a triple is met as often as it is stated."""
    release = Store.read_only(str(Home.open(home).store_path(1)))
    named = Store()
    named.bulk_extend(quad for quad in release if not isinstance(quad.graph_name, DefaultGraph))

    def rows(results: object) -> object:
        if isinstance(results, QuerySolutions):
            return Counter(tuple(map(str, solution)) for solution in results)
        return frozenset(results) if isinstance(results, QueryTriples) else bool(results)

    differing = {
        question.name
        for question in catalogue.load().everything
        if rows(release.query(question.text)) != rows(named.query(question.text, use_default_graph_as_union=True))
    }
    assert differing == {"push-default", "page-void", "page-service-description"}  # which count the triples themselves


def test_there_are_at_least_fifteen_named_questions() -> None:
    assert len(QUESTIONS) >= 15


@pytest.mark.parametrize("name", QUESTIONS)
def test_page_sparql_shell_and_python_give_the_same_rows(
    name: str, kg: KnowledgeGraph, client: FlaskClient, home: Path
) -> None:
    question = kg.questions[name]
    given = {p.name: p.example[0] for p in question.params if p.required}
    answer = kg.ask(name, **given)

    shell = CliRunner().invoke(
        main,
        ["--home", str(home), "query", name, "--format", "csv"]
        + [word for key, value in given.items() for word in ("-p", f"{key}={value}")],
    )
    assert shell.exit_code == 0, shell.stderr
    assert shell.stdout_bytes.decode() == answer.to_csv()

    page = client.get(f"/questions/{name}.csv", query_string=given)
    assert page.status_code == 200
    assert page.get_data(as_text=True) == answer.to_csv()

    as_json = client.get(f"/questions/{name}.json", query_string=given)
    assert as_json.get_data(as_text=True) == answer.to_json()

    query = {"query": kg.bind(question, **given)}
    over_http = client.post("/sparql", data=query, headers={"Accept": "text/csv"})
    assert over_http.status_code == 200, over_http.get_data(as_text=True)
    assert rows_of(over_http.get_data(as_text=True)) == rows_of(answer.to_csv(labels=False))


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))
