"""The W3C's evaluation and syntax tests of SPARQL 1.0 and 1.1, asked through a reader and of the engine alone.

All data of the tests stand in one store, each file in a graph of its own, and each test names its dataset as a client
of the protocol would. A test that the engine passes alone must pass through the reader; what differs for a reason is
listed in ``exceptions.csv``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from taxonomy.errors import TaxonomyError
from taxonomy.store import embedded
from taxonomy.store.base import Request
from taxonomy.store.readers import ReaderPool
from taxonomy.store.tokens import tokens

BASE = "https://example.org/w3c/"
DEFAULT = "#default"
NOTHING = BASE + "nothing"
EX = "https://example.org/row#"
SPARQL_10 = (
    *("basic", "triple-match", "open-world", "algebra", "bnode-coreference", "optional", "optional-filter", "graph"),
    *("dataset", "type-promotion", "cast", "boolean-effective-value", "bound", "expr-builtin", "expr-ops"),
    *("expr-equals", "regex", "i18n", "construct", "ask", "distinct", "sort", "solution-seq", "reduced"),
    *("syntax-sparql1", "syntax-sparql2", "syntax-sparql3", "syntax-sparql4", "syntax-sparql5"),
)
SPARQL_11 = (
    *("aggregates", "bind", "bindings", "construct", "csv-tsv-res", "exists", "functions", "grouping", "json-res"),
    *("negation", "project-expression", "property-path", "service", "subquery", "syntax-fed", "syntax-query"),
)
FOLDERS = [*(f"dawg-data-r2/{name}" for name in SPARQL_10), *(f"sparql11/{name}" for name in SPARQL_11)]
ELSEWHERE = {  # no test of queries over plain data: updates, other services, reasoning
    *("add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert", "delete-where", "drop"),
    *("move", "syntax-update-1", "syntax-update-2", "update-silent", "entailment", "http-rdf-update", "protocol"),
    *("service-description", "foo", "x", "extended-manifest-evaluation.ttl", "files-to-fix", "functions.ttl"),
}
TESTS = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?test ?kind ?query ?result
  (GROUP_CONCAT(DISTINCT COALESCE(STR(?data), "")) AS ?default)
  (GROUP_CONCAT(DISTINCT COALESCE(STR(?graph), "")) AS ?named)
WHERE {
  ?manifest mf:entries/rdf:rest*/rdf:first ?test .
  ?test a ?kind ; mf:action ?action .
  FILTER (?kind IN (mf:QueryEvaluationTest, mf:CSVResultFormatTest, mf:PositiveSyntaxTest, mf:NegativeSyntaxTest,
    mf:PositiveSyntaxTest11, mf:NegativeSyntaxTest11))
  OPTIONAL { ?action qt:query ?given }
  BIND(COALESCE(?given, ?action) AS ?query)
  OPTIONAL { ?test mf:result ?result }
  OPTIONAL { ?action qt:data ?data }
  OPTIONAL { ?action qt:graphData ?graph . FILTER isIRI(?graph) }
}
GROUP BY ?test ?kind ?query ?result
"""
FORMATS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
    ".csv": QueryResultsFormat.CSV,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test of the W3C."""

    name: str
    kind: str
    query: str
    base: str
    result: Path | None
    default: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def form(self) -> QueryResultsFormat:
        return FORMATS.get(self.result.suffix if self.result else "", QueryResultsFormat.JSON)

    @property
    def has(self) -> set[str]:
        """The words of the query, in capitals."""
        return {token.keyword for token in tokens(self.query)}


def cases(suites: Path, folder: str) -> list[Case]:
    manifest = suites / folder / "manifest.ttl"
    store = Store()
    store.bulk_extend(parse(path=manifest, format=RdfFormat.TURTLE, base_iri=f"{BASE}{folder}/manifest.ttl"))
    found = store.query(TESTS)
    assert isinstance(found, QuerySolutions)

    def place(iri: str) -> Path:
        return suites / iri.removeprefix(BASE)

    return [
        Case(
            name=f"{folder}/{row['test'].value.rpartition('#')[2]}",
            kind=row["kind"].value.rpartition("#")[2],
            query=place(row["query"].value).read_text(encoding="utf-8"),
            base=row["query"].value,
            result=place(row["result"].value) if row["result"] else None,
            default=tuple(iri + DEFAULT for iri in row["default"].value.split()),
            named=tuple(row["named"].value.split()),
        )
        for row in found
    ]


@pytest.fixture(scope="session")
def graphs(suites: Path) -> dict[str, frozenset[Triple]]:
    """The data of every test, by the address of the file."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((suites / folder).glob("*")):
            form = RdfFormat.from_extension(path.suffix[1:])
            if form in (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.N_TRIPLES) and path.name != "manifest.ttl":
                iri = f"{BASE}{folder}/{path.name}"
                for name in (iri, iri + DEFAULT):  # a file that is read twice has two sets of blank nodes
                    quads = parse(path=path, format=form, base_iri=iri, rename_blank_nodes=True)
                    found[name] = frozenset(quad.triple for quad in quads)
    return found


@pytest.fixture(scope="session")
def everything(graphs: dict[str, frozenset[Triple]]) -> Store:
    """All of it, for the engine alone."""
    store = Store()
    store.bulk_extend(_quads(graphs.items()))
    return store


@pytest.fixture(scope="session")
def w3c_pool(graphs: dict[str, frozenset[Triple]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderPool]:
    """A reader with the usual limits, over all of it."""
    path = tmp_path_factory.mktemp("w3c") / "store"
    embedded.write(path, graphs)
    with ReaderPool(path, size=1) as readers:
        yield readers


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_reader_passes_whatever_the_engine_passes_alone(
    suites: Path, graphs: dict[str, frozenset[Triple]], everything: Store, w3c_pool: ReaderPool, folder: str
) -> None:
    found = cases(suites, folder)
    assert found
    alone = {case.name for case in found if passes(case, lambda case: by_engine(case, graphs, everything))}
    read = {case.name for case in found if passes(case, lambda case: by_reader(case, w3c_pool))}
    excepted = {name for name in exceptions() if name.startswith(f"{folder}/")}
    assert alone - read == excepted, f"the engine passes {len(alone)} of {len(found)}, the reader {len(read)}"


def test_the_engine_alone_passes_nearly_all_or_there_would_be_little_to_compare(
    suites: Path, graphs: dict[str, frozenset[Triple]], everything: Store
) -> None:
    found = [case for folder in FOLDERS if "service" not in folder for case in cases(suites, folder)]
    failed = [case.name for case in found if not passes(case, lambda case: by_engine(case, graphs, everything))]
    assert len(found) > 500
    assert len(failed) < 0.06 * len(found), sorted(failed)


def test_no_folder_of_the_suites_is_forgotten(suites: Path) -> None:
    there = {
        f"{suite}/{path.parent.name}"
        for suite in ("dawg-data-r2", "sparql11")
        for path in (suites / suite).glob("*/manifest.ttl")
    }
    assert {name for name in there if name.partition("/")[2] not in ELSEWHERE} == set(FOLDERS)


def exceptions() -> dict[str, str]:
    """The tests that a reader may answer otherwise, each with the reason."""
    with Path(__file__).with_name("exceptions.csv").open(encoding="utf-8", newline="") as file:
        return {row["test"]: row["reason"] for row in csv.DictReader(file)}


def by_engine(case: Case, graphs: dict[str, frozenset[Triple]], everything: Store) -> Any:
    store = everything
    if case.default or case.named or "FROM" not in case.has:
        store = Store()
        store.bulk_extend(_quads((name, graphs[name]) for name in case.named))
        store.bulk_extend(Quad(*triple) for name in case.default for triple in graphs[name])
    results = store.query(case.query, base_iri=case.base)
    if isinstance(results, QueryTriples):
        return frozenset(results)
    if isinstance(results, QueryBoolean):
        return bool(results)
    written = results.serialize(None, case.form)
    return table(written, case)


def by_reader(case: Case, pool: ReaderPool) -> Any:
    stated = not (case.default or case.named) and "FROM" in case.has
    reply = pool.ask(
        Request(
            query=case.query,
            base=case.base,
            default_graphs=() if stated else case.default or (NOTHING,),
            named_graphs=None if stated else case.named,
            bindings=case.form.media_type,
        )
    )
    if reply.kind == "graph":
        return frozenset(quad.triple for quad in parse(reply.body, RdfFormat.N_TRIPLES))
    return table(reply.body, case)


def passes(case: Case, answer: Any) -> bool:
    try:
        given = answer(case)
    except (TaxonomyError, SyntaxError, OSError, RuntimeError, ValueError):
        return case.kind.startswith("Negative")
    if case.result is None or case.kind.startswith(("Negative", "Positive")):
        return not case.kind.startswith("Negative")
    wanted = expected(case)
    if isinstance(given, frozenset) and isinstance(wanted, frozenset):
        return embedded.normal(EX, given) == embedded.normal(EX, wanted)
    return bool(given == wanted)


def expected(case: Case) -> Any:
    assert case.result is not None
    if case.result.suffix in FORMATS:
        return table(case.result.read_bytes(), case)
    form = RdfFormat.from_extension(case.result.suffix[1:])
    store = Store()
    store.bulk_extend(parse(path=case.result, format=form, base_iri=case.base))
    rs = "PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> "
    answer = store.query(rs + "SELECT ?answer { [] rs:boolean ?answer }")
    for row in answer:
        return row["answer"].value == "true"
    if not bool(store.query(rs + "ASK { ?s a rs:ResultSet }")):
        return frozenset(quad.triple for quad in store)
    rows = rs + "SELECT ?row ?name ?value ?index { ?row rs:binding [ rs:variable ?name ; rs:value ?value ] "
    rows += "OPTIONAL { ?row rs:index ?index } }"
    triples = set()
    for row in store.query(rows):
        triples.add(Triple(row["row"], NamedNode(EX + row["name"].value), row["value"]))
        if row["index"] and "ORDER" in case.has:
            triples.add(Triple(row["row"], NamedNode(EX), row["index"]))
    empty = store.query(rs + "SELECT ?row { [] rs:solution ?row FILTER NOT EXISTS { ?row rs:binding ?b } }")
    triples |= {Triple(row["row"], NamedNode(EX + "empty"), Literal(True)) for row in empty}
    return frozenset(triples)


def table(body: bytes, case: Case) -> Any:
    """A result as triples, so that blank nodes compare by what is said of them; CSV, without terms, as its lines."""
    if case.form == QueryResultsFormat.CSV:
        lines = csv.DictReader(io.StringIO(body.decode(), newline=""))
        return sorted(
            sorted((name, cell[:2] if cell[:2] == "_:" else cell) for name, cell in line.items()) for line in lines
        )
    results = parse_query_results(body, case.form)
    if isinstance(results, QueryBoolean):
        return bool(results)
    triples = set()
    for place, solution in enumerate(results):
        row = BlankNode()
        bound = [(name, solution[name]) for name in results.variables if solution[name] is not None]
        triples |= {Triple(row, NamedNode(EX + name.value), value) for name, value in bound}
        if not bound:
            triples.add(Triple(row, NamedNode(EX + "empty"), Literal(True)))
        elif "ORDER" in case.has:
            triples.add(Triple(row, NamedNode(EX), Literal(place + 1)))
    return frozenset(triples)


def _quads(graphs: Iterable[tuple[str, frozenset[Triple]]]) -> Iterator[Quad]:
    for name, triples in graphs:
        yield from (Quad(*triple, NamedNode(name)) for triple in triples)
