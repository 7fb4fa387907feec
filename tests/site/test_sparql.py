"""The SPARQL protocol as programs and browsers use it."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app, reading

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/svssv/ontology#Service> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s a <https://w3id.org/svssv/ontology#Service> }"
ASK = "ASK { ?s ?p ?o }"


def test_get_form_and_direct_post_give_one_answer(client: FlaskClient) -> None:
    got = client.get("/sparql", query_string={"query": SELECT})
    form = client.post("/sparql", data={"query": SELECT})
    direct = client.post("/sparql", data=SELECT, content_type="application/sparql-query")
    assert got.status_code == 200
    assert got.json == form.json == direct.json
    assert len(got.json["results"]["bindings"]) >= 9


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        (SELECT, None, "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/csv;q=0.2, application/sparql-results+json", "application/sparql-results+json"),
        (ASK, "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, None, "text/turtle"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
    ],
)
def test_the_answer_comes_in_the_form_asked_for(client: FlaskClient, query: str, accept: str | None, kind: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = client.get("/sparql", query_string={"query": query}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_form_that_the_answer_cannot_take_is_406(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": SELECT}, headers={"Accept": "text/turtle"}).status_code == 406


@pytest.mark.parametrize(("short", "kind"), [("csv", "text/csv"), ("xml", "application/sparql-results+xml")])
def test_format_in_the_address_wins(browser: FlaskClient, short: str, kind: str) -> None:
    assert browser.get("/sparql", query_string={"query": SELECT, "format": short}).mimetype == kind


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "LOAD <http://127.0.0.1/x>",
        "DROP DEFAULT",
    ],
)
def test_every_way_to_send_an_update_is_refused(client: FlaskClient, update: str) -> None:
    tries = [
        client.get("/sparql", query_string={"update": update}),
        client.get("/sparql", query_string={"query": update}),
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", data={"query": update}),
        client.post("/sparql", data=update, content_type="application/sparql-update"),
        client.post("/sparql", data=update, content_type="application/sparql-query"),
        client.put("/sparql", data=update),
    ]
    assert {400 <= answer.status_code < 500 for answer in tries} == {True}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * {",
        "not a query",
        "{" * 300,
        "SELECT * { ?s ?p '" + "x" * 70_000 + "' }",
    ],
)
def test_a_query_that_cannot_be_answered_is_a_4xx_with_the_reason(client: FlaskClient, query: str) -> None:
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.json["error"]["detail"]


def test_requests_that_break_the_protocol_are_refused(client: FlaskClient) -> None:
    assert client.get(f"/sparql?query={quote(ASK)}&query={quote(ASK)}").status_code == 400
    assert client.post("/sparql", data={}).status_code == 400
    assert client.post("/sparql", data=ASK, content_type="text/plain").status_code == 400
    assert client.post("/sparql", data=ASK.encode("utf-16"), content_type="application/sparql-query").status_code == 400
    assert client.get("/sparql?query=%ff%fe").status_code == 400
    assert client.get("/sparql", query_string={"query": ASK, "format": "pdf"}).status_code == 400


def test_the_dataset_can_be_named_in_the_request(client: FlaskClient) -> None:
    empty = {"query": ASK, "default-graph-uri": "https://w3id.org/svssv/graph/none"}
    assert client.get("/sparql", query_string=empty).json["boolean"] is False
    areas = {"query": ASK, "default-graph-uri": "https://w3id.org/svssv/graph/register/areas"}
    assert client.get("/sparql", query_string=areas).json["boolean"] is True


def test_without_a_query_a_program_gets_the_service_description(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    assert "sd:endpoint <http" in answer.text


def test_a_browser_gets_a_form_the_answer_and_the_fault(browser: FlaskClient) -> None:
    assert "<textarea" in browser.get("/sparql").text
    answered = browser.post("/sparql", data={"query": SELECT, "format": "html"})
    assert answered.mimetype == "text/html"
    assert "Lighthouse" in answered.text
    wrong = browser.post("/sparql", data={"query": "SELECT * {", "format": "html"})
    assert wrong.status_code == 400
    assert "There is a problem" in wrong.text
    assert "<title>Error: " in wrong.text


def test_what_a_query_returns_is_never_markup(browser: FlaskClient) -> None:
    query = 'SELECT ("<script>alert(1)</script>" AS ?x) (<javascript:alert(1)> AS ?y) {}'
    page = browser.post("/sparql", data={"query": query, "format": "html"}).text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_query_past_its_time_is_a_503_and_the_next_is_answered(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVSSV_QUERY_SECONDS", "0.5")
    app = create_app(home)
    client = app.test_client()
    try:
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        stopped = client.post("/sparql", data={"query": slow}, headers={"Accept": "application/json"})
        assert stopped.status_code == 503
        assert stopped.headers["Retry-After"]
        assert "took longer" in stopped.json["error"]["detail"]
        assert client.post("/sparql", data={"query": ASK}).json["boolean"] is True
        assert client.get("/services.csv").status_code == 200
    finally:
        with app.app_context():
            reading.current().close()


def test_page_protocol_and_python_give_the_same_rows(client: FlaskClient, kg: KnowledgeGraph) -> None:
    question = kg.questions["money-by-funder"]
    rows = kg.ask("money-by-funder", area="E23000036")
    page = json.loads(client.get("/questions/money-by-funder.json?area=E23000036").data)
    asked = client.post("/sparql", data={"query": kg.bind(question, area="E23000036")}).json
    assert [row["funder"] for row in page["rows"]] == [row["funder"] for row in rows]
    assert [row["total"] for row in page["rows"]] == [row["total"] for row in rows]
    assert [row["funder"]["value"] for row in asked["results"]["bindings"]] == [row["funder"] for row in rows]
