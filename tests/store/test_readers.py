"""Readers answer whole or refuse, survive what is done to them, and count each triple once."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from taxonomy.errors import LimitError, QueryError, RefusedQueryError, StoreError
from taxonomy.sandbox import Worker
from taxonomy.settings import UNLIMITED, Limits
from taxonomy.store.base import Request
from taxonomy.store.readers import ReaderPool

EX = "https://example.org/"
COUNT = "SELECT (COUNT(*) AS ?n) "
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c > ?f && ?i < ?a) }"


def ask(pool: ReaderPool, query: str, **more: object) -> bytes:
    return pool.ask(Request(query=query, **more)).body  # type: ignore[arg-type]  # fields as the test words them


def count(pool: ReaderPool, query: str, **more: object) -> int:
    return int(ask(pool, query, bindings="text/csv", **more).split()[1])


def test_the_default_graph_holds_each_triple_once(pool: ReaderPool) -> None:
    assert count(pool, COUNT + "{ ?s ?p ?o }") == 401
    assert count(pool, COUNT + "{ GRAPH ?g { ?s ?p ?o } }") == 411


@pytest.mark.parametrize(
    ("media_type", "start"),
    [
        ("application/sparql-results+json", b'{"head"'),
        ("application/sparql-results+xml", b"<?xml"),
        ("text/csv", b"n\r\n401"),
        ("text/tab-separated-values", b"?n\n401"),
    ],
)
def test_a_table_is_written_in_each_format(pool: ReaderPool, media_type: str, start: bytes) -> None:
    reply = pool.ask(Request(query=COUNT + "{ ?s ?p ?o }", bindings=media_type))
    assert (reply.kind, reply.media_type.partition(";")[0]) == ("bindings", media_type)
    assert reply.body.startswith(start)


@pytest.mark.parametrize(
    "media_type",
    [
        "application/n-triples",
        "application/n-quads",
        "text/turtle",
        "application/trig",
        "application/rdf+xml",
        "application/ld+json",
    ],
)
def test_a_graph_is_written_in_each_format(pool: ReaderPool, media_type: str) -> None:
    reply = pool.ask(Request(query="CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", graphs=media_type))
    kind = RdfFormat.from_media_type(media_type)
    assert (reply.kind, reply.media_type) == ("graph", media_type)
    assert len(list(parse(reply.body, kind))) == 401


def test_a_yes_or_no_is_written_as_one(pool: ReaderPool) -> None:
    reply = pool.ask(Request(query="ASK { ?s ?p 7 }"))
    assert (reply.kind, json.loads(reply.body)["boolean"]) == ("boolean", True)


def test_a_format_that_nobody_writes_is_refused(pool: ReaderPool) -> None:
    with pytest.raises(QueryError, match="'text/html'"):
        ask(pool, "ASK {}", bindings="text/html")


@pytest.mark.parametrize(
    ("query", "place", "said"),
    [
        ("SELECT * {\n  ?s ?p }", (2, 10), "cannot be read as SPARQL"),
        ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", (1, 35), "unbound"),
        ("SELECT * WHERE ?s ?p ?o }", (1, 16), 'Expected "{"'),
        ("SELEC * { ?s ?p ?o }", (1, 1), "begins with SELECT"),
        ("ASK {}\nORDER ?s", (2, 7), "Expected BY"),
        ("SELECT ?a, ?b { ?a ?b ?c }", (1, 8), "with spaces between them"),
        ("SELECT (COUNT(?a) ?n) { ?a ?b ?c }", (1, 15), "cannot be read as SPARQL"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", (1, 36), "cannot be read as SPARQL"),
        ("SELECT * { ?s <http://a b> ?o }", (1, 27), "no IRI"),
        ("ASK { VALUES (?a ?b) { (1) } }", (1, 26), "Each row of VALUES"),
        ("CONSTRUCT { ?s ?p } WHERE {}", (1, 19), "Expected a variable, a name or a value"),
        ("SELECT * {\n  ?s sv:funds ?o }", (2, 14), "PREFIX sv: <https://w3id.org/svssv/ontology#>"),
    ],
)
def test_a_mistake_is_shown_with_its_place(pool: ReaderPool, query: str, place: tuple[int, int], said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        ask(pool, query)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "query",
    [
        f"{COUNT} FROM <{EX}a> FROM <{EX}b> {{ ?s ?p ?o }}",
        f"PREFIX x: <{EX}> {COUNT} FROM x:a FROM <{EX}b> {{ ?s ?p ?o }}",
        f"{COUNT} FROM <{EX}a> FROM <{EX}a> FROM <{EX}b> FROM <{EX}none> {{ ?s ?p ?o }}",
    ],
)
def test_several_from_clauses_count_a_triple_once(pool: ReaderPool, query: str) -> None:
    assert count(pool, query) == 401


def test_several_from_clauses_leave_from_named_in_reach(pool: ReaderPool) -> None:
    both = f"{COUNT} FROM <{EX}a> FROM <{EX}b> FROM NAMED <{EX}b> "
    assert count(pool, both + "{ GRAPH ?g { ?s ?p ?o } }") == 11
    assert count(pool, f"{COUNT} FROM <{EX}a> FROM <{EX}b> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == 0


def test_graphs_named_beside_the_query_are_the_whole_dataset(pool: ReaderPool) -> None:
    everything = COUNT + "{ ?s ?p ?o }"
    assert count(pool, everything, default_graphs=(EX + "b",)) == 11
    assert count(pool, everything, default_graphs=(EX + "a", EX + "b")) == 401
    assert count(pool, f"{COUNT} FROM <{EX}a> {{ ?s ?p ?o }}", default_graphs=(EX + "b",)) == 11
    assert count(pool, everything, named_graphs=(EX + "b",)) == 0
    named = COUNT + "{ GRAPH ?g { ?s ?p ?o } }"
    assert count(pool, named, named_graphs=(EX + "b",)) == 11
    assert count(pool, named, default_graphs=(EX + "a",)) == 0


@pytest.mark.parametrize("query", ["ASK { ?s ?p '\ud800' }", "ASK { ?s ?p '\0' } \0", "\ud800", ""])
def test_text_that_is_no_text_is_a_mistake_and_no_crash(pool: ReaderPool, query: str) -> None:
    with pytest.raises(QueryError):
        ask(pool, query)


def test_a_graph_name_that_is_no_iri_is_refused(pool: ReaderPool) -> None:
    with pytest.raises(QueryError, match="whole IRI"):
        ask(pool, "ASK {}", default_graphs=("not an iri",))
    with pytest.raises(QueryError, match="whole IRI"):
        ask(pool, "ASK {}", named_graphs=("\ud800",))


def test_a_slow_query_is_stopped_and_the_next_one_answered(pool: ReaderPool) -> None:
    started = time.monotonic()
    with pytest.raises(LimitError) as caught:
        ask(pool, SLOW, seconds=0.3)
    assert (caught.value.limit, time.monotonic() - started < 0.8) == ("time", True)
    assert count(pool, COUNT + "{ ?s ?p ?o }") == 401


def test_a_query_that_takes_all_memory_is_stopped_and_named(store_path: Path) -> None:
    doubling = (
        'BIND("' + "x" * 64 + '" AS ?x0) ' + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(26))
    )
    with ReaderPool(store_path, limits=Limits(seconds=20, memory=128 * 2**20), size=1) as pool:
        with pytest.raises(LimitError) as caught:
            ask(pool, f"SELECT (STRLEN(?x26) AS ?n) {{ {doubling} }}")
        assert caught.value.limit == "memory"
        assert ask(pool, "ASK {}")


def test_an_answer_past_its_bytes_is_refused_whole(pool: ReaderPool) -> None:
    with pytest.raises(LimitError, match="LIMIT, OFFSET") as caught:
        ask(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert caught.value.limit == "bytes"


def test_six_thousand_braces_reach_the_engine_and_kill_nobody(store_path: Path) -> None:
    with ReaderPool(store_path, limits=UNLIMITED, size=1) as pool:
        assert ask(pool, "ASK " + "{" * 2900 + "}" * 2900)
        assert ask(pool, "ASK { FILTER(" + "(" * 2900 + "1" + ")" * 2900 + ") }")


def test_the_pool_heals_itself_after_a_kill(pool: ReaderPool) -> None:
    assert ask(pool, "ASK {}")
    for worker in list(pool._pool._idle):
        os.kill(worker._process.pid, signal.SIGKILL)
    time.sleep(0.05)
    assert [count(pool, COUNT + "{ ?s ?p ?o }") for _ in range(4)] == [401] * 4


def test_a_query_that_finds_every_reader_busy_is_told_so(store_path: Path) -> None:
    with (
        ReaderPool(store_path, limits=Limits(seconds=4), size=1) as pool,
        ThreadPoolExecutor() as threads,
    ):
        assert ask(pool, "ASK {}")
        slow = threads.submit(ask, pool, SLOW)
        time.sleep(0.1)
        with pytest.raises(LimitError) as caught:
            ask(pool, "ASK {}")
        assert caught.value.limit == "busy"
        pool.close()
        with pytest.raises(StoreError, match="closed while the query ran"):
            slow.result()


def test_many_threads_share_the_readers_and_get_their_own_answers(pool: ReaderPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda n: ask(pool, f"SELECT ?s {{ ?s ?p {n} }}", bindings="text/csv"), range(60))
        assert [int(re.findall(rb"\d+", answer)[-1]) for answer in answers] == list(range(60))


def test_a_closed_pool_says_so_and_may_be_closed_again(store_path: Path) -> None:
    pool = ReaderPool(store_path, size=1)
    pool.close()
    pool.close()
    with pytest.raises(StoreError, match="closed"):
        ask(pool, "ASK {}")


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with ReaderPool(tmp_path / "nowhere", size=1) as pool, pytest.raises(StoreError, match="nowhere"):
        ask(pool, "ASK {}")


def test_reading_leaves_the_store_as_it_was(store_path: Path, pool: ReaderPool) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {each.name: (each.stat().st_mtime_ns, each.stat().st_size) for each in store_path.iterdir()}

    before = state()
    assert ask(pool, SLOW.replace("?g ?h ?i", "").replace("&& ?i < ?a", ""))
    assert state() == before


FORKING = """
import os, sys
from taxonomy.store.base import Request
from taxonomy.store.readers import ReaderPool
pool = ReaderPool(sys.argv[1], size=1)
def answers():
    return [pool.ask(Request(query=f"ASK {{ ?s ?p {n} }}")).body for n in (1, 1000) * 20]
before = answers()
child = os.fork()
assert answers() == before
if child:
    assert os.waitpid(child, 0)[1] == 0
pool.close()
"""


def test_a_forked_process_gets_readers_of_its_own(store_path: Path) -> None:
    subprocess.run([sys.executable, "-X", "dev", "-c", FORKING, str(store_path)], check=True)


APP = """
from taxonomy.settings import Limits
from taxonomy.store.base import Request
from taxonomy.store.readers import ReaderPool
pool = ReaderPool(STORE, limits=Limits(seconds=2), size=2)
def app(environ, start):
    body = pool.ask(Request(query="ASK { ?s ?p 7 }")).body
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


@pytest.mark.parametrize("preload", [[], ["--preload"]], ids=["after the fork", "before the fork"])
def test_readers_work_under_gunicorn_with_threads(store_path: Path, tmp_path: Path, preload: list[str]) -> None:
    (tmp_path / "made_up_app.py").write_text(APP.replace("STORE", repr(str(store_path))))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["-m", "gunicorn", "-k", "gthread", "--workers", "1", "--threads", "4", "-b", f"127.0.0.1:{port}"]
    arguments = [sys.executable, *command, "--no-control-socket", *preload, "made_up_app:app"]
    with subprocess.Popen(arguments, cwd=tmp_path, stderr=subprocess.DEVNULL) as server:
        try:
            assert [fetch(port) for _ in range(3)] == [b"true"] * 3
        finally:
            server.terminate()


def fetch(port: int, patience: float = 15.0) -> bytes:
    deadline = time.monotonic() + patience
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
                caller.sendall(b"GET / HTTP/1.0\r\n\r\n")
                with caller.makefile("rb") as answer:
                    return b"true" if answer.read().endswith(b'"boolean":true}') else b"false"
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_the_readers_are_cut_off_from_the_network(pool: ReaderPool) -> None:
    assert pool.isolated


def test_a_federated_query_that_gets_round_the_scan_is_refused_by_the_kernel(store_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{canary.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        asked = asdict(Request(query=query, bindings="text/csv"))
        worker = Worker("taxonomy.store.reader", (str(store_path),), Limits())
        with pytest.raises(RefusedQueryError, match="SERVICE"):
            worker.call(json.dumps(asked).encode())
        worker.close()
        with pytest.raises(TimeoutError):
            canary.accept()


def test_relative_names_are_read_against_the_base_that_is_given(pool: ReaderPool) -> None:
    both = "SELECT (COUNT(*) AS ?n) FROM <a> FROM <b> { ?s <counts> ?o }"
    assert pool.ask(Request(query=both, base=EX, bindings="text/csv")).body.split() == [b"n", b"401"]
    with pytest.raises(QueryError):
        pool.ask(Request(query=both))


def test_a_function_that_the_engine_does_not_have_is_the_query_s_fault_and_the_reader_lives(pool: ReaderPool) -> None:
    with pytest.raises(QueryError, match="The custom function"):
        pool.ask(Request(query="SELECT * { ?s ?p ?o FILTER <https://example.org/f>(?o) }"))
    assert pool.ask(Request(query="ASK {}")).kind == "boolean"
