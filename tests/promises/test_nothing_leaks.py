"""Promise 4, all the way: canaries in every field that must not be published come out nowhere after publishing."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from tests.restricted import workbook
from tests.servers import free_port

from taxonomy.publishing import restricted
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.requests import Kind, Requests
from taxonomy.sealing import Key
from taxonomy.settings import Settings
from taxonomy.site import create_app
from taxonomy.store.releases import Home
from taxonomy.validation import report

TESTS = Path(__file__).resolve().parents[1]
RECORD = TESTS / "publishing" / "records" / "made-up-centre.ttl"
CENTRE = "https://example.org/id/organisation/made-up-centre"
OTHER = "https://example.org/id/organisation/made-up-haven"

ADDRESS, CONTACT, NOTE = "12 Addressyard Canary Lane", "Canaryson Contactyard", "Otheryard canary note"
ROWS = (
    ("Made-Up Counselling", "address", ADDRESS),
    ("Made-Up Centre", "contact", CONTACT),
    ("Made-Up Centre", "other", NOTE),
)
SEALED = (ADDRESS, CONTACT, NOTE)  # readable in no file at all
REFUSED = ("canaryyard@example.org", "07700 900771", "ZZ97 7ZZ")  # what the rules refuse, and no file keeps
SUBMITTER, APPROVER = "canary-robinyard", "canary-samyard"
FILE_NAME = "canary-fileyard.xlsx"
REASON, RETURNED = "canary reasonyard", "canary returnyard"
UNAPPROVED = "Canary draftyard"  # in a record that was sent back
PASSWORD = "canary passwordyard lantern"
FORMS = ("", ".json", ".csv", ".ttl", ".jsonld", ".xlsx")


@dataclass
class Planted:
    """A practice home with canaries in it, published, and what was said meanwhile."""

    home: Path
    key: Path
    tokens: tuple[str, ...]
    said: list[str] = field(default_factory=list)  # reports, logs
    things: tuple[str, ...] = ("/services/made-up-centre-made-up-counselling", "/organisations/made-up-centre")

    @property
    def canaries(self) -> tuple[str, ...]:
        """Everything that must be in no page, dump, answer, error or log."""
        people = (SUBMITTER, APPROVER, FILE_NAME, REASON, RETURNED, UNAPPROVED, PASSWORD, *self.tokens)
        return (*SEALED, *REFUSED, *people, self.key.read_text(encoding="ascii").strip())

    def found(self, text: str | bytes) -> list[str]:
        """The canaries in a text, plain or as an address writes them."""
        data = text.encode() if isinstance(text, str) else text
        return [each for each in self.canaries if each.encode() in data or quote(each).encode() in data]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("canaries")
    home = Home.init(folder / "home", practice=True)
    restricted.make(home, folder / "restricted.key")
    heard = io.StringIO()
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    with Desk(home) as desk:
        people = People(desk.ledger)
        robin, one = people.add(SUBMITTER, [Role.CONTRIBUTOR], organisations=[CENTRE, OTHER])
        sam, two = people.add(APPROVER, [Role.STEWARD])
        Passwords(desk.ledger).set(APPROVER, PASSWORD, by=sam)
        planted = Planted(home=home.path, key=folder / "restricted.key", tokens=(one, two))
        _refused(desk, robin, folder, planted)
        _returned(desk, robin, sam, folder)
        receipt = desk.submit(workbook(folder / FILE_NAME, ROWS), robin)
        assert receipt.submission, [finding.message for finding in receipt.report.findings]
        planted.said += [report.to_text(receipt.report), report.to_json(receipt.report)]
        restricted.Restricted(desk.ledger, Key.read(planted.key)).facts(receipt.submission.id, sam)
        desk.approve(receipt.submission.id, sam, REASON)
        desk.publish([receipt.submission.id], sam)
        Requests(desk.ledger).add(Kind.ERASURE, CENTRE, sam)
    root.removeHandler(handler)
    root.setLevel(level)
    assert heard.getvalue()  # somebody said something, so that the search is no empty one
    planted.said.append(heard.getvalue())
    return planted


def _refused(desk: Desk, robin: Person, folder: Path, planted: Planted) -> None:
    """Records with what the rules refuse, which are answered and not kept."""
    for canary in REFUSED:
        text = RECORD.read_text(encoding="utf-8").replace("Made-up talking therapy, for tests.", f"Ask at {canary}.")
        path = folder / "refused.ttl"
        path.write_text(text.replace("service-type/counselling-longer-term", "service-type/refuge"), encoding="utf-8")
        receipt = desk.submit(path, robin)
        assert receipt.submission is None
        planted.said += [written(receipt.report) for written in (report.to_text, report.to_json)]


def _returned(desk: Desk, robin: Person, sam: Person, folder: Path) -> None:
    """A record that nobody approved."""
    text = RECORD.read_text(encoding="utf-8").replace("made-up-centre", "made-up-haven")
    path = folder / "returned.ttl"
    path.write_text(text.replace("Made-up talking therapy, for tests.", f"{UNAPPROVED}."), encoding="utf-8")
    receipt = desk.submit(path, robin)
    assert receipt.submission, [finding.message for finding in receipt.report.findings]
    desk.return_(receipt.submission.id, sam, RETURNED)


@pytest.fixture(scope="module")
def client(planted: Planted) -> FlaskClient:
    app = create_app(planted.home, {"SETTINGS": Settings.read({"SVSSV_METRICS_TOKEN": "counted"})})
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer counted"
    return client


def addresses() -> list[str]:
    """A page for each rule of the site, and what is no page; ``test_addresses.py`` holds that every rule has one."""
    listed = [(TESTS / name).read_text(encoding="utf-8").split() for name in ("pages.txt", "addresses.txt")]
    return [address for each in listed for address in each if "CITED" not in address]


def unpacked(data: bytes) -> bytes:
    """The parts of a workbook; anything else as it is."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_no_page_of_any_kind_holds_a_canary(planted: Planted, client: FlaskClient) -> None:
    leaks = {}
    for address in addresses():
        with client.get(address, headers={"Accept": "text/html, */*;q=0.1"}) as answer:
            assert answer.status_code in {200, 303}, address
            leaks[address] = planted.found(unpacked(answer.data))
    assert {address: found for address, found in leaks.items() if found} == {}


def test_the_record_itself_is_public(planted: Planted, client: FlaskClient) -> None:
    for path in planted.things:
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path


@pytest.mark.parametrize("form", FORMS)
def test_no_page_or_data_of_the_published_record_holds_a_canary(
    planted: Planted, client: FlaskClient, form: str
) -> None:
    lists = ("/services", "/organisations", "/agreements") if form in {"", ".json", ".csv", ".xlsx"} else ()
    for path in (*planted.things, *lists, *(("/releases/1",) if not form else ())):
        with client.get(f"{path}{form}") as answer:
            assert answer.status_code == 200, path
            assert planted.found(unpacked(answer.data)) == [], path


def test_no_search_finds_a_canary(planted: Planted, client: FlaskClient) -> None:
    for canary in planted.canaries:
        for asked in {canary, *canary.split()}:  # the page repeats what was asked for, and nothing that it found
            with client.get("/search", query_string={"q": asked}, headers={"Accept": "text/html"}) as page:
                told = page.get_data(as_text=True).replace(asked, "").replace(quote(asked), "")
                assert planted.found(told) == []


QUERIES = (
    'SELECT * {{ ?s ?p ?o FILTER (CONTAINS(LCASE(STR(?o)), "{0}") || CONTAINS(LCASE(STR(?s)), "{0}")) }}',
    'SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (CONTAINS(LCASE(STR(?o)), "{0}") || CONTAINS(STR(?g), "{0}")) }}',
    'SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (CONTAINS(LCASE(STR(?o)), "{0}")) }} HAVING (?n > 0)',
)


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_finds_a_canary_in_any_graph(planted: Planted, client: FlaskClient, query: str) -> None:
    for part in ("yard", "canary", "900771", "zz97"):
        with client.post("/sparql", data={"query": query.format(part)}) as answer:
            assert answer.status_code == 200
            assert answer.json is not None
            assert answer.json["results"]["bindings"] == []


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE <https://example.org/id/service/made-up-centre-made-up-counselling>",
        f"DESCRIBE <{CENTRE}>",
        "DESCRIBE <https://w3id.org/svssv/graph/record/made-up-centre>",
        "CONSTRUCT { ?s ?p ?o } { GRAPH <https://w3id.org/svssv/graph/record/made-up-centre> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } { GRAPH <https://w3id.org/svssv/graph/releases> { ?s ?p ?o } }",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
    ],
)
def test_neither_descriptions_nor_graphs_hold_a_canary(planted: Planted, client: FlaskClient, query: str) -> None:
    with client.post("/sparql", data={"query": query}) as answer:
        assert answer.status_code == 200
        assert answer.data
        assert planted.found(answer.data) == []


@pytest.mark.parametrize(
    "address",
    [
        "/services/made-up-haven",
        "/organisations/made-up-haven",
        "/releases/9",
        "/sparql?query=SELECT",
        "/steward",
    ],
)
def test_no_error_holds_a_canary(planted: Planted, client: FlaskClient, address: str) -> None:
    for accept in ("text/html", "application/json"):
        with client.get(address, headers={"Accept": accept}) as answer:
            assert answer.status_code >= 400
            assert planted.found(answer.data) == []


def test_no_file_of_a_release_holds_a_canary(planted: Planted) -> None:
    files = [path for path in (planted.home / "releases").rglob("*") if path.is_file()]
    assert files
    leaks = {str(path): planted.found(path.read_bytes()) for path in files}
    assert {path: found for path, found in leaks.items() if found} == {}


def test_what_is_sealed_or_refused_and_what_signs_people_in_is_readable_in_no_file_of_the_home(
    planted: Planted,
) -> None:
    nowhere = {*SEALED, *REFUSED, PASSWORD, *planted.tokens, planted.key.read_text(encoding="ascii").strip()}
    files = [path for path in planted.home.rglob("*") if path.is_file()]
    leaks = {str(path): nowhere.intersection(planted.found(path.read_bytes())) for path in files}
    assert {path: found for path, found in leaks.items() if found} == {}


def test_the_canaries_that_a_ledger_may_hold_are_there_so_that_the_search_is_no_empty_one(planted: Planted) -> None:
    data = b"".join(path.read_bytes() for path in planted.home.glob("ledger.sqlite*"))
    assert {SUBMITTER, APPROVER, FILE_NAME, REASON, RETURNED, UNAPPROVED} <= set(planted.found(data))


def test_no_report_that_was_given_back_holds_what_was_refused_or_sealed(planted: Planted) -> None:
    for said in planted.said:
        assert set(planted.found(said)) <= {FILE_NAME}  # a report names the file to whoever sent it


def test_no_logger_hears_a_canary(planted: Planted, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for path in (*planted.things, "/services?area=E23000036", "/services/made-up-haven"):
            client.get(path)
        with workbook(planted.home.parent / FILE_NAME, ROWS).open("rb") as file:
            client.post("/validate", data={"file": (file, FILE_NAME)})
    assert planted.found(caplog.text) == []


def test_the_process_that_serves_says_no_canary(planted: Planted) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "SVSSV_HOME": str(planted.home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "taxonomy.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            _until_it_answers(f"{address}/healthz", process)
            for path in (*planted.things, f"/search?q={quote(ADDRESS)}", f"/services?q={quote(CONTACT)}", "/nowhere"):
                _ask(address + path)
            form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + FILE_NAME.encode() + b'"\r\n\r\n'
            body = form + workbook(planted.home.parent / FILE_NAME, ROWS).read_bytes() + b"\r\n--x--\r\n"
            _ask(f"{address}/validate", body)
        finally:
            process.terminate()
            said, _ = process.communicate(timeout=30)
    assert planted.found(said) == []


def _until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def _ask(address: str, body: bytes | None = None) -> None:
    asked = urllib.request.Request(address, body, {"Content-Type": "multipart/form-data; boundary=x"} if body else {})
    with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(asked):
        pass
