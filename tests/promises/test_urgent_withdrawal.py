"""An urgent withdrawal, asked of two running sites by all their addresses: before it, and within a minute after it."""

from __future__ import annotations

import gzip
import json
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import psutil
import pytest
from click.testing import CliRunner
from tests import canaries

from taxonomy.cli import main
from taxonomy.errors import ReplacedError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import release
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People, Role
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.store.releases import Home

TESTS = Path(__file__).resolve().parents[1]
RECORD = TESTS / "publishing" / "records" / "made-up-centre.ttl"
ADDRESSES = [
    line
    for name in ("pages.txt", "addresses.txt")
    for line in (TESTS / name).read_text(encoding="utf-8").split()
    if "CITED" not in line
]
CENTRE = "https://example.org/id/organisation/made-up-centre"
SERVICE = "https://example.org/id/service/heronsgate-listening-room"
ALL = "SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?s), 'https://example.org/')) }"
TELLING = ("12 Heronsgate Row", "14 Heronsgate Row", "ZQ9 9QZ", "Listening Room of the Herons", "heronsgate-listening")
OF_IT = [
    "/services/heronsgate-listening-room",
    "/id/service/heronsgate-listening-room",
    "/search?q=herons",
    "/search.json?q=listening%20room",
    "/areas/E23000036/services.csv",
    "/services.json",
    "/services.ttl",
    "/services?as_at=2026-11-20",
    "/questions/services-in-area.xlsx?area=E23000036",
    f"/sparql?query={quote(ALL)}",
    "/graphs?graph=https%3A//w3id.org/svssv/graph/record/made-up-centre",
    "/graph/record/made-up-centre",
    "/validate/template.xlsx",
]
BY_NUMBER = [
    "/releases/{}",
    "/releases/{}.json",
    "/releases/{}/dump.nq.gz",
    "/releases/{}/dump.nq.gz.sha256",
    "/releases/1/diff/{}.json",
    "/releases/1/diff/{}.csv",
    "/questions/services-in-area.json?area=E23000036&release={}",
    f"/sparql?query={quote(ALL)}&release={{}}",
    "/sparql/terms?release={}",
    f"/sparql/answer?query={quote(ALL)}&as=csv&release={{}}",
    "/areas/E23000036/changes.json?since=1&until={}",
]


@dataclass
class Reply:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def ask(site: str, address: str, *, form: dict[str, str] | None = None, page: bool = False) -> Reply:
    data = urlencode(form).encode() if form else None
    accept = "text/html, */*;q=0.1" if page else "application/json, */*;q=0.1"
    request = urllib.request.Request(site + address, data=data, headers={"Accept": accept, "Connection": "close"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            body = answer.read()
            unpacked = gzip.decompress(body) if answer.headers["Content-Type"] == "application/gzip" else body
            return Reply(answer.status, unpacked.decode("utf-8", "replace"), dict(answer.headers))
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.read().decode("utf-8", "replace"), dict(error.headers))


def tells(reply: Reply) -> list[str]:
    return [each for each in TELLING if each.casefold() in reply.body.casefold()]


def opened_by(site: str, folder: Path) -> set[Path]:
    """The files below a folder, also such as were taken away, that a site or a process it started has open."""
    port, found = site.rpartition(":")[2], set()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cmdline()[-2:] == ["--port", port]:
                for each in (process, *process.children(recursive=True)):
                    with suppress(psutil.Error, OSError):
                        links = [link.readlink() for link in Path(f"/proc/{each.pid}/fd").iterdir()]
                        found |= {link for link in links if link.is_relative_to(folder)}
    return found


@dataclass
class Story:
    """What was seen, before and after."""

    home: Home
    sites: list[str]
    before: dict[str, Reply]
    held: set[Path]  # files of the release that was in service
    python: KnowledgeGraph
    citation: str
    told: str = ""
    last_told: float = 0.0  # seconds from the command to the last answer that told of it
    statuses: set[int] = field(default_factory=set)  # of answers meanwhile


def _ask_on(story: Story, site: str, ended: threading.Event) -> None:
    """Ask one thing again and again, and write down when it was last told."""
    began = time.monotonic()
    while not ended.is_set():
        reply = ask(site, "/services.json")
        story.statuses.add(reply.status)
        if tells(reply):
            story.last_told = time.monotonic() - began
        time.sleep(0.1)


@pytest.fixture(scope="module")
def story(
    tmp_path_factory: pytest.TempPathFactory, serving: Callable[..., AbstractContextManager[str]]
) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("urgent")
    home = Home.init(folder / "home", practice=True)
    release.build(home, note="without records")
    text = RECORD.read_text(encoding="utf-8").replace("made-up-counselling", "heronsgate-listening-room")
    text = text.replace("Made-Up Counselling", "Listening Room of the Herons")
    with Desk(home) as desk:
        people = People(desk.ledger)
        robin = people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]
        sam, token = people.add("sam", [Role.STEWARD])
        for address in ("12 Heronsgate Row", "14 Heronsgate Row"):
            file = folder / "record.ttl"
            said = f"A quiet room at {address}, ZQ9 9QZ."
            file.write_text(text.replace("Made-up talking therapy, for tests.", said), encoding="utf-8")
            receipt = desk.submit(file, robin)
            assert receipt.submission, [finding.message for finding in receipt.report.findings]
            desk.approve(receipt.submission.id, sam, f"{address} is right")
            desk.publish([receipt.submission.id], sam)
    rebuild(home)
    with serving(home.path) as first, serving(home.path) as second:
        before = {address: ask(first, address, page=True) for address in OF_IT}
        before |= {each.format(n): ask(first, each.format(n)) for each in BY_NUMBER for n in (2, 3)}
        ask(second, "/services")
        ask(second, "/questions/services-in-area.json?release=3")
        cited = ask(first, "/q", form={"question": "services-in-area", "area": "E23000036", "release": "4"})
        with KnowledgeGraph.open(home, release=3) as python:
            python.ask("services-in-area", area="E23000036")
            held = opened_by(second, home.path / "releases" / "4")
            found = Story(home, [first, second], before, held, python, json.loads(cited.body)["id"])
            ended = threading.Event()
            asking = threading.Thread(target=_ask_on, args=(found, second, ended))
            asking.start()
            words = [
                "withdraw",
                "2",
                "--urgent",
                "--by",
                "sam",
                "--reason",
                "Asked for by telephone",
                "--home",
                home.path,
            ]
            said = CliRunner(env={"SVSSV_TOKEN": token}).invoke(main, [str(word) for word in words])
            ended.set()
            asking.join()
            assert said.exit_code == 0, said.output
            found.told = said.stderr
            yield found


def test_before_it_the_site_told_of_it(story: Story) -> None:
    assert set().union(*map(tells, story.before.values())) >= set(TELLING[:1] + TELLING[2:])
    assert {address: reply.status for address, reply in story.before.items() if reply.status >= 400} == {}
    assert story.held


def test_after_it_no_address_of_any_site_tells_any_of_it(story: Story) -> None:
    for site in story.sites:
        addresses = [*ADDRESSES, *OF_IT] if site == story.sites[0] else OF_IT
        for address in addresses:
            reply = ask(site, address, page=True)
            asked = unquote(address).casefold()  # a page that is not found says what was asked for
            assert [each for each in tells(reply) if reply.status != 404 or each not in asked] == [], address
            assert reply.status < 500, address


def test_each_address_of_a_release_that_held_it_is_gone_and_names_its_successor(story: Story) -> None:
    for site in story.sites:
        for number in (2, 3, 4):
            for address in (each.format(number) for each in BY_NUMBER):
                reply = ask(site, address)
                assert (reply.status, tells(reply)) == (410, []), address
                assert f"Release {number} was replaced by release {number}.1 on " in reply.body
                assert reply.headers["Link"] == f'</releases/{number}.1>; rel="successor-version"'


def test_what_stands_in_its_place_is_asked_by_its_own_number(story: Story) -> None:
    for number in ("2.1", "3.1", "4.1"):
        for address in (each.format(number) for each in BY_NUMBER):
            reply = ask(story.sites[0], address)
            assert (reply.status, tells(reply)) == (200, []), address
    page = ask(story.sites[0], "/releases", page=True).body
    assert "Release 4.1" in page
    assert "In place of release 4 since" in page


def test_an_answer_that_was_cited_from_it_is_gone(story: Story) -> None:
    for address in (f"/q/{story.citation}", f"/q/{story.citation}.json", f"/q/{story.citation}/bib"):
        reply = ask(story.sites[0], address)
        assert (reply.status, tells(reply)) == (410, [])
        assert "Release 4 was replaced by release 4.1" in reply.body


def test_every_site_lets_go_of_the_files_without_being_asked(story: Story) -> None:
    gone = [story.home.path / "releases" / number for number in ("2", "3", "4")]
    until = time.monotonic() + 60
    while left := {each for site in story.sites for folder in gone for each in opened_by(site, folder)}:
        assert time.monotonic() < until, left
        time.sleep(0.2)


def test_who_has_it_open_in_python_cannot_ask_it_any_more(story: Story) -> None:
    with pytest.raises(ReplacedError):
        story.python.ask("services-in-area", area="E23000036")
    with pytest.raises(ReplacedError):
        KnowledgeGraph.open(story.home, release=2)


def test_the_shell_says_what_stands_in_its_place(story: Story) -> None:
    shell = CliRunner().invoke(main, ["query", "sources", "--release", "2", "--home", str(story.home.path)])
    assert (shell.exit_code, shell.stdout) == (1, "")
    assert "Release 2 was replaced by release 2.1" in shell.stderr
    words = ["query", "services-in-area", "-p", "area=E23000036", "--release", "2.1", "--home", str(story.home.path)]
    shell = CliRunner().invoke(main, words)
    assert (shell.exit_code, "Herons" in shell.stdout) == (0, False)


def test_no_file_of_the_home_holds_any_of_it(story: Story) -> None:
    assert canaries.seen(story.home.path, TELLING) == {}


def test_the_ledger_is_whole_and_the_doctor_says_what_is_left_to_do(story: Story) -> None:
    with Ledger.of(story.home) as ledger:
        seals = [each.seal for each in story.home.releases() if each.seal]
        assert list(ledger.faults(seals=seals)) == []
    said = CliRunner().invoke(main, ["doctor", "--home", str(story.home.path)]).stdout
    assert "ok    withdrawals: these releases stand in place of others: 2.1 (since " in said
    assert "Backups from before then still hold what had to go" in said
    assert "Release 4 is destroyed; release 4.1 stands in its place" in story.told


def test_it_was_in_no_answer_within_a_minute_of_the_command(story: Story) -> None:
    assert 0 < story.last_told < 60
    assert story.statuses <= {200, 503}


def test_a_mended_version_takes_its_place_in_the_same_go(published_practice_home: Path, tmp_path: Path) -> None:
    home = Home.open(shutil.copytree(published_practice_home, tmp_path / "home", symlinks=True))
    mended = tmp_path / "record.ttl"
    text = RECORD.read_text(encoding="utf-8")
    mended.write_text(text.replace("Made-up talking therapy, for tests.", "Ask us where."), encoding="utf-8")
    with Desk(home) as desk:
        people = People(desk.ledger)
        robin, sam = people.find("robin"), people.find("sam")
        receipt = desk.submit(mended, robin)
        assert receipt.submission
        desk.approve(receipt.submission.id, sam)
        desk.purge([1], sam, "Asked for", instead=receipt.submission.id)
    assert [each.name for each in home.releases()] == ["1.1", 2]
    assert canaries.seen(home.path, ["Made-up talking therapy, for tests."]) == {}
    with KnowledgeGraph.open(home) as kg:
        assert "Made-Up Counselling" in str(
            [row.label("service") for row in kg.ask("services-in-area", area="E23000036")]
        )
