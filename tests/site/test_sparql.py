"""The SPARQL protocol as programs and browsers use it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app, reading

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/svssv/ontology#Service> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s a <https://w3id.org/svssv/ontology#Service> }"
ASK = "ASK { ?s ?p ?o }"
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
AREAS = "https://w3id.org/svssv/graph/register/areas"


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
        (CONSTRUCT, "application/n-quads", "application/n-quads"),
        (CONSTRUCT, "application/trig", "application/trig"),
    ],
)
def test_the_answer_comes_in_the_form_asked_for(client: FlaskClient, query: str, accept: str | None, kind: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = client.get("/sparql", query_string={"query": query}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (ASK, "image/png")])
def test_a_form_that_the_answer_cannot_take_is_406_and_says_which_it_can(
    client: FlaskClient, query: str, accept: str
) -> None:
    refused = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert refused.status_code == 406
    assert "Accept one of" in refused.text


@pytest.mark.parametrize(
    ("short", "kind"),
    [
        ("csv", "text/csv"),
        ("xml", "application/sparql-results+xml"),
        ("TSV", "text/tab-separated-values"),
        ("application/sparql-results+json", "application/sparql-results+json"),
    ],
)
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
    assert client.post("/sparql", data=ASK).status_code == 415
    assert client.post("/sparql", data=ASK, content_type="text/plain").status_code == 415
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
    described = {(str(triple.predicate), str(triple.object)) for triple in parse(answer.data, RdfFormat.TURTLE)}
    assert (f"<{SD}endpoint>", "<http://127.0.0.1:8000/sparql>") in described
    assert (f"<{SD}supportedLanguage>", f"<{SD}SPARQL11Query>") in described


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
    bound = [row["funder"]["value"] if "funder" in row else None for row in asked["results"]["bindings"]]
    assert bound == [row["funder"] for row in rows]
    assert None in bound  # a funder that no source names


@pytest.mark.parametrize(("short", "kind"), [("turtle", "text/turtle"), ("json-ld", "application/ld+json")])
def test_other_clients_names_for_the_forms_are_understood(client: FlaskClient, short: str, kind: str) -> None:
    assert client.get("/sparql", query_string={"query": CONSTRUCT, "format": short}).mimetype == kind


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/graphs?default", "/graphs", "/.well-known/void"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PATCH"])
def test_scripts_of_any_site_may_ask_without_credentials(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Accept" in answer.vary


def test_options_names_the_methods(client: FlaskClient) -> None:
    assert {"get", "head", "post", "options"} == client.options("/sparql").allow.as_set()


def test_head_says_what_get_would_and_sends_nothing(client: FlaskClient) -> None:
    got = client.get("/sparql", query_string={"query": SELECT})
    head = client.head("/sparql", query_string={"query": SELECT})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.data))
    assert (head.headers["ETag"], head.mimetype) == (got.headers["ETag"], got.mimetype)


def test_who_holds_the_answer_is_told_so_and_one_form_is_not_another(client: FlaskClient) -> None:
    first = client.get("/sparql", query_string={"query": SELECT})
    again = client.get("/sparql", query_string={"query": SELECT}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = {"If-None-Match": first.headers["ETag"], "Accept": "text/csv"}
    assert client.get("/sparql", query_string={"query": SELECT}, headers=other).status_code == 200
    assert client.post("/sparql", data={"query": SELECT}, headers=other | {"Accept": "*/*"}).status_code == 200


def test_what_changes_by_itself_is_never_kept(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "SELECT (RAND() AS ?x) {}"})
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_answer_is_packed_only_for_those_who_ask(client: FlaskClient) -> None:
    plain = client.get("/sparql", query_string={"query": SELECT})
    packed = client.get("/sparql", query_string={"query": SELECT}, headers={"Accept-Encoding": "gzip, deflate"})
    refused = client.get("/sparql", query_string={"query": SELECT}, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert {"accept", "accept-encoding"} <= {each.lower() for each in plain.vary}
    assert packed.headers["ETag"] == plain.headers["ETag"]


def test_bad_syntax_is_a_400_with_its_place_in_words(client: FlaskClient) -> None:
    wrong = client.get("/sparql", query_string={"query": "SELECT *\nWHERE { ?s ?p }"})
    assert wrong.status_code == 400
    assert wrong.json["error"]["detail"].startswith("line 2, column ")


def test_a_graph_is_read_whole_by_the_graph_store_protocol(client: FlaskClient, kg: KnowledgeGraph) -> None:
    answer = client.get("/graphs", query_string={"graph": AREAS})
    assert answer.mimetype == "text/turtle"
    assert {quad.triple for quad in parse(answer.data, RdfFormat.TURTLE)} == kg.statements([AREAS])
    whole = client.get("/graphs?default", headers={"Accept": "application/n-triples"})
    assert len(whole.data.splitlines()) == kg.release.counts["triples"]
    assert client.head("/graphs?default").data == b""
    again = client.get("/graphs?default", headers={"If-None-Match": client.head("/graphs?default").headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("default&graph=" + quote(AREAS), 400),
        ("graph=https://example.org/none", 404),
        ("graph=relative", 404),
        ("default&format=pdf", 400),
        ("default&format=csv", 406),
    ],
)
def test_a_graph_that_cannot_be_given_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/graphs?{query}").status_code == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_no_graph_can_be_written(client: FlaskClient, method: str) -> None:
    refused = client.open("/graphs?default", method=method, data="<a:b> <a:b> <a:b> .", content_type="text/turtle")
    assert refused.status_code == 405
    assert refused.allow.as_set() == {"get", "head", "options"}


def test_the_release_is_described_class_by_class_and_property_by_property(
    client: FlaskClient, kg: KnowledgeGraph
) -> None:
    answer = client.get("/.well-known/void", headers={"Accept": "application/n-triples"})
    assert answer.mimetype == "application/n-triples"
    facts = [quad.triple for quad in parse(answer.data, RdfFormat.N_TRIPLES)]
    said = {(triple.predicate.value, str(triple.object)) for triple in facts}
    assert (f"{VOID}sparqlEndpoint", "<http://127.0.0.1:8000/sparql>") in said
    total = f'"{kg.release.counts["triples"]}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert (f"{VOID}triples", total) in said
    classes = kg.sparql("SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c", labels=False)
    named = {triple.subject: str(triple.object) for triple in facts if triple.predicate.value == f"{VOID}class"}
    sizes = {
        named[triple.subject]: int(triple.object.value)
        for triple in facts
        if triple.subject in named and triple.predicate.value == f"{VOID}entities"
    }
    assert sizes == {f"<{row['c']}>": row["n"] for row in classes}
    assert sum(predicate == f"{VOID}property" for predicate, _ in said) > 100


ANY_CLIENT = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY_CLIENT
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
@example("text/html;q=0, */*;q=0.1")
@example("application/sparql-results+json;q=nonsense,,;;=")
@example("*")
def test_no_accept_header_is_more_than_the_service_can_bear(client: FlaskClient, accept: str) -> None:
    answer = client.get("/sparql", query_string={"query": "ASK {}"}, headers={"Accept": accept})
    assert answer.status_code in {200, 406}


@ANY_CLIENT
@given(st.binary(max_size=60))
@example(b"query=ASK+%7B%7D&default-graph-uri=")
@example(b"query=ASK+%7B%7D&named-graph-uri=%00")
@example(b"query=%ED%A0%80")
@example(b"query=ASK+%7B%7D&query")
def test_no_body_of_a_form_is_more_than_the_service_can_bear(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/sparql", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 400}


@ANY_CLIENT
@given(st.binary(max_size=60))
@example(b"\x00")
@example("ASK { ?s ?p '\U0001f56f' }".encode())
def test_no_query_of_bytes_is_more_than_the_service_can_bear(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/sparql", data=body, content_type="application/sparql-query")
    assert answer.status_code in {200, 400, 413}
