"""What goes wrong during a soak: processes are killed, releases are made and exchanged."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from tests.soak.judging import Judge, Service
from tests.soak.processes import Server
from tests.soak.references import References

from taxonomy.errors import NotAllowedError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People
from taxonomy.store.releases import Home

RECORD = Path(__file__).resolve().parents[1] / "publishing" / "records" / "made-up-centre.ttl"
_BACK_SECONDS = 30.0  # within which a web process that was killed has a successor that is ready


class Killer:
    """Kills a process of the server as the kernel does when memory is short: without a word."""

    def __init__(self, server: Server, address: str, judge: Judge) -> None:
        self._server, self._address, self._judge = server, address, judge
        self._chance = random.Random(7)  # noqa: S311  the same in every run
        self.readers = 0
        self.back: list[float] = []  # seconds until the site was ready again, for each web process that was killed

    def kill_reader(self) -> None:
        """One of those that answer queries."""
        if readers := self._server.readers():
            with suppress(psutil.NoSuchProcess):  # it ended by itself just now
                self._chance.choice(readers).kill()
                self.readers += 1

    def kill_web(self) -> None:
        """One of those that speak HTTP; and wait until the site is whole again."""
        before = self._server.web()
        victim = self._chance.choice(before)
        self._judge.deaths.append(killed := time.monotonic())
        victim.kill()
        while time.monotonic() - killed < _BACK_SECONDS:
            time.sleep(0.05)
            if len(self._server.web()) >= len(before) and victim not in self._server.web() and self._ready():
                self._judge.deaths.append(time.monotonic())
                self.back.append(time.monotonic() - killed)
                return
        self._judge.fault(f"no web process took the place of the one that was killed, in {_BACK_SECONDS:g} s")

    def _ready(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self._address}/readyz", timeout=5) as answer:
            return answer.status == 200
        return False


class Publisher:
    """Puts releases into service: those that there are, and new ones through the desk, each with another amount."""

    def __init__(self, home: Home, service: Service, references: References, judge: Judge, folder: Path) -> None:
        self._home, self._service, self._references, self._judge = home, service, references, judge
        self._file = folder / "made-up-centre.ttl"
        self._chance = random.Random(11)  # noqa: S311  the same in every run
        with Ledger(home.ledger_path) as ledger:
            self._tokens = {name: People(ledger).renew(name) for name in ("robin", "sam")}
        self.built = 0

    def swap(self) -> None:
        """Roll back, or forward again."""
        current = self._home.current()
        others = [each for each in self._references.numbers if current is None or each != current.number]
        number = self._chance.choice(sorted(others))
        with suppress(NotAllowedError), self._service.swapping(number):  # while another is being built
            self._home.swap(number)

    def publish(self) -> None:
        """A new version of the made-up record, submitted, approved and published with the shell."""
        number = max(each.number for each in self._home.releases()) + 1
        amount = f"{number}{number}456.00"
        text = RECORD.read_text(encoding="utf-8")
        self._file.write_text(text.replace("sv:amount 12345.00", f"sv:amount {amount}"), encoding="utf-8")
        self._shell("robin", "submit", str(self._file))
        submission = str(number - 1)  # release 1 holds none
        self._shell("sam", "review", "approve", submission, "--reason", "Read together with the provider")
        with self._service.swapping(number):
            self._shell("sam", "publish", submission)
        self.built += 1
        self._references.add(number)
        self._judge.settle()

    def _shell(self, who: str, *words: str) -> None:
        environment: Mapping[str, str] = os.environ | {
            "SVSSV_HOME": str(self._home.path),
            "SVSSV_TOKEN": self._tokens[who],
        }
        command = [sys.executable, "-m", "taxonomy.cli", *words, "--by", who]
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)


class Clockwork(threading.Thread):
    """Does something every so many seconds, from ``first`` on, and never again after ``last``."""

    def __init__(self, deed: object, every: float, until: threading.Event, *, first: float, last: float) -> None:
        super().__init__(name=f"fault {deed}")
        self._deed, self._every, self._until, self._first, self._last = deed, every, until, first, last
        self.error: BaseException | None = None

    def run(self) -> None:
        """Until it is time."""
        start = time.monotonic()
        wait = self._first
        while not self._until.wait(wait) and time.monotonic() - start <= self._last:
            try:
                self._deed()
            except BaseException as error:  # noqa: BLE001  # the run ends, and says why
                self.error = error
                self._until.set()
            wait = self._every
