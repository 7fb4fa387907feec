"""The W3C's tests of the SPARQL 1.1 Protocol, read from their manifest and sent to the real server; and where other
servers were found to be weak.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store, Triple, parse

from taxonomy.namespaces import PREFIXES

REQUESTS = """
PREFIX cnt: <http://www.w3.org/2011/content#>
PREFIX ht: <http://www.w3.org/2011/http#>
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?test ?method ?path ?type ?accept ?chars ?encoding ?boolean ?format
  (GROUP_CONCAT(DISTINCT STRAFTER(STR(?status), "StatusCode")) AS ?statuses)
WHERE {
  ?test mf:action/ht:requests/rdf:first ?request .
  ?request ht:methodName ?method ; ht:absolutePath ?path ; ht:resp ?response .
  ?response mf:expectedStatus ?status .
  OPTIONAL { ?request ht:body [ cnt:chars ?chars ; cnt:characterEncoding ?encoding ] }
  OPTIONAL { ?request ht:headers/rdf:rest*/rdf:first [ ht:fieldName "content-type" ; ht:fieldValue ?type ] }
  OPTIONAL { ?request ht:headers/rdf:rest*/rdf:first [ ht:fieldName "accept" ; ht:fieldValue ?accept ] }
  OPTIONAL { ?response mf:expectedBoolean ?boolean }
  OPTIONAL { ?response mf:expectedFormat ?format }
}
GROUP BY ?test ?method ?path ?type ?accept ?chars ?encoding ?boolean ?format
"""
QUERIES = (
    *("query_post_form", "query_dataset_default_graphs_get", "query_dataset_default_graphs_post"),
    *("query_dataset_named_graphs_post", "query_dataset_named_graphs_get", "query_dataset_full"),
    *("query_multiple_dataset", "query_get", "query_content_type_select", "query_content_type_ask"),
    *("query_content_type_describe", "query_content_type_construct", "query_post_direct", "bad_query_method"),
    *("bad_multiple_queries", "bad_query_wrong_media_type", "bad_query_missing_form_type"),
    *("bad_query_missing_direct_type", "bad_query_non_utf8", "bad_query_syntax"),
)
UPDATES = (
    *("update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs"),
    *("update_dataset_full", "update_post_form", "update_post_direct", "update_base_uri", "bad_update_get"),
    *("bad_multiple_updates", "bad_update_wrong_media_type", "bad_update_missing_form_type"),
    *("bad_update_non_utf8", "bad_update_syntax", "bad_update_dataset_conflict"),
)
FORMS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        *("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"},
}
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"


@pytest.fixture(scope="module")
def manifest(shared: Path) -> dict[str, dict[str, str]]:
    """The first request of each test, with the answer that is expected."""
    store = Store()
    store.bulk_extend(
        parse(path=shared / "w3c" / "sparql11-protocol" / "manifest.ttl", base_iri="https://example.org/")
    )
    found = store.query(REQUESTS)
    assert isinstance(found, QuerySolutions)
    names = [name.value for name in found.variables]
    rows = [{name: row[name].value for name in names if row[name] is not None} for row in found]
    return {row["test"].rpartition("#")[2]: row for row in rows}


@pytest.fixture(scope="module")
def endpoint(
    shared: Path,
    sealed: Callable[[dict[str, frozenset[Triple]]], Path],
    serving: Callable[..., AbstractContextManager[str]],
) -> Iterator[str]:
    """The real server, over a release that holds the data of the tests."""
    graphs = {
        DATA.format(number): frozenset(
            quad.triple for quad in parse(path=shared / "w3c" / "sparql11-protocol" / f"data{number}.nt")
        )
        for number in (1, 2, 3)
    }
    with serving(sealed(graphs)) as address:
        yield address


def send(
    address: str, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Send exactly this, without what a kinder client would add."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def sent(address: str, request: dict[str, str]) -> tuple[int, http.client.HTTPMessage, bytes]:
    body = request["chars"].encode(request["encoding"]) if "chars" in request else None
    headers = {"Content_Type": request["type"]} if "type" in request else {}
    headers |= {"Accept": request["accept"]} if "accept" in request else {}
    return send(address, request["method"], request["path"], body, **headers)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_test_of_the_w3c_is_passed(manifest: dict[str, dict[str, str]], endpoint: str, name: str) -> None:
    expected = manifest[name]
    status, headers, body = sent(endpoint, expected)
    assert f"{status // 100}xx" in expected["statuses"].split()
    if "format" in expected:
        assert headers.get_content_type() in FORMS[expected["format"]]
    if "boolean" in expected:
        assert json.loads(body)["boolean"] is (expected["boolean"] == "true")


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_test_of_the_w3c_is_refused(manifest: dict[str, dict[str, str]], endpoint: str, name: str) -> None:
    status, _, body = sent(endpoint, manifest[name])
    assert 400 <= status < 500
    assert json.loads(body)["error"]["detail"]


def test_no_test_of_the_manifest_is_forgotten(manifest: dict[str, dict[str, str]]) -> None:
    assert set(manifest) == {*QUERIES, *UPDATES}


def test_head_says_what_get_says(served: str) -> None:
    path = f"/sparql?query={quote('ASK {}')}"
    got, head = send(served, "GET", path), send(served, "HEAD", path)
    assert (head[0], head[2]) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Access-Control-Allow-Origin"):
        assert head[1][name] == got[1][name] is not None
    assert "Accept" in got[1]["Vary"]


def test_a_preflight_is_answered_for_every_origin(served: str) -> None:
    status, headers, _ = send(
        served,
        "OPTIONS",
        "/sparql",
        Origin="https://example.org",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type",
    )
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert "content-type" in headers["Access-Control-Allow-Headers"].lower()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("ASK {}".encode("utf-16"), "application/sparql-query"),
        (b"ASK { ?s ?p '\xff\xfe' }", "application/sparql-query"),
        (b"query=ASK%20%7B%20%3Fs%20%3Fp%20%27%FF%27%20%7D", "application/x-www-form-urlencoded"),
        ("query=ASK {}".encode("utf-16"), "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_not_utf_8_is_a_400_with_words(served: str, body: bytes, kind: str) -> None:
    status, _, said = send(served, "POST", "/sparql", body, Content_Type=kind)
    assert status == 400
    assert "UTF-8" in json.loads(said)["error"]["detail"]


def test_letters_of_any_alphabet_come_back_as_they_were_sent(served: str) -> None:
    words = "Å 服务 \U0001f56f"
    query = f"SELECT ('{words}' AS ?x) {{}}".encode()
    for form in ("json", "xml", "csv", "tsv"):
        _, _, body = send(served, "POST", f"/sparql?format={form}", query, Content_Type="application/sparql-query")
        text = json.loads(body)["results"]["bindings"][0]["x"]["value"] if form == "json" else body.decode()
        assert words in text


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT * { VALUES ?x {} }", 0),
        ("SELECT * { VALUES () { () } }", 1),
        ("SELECT * { } VALUES (?x ?y) { (1 UNDEF) (UNDEF 2) }", 2),
        ("SELECT (COUNT(*) AS ?n) { VALUES ?x {} }", 1),
    ],
)
def test_values_may_be_empty(served: str, query: str, rows: int) -> None:
    status, _, body = send(served, "GET", f"/sparql?query={quote(query)}")
    assert status == 200
    assert len(json.loads(body)["results"]["bindings"]) == rows


def test_ask_over_nothing_is_false(served: str) -> None:
    assert json.loads(send(served, "GET", f"/sparql?query={quote('ASK { FILTER(false) }')}")[2])["boolean"] is False


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }",
        "SELECT ?p { ?s ?p ?o } GROUP BY ?s",
        "SELECT * { ?s ?p ?o } GROUP BY ?s",
        "SELECT * { ?s ?p ?o BIND(1 AS ?o) }",
        "SELECT (1 AS ?o) { ?s ?p ?o }",
        "SELECT * { _:b ?p ?o } VALUES ?x { _:b }",
        "CONSTRUCT { ?s ?p 'x' . 'x' ?p ?o } WHERE { ?s ?p ?o } extra",
        "ASK { ?s ex:p ?o }",
        "SELECT * { ?s ?p ?o } LIMIT -1",
        "",
        " ",
        "# only a comment",
    ],
)
def test_a_query_that_sparql_does_not_allow_is_refused(served: str, query: str) -> None:
    status, _, body = send(served, "GET", f"/sparql?query={quote(query)}")
    assert status == 400
    assert json.loads(body)["error"]["detail"]


def test_a_function_of_somebody_else_is_refused_in_words_and_the_next_query_answered(served: str) -> None:
    status, _, body = send(
        served, "GET", f"/sparql?query={quote('SELECT * { ?s ?p ?o FILTER <https://example.org/f>(?o) }')}"
    )
    assert status == 400
    assert "https://example.org/f" in json.loads(body)["error"]["detail"]
    assert send(served, "GET", f"/sparql?query={quote('ASK {}')}")[0] == 200


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("text/turtle", RdfFormat.TURTLE), ("application/rdf+xml", RdfFormat.RDF_XML), ("*/*", RdfFormat.TURTLE)],
)
def test_describe_is_labelled_as_what_it_is(served: str, accept: str, kind: RdfFormat) -> None:
    path = f"/sparql?query={quote('DESCRIBE <https://w3id.org/svssv/ontology>')}"
    _, headers, body = send(served, "GET", path, Accept=accept)
    assert headers.get_content_type() == kind.media_type
    assert len(list(parse(body, kind))) > 5


def test_the_service_description_names_the_address_that_was_asked(served: str) -> None:
    _, _, body = send(served, "GET", "/sparql", Accept="application/n-triples")
    assert f"service-description#endpoint> <{served}/sparql>" in body.decode()


def test_a_long_query_goes_by_post_and_a_longer_one_is_refused(served: str) -> None:
    fits = "ASK {} #" + "x" * 60_000
    assert send(served, "POST", "/sparql", urlencode({"query": fits}).encode(), **FORM)[0] == 200
    assert send(served, "POST", "/sparql", urlencode({"query": fits * 2}).encode(), **FORM)[0] == 400
    assert send(served, "POST", "/sparql", urlencode({"query": fits * 60}).encode(), **FORM)[0] in {400, 413}


FORM = {"Content_Type": "application/x-www-form-urlencoded"}


def test_every_prefix_of_ours_may_be_used_where_it_is_declared(served: str) -> None:
    declared = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
    used = " ".join(f"{{ ?s {name}:nothing ?o }} UNION" for name in PREFIXES)
    query = f"{declared} ASK {{ {used} {{}} }}"
    assert json.loads(send(served, "GET", f"/sparql?query={quote(query)}")[2])["boolean"] is True
