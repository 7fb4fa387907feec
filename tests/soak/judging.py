"""Which release was in service when, and whether an answer is one that it gives."""

from __future__ import annotations

import contextlib
import math
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.soak.asking import Ask, comparable
from tests.soak.references import References

LATE = 30.0  # seconds: a release that cannot be opened is tried again after five, and the old one goes on meanwhile
AROUND = 2.0  # seconds before and after the death of a web process in which it may cut off its callers
_TAG = re.compile(r'"(\d+)-[0-9a-f]{16}-')
_FOOT = re.compile(rb"Release (\d+), built on")
_SHOWN = 20  # faults that are told in full
ANNOUNCED = frozenset({503, 429})


@dataclass(slots=True)
class _Turn:
    number: int
    began: float
    ended: float = math.inf


class Service:
    """The releases that were in service, as those who swapped them know it."""

    def __init__(self, number: int) -> None:
        self._lock = threading.Lock()
        self._turns = [_Turn(number, -math.inf, -math.inf)]
        self.swaps = 0

    @contextlib.contextmanager
    def swapping(self, number: int) -> Iterator[None]:
        """While this is open, a release is being put into service."""
        turn = _Turn(number, time.monotonic())
        with self._lock:
            self._turns.append(turn)
        try:
            yield
        except BaseException:
            with self._lock:
                self._turns.remove(turn)
            raise
        turn.ended = time.monotonic()
        self.swaps += 1

    def between(self, began: float, ended: float) -> frozenset[int]:
        """The releases that were in service at some moment between two."""
        with self._lock:
            turns = sorted(self._turns, key=lambda turn: turn.ended)
        ends = [after.ended for after in turns[1:]] + [math.inf]
        return frozenset(
            turn.number for turn, until in zip(turns, ends, strict=True) if turn.began <= ended and until >= began
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One answer as it came."""

    ask: Ask
    began: float
    ended: float
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def announced(self) -> int | None:
        """The release that the answer names."""
        if tag := _TAG.search(self.headers.get("ETag", "")):
            return int(tag[1])
        foot = _FOOT.search(self.body)
        return int(foot[1]) if foot else None


class Judge:
    """Looks at every answer, and counts. Answers of a release that is not known yet wait until it is."""

    def __init__(self, references: References, service: Service, notes: Path) -> None:
        self._references, self._service, self._notes = references, service, notes
        self._lock = threading.Lock()
        self._waiting: list[Seen] = []
        self.deaths: list[float] = []  # of web processes, when
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.slowest: tuple[float, str] = (0.0, "")
        self.compared = self.late = self.cut_off = 0
        self.faults: list[str] = []
        self.by_release: Counter[int] = Counter()

    def fault(self, words: str) -> None:
        """Something that must not be."""
        with self._lock, self._notes.open("a", encoding="utf-8") as notes:  # so that an hour's run can be followed
            self.faults.append(words)
            notes.write(f"{time.strftime('%H:%M:%S')} {words}\n")

    def lost(self, ask: Ask, began: float, ended: float, error: Exception) -> None:
        """No whole answer came."""
        with self._lock:
            if any(began - AROUND <= death <= ended + AROUND for death in self.deaths):
                self.cut_off += 1
                return
        self.fault(f"no whole answer to {ask.method} {ask.path} after {ended - began:.1f} s: {error!r}")

    def status(self, kind: str, status: int, headers: Mapping[str, str]) -> None:
        """Count a status; one of the server's own faults must be a 503 that says when to come back."""
        with self._lock:
            self.statuses[kind, status] += 1
        if status in ANNOUNCED and int(headers.get("Retry-After", 0)) <= 0:
            self.fault(f"{status} without Retry-After to a {kind}")
        if status >= 500 and status != 503:
            self.fault(f"{status} to a {kind}")

    def see(self, seen: Seen) -> None:
        """Judge an answer to an honest request."""
        ask, took = seen.ask, seen.ended - seen.began
        self.status(ask.kind, seen.status, seen.headers)
        if seen.status not in {200, 503}:
            self.fault(f"{seen.status} to {ask.method} {ask.path}: {seen.body[:300]!r}")
        if seen.status != 200:
            return
        with self._lock:
            self.times[ask.kind].append(took)
            if not any(seen.began - AROUND <= death <= seen.ended for death in self.deaths):
                self.slowest = max(self.slowest, (took, f"{ask.method} {ask.path[:80]}"))
        if ask.moving:
            return
        if self._candidates(seen) <= self._references.numbers:
            self._judge(seen)
        else:
            with self._lock:
                self._waiting.append(seen)

    def settle(self) -> None:
        """Judge what has waited."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for seen in waiting:
            if self._candidates(seen) <= self._references.numbers:
                self._judge(seen)
            else:
                self.fault(f"{seen.ask.path} is of release {sorted(self._candidates(seen))}, which there is not")

    def _candidates(self, seen: Seen) -> frozenset[int]:
        """The release that the answer names; where it names none, all that it may come from."""
        named = seen.announced
        return self._service.between(seen.began - LATE, seen.ended) if named is None else frozenset({named})

    def _judge(self, seen: Seen) -> None:
        ask, earlier = seen.ask, "release=" in seen.ask.path
        now = self._service.between(seen.began, seen.ended)
        lately = self._service.between(seen.began - LATE, seen.ended)
        candidates = sorted(self._candidates(seen))
        given = comparable(seen.body, seen.headers.get("Content-Type", "").partition(";")[0])
        right = [number for number in candidates if self._references.of(number, ask) == given]
        with self._lock:
            self.compared += 1
            self.by_release.update(right[:1])
            self.late += not earlier and not (set(candidates) & now)
        if not right:
            self.fault(f"{ask.method} {ask.path} is not what release {candidates} answers: {seen.body[:300]!r}")
        elif not earlier and not set(right) & lately:
            self.fault(f"{ask.method} {ask.path} comes from release {right}, out of service for {LATE:g} s")

    def told(self) -> str:
        """The faults, the first of them in full."""
        return "\n".join([f"{len(self.faults)} faults", *self.faults[:_SHOWN]])
