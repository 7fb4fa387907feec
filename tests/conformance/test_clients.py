"""Clients that researchers use, each by its own habits, against the real server."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper

from taxonomy.knowledge import KnowledgeGraph

SELECT = (
    "PREFIX sv: <https://w3id.org/svssv/ontology#> SELECT ?service ?provider"
    " { ?service a sv:Service ; sv:leadProvider ?provider } ORDER BY ?service ?provider"
)
CONSTRUCT = "PREFIX sv: <https://w3id.org/svssv/ontology#> CONSTRUCT WHERE { ?service sv:leadProvider ?provider }"
CHECKOUT = Path(__file__).resolve().parents[2]
COMUNICA = "4.5.0"


@pytest.fixture(scope="module")
def rows(kg: KnowledgeGraph) -> list[tuple[str, str]]:
    """What every client should get."""
    answer = kg.sparql(SELECT, labels=False)
    found = [(str(row["service"]), str(row["provider"])) for row in answer]
    assert len(found) > 10
    return found


@pytest.fixture(scope="module")
def triples(kg: KnowledgeGraph) -> set[tuple[str, str]]:
    query = SELECT.replace("?service a sv:Service ; sv:leadProvider", "?service sv:leadProvider")
    return {(str(row["service"]), str(row["provider"])) for row in kg.sparql(query, labels=False)}


def wrapper(served: str, query: str, form: str) -> SPARQLWrapper:
    made = SPARQLWrapper(f"{served}/sparql", returnFormat=form)
    made.setQuery(query)
    return made


@pytest.mark.parametrize(("method", "way"), [("GET", URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_tables(served: str, rows: list[tuple[str, str]], form: str, method: str, way: str) -> None:
    asked = wrapper(served, SELECT, form)
    asked.setMethod(method)
    asked.setRequestMethod(way)
    answer = asked.query().convert()
    if form == JSON:
        found = [(row["service"]["value"], row["provider"]["value"]) for row in answer["results"]["bindings"]]
    elif form == XML:
        found = [
            tuple(node.firstChild.data for node in result.getElementsByTagName("uri")) for result in _results(answer)
        ]
    elif form == CSV:
        found = [tuple(line) for line in csv.reader(io.StringIO(answer.decode()))][1:]
    else:
        found = [tuple(cell.strip("<>") for cell in line.split("\t")) for line in answer.decode().splitlines()[1:]]
    assert found == rows


def _results(document: object) -> list[object]:
    return list(document.getElementsByTagName("result"))  # type: ignore[attr-defined]  # it has no types


@pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD])  # its own convert() uses a class that rdflib has retired
def test_sparqlwrapper_gets_graphs(served: str, triples: set[tuple[str, str]], form: str) -> None:
    with wrapper(served, CONSTRUCT, form).query().response as answer:
        found = list(parse(answer.read(), RdfFormat.from_media_type(answer.headers.get_content_type())))
    assert {(quad.subject.value, quad.object.value) for quad in found} == triples


def test_sparqlwrapper_is_told_by_its_own_error_that_an_update_is_refused(served: str) -> None:
    asked = wrapper(served, "CLEAR ALL", JSON)
    asked.setMethod(POST)
    with pytest.raises(Exception, match="takes no updates"):
        asked.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rdflib_s_store_gets_tables(served: str, rows: list[tuple[str, str]], method: str, form: str) -> None:
    store = SPARQLStore(f"{served}/sparql", method=method, returnFormat=form)
    found = rdflib.Graph(store).query(SELECT)
    assert [(str(service), str(provider)) for service, provider in found] == rows


def test_rdflib_s_store_looks_up_triples_and_named_graphs(served: str, triples: set[tuple[str, str]]) -> None:
    leads = rdflib.URIRef("https://w3id.org/svssv/ontology#leadProvider")
    store = SPARQLStore(f"{served}/sparql")
    assert {(str(each[0]), str(each[2])) for each in rdflib.Graph(store).triples((None, leads, None))} == triples
    areas = rdflib.Graph(store, rdflib.URIRef("https://w3id.org/svssv/graph/register/areas"))
    assert len(list(areas.subjects(rdflib.RDF.type, unique=True))) > 10
    nowhere = rdflib.Graph(store, rdflib.URIRef("https://example.org/none"))
    assert len(list(nowhere.triples((None, None, None)))) == 0


def test_pandas_reads_a_table_from_an_address(served: str, rows: list[tuple[str, str]]) -> None:
    address = f"{served}/sparql?" + urlencode({"query": SELECT, "format": "csv"})
    assert list(pd.read_csv(address).itertuples(index=False, name=None)) == rows
    plain = f"{served}/sparql?" + urlencode({"query": SELECT})
    frame = pd.read_csv(plain, storage_options={"Accept": "text/csv"})
    assert list(frame.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize("more", [[], ["--compressed"], ["-G"]])
def test_curl_gets_a_table(served: str, rows: list[tuple[str, str]], more: list[str]) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not on this machine")
    command = [
        "curl",
        "-sSf",
        *more,
        "-H",
        "Accept: text/csv",
        "--data-urlencode",
        f"query={SELECT}",
        f"{served}/sparql",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [tuple(line) for line in csv.reader(io.StringIO(done.stdout))][1:] == rows


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        (
            SELECT,
            "application/sparql-results+json,application/sparql-results+xml;q=0.9,text/csv;q=0.5,text/plain;q=0.3,*/*;q=0.1",
            "application/sparql-results+json",
        ),
        (
            "ASK {}",
            "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/plain;q=0.3, */*;q=0.1",
            "application/sparql-results+json",
        ),
        (
            CONSTRUCT,
            "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
            "text/turtle",
        ),
        (
            CONSTRUCT,
            "application/rdf+thrift, application/trig;q=0.95, text/turtle;q=0.9, */*;q=0.3",
            "application/trig",
        ),
        (
            SELECT,
            "application/sparql-results+thrift, application/sparql-results+xml;q=0.9",
            "application/sparql-results+xml",
        ),
        (SELECT, "text/csv; charset=utf-8; header=present, */*;q=0.1", "text/csv"),
        (CONSTRUCT, "application/n-triples, text/plain;q=0.5", "application/n-triples"),
    ],
)
def test_long_accept_headers_like_jena_s_get_what_they_like_best(
    served: str, query: str, accept: str, kind: str
) -> None:
    address = f"{served}/sparql?" + urlencode({"query": query})
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept})) as answer:
        assert answer.headers.get_content_type() == kind
        assert answer.read()


@pytest.fixture(scope="module")
def comunica() -> Path:
    """Comunica's command, fetched once. Where it cannot be had the test is skipped by name, and fails where CI=true."""
    folder = CHECKOUT / "var" / f"comunica-{COMUNICA}"
    command = folder / "node_modules" / ".bin" / "comunica-sparql"
    npm = shutil.which("npm")
    if not command.exists() and npm:
        fetch = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        subprocess.run([*fetch, f"@comunica/query-sparql@{COMUNICA}"], check=False)
    if not command.exists():
        missing = "Comunica could not be had: there is no npm, or it cannot fetch"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return command


@pytest.mark.soak
@pytest.mark.parametrize("source", ["sparql@{}/sparql", "{}/sparql"])
def test_comunica_gets_a_table_also_where_it_must_find_out_what_it_speaks_to(
    served: str, rows: list[tuple[str, str]], comunica: Path, source: str
) -> None:
    command = [str(comunica), source.format(served), SELECT, "-t", "text/csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    lines = list(csv.reader(io.StringIO(done.stdout)))[1:]
    assert sorted(tuple(cell.strip("<>") for cell in line) for line in lines) == sorted(rows)
