"""The quality queries: no row on the real data, and a row for the fault that each is for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from taxonomy import assets
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import GRAPH, graph
from taxonomy.publishing.gathering import gather
from taxonomy.questions.results import Answer

FAULTS = Path(__file__).parent / "faults"
QUERIES = assets.files("queries", "quality/*.rq")
every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)


def merged(*names: str) -> ox.Store:
    """The knowledge as a release holds it: named graphs, and each triple once in the default graph."""
    store = ox.Store()
    for name, triples in gather(assets.root()).graphs.items():
        if name.startswith(names):
            store.bulk_extend(ox.Quad(*triple, ox.NamedNode(name)) for triple in triples)
            store.bulk_extend(ox.Quad(*triple) for triple in triples)
    return store


def rows(store: ox.Store, query: Path) -> list[list[str]]:
    answer = store.query(query.read_text(encoding="utf-8"))
    assert isinstance(answer, ox.QuerySolutions)
    return [[str(value) for value in row] for row in answer]


def header(query: Path) -> dict[str, Any]:
    lines = query.read_text(encoding="utf-8").splitlines()
    read: dict[str, Any] = yaml.safe_load("\n".join(line[3:] for line in lines if line.startswith("#+ ")))
    return read


@pytest.fixture(scope="module")
def data() -> ox.Store:
    return merged(GRAPH)


@pytest.fixture(scope="module")
def words() -> bytes:
    """The ontology, without which some faults cannot be seen."""
    return merged(graph("ontology")).dump(format=ox.RdfFormat.N_QUADS)


@every_query
def test_the_real_data_have_no_fault_of_this_kind(query: Path, data: ox.Store) -> None:
    found = rows(data, query)
    assert not found, f"{header(query)['summary']}: {found[:3]}. To mend: {header(query)['mend']}"


@every_query
def test_a_release_has_no_fault_of_this_kind_after_inference(query: Path, kg: KnowledgeGraph) -> None:
    answer = kg.sparql(query.read_text(encoding="utf-8"), labels=False)
    assert isinstance(answer, Answer)
    assert not list(answer)


@every_query
def test_a_query_finds_the_fault_that_it_is_for(query: Path, words: bytes) -> None:
    store = ox.Store()
    store.bulk_load(input=words, format=ox.RdfFormat.N_QUADS)
    for quad in list(ox.parse(path=FAULTS / f"{query.stem}.trig")):
        store.extend([quad, ox.Quad(*quad.triple)])
    found = rows(store, query)
    assert any("made-up" in value or "example" in value for row in found for value in row), found


@every_query
def test_a_query_explains_itself(query: Path) -> None:
    told = header(query)
    answer = ox.Store().query(query.read_text(encoding="utf-8"))
    assert isinstance(answer, ox.QuerySolutions)
    assert {"summary", "mend", "columns"} == set(told) - {"rule", "gate"}
    assert told.get("gate", "told") == "told"
    assert [variable.value for variable in answer.variables] == list(told["columns"])


def test_every_fault_has_its_query() -> None:
    assert [path.stem for path in QUERIES] == sorted(path.stem for path in FAULTS.glob("*.trig"))


def test_no_file_of_the_data_holds_a_personal_contact() -> None:
    contact = re.compile(r"[\w.+-]+@[\w-]+\.\w|mailto:|tel:|(?<![\w,.£-])(?:\+44 ?|0)\d[\d ()-]{7,11}\d(?![\w-])")
    files = [path for path in assets.files("data", "**/*") if path.suffix in {".ttl", ".trig", ".yaml"}]
    assert files
    assert not [path for path in files if contact.search(path.read_text(encoding="utf-8"))]
