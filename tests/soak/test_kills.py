"""Publishing that is killed at any moment, while others read: no release is torn, and nothing acknowledged is gone."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pytest

from taxonomy.publishing import verification
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import Ledger, State
from taxonomy.publishing.people import People
from taxonomy.store.releases import Home

RECORD = Path(__file__).resolve().parents[1] / "publishing" / "records" / "made-up-centre.ttl"
ADDRESS = "/questions/money-by-funder.json?area=E23000036"
FEW = pytest.param((4, 3), id="few")
MANY = pytest.param((200, 20), id="two-hundred", marks=pytest.mark.soak)
PUBLISH = """
import sys
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People
from taxonomy.store.releases import Home
with Desk(Home.open(sys.argv[1])) as desk:
    sam = People(desk.ledger).find("sam")
    print("begins", flush=True)
    desk.publish([int(sys.argv[2])], sam)
    print("done", flush=True)
"""


class Reader(threading.Thread):
    """Asks one thing again and again, and counts what comes back."""

    def __init__(self, address: str, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._address, self._ended = address, ended
        self.seen: Counter[int | str] = Counter()

    def run(self) -> None:
        """Until the kills are over."""
        while not self._ended.wait(0.5):
            try:
                with urllib.request.urlopen(self._address, timeout=60) as answer:
                    answer.read()
                    self.seen[answer.status] += 1
            except urllib.error.HTTPError as error:
                self.seen[error.code] += 1
            except (OSError, HTTPException) as error:
                self.seen[type(error).__name__] += 1


@dataclass
class Killed:
    """What was seen."""

    home: Home
    kills: int = 0
    after_done: int = 0  # publications that were over before the kill
    torn: list[str] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    answers: Counter[int | str] = field(default_factory=Counter)


def approved(home: Home, folder: Path, number: int) -> int:
    """A new version of the made-up record, ready to be published."""
    text = RECORD.read_text(encoding="utf-8").replace("sv:amount 12345.00", f"sv:amount {number}001.00")
    file = folder / "record.ttl"
    file.write_text(text, encoding="utf-8")
    with Desk(home) as desk:
        people = People(desk.ledger)
        receipt = desk.submit(file, people.find("robin"))
        assert receipt.submission
        desk.approve(receipt.submission.id, people.find("sam"))
        return receipt.submission.id


def published_and_killed(home: Home, submission: int, seconds: float) -> bool:
    """Publish in a process of its own, and kill it so many seconds after it began; whether it said that it was done."""
    command = [sys.executable, "-c", PUBLISH, str(home.path), str(submission)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        return "done" in process.stdout.read()


@contextmanager
def reading(address: str, readers: int, found: Killed) -> Iterator[None]:
    """So many readers, while the block runs."""
    ended = threading.Event()
    threads = [Reader(address, ended) for _ in range(readers)]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        ended.set()
        for each in threads:
            each.join()
            found.answers += each.seen


def look(home: Home, found: Killed, submission: int, *, done: bool) -> None:
    """What is not as it has to be right after a kill."""
    current = home.served()
    found.torn += verification.verify(home, current.name).faults
    with Ledger.of(home) as ledger:
        found.torn += ledger.faults(seals=[each.seal for each in home.releases() if each.seal])
        state = ledger.submission(submission).state
        if done and state is not State.PUBLISHED:
            found.lost.append(submission)
        public = ledger.submissions(State.PUBLISHED)
        if public and public[0].graph not in current.graphs:
            found.lost.append(public[0].id)


@pytest.fixture(scope="module", params=[FEW, MANY])
def killed(
    request: pytest.FixtureRequest,
    published_practice_home: Path,
    serving: Callable[..., AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Killed:
    kills, readers = request.param
    folder = tmp_path_factory.mktemp("kills")
    home = Home.open(shutil.copytree(published_practice_home, folder / "home", symlinks=True))
    found, chance = Killed(home), random.Random(kills)  # noqa: S311  the same in every run
    submission = approved(home, folder, 1)
    began = time.monotonic()
    assert published_and_killed(home, submission, 300.0)
    whole = time.monotonic() - began
    with serving(home.path) as address, reading(address + ADDRESS, readers, found):
        submission = approved(home, folder, 2)
        for number in range(kills):
            done = published_and_killed(home, submission, chance.uniform(0.0, whole))
            found.kills += 1
            look(home, found, submission, done=done)
            if done:
                found.after_done += 1
                submission = approved(home, folder, number + 3)
        assert published_and_killed(home, submission, 300.0), "the next publication works"
        look(home, found, submission, done=True)
    return found


def test_no_release_is_torn_and_the_ledger_is_whole(killed: Killed) -> None:
    assert killed.torn == []


def test_nothing_that_was_acknowledged_is_gone(killed: Killed) -> None:
    assert killed.lost == []


def test_some_were_killed_in_the_midst_of_it(killed: Killed) -> None:
    assert killed.kills - killed.after_done > killed.kills // 5


def test_nobody_who_read_meanwhile_was_refused(killed: Killed) -> None:
    assert set(killed.answers) == {200}


def test_what_killed_builds_left_behind_is_gone_after_the_next_one(killed: Killed) -> None:
    left = [each.name for each in (killed.home.path / "releases").iterdir() if each.name.startswith(".")]
    assert left == []
