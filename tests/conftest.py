"""Fixtures that many tests share: the real data, built once into a release."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pyoxigraph import RdfFormat, Triple, parse
from tests.servers import a_virtuoso, an_oxigraph, listening

from taxonomy import assets
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import pushing, release, verification
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.gathering import gather
from taxonomy.publishing.people import People, Role
from taxonomy.publishing.pushing import Server
from taxonomy.site import create_app, reading
from taxonomy.store import embedded
from taxonomy.store.releases import Home, Manifest

settings.register_profile("untimed", settings(), deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")

CHECKOUT = Path(__file__).resolve().parent.parent
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CENTRE = "https://example.org/id/organisation/made-up-centre"
MADE_UP = CHECKOUT / "tests" / "publishing" / "records" / "made-up-centre.ttl"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference files that lies beside the checkout on some machines."""
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared reference files are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ordinary home with release 1, built from the files in data/. For reading only."""
    path = tmp_path_factory.mktemp("homes") / "ordinary"
    release.build(Home.init(path), note="built for the tests")
    return path


@pytest.fixture(scope="session")
def kg(home: Path) -> Iterator[KnowledgeGraph]:
    """The knowledge graph of release 1."""
    with KnowledgeGraph.open(home) as graph:
        yield graph


@pytest.fixture
def practice_home(tmp_path: Path) -> Path:
    """A fresh practice home without a release."""
    path = tmp_path / "practice"
    Home.init(path, practice=True)
    return path


@pytest.fixture(scope="session")
def published_practice_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home in which a made-up centre's record went the whole way: submitted, approved, published."""
    path = tmp_path_factory.mktemp("practice") / "home"
    Home.init(path, practice=True)
    with Desk(Home.open(path)) as desk:
        people = People(desk.ledger)
        robin, sam = (
            people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0],
            people.add("sam", [Role.STEWARD])[0],
        )
        receipt = desk.submit(MADE_UP, robin)
        assert receipt.submission is not None, [finding.message for finding in receipt.report.findings]
        desk.approve(receipt.submission.id, sam, "Read together with the provider")
        desk.publish([receipt.submission.id], sam)
    return path


@pytest.fixture(scope="session")
def three_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home: release 1 without records, 2 with a made-up centre's, 3 with a new amount in it. For reading."""
    path = tmp_path_factory.mktemp("releases") / "home"
    home = Home.init(path, practice=True)
    release.build(home, note="without records")
    with Desk(home) as desk:
        people = People(desk.ledger)
        robin, sam = (
            people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0],
            people.add("sam", [Role.STEWARD])[0],
        )
        text = MADE_UP.read_text(encoding="utf-8")
        for version in (text, text.replace("sv:amount 12345.00", "sv:amount 23456.00")):
            file = path.parent / MADE_UP.name
            file.write_text(version, encoding="utf-8")
            receipt = desk.submit(file, robin)
            assert receipt.submission is not None, [finding.message for finding in receipt.report.findings]
            desk.approve(receipt.submission.id, sam, "Read together with the provider")
            desk.publish([receipt.submission.id], sam)
    return path


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of the site, served over release 1."""
    app = create_app(home)
    with listening(app) as address:
        yield address
    with app.app_context():
        reading.current().close()


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a home, ordinary or for practice, whose release 1 holds exactly these graphs."""

    def made(graphs: Mapping[str, frozenset[Triple]], *, practice: bool = False) -> Path:
        home = Home.init(tmp_path_factory.mktemp("homes") / "sealed", practice=practice)
        with home.making() as (number, folder):
            embedded.write(folder / "store", graphs)
            hashes = {name: embedded.fingerprint(triples) for name, triples in sorted(graphs.items())}
            manifest = Manifest(
                number=number,
                built=datetime.now(UTC),
                seconds=0.0,
                note="for a test",
                practice=practice,
                counts=verification.count(graphs),
                graphs=hashes,
                hash=verification.content_hash(hashes),
                files=embedded.digests(folder / "store"),
                records=(),
                basis=None,
            )
            home.seal(folder, manifest)
        return home.path

    return made


@pytest.fixture(scope="session")
def made_up_areas(sealed: Callable[[Mapping[str, frozenset[Triple]]], Path]) -> Path:
    """An ordinary home whose release holds the vocabularies, and made-up areas, services and coverage statements."""
    kept = ("ontology", "vocabulary/")
    graphs = {
        name: triples
        for name, triples in gather(assets.root()).graphs.items()
        if name.partition("/graph/")[2].startswith(kept)
    }
    made_up: defaultdict[str, set[Triple]] = defaultdict(set)
    for quad in parse(path=CHECKOUT / "tests" / "analysis" / "made-up-coverage.trig", format=RdfFormat.TRIG):
        made_up[quad.graph_name.value].add(quad.triple)
    return sealed(graphs | {name: frozenset(triples) for name, triples in made_up.items()})


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[str]]:
    """Starts ``svssv serve`` over a home, as a process of its own, and gives its address once it is ready.

    Further settings are given by the end of their names: ``QUERY_SECONDS="2"``. It reads ``endpoint`` in place of the
    home, where one is given.
    """

    @contextmanager
    def served(home: Path, *, endpoint: str = "", **settings: str) -> Iterator[str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        environment = (
            os.environ | {"SVSSV_HOME": str(home)} | {f"SVSSV_{name}": each for name, each in settings.items()}
        )
        command = [sys.executable, "-m", "taxonomy.cli", "serve", "--port", address.rpartition(":")[2]]
        command += ["--endpoint", endpoint] if endpoint else []
        with tempfile.TemporaryFile() as said, subprocess.Popen(command, env=environment, stderr=said) as process:
            try:
                _until_ready(f"{address}/readyz", process)
                yield address
            finally:
                process.terminate()
                process.wait(20)

    return served


def _until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90  # a busy machine starts slowly
    while True:
        with suppress(OSError), urllib.request.urlopen(address) as reply:
            if reply.status == 200:
                return
        assert process.poll() is None, "the site ended before it was ready"
        assert time.monotonic() < deadline, "the site did not start"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def served(home: Path, serving: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The address of ``svssv serve`` over release 1, with the usual settings."""
    with serving(home) as address:
        yield address


@pytest.fixture(scope="session")
def noted() -> Iterator[dict[str, Any]]:
    """What the checks of the pages find; written down where ``SVSSV_CHECKS`` names a file (``make checks``)."""
    found: dict[str, Any] = {}
    yield found
    if (place := os.environ.get("SVSSV_CHECKS")) and {"pages", "trace", "browser", "tool"} <= set(found):
        found["day"] = datetime.now(UTC).date()
        head = "# Written by `make checks`; see src/taxonomy/checks.py.\n"
        Path(place).write_text(head + yaml.safe_dump(found, allow_unicode=True, width=120), encoding="utf-8")


@pytest.fixture(scope="session")
def oxigraph(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An Oxigraph server that holds release 1."""
    with an_oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        pushing.push(Home.open(home), 1, server)
        yield server


@pytest.fixture(scope="session")
def virtuoso(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Virtuoso server that holds release 1. Where it is missing tests are skipped by name, and fail where CI=true."""
    if not shutil.which("virtuoso-t"):
        missing = "Virtuoso is not on this machine (Debian: virtuoso-opensource-7-bin)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with a_virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        pushing.push(Home.open(home), 1, server, beside=True, batch=50)
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium. Where it is missing the tests are skipped by name, and fail where CI=true."""
    if not CHROMIUM.exists():
        missing = f"Chromium is not at {CHROMIUM}; name it in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A visit: a browser that remembers nothing of earlier ones, and can reach nothing but the site."""
    visit = chromium.new_context()
    yield visit
    visit.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab at desktop width."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A tab of a browser without script."""
    visit = chromium.new_context(java_script_enabled=False)
    yield visit.new_page()
    visit.close()
