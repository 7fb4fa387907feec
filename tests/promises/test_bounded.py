"""Promise 7. No request takes more than its share or makes the server talk; an answer is whole or refused."""

from __future__ import annotations

import io
import json
import os
import socket
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from tests.hostile import HOSTILE
from werkzeug.test import TestResponse

from taxonomy import sandbox
from taxonomy.errors import LimitError, QueryError, TaxonomyError
from taxonomy.settings import Limits
from taxonomy.site import checking, create_app, reading
from taxonomy.store.base import Request
from taxonomy.store.readers import ReaderPool
from taxonomy.store.releases import Home

EXAMPLES = Path(__file__).parent.parent / "examples"
SECONDS = 1.0
GRACE = 1.0  # for a busy machine; an idle one needs a tenth of it
EVERYTHING = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def pool(home: Path) -> Iterator[ReaderPool]:
    limits = Limits(seconds=SECONDS, memory=256 * 2**20, answer=8 * 2**20)
    with ReaderPool(Home.open(home).store_path(1), limits=limits, size=1) as readers:
        assert readers.ask(Request(query=EVERYTHING)).body
        yield readers


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        yield listener
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_query_is_refused_in_time_and_the_next_one_is_answered(pool: ReaderPool, query: str) -> None:
    before = pool.ask(Request(query=EVERYTHING)).body
    started = time.monotonic()
    with pytest.raises(LimitError) as caught:
        pool.ask(Request(query=query))
    assert caught.value.limit in {"time", "memory", "bytes", "complexity"}
    assert time.monotonic() - started < SECONDS + GRACE
    assert pool.ask(Request(query=EVERYTHING)).body == before


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
        'SELECT * {{ FILTER("\\u0022" != "x") SERVICE <{0}> {{ ?s ?p ?o }} }} # """',
        "SELECT * {{ BIND(<{0}> AS ?x) ?a ?b ?c FILTER(?a<?b)SERVICE?x#>\n{{ ?s ?p ?o }} }}",
        "SELECT * {{ ?s ?p trueSERVICE<{0}> {{ ?s ?p ?o }} }}",
        "PREFIX ex: <{0}> SELECT * {{ SERVICEex: {{ ?s ?p ?o }} }}",
        "LOAD <{0}>",
        "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    ],
)
def test_no_query_makes_the_server_call_another(pool: ReaderPool, canary: socket.socket, query: str) -> None:
    with pytest.raises(TaxonomyError):
        pool.ask(Request(query=query.format(f"http://127.0.0.1:{canary.getsockname()[1]}/")))


def test_a_graph_elsewhere_is_empty_and_never_fetched(pool: ReaderPool, canary: socket.socket) -> None:
    address = f"http://127.0.0.1:{canary.getsockname()[1]}/graph"
    clause = f" FROM <{address}>"
    for request in (
        Request(query=f"SELECT *{clause} {{ ?s ?p ?o }}", bindings="text/csv"),
        Request(query=f"SELECT *{clause}{clause} {{ ?s ?p ?o }}", bindings="text/csv"),
        Request(query="SELECT * { ?s ?p ?o }", default_graphs=(address,), bindings="text/csv"),
        Request(query="SELECT * { GRAPH ?g { ?s ?p ?o } }", named_graphs=(address,), bindings="text/csv"),
    ):
        assert len(pool.ask(request).body.splitlines()) == 1


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "!" * 60_000 + "true) }",
        "ASK { FILTER(" + "-" * 60_000 + "1 = 1) }",
        "ASK { FILTER(true" + " || true" * 7_000 + ") }",
        "ASK { FILTER(1" + "+1" * 30_000 + " > 0) }",
        "ASK { FILTER(1 IN (" + "1," * 30_000 + "1)) }",
        "ASK { " + "{} UNION " * 6_000 + "{} }",
        "ASK { " + "OPTIONAL {} " * 5_000 + "}",
        "ASK { ?s ?p " + "[] , " * 10_000 + "[] }",
        "ASK { ?s ?p (" + "1 " * 30_000 + ") }",
        "ASK { ?s " + "^" * 30_000 + "<x:x> ?o }",
        "ASK { ?s <x:x>" + "*" * 30_000 + " ?o }",
        "PREFIX x: <x:x> " * 4_000 + "ASK {}",
        "ASK { BIND('" + "\\u0041" * 10_000 + "' AS ?x) }",
    ],
    ids=lambda query: query[:12] + query[-12:],
)
def test_a_long_query_is_answered_or_refused_in_time_and_the_next_one_is_answered(pool: ReaderPool, query: str) -> None:
    started = time.monotonic()
    with suppress(QueryError, LimitError):
        pool.ask(Request(query=query))
    assert time.monotonic() - started < SECONDS + 3 * GRACE  # a reader that died is started again within it
    assert pool.ask(Request(query=EVERYTHING)).body


def test_an_answer_is_whole(home: Path) -> None:
    patient = Limits(seconds=60.0, memory=256 * 2**20, answer=8 * 2**20)
    with ReaderPool(Home.open(home).store_path(1), limits=patient, size=1) as readers:
        rows = readers.ask(Request(query="SELECT * { ?s ?p ?o }", bindings="text/tab-separated-values")).body
        total = readers.ask(Request(query=EVERYTHING, bindings="text/csv")).body.split()[1]
    assert rows.count(b"\n") - 1 == int(total)


def test_a_reader_that_cannot_be_cut_off_would_say_so(pool: ReaderPool) -> None:
    assert pool.isolated is True  # this machine can; elsewhere the public endpoint asks before it opens


def test_work_on_a_stranger_s_file_is_held_to_the_same_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    children = Path(__file__).parent.parent / "sandbox" / "children"
    monkeypatch.setenv("PYTHONPATH", str(children), prepend=os.pathsep)
    for request in (b"spin", b"remember 2000", b"write 100"):
        worker = sandbox.Worker("made_up_worker", (), Limits(seconds=0.3, memory=64 * 2**20, answer=10_000))
        with closing(worker), pytest.raises(LimitError):
            worker.call(request)


def many_services(count: int) -> bytes:
    """A file as large as a record may be, in which nearly every service breaks several rules."""
    head = "@prefix sv: <https://w3id.org/svssv/ontology#> .\n@prefix org: <https://example.org/id/organisation/> .\n"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    services = (
        f'<https://example.org/id/service/made-up-{each}> a sv:Service ; {label} "Made-Up {each}"@en ;'
        " sv:leadProvider org:made-up ."
        for each in range(count)
    )
    return "\n".join((head, f'org:made-up a sv:Organisation ; {label} "Made-Up"@en .', *services)).encode()


@pytest.fixture(scope="module")
def hurried(home: Path) -> Iterator[Flask]:
    """The site, where the check of one file may take a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SVSSV_CHECK_SECONDS", str(SECONDS))
        app = create_app(home)
    yield app
    with app.app_context():
        reading.current().close()
        checking.checkers().close()


def test_an_upload_that_takes_too_long_is_refused_in_plain_words_and_the_next_is_checked(hurried: Flask) -> None:
    client = hurried.test_client()

    def sent(data: bytes) -> TestResponse:
        return client.post("/validate", data=data, content_type="text/turtle", headers={"Accept": "application/json"})

    assert sent((EXAMPLES / "records" / "made-up-centre.ttl").read_bytes()).status_code == 200
    started = time.monotonic()
    refused = sent(many_services(1600))
    assert time.monotonic() - started < SECONDS + GRACE
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "longer than 1 seconds" in refused.text
    assert "svssv validate" in refused.text
    assert sent((EXAMPLES / "records" / "made-up-centre.ttl").read_bytes()).status_code == 200


def test_pages_are_served_while_every_checker_is_at_work_and_a_further_file_is_asked_to_wait(home: Path) -> None:
    app = create_app(home)
    small = {"data": (EXAMPLES / "records" / "made-up-centre.ttl").read_bytes(), "content_type": "text/turtle"}
    assert app.test_client().post("/validate", **small).status_code == 200  # the release is open, and a checker warm
    statuses: list[int] = []

    def upload() -> None:
        form = {"file": (io.BytesIO(many_services(1600)), "mine.ttl")}
        statuses.append(app.test_client().post("/validate", data=form).status_code)

    threads = [threading.Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    with app.app_context():
        busy = checking.checkers()._pool._busy
    while len(busy) < 2:
        time.sleep(0.05)
    started = time.monotonic()
    pages = [app.test_client().get(address).status_code for address in ("/", "/areas", "/services", "/validate")]
    pages_took = time.monotonic() - started
    third = app.test_client().post("/validate", **small)
    assert pages == [200] * 4
    assert pages_took < 5  # seconds, with both processors at work on files
    assert third.status_code == 503
    assert third.headers["Retry-After"]
    with app.app_context():
        checking.checkers().close()
    for thread in threads:
        thread.join(timeout=10)
    assert len(statuses) == 2
    with app.app_context():
        reading.current().close()


PAGES = ("/", "/areas/E23000036", "/services", "/questions/money-by-funder.json?area=E23000036")
ANNOUNCED = {400, 413, 429, 503}  # refusals that say why


def fetched(address: str, query: str | None = None, timeout: float = 30.0) -> tuple[int, float]:
    """The status of a page, or of a query sent to it, and the seconds it took."""
    data = urlencode({"query": query}).encode() if query is not None else None
    began = time.monotonic()
    try:
        answer = urllib.request.urlopen(address, data, timeout)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        body = answer.read()
        took = time.monotonic() - began
    if answer.status in ANNOUNCED:
        assert json.loads(body)["error"]["detail"]
    if answer.status in {429, 503}:
        assert int(answer.headers["Retry-After"]) > 0
    return answer.status, took


@dataclass(frozen=True, slots=True)
class Fire:
    """The status and the seconds of hostile queries sent all at once, and of what others asked meanwhile."""

    hostile: list[tuple[int, float]]
    pages: list[tuple[int, float]]  # by turns as in PAGES
    honest: list[tuple[int, float]]  # free queries, one after the other


def under_fire(address: str, shots: list[str]) -> Fire:
    with ThreadPoolExecutor(len(shots) + 1) as gun:
        fired = [gun.submit(fetched, f"{address}/sparql", shot) for shot in shots]
        ended = threading.Event()

        def ask_on() -> list[tuple[int, float]]:
            honest = []
            while not ended.wait(0.05):
                honest.append(fetched(f"{address}/sparql", EVERYTHING))
            return honest

        asking = gun.submit(ask_on)
        pages = []
        try:
            while not all(each.done() for each in fired):
                pages += [fetched(address + page) for page in PAGES]
                time.sleep(0.05)
        finally:
            ended.set()
        return Fire([each.result() for each in fired], pages, asking.result())


def test_pages_and_named_questions_answer_while_hostile_queries_come_all_at_once(
    home: Path, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    with serving(home, QUERY_SECONDS="2", CLIENT_SECONDS="100000") as address:
        for page in PAGES:
            assert fetched(address + page)[0] == 200
        fire = under_fire(address, list(HOSTILE.values()) * 2)
        assert {status for status, _ in fire.hostile} <= ANNOUNCED
        assert {status for status, _ in fire.honest} <= {200, 503}
        assert max(took for _, took in fire.hostile + fire.honest) < 2 + 2 + 3  # queue, clock, and a busy machine
        assert {status for status, _ in fire.pages} == {200}
        assert statistics.median(took for _, took in fire.pages) < 1.0
        assert fetched(f"{address}/sparql", EVERYTHING)[0] == 200


@pytest.mark.soak
def test_two_hundred_hostile_queries_at_once_are_refused_in_time_and_slow_no_page_to_twice_its_time(
    home: Path, serving: Callable[..., AbstractContextManager[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(home, CLIENT_SECONDS="100000") as address:
        for page in PAGES * 10:
            fetched(address + page)
        usual = {page: statistics.median(fetched(address + page)[1] for _ in range(20)) for page in PAGES}
        shots = [*HOSTILE.values(), "ASK " + "{" * 3000 + "}" * 3000] * 20
        fire = under_fire(address, shots[:200])
        meanwhile = {
            page: statistics.median(took for _, took in fire.pages[place :: len(PAGES)])
            for place, page in enumerate(PAGES)
        }
        slowest = max(took for _, took in fire.hostile + fire.honest)
        with capfd.disabled():  # the figures of a run, whatever becomes of it
            for page in PAGES:
                print(f"\n{page}: {meanwhile[page] * 1000:.0f} ms, usually {usual[page] * 1000:.0f}", end="")  # noqa: T201  # the figures of a run
            statuses = Counter(status for status, _ in fire.hostile), Counter(status for status, _ in fire.honest)
            print(f"\nhostile {dict(statuses[0])}, honest {dict(statuses[1])}, slowest {slowest:.1f} s")  # noqa: T201  # the figures of a run
        assert {status for status, _ in fire.hostile} <= ANNOUNCED
        assert {status for status, _ in fire.honest} <= {200, 503}
        assert slowest < 13
        assert {status for status, _ in fire.pages} == {200}
        assert {page: took for page, took in meanwhile.items() if took >= 2 * usual[page]} == {}
        assert fetched(f"{address}/sparql", EVERYTHING)[0] == 200


def test_a_client_that_uses_up_its_budget_is_told_when_to_come_back_and_pages_stay_open_to_it(
    home: Path, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    slow = HOSTILE["a product"]
    with serving(home, QUERY_SECONDS="1", CLIENT_SECONDS="1.5") as address:
        assert fetched(f"{address}/sparql", EVERYTHING)[0] == 200
        assert [fetched(f"{address}/sparql", slow)[0] for _ in range(3)] == [503, 503, 429]
        assert fetched(f"{address}/sparql", EVERYTHING)[0] == 429
        assert fetched(f"{address}/services")[0] == 200


def test_behind_a_proxy_each_caller_has_a_budget_of_their_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVSSV_PROXIES", "1")
    monkeypatch.setenv("SVSSV_CLIENT_SECONDS", "0.2")
    monkeypatch.setenv("SVSSV_QUERY_SECONDS", "0.5")
    app = create_app(home)

    def asked(caller: str, query: str) -> int:
        form, header = {"query": query}, {"X-Forwarded-For": caller}
        return app.test_client().post("/sparql", data=form, headers=header).status_code

    assert asked("192.0.2.1", HOSTILE["a product"]) == 503
    assert asked("192.0.2.1", EVERYTHING) == 429
    assert asked("192.0.2.1, 192.0.2.2", EVERYTHING) == 200  # the proxy's own word comes last
    with app.app_context():
        reading.current().close()


def test_a_query_that_is_cited_has_its_turn_and_its_budget_like_any_other(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVSSV_CLIENT_SECONDS", "0.2")
    monkeypatch.setenv("SVSSV_QUERY_SECONDS", "0.5")
    app = create_app(home)
    client = app.test_client()
    as_json = {"Accept": "application/json"}
    assert client.post("/q", data={"query": HOSTILE["a product"]}, headers=as_json).status_code == 503
    refused = client.post("/q", data={"query": EVERYTHING}, headers=as_json)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/.well-known/void").status_code == 429
    assert client.get("/services").status_code == 200
    with app.app_context():
        reading.current().close()


def connected(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def test_a_query_whose_caller_has_left_frees_its_reader_at_once(
    home: Path, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    with serving(home, QUERY_SECONDS="20", READERS="1") as address:
        asked = urlencode({"query": HOSTILE["a product"]})
        with connected(address) as caller:
            caller.sendall(f"GET /sparql?{asked} HTTP/1.1\r\nHost: {address[7:]}\r\n\r\n".encode())
            while fetched(f"{address}/sparql", EVERYTHING)[0] == 200:  # it has not begun
                pass
        began = time.monotonic()
        assert fetched(f"{address}/sparql", EVERYTHING)[0] == 200
        assert time.monotonic() - began < 2 + 3 * GRACE  # the longest wait for a turn, and a new reader's start


def test_callers_who_do_not_hang_up_keep_nobody_waiting(served: str) -> None:
    request = f"GET /healthz HTTP/1.1\r\nHost: {served[7:]}\r\nConnection: close\r\n\r\n".encode()
    lingering = [connected(served) for _ in range(5)]
    for caller in lingering:
        caller.sendall(request)
        while caller.recv(4096):  # until the other side has ended
            pass
    assert fetched(f"{served}/healthz")[1] < 1.0
    for caller in lingering:
        caller.close()


def test_a_budget_holds_over_all_processes_that_serve_one_home(
    home: Path, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    share = {"QUERY_SECONDS": "1", "CLIENT_SECONDS": "1.25"}
    with serving(home, **share) as one, serving(home, **share) as other:
        assert [fetched(f"{one}/sparql", HOSTILE["a product"])[0] for _ in range(2)] == [503, 503]
        assert fetched(f"{other}/sparql", EVERYTHING)[0] == 429
    with serving(home, **share) as later:
        assert fetched(f"{later}/sparql", EVERYTHING)[0] == 200  # who was known is forgotten with the last of them
