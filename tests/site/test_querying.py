"""The query page without script: the box, the answer, the fault at its place, and what is offered to copy."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import catalogue

SERVICES = "SELECT ?s ?label { ?s a sv:Service ; rdfs:label ?label }"
MANY = "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o"


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def asked(client: FlaskClient, query: str, **more: Any) -> str:
    return client.post("/sparql", data={"query": query, "format": "html"} | more).text


def box(page: str) -> str:
    """What stands in the text box."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])


def rows(page: str) -> list[str]:
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    return [text(row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]


def test_the_page_alone_may_style_its_editor_and_fetch_terms_and_with_a_new_word_each_time(
    browser: FlaskClient,
) -> None:
    policies = [browser.get("/sparql").headers["Content-Security-Policy"] for _ in range(2)]
    for policy in policies:
        assert re.search(r"style-src 'self' 'nonce-[\w-]{20,}'; ", policy)
        assert policy.endswith("; connect-src 'self'")
        assert "unsafe" not in policy
    assert policies[0] != policies[1]
    assert "nonce" not in browser.get("/questions").headers["Content-Security-Policy"]
    nonce = re.search(r"nonce-([\w-]+)", browser.get("/sparql").headers["Content-Security-Policy"])
    assert nonce


def test_prefixes_that_are_missing_are_written_into_the_box(browser: FlaskClient) -> None:
    page = asked(browser, SERVICES)
    assert box(page).startswith("PREFIX sv: <https://w3id.org/svssv/ontology#>\nPREFIX rdfs: <")
    assert box(page).rstrip().endswith(SERVICES)
    assert "Lighthouse" in page


def test_lines_sent_by_a_form_are_the_lines_that_were_typed(browser: FlaskClient) -> None:
    assert box(asked(browser, "SELECT ?s\r\n{ ?s ?p ?o }\r\nLIMIT 1")) == "SELECT ?s\n{ ?s ?p ?o }\nLIMIT 1"


@pytest.mark.parametrize(
    ("query", "line", "marked"),
    [
        ("SELECT *\nWHERE {\n  ?s ?p\n}", 4, "}"),
        ("SELECT ?s\nWHERE { ?s no:such ?o }", 2, ""),
        ("SELECT *\nWHERE {\n  ?s ?p ?o\n} ORDER ?s", 4, "?s"),
        ("FIND *", 1, "*"),
    ],
)
def test_a_fault_is_shown_at_its_place(browser: FlaskClient, query: str, line: int, marked: str) -> None:
    answer = browser.post("/sparql", data={"query": query, "format": "html"})
    assert answer.status_code == 400
    place = answer.text.partition('aria-label="The place of the fault">')[2].partition("</pre>")[0]
    [(number, before, mark)] = re.findall(
        r'<span class="sv-number">\s*(\d+)\s*</span>([^\n]*?)<mark>(.*?)</mark>', place
    )
    assert int(number) == line
    assert unescape(before + mark).rstrip() == query.splitlines()[line - 1].rstrip()
    assert unescape(mark).startswith(marked)
    assert f'data-line="{line}"' in answer.text
    assert f"line {line}, column " in text(answer.text)


def test_an_example_is_grouped_by_its_subject_and_explained_line_by_line(browser: FlaskClient) -> None:
    page = browser.get("/sparql?example=single-funder-services").text
    assert box(page) == catalogue.load()["single-funder-services"].body
    assert "This example, line by line" in page
    assert "Sorts by ?service, ?where." in text(page)
    assert "agreement status ?status" in text(page)
    linked = re.findall(r'href="/sparql\?example=([a-z-]+)"', page)
    assert sorted(linked) == sorted(catalogue.load())


def test_an_answer_is_sorted_and_leafed_through_on_the_server(browser: FlaskClient, kg: KnowledgeGraph) -> None:
    whole = kg.sparql(MANY)
    first = browser.get("/sparql", query_string={"query": MANY, "format": "html"}).text
    assert "Rows 1 to 200 are shown" in text(first)
    assert len(rows(first)) == 200
    last = browser.get("/sparql", query_string={"query": MANY, "format": "html", "page": -(-len(whole) // 200)}).text
    assert f"to {len(whole):,} are shown" in text(last)
    turned = browser.get("/sparql", query_string={"query": MANY, "format": "html", "sort": "-o"}).text
    assert 'aria-sort="descending"' in turned
    assert rows(turned) != rows(first)


def test_a_long_query_is_leafed_through_sorted_and_taken_away_by_forms(browser: FlaskClient) -> None:
    long = MANY + " # " + "x" * 3000
    page = asked(browser, long)
    assert 'href="/sparql?query' not in page
    assert '<button class="sv-linklike' in page
    second = asked(browser, long, page="2")
    assert rows(second) != rows(page)
    taken = browser.post("/sparql/answer", data={"query": long, "sort": "-o", "as": "csv"})
    assert taken.status_code == 200
    assert taken.mimetype == "text/csv"


@pytest.mark.parametrize("sort", ["", "label", "-label", "-s"])
def test_every_download_of_an_answer_holds_what_the_page_shows(browser: FlaskClient, sort: str) -> None:
    query = (
        f"PREFIX sv: <https://w3id.org/svssv/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {SERVICES}"
    )
    page = browser.get("/sparql", query_string={"query": query, "format": "html", "sort": sort}).text
    links = {unescape(each) for each in re.findall(r'href="(/sparql/answer\?[^"]+)"', page)}
    assert {re.findall(r"as=(\w+)", link)[0] for link in links} == {"csv", "tsv", "json", "xml", "xlsx"}
    [link] = [each for each in links if "as=csv" in each]
    saved = list(csv.DictReader(io.StringIO(browser.get(link).text)))
    assert [f"{row['s_label']} {row['label']}" for row in saved] == rows(page)
    told = json.loads(browser.get(link.replace("as=csv", "as=json")).text)["rows"]
    assert [row["s"] for row in told] == [row["s"] for row in saved]


def test_a_download_that_there_is_not_is_refused_in_words(client: FlaskClient) -> None:
    assert client.get("/sparql/answer?as=pdf&query=ASK%7B%7D").status_code == 404
    graph = client.get("/sparql/answer", query_string={"as": "csv", "query": "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"})
    assert graph.status_code == 400
    assert client.get("/sparql/answer", query_string={"as": "csv", "query": "SELECT"}).status_code == 400


def test_an_empty_answer_says_so(browser: FlaskClient) -> None:
    page = asked(browser, "SELECT ?s { ?s a <https://example.org/Nothing> }")
    assert "No row: nothing recorded fits." in page
    assert "Cite this answer" in page


def test_a_graph_is_shown_and_offered_in_every_syntax(browser: FlaskClient) -> None:
    page = asked(browser, "DESCRIBE <https://w3id.org/svssv/id/fund/moj-victims-grant>")
    assert re.search(r"\d+ facts in release 1", text(page))
    for suffix in ("ttl", "jsonld", "rdf", "nt"):
        assert f"format={suffix}" in page


def test_the_terms_of_a_release_are_offered_for_completion(client: FlaskClient) -> None:
    answer = client.get("/sparql/terms?release=1")
    terms = {term["name"]: (term["label"], term["kind"]) for term in answer.json["terms"]}
    assert terms["sv:SVSSVService"] == ("SVSSV service", "class")
    assert terms["sv:leadProvider"] == ("lead provider", "property")
    assert terms["<https://w3id.org/svssv/concept/service-type/isva>"][1] == "concept"
    assert answer.json["prefixes"]["sv"] == "https://w3id.org/svssv/ontology#"
    again = client.get("/sparql/terms?release=1", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/sparql/terms?release=9").status_code == 404


def test_nothing_of_a_query_becomes_markup_where_it_is_offered_to_copy(browser: FlaskClient) -> None:
    page = asked(browser, 'SELECT (\'</pre><script>alert(1)</script>"""\' AS ?x) {}')
    assert "<script>alert" not in page


HARD = "SELECT (\"it's\" AS ?a) ('''x\"\"\"y''' AS ?b) ('$HOME `id` \\\\n' AS ?c) {}"


@pytest.mark.parametrize("query", ["SELECT (40 + 2 AS ?a) ('x' AS ?b) ('y' AS ?c) {}", HARD])
@pytest.mark.parametrize("program", ["curl", "Python"])
def test_what_is_copied_runs_and_gives_the_same_rows(site: str, browser: FlaskClient, program: str, query: str) -> None:
    page = asked(browser, query)
    [code] = re.findall(rf'aria-label="Ready to copy for {program}">(.*?)</pre>', page, re.DOTALL)
    code = unescape(code).replace("http://127.0.0.1:8000/sparql", f"{site}/sparql")
    words = (
        ["sh", "-c", code]
        if program == "curl"
        else [sys.executable, "-c", code.replace("print(rows)", "print(rows.to_csv())")]
    )
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    expected = browser.get("/sparql", query_string={"query": query, "format": "csv"}).text
    got = list(csv.reader(io.StringIO(done.stdout.rstrip())))
    assert [row[-3:] for row in got] == list(csv.reader(io.StringIO(expected)))
