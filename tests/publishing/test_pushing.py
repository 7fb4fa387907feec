"""A release in somebody else's SPARQL server gives the same rows, and is exchanged whole."""

from __future__ import annotations

import csv
import re
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from tests.servers import an_oxigraph

import taxonomy
from taxonomy import namespaces as ns
from taxonomy.cli import main
from taxonomy.errors import InputError, LimitError, NotAllowedError, NotFoundError, QueryError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import pushing
from taxonomy.publishing.pushing import Server
from taxonomy.questions.catalogue import Question
from taxonomy.questions.results import Graph
from taxonomy.store.base import Request
from taxonomy.store.releases import Home
from taxonomy.store.remote import RemoteStore

Sealed = Callable[[Mapping[str, frozenset[Triple]]], Path]
COUNTS = NamedNode("https://example.org/counts")
ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An empty Oxigraph server."""
    with an_oxigraph(tmp_path) as each:
        yield each


def graphs(number: int, sizes: Mapping[str, int]) -> dict[str, frozenset[Triple]]:
    """Made-up graphs of so many triples, in a release of that number."""
    made = {
        ns.graph("record", name): frozenset(
            Triple(NamedNode(f"https://example.org/{name}/{number}/{each}"), COUNTS, Literal(each))
            for each in range(size)
        )
        for name, size in sizes.items()
    }
    release = NamedNode(f"{ns.BASE}release/{number}")
    day = Literal(f"2026-01-0{number}T00:00:00+00:00", datatype=NamedNode(ns.XSD + "dateTime"))
    made[ns.graph("releases")] = frozenset(
        {
            Triple(release, NamedNode(ns.DCTERMS + "identifier"), Literal(str(number))),
            Triple(release, NamedNode(ns.DCTERMS + "issued"), day),
        }
    )
    return made


def held(server: Server) -> dict[str, int]:
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    body = RemoteStore(server.endpoint).ask(Request(query=query, bindings="text/csv")).body.decode()
    return {line.split(",")[0]: int(line.split(",")[1]) for line in body.split()[1:]}


def total(server: Server) -> int:
    return int(RemoteStore(server.endpoint).ask(Request(query=ALL, bindings="text/csv")).body.split()[1])


def answer(kg: KnowledgeGraph, text: str) -> object:
    """The rows of an answer in any order, or the triples of a graph; what a blank node is called does not count."""
    found = kg.sparql(text, labels=False, graphs="application/n-triples")
    if isinstance(found, Graph):
        triples = (quad.triple for quad in parse(found.text, RdfFormat.N_TRIPLES))  # written as we write them
        return Counter(re.sub(r"_:\w+", "_:", str(triple)) for triple in triples)
    rows = [tuple(re.sub(r"^_:.*", "_:", str(row[name])) for name in found.columns) for row in found]
    return found.columns, Counter(rows)


def differing(kg: KnowledgeGraph, other: KnowledgeGraph, questions: Iterable[Question]) -> set[str]:
    """The questions that two stores answer otherwise, or one of them not at all."""
    found = set()
    for question in questions:
        try:
            same = answer(kg, question.text) == answer(other, question.text)
        except (QueryError, StoreError):
            same = False
        found |= set() if same else {question.name}
    return found


def test_the_whole_catalogue_has_the_same_rows_on_oxigraph_s_server(kg: KnowledgeGraph, oxigraph: Server) -> None:
    with taxonomy.open(endpoint=oxigraph.endpoint) as elsewhere:
        assert elsewhere.release.number == 1
        assert len(kg.questions.everything) > 100  # those of the pages, and of a push, among them
        assert differing(kg, elsewhere, kg.questions.everything) == set()


def test_python_and_shell_ask_elsewhere_as_they_ask_at_home(
    kg: KnowledgeGraph, home: Path, oxigraph: Server, tmp_path: Path
) -> None:
    with taxonomy.open(endpoint=oxigraph.endpoint) as elsewhere:
        there = elsewhere.ask("money-by-funder", area="Avon and Somerset")
        assert there.to_csv() == kg.ask("money-by-funder", area="Avon and Somerset").to_csv()
        assert oxigraph.endpoint in repr(elsewhere)
    asked = ["query", "money-by-funder", "-p", "area=E23000036", "--format", "csv"]
    shell = CliRunner().invoke(main, [*asked, "--endpoint", oxigraph.endpoint], env={"SVSSV_HOME": str(tmp_path)})
    assert (shell.exit_code, shell.stdout) == (0, there.to_csv())


def test_the_money_of_an_area_is_asked_elsewhere_as_at_home(home: Path, oxigraph: Server) -> None:
    command = ["funding", "E23000036", "--by", "funder", "--format", "csv"]
    here, there = (
        CliRunner().invoke(main, [*command, *place], prog_name="svssv")
        for place in (["--home", str(home)], ["--endpoint", oxigraph.endpoint])
    )
    assert here.exit_code == there.exit_code == 0, there.output
    assert here.stdout == there.stdout


def test_a_push_puts_exactly_one_release_there_in_place_of_the_one_before(server: Server, sealed: Sealed) -> None:
    first, second = graphs(1, {"a": 3, "b": 5}), graphs(2, {"a": 4, "c": 1})
    for made in (first, second):
        pushing.push(Home.open(sealed(made)), 1, server)
        assert held(server) == {name: len(triples) for name, triples in made.items()}
        assert total(server) == len(frozenset[Triple]().union(*made.values()))
    with taxonomy.open(endpoint=server.endpoint) as elsewhere:
        assert elsewhere.release.number == 2
        with pytest.raises(NotFoundError, match="Did you mean 2"):
            taxonomy.open(endpoint=server.endpoint, release=1)


def test_who_reads_during_a_push_sees_one_release_or_the_other(server: Server, sealed: Sealed) -> None:
    old, new = graphs(1, {f"x{each}": 40 for each in range(20)}), graphs(2, {f"x{each}": 30 for each in range(30)})
    homes = [Home.open(sealed(made)) for made in (old, new)]
    pushing.push(homes[0], 1, server)
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(total(server))

    reader = threading.Thread(target=read)
    reader.start()
    pushing.push(homes[1], 1, server)
    done.set()
    reader.join()
    assert seen <= {20 * 40 + 2, 30 * 30 + 2}


def test_a_push_that_fails_leaves_the_release_before(server: Server, sealed: Sealed) -> None:
    pushing.push(Home.open(sealed(graphs(1, {"a": 3}))), 1, server)
    before = held(server)
    nowhere = Server.at(server.endpoint, update=server.update, graphs=server.endpoint)
    with pytest.raises(StoreError):
        pushing.push(Home.open(sealed(graphs(2, {"a": 4}))), 1, nowhere)
    assert held(server) == before


def test_graphs_of_others_are_not_touched(server: Server, sealed: Sealed) -> None:
    address = f"{server.graphs}?graph=https://example.org/theirs"
    theirs = urllib.request.Request(address, b"<x:a> <x:b> <x:c> .", {"Content-Type": "text/turtle"}, method="PUT")
    with urllib.request.urlopen(theirs):
        pass
    home = Home.open(sealed(graphs(1, {"a": 3})))
    with pytest.raises(NotAllowedError, match="holds graphs of others"):
        pushing.push(home, 1, server)
    pushing.push(home, 1, server, beside=True, batch=1)
    assert held(server)["https://example.org/theirs"] == 1
    assert len(held(server)) == 3


def test_made_up_records_never_leave_a_practice_home(published_practice_home: Path, server: Server) -> None:
    home = Home.open(published_practice_home)
    current = home.current()
    assert current is not None
    with pytest.raises(NotAllowedError, match="never leave"):
        pushing.push(home, current.number, server)
    assert held(server) == {}


def test_the_shell_pushes_and_says_so_or_why_not(home: Path, server: Server, sealed: Sealed) -> None:
    place = {"SVSSV_HOME": str(sealed(graphs(1, {"a": 3})))}
    pushed = CliRunner().invoke(main, ["push", "--endpoint", server.endpoint], env=place)
    assert (pushed.exit_code, pushed.stdout) == (0, "")
    assert "holds release 1: 2 graphs" in pushed.stderr
    unclear = CliRunner().invoke(main, ["push", "--endpoint", "http://127.0.0.1:9/x"], env=place)
    assert unclear.exit_code == 2
    assert "--update and --graphs" in unclear.stderr
    away = CliRunner().invoke(main, ["push", "--endpoint", "http://127.0.0.1:9/query"], env=place)
    assert away.exit_code == 2
    assert "cannot be reached" in away.stderr
    assert len(away.stderr.splitlines()) == 1


def test_a_server_without_a_release_says_what_to_do(server: Server) -> None:
    with pytest.raises(StoreError, match="svssv push --endpoint"):
        taxonomy.open(endpoint=server.endpoint)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9/sparql", "nonsense", "http://example.org:x/"])
def test_an_address_that_is_none_is_an_error_in_words(endpoint: str) -> None:
    with pytest.raises((StoreError, InputError)):
        taxonomy.open(endpoint=endpoint)


def test_a_site_of_ours_is_asked_elsewhere_too_and_its_own_words_come_through(served: str, kg: KnowledgeGraph) -> None:
    with taxonomy.open(endpoint=f"{served}/sparql") as elsewhere:
        assert elsewhere.ask("sources").to_csv() == kg.ask("sources").to_csv()
        with pytest.raises(QueryError, match="line 1, column"):
            elsewhere.sparql("SELECT * {")
        with pytest.raises(QueryError, match="SERVICE"):
            elsewhere.sparql("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
        with pytest.raises(LimitError):
            elsewhere.sparql("ASK { " + " ".join(f"?s{each} ?p ?o ." for each in range(200)) + " }")


def test_what_a_practice_site_says_elsewhere_is_marked(
    published_practice_home: Path, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    with serving(published_practice_home) as address, taxonomy.open(endpoint=f"{address}/sparql") as elsewhere:
        assert "Made-up" in elsewhere.ask("sources").notice


@pytest.mark.soak
def test_the_catalogue_has_the_same_rows_on_virtuoso_but_for_those_on_a_list_with_the_reason(
    kg: KnowledgeGraph, virtuoso: Server
) -> None:
    with Path(__file__).with_name("virtuoso.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["question"] for row in csv.DictReader(file)}
    with taxonomy.open(endpoint=virtuoso.endpoint) as elsewhere:
        assert differing(kg, elsewhere, map(kg.questions.__getitem__, kg.questions)) == listed
