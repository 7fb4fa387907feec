"""One soak: a real server over a home of several releases, those who ask it, and what goes wrong meanwhile."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
from tests.soak.asking import Mix
from tests.soak.clients import Connection, Reader, Stranger, hanging_up, hostile
from tests.soak.faults import Clockwork, Killer, Publisher
from tests.soak.judging import Judge, Service
from tests.soak.processes import Sample, Server, orphans
from tests.soak.references import References

from taxonomy.store.releases import Home

READERS = 3
LIVES_FROM = 0.27  # of the run: after that no web process is killed
REST = 35.0  # seconds after which earlier releases that nobody asks are closed
MOMENT = 300.0  # seconds; a run shorter than that is thinned out


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What a soak found."""

    seconds: float
    judge: Judge
    service: Service
    killer: Killer
    publisher: Publisher
    samples: Sequence[Sample]
    rested: Sample  # some time after the last request
    readers_at_first: int
    answered_after: Counter[int]  # statuses of many requests at once, when all was over
    orphans: Sequence[psutil.Process]
    distinct: int  # answers that the known releases have between them to the question that tells them apart
    releases: int

    def memory(self, first: float, last: float) -> float:
        """The median memory in megabytes between two parts of the run, each from 0 to 1."""
        return statistics.median(self._megabytes(first, last))

    def _megabytes(self, first: float, last: float) -> list[float]:
        start, end = first * self.seconds, last * self.seconds
        return [each.megabytes for each in self.samples if start <= each.seconds <= end]

    @property
    def start(self) -> float:
        """Megabytes when the last web process is warm: in the fifth twelfth of the run, minutes 20 to 25 of an hour."""
        return self.memory(4 / 12, 5 / 12)

    @property
    def end(self) -> float:
        """Megabytes in its last twelfth."""
        return self.memory(11 / 12, 1)

    def _course(self) -> str:
        parts = [self._megabytes(each / 12, (each + 1) / 12) for each in range(12)]
        return " ".join(f"{statistics.median(part):.0f}" if part else "–" for part in parts)

    def told(self) -> str:
        """The figures."""
        judge, by_kind = self.judge, Counter[str]()
        for (kind, _), count in judge.statuses.items():
            by_kind[kind] += count
        lines = [f"A soak of {self.seconds:g} seconds: {judge.statuses.total():,} answers"]
        for kind, count in sorted(by_kind.items()):
            statuses = {status: n for (each, status), n in sorted(judge.statuses.items()) if each == kind}
            times = sorted(judge.times[kind])
            spread = f"; p50 {_ms(times, 0.5)}, p99 {_ms(times, 0.99)}, most {_ms(times, 1)}" if times else ""
            lines.append(
                f"  {kind}: {count:,}, " + ", ".join(f"{n:,} x {each}" for each, n in statuses.items()) + spread
            )
        files = [each.files for each in self.samples]
        most = max(each.megabytes for each in self.samples)
        back = max(self.killer.back, default=0.0)
        lines += [
            f"  compared with the release they name: {judge.compared:,}; by release {sorted(judge.by_release.items())}",
            f"  from a release that had just left service: {judge.late}",
            f"  cut off by the death of a web process: {judge.cut_off}",
            f"  slowest, deaths of web processes apart: {judge.slowest[0]:.2f} s, {judge.slowest[1]}",
            f"  swaps: {self.service.swaps}, of them {self.publisher.built} releases built; {self.releases} releases",
            f"  killed: {self.killer.readers} readers",
            f"  killed: {len(self.killer.back)} web processes, back in {back:.1f} s at most",
            f"  MB (PSS of all processes): {self.start:.0f} warm, {self.end:.0f} at the end, {most:.0f} at most",
            f"  MB at rest: {self.rested.megabytes:.0f}; by twelfths of the run: {self._course()}",
            f"  open files: {files[len(files) * 5 // 12]} warm, {files[-1]} at the end, {self.rested.files} at rest",
            f"  readers: {self.readers_at_first} at first, {max(each.readers for each in self.samples)} at most",
            f"  readers at rest: {self.rested.readers}",
            f"  {judge.told()}",
        ]
        return "\n".join(lines)


def soak(home: Path, address: str, folder: Path, seconds: float) -> Soaked:
    """Let a server have it for so many seconds; an hour and half a minute differ in how often, not in what."""
    place, server, short = Home.open(home), Server.at(address), seconds < MOMENT
    mix = Mix(every=8 if short else 1)
    current = place.current()
    assert current is not None
    references = References(place, mix.everything, folder, address)
    for manifest in place.releases():
        references.add(manifest.number)
    service = Service(current.number)
    judge = Judge(references, service, folder / "faults.txt")
    until = threading.Event()
    killer = Killer(server, address, judge)
    publisher = Publisher(place, service, references, judge, folder)
    warm = Connection(address, 9)
    warm.send(mix.money)
    at_first = len(server.readers())
    for ask in mix.everything[:40]:
        warm.send(ask)
    samples: list[Sample] = []
    began = time.monotonic()
    pause = 0.1 if short else 0.4
    threads = [
        *(Reader(address, 10 + each, mix, judge, until, pause) for each in range(READERS)),
        Stranger(hostile(address, 66, judge), until, 1.0 if short else 3.0),
        Stranger(hanging_up(address, 67), until, 1.0 if short else 4.0),
    ]
    clocks = [
        Clockwork(killer.kill_reader, 2.0 if short else 7.0, until, first=1.0, last=seconds),
        Clockwork(publisher.swap, 5.0 if short else 30.0, until, first=2.0, last=seconds),
        # Later its successor lives on undisturbed, or a leak of its own would never be seen.
        Clockwork(
            killer.kill_web,
            max(seconds / 20, 15.0),
            until,
            first=seconds / 20 + 4.0,
            last=max(seconds * LIVES_FROM, 6.0),
        ),
    ]
    if not short:
        clocks.append(Clockwork(publisher.publish, seconds / 8, until, first=seconds / 8, last=seconds * 0.8))
    for thread in (*threads, *clocks):
        thread.start()
    while (passed := time.monotonic() - began) < seconds and not until.is_set():
        samples.append(server.sample(passed))
        until.wait(max(seconds / 720, 0.5))
    until.set()
    for thread in (*threads, *clocks):
        thread.join()
    for clock in clocks:
        if clock.error:
            raise clock.error
    judge.settle()
    after = _all_at_once(address, mix)
    time.sleep(0 if short else REST)
    lost = orphans(str(place.path))
    told_apart = {str(references.of(number, mix.money)) for number in references.numbers}
    return Soaked(
        seconds=seconds,
        judge=judge,
        service=service,
        killer=killer,
        publisher=publisher,
        samples=samples,
        rested=server.sample(time.monotonic() - began),
        readers_at_first=at_first,
        answered_after=after,
        orphans=lost,
        distinct=len(told_apart),
        releases=len(references.numbers),
    )


def _all_at_once(address: str, mix: Mix) -> Counter[int]:
    """Statuses of pages asked by eight at once: a dead worker that was not replaced would be met by one of them."""
    pages = [ask for ask in mix.everything if ask.kind == "page"][:40]
    with ThreadPoolExecutor(8) as crowd:
        connections = [Connection(address, 100 + each) for each in range(8)]
        answers = crowd.map(lambda job: connections[job[0] % 8].send(job[1]), enumerate(pages))
        return Counter(status for status, _, _ in answers)


def _ms(times: Sequence[float], part: float) -> str:
    return f"{times[min(int(part * len(times)), len(times) - 1)] * 1000:.0f} ms"
