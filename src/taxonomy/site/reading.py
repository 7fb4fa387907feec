"""The release that the site reads, held open, and exchanged when another becomes current without a failed request.

Two doors to one release: pages have readers of their own, so that strangers' queries cannot starve them. Each web
process opens its own, at its first request and so after any fork. A question may name an earlier release. Something
may be withdrawn from a release that is open: from that moment on it is not asked, and soon it is let go of.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final

from flask import Flask, current_app, g, request
from flask.sansio.app import App

from taxonomy.errors import QueryError, TaxonomyError
from taxonomy.kept import Kept
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.settings import Settings
from taxonomy.site.doors import Doors, Page, room
from taxonomy.site.earlier import Earlier
from taxonomy.site.elsewhere import Elsewhere
from taxonomy.store import numbers
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home, Manifest

_log = logging.getLogger(__name__)
_EXTENSION: Final = "svssv-current"
_LOOK_SECONDS: Final = 5.0  # between two looks whether an open release may still be asked
_TRY_AGAIN: Final = 5.0  # seconds before a release that would not open is tried again
_SHUT: Final = "This machine cannot cut query workers off from the network, so the public query service stays off."
_OF_ANY: Final = frozenset({"sparql", "querying", "questions", "citations"})  # what may be asked of an earlier release


class Current:
    """The current release of a home; safe to share between threads, and asked for by each process anew."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.home, self._settings = home, settings
        self._lock = Lock()
        self._doors: Doors | None = None
        self._process = 0
        self._failed: tuple[str, float] = ("", 0.0)
        self._ended = Event()
        self.forgetting: list[Callable[[], None]] = []  # what is called when releases came or went
        self.earlier = Earlier(lambda number: self._doors_to(number, readers=1))
        atexit.register(self.close)

    def take(self) -> Doors:
        """The open release, for one request; give it back.

        Raises:
            StoreError: there is no release yet, or it cannot be opened and no earlier one is open; WithheldError while
                something is withdrawn from it.
        """
        with self._lock:
            if self._process != os.getpid():  # a fork shares no readers with its parent
                self._process, self._doors = os.getpid(), None
                self._watch()
            target = pointed_at(self.home.path)
            if self._doors is None:
                self._doors = self._open(target)
            elif self._doors.target != target and not self._failed_lately(target):
                self._exchange(self._doors, target)
            if not self._doors.answer:
                self._let_go()
                self._doors = self._open(target)
            self._doors.readers += 1
            return self._doors

    def give_back(self, doors: Doors) -> None:
        """End one request's reading; the last reader of a superseded release closes it."""
        with self._lock:
            doors.readers -= 1
            finished = doors.retired and doors.readers == 0
        if finished:
            doors.close()

    def let_go(self) -> None:
        """Close what may not be asked any more, also where nobody asks for it and whoever reads it."""
        with self._lock:
            if self._process == os.getpid():
                self._let_go()
        self.earlier.let_go()

    def close(self) -> None:
        """End all readers of this process."""
        self._ended.set()
        with self._lock:
            doors, self._doors = self._doors, None
        if doors and self._process == os.getpid():
            doors.close()
        self.earlier.close()

    def _let_go(self) -> None:
        if self._doors and not self._doors.answer:
            self._doors.close()
            self._doors = None

    def _watch(self) -> None:
        """Look every few seconds, in a thread that ends with the process or when this is closed."""
        self._ended = ended = Event()

        def look() -> None:
            seen = self.home.numbers()
            while not ended.wait(_LOOK_SECONDS):
                try:
                    self.let_go()
                    if (now := self.home.numbers()) != seen:
                        seen = now
                        for forget in self.forgetting:
                            forget()
                except TaxonomyError as error:
                    _log.warning("whether a release may still be asked could not be found out: %s", error)

        Thread(target=look, name="svssv-withheld", daemon=True).start()

    def _open(self, target: str) -> Doors:
        return self._doors_to(None, target=target, readers=self._settings.readers)

    def _doors_to(self, number: ReleaseNumber | None, *, target: str = "", readers: int) -> Doors:
        limits = self._settings.limits
        most = self._settings.kept
        with contextlib.ExitStack() as undone:
            pages = KnowledgeGraph.open(self.home, release=number, limits=limits, readers=readers, kept=most)
            undone.callback(pages.close)
            free = KnowledgeGraph.open(self.home, release=pages.release.name, limits=limits, readers=readers)
            undone.callback(free.close)
            isolated = free.isolated
            shut = "" if isolated or self._settings.allow_unisolated else _SHUT
            kept = room(most if number is None else 0)
            doors = Doors(target=target, pages=pages, free=free, isolated=isolated, shut=shut, kept=kept)
            undone.pop_all()
        return doors

    def _exchange(self, old: Doors, target: str) -> None:
        try:
            self._doors = self._open(target)
        except TaxonomyError as error:
            _log.warning("release %s could not be opened; %s stays in service: %s", target, old.target, error)
            self._failed = (target, time.monotonic())
            return
        old.retired = True
        if old.readers == 0:
            old.close()

    def _failed_lately(self, target: str) -> bool:
        return self._failed[0] == target and time.monotonic() - self._failed[1] < _TRY_AGAIN


def pointed_at(home: Path) -> str:
    """What the pointer of a home names; empty before the first release."""
    try:
        return os.path.basename(os.readlink(f"{home}/current"))  # noqa: PTH115, PTH119  asked at every request
    except OSError:
        return ""


def init_app(app: Flask, place: Home | str, settings: Settings) -> None:
    """Hold the current release for the app, of a home or of a SPARQL server; a request takes it when it first asks."""
    app.extensions[_EXTENSION] = Elsewhere(place, settings) if isinstance(place, str) else Current(place, settings)
    app.teardown_request(_give_back)


def forget_with(app: App, forget: Callable[[], None]) -> None:
    """Call something soon after a release came or went, for those who keep what they worked out from releases."""
    held = app.extensions[_EXTENSION]
    if isinstance(held, Current):
        held.forgetting.append(forget)


def current() -> Current | Elsewhere:
    """What holds the release for this app."""
    held: Current | Elsewhere = current_app.extensions[_EXTENSION]
    return held


def pages() -> KnowledgeGraph:
    """The release of this request, for pages and named questions."""
    return _doors().pages


def free() -> KnowledgeGraph:
    """The release of this request, for strangers' SPARQL."""
    return _doors().free


def isolated() -> bool:
    """Whether strangers' queries of this request cannot reach the network."""
    return _doors().isolated


def shut() -> str:
    """Why strangers may not ask queries of their own in this request; empty where they may."""
    return _doors().shut


def kept_pages() -> Kept[Page]:
    """The pages of the release of this request that are kept."""
    return _doors().kept


def kept() -> tuple[ReleaseNumber, ...]:
    """The numbers of the releases that can be asked, the newest first."""
    keeper = current()
    if isinstance(keeper, Elsewhere):
        return (release().name,)
    return tuple(manifest.name for manifest in reversed(keeper.home.releases()))


def release() -> Manifest:
    """The release of this request."""
    return _doors().pages.release


def in_service() -> Manifest:
    """The current release, whichever this request asks."""
    with opened(None) as kg:
        return kg.release


@contextlib.contextmanager
def opened(number: ReleaseNumber | None, *, free: bool = False) -> Iterator[KnowledgeGraph]:
    """A release by its number, or the current one, for pages that look at more than one.

    ``free`` opens it for strangers' SPARQL.

    Raises:
        NotFoundError: there is no such release; GoneError where it is no longer kept.
        LimitError: too many earlier releases are being read.
    """
    keeper, doors = _take(number)
    try:
        yield doors.free if free else doors.pages
    finally:
        keeper.give_back(doors)


def names(release: str) -> None:
    """Say what this request gives as its release, so that a long form is not read a second time to find it."""
    g.named_release = release


def asked_for() -> ReleaseNumber | None:
    """The number of the release that this request names; None where it names none, or may not.

    Raises:
        QueryError: it is not a number.
    """
    if request.blueprint not in _OF_ANY:
        return None
    named = (g.named_release if "named_release" in g else request.values.get("release", "")).strip()
    if not named:
        return None
    return number_in(named, "release")


def number_in(text: str, field: str) -> ReleaseNumber:
    """The number of a release that a field of the address gives.

    Raises:
        QueryError: it is none.
    """
    try:
        return numbers.read(text)
    except ValueError:
        hint = f"For example {field}=1."
        raise QueryError(f"{text[:20]!r} is not the number of a release.", hint=hint) from None


def _doors() -> Doors:
    if "doors" not in g:
        g.keeper, g.doors = _take(asked_for())
    doors: Doors = g.doors
    return doors


def _take(number: ReleaseNumber | None) -> tuple[Current | Earlier | Elsewhere, Doors]:
    keeper = current()
    doors = keeper.take()
    if number is None or number == doors.pages.release.name:
        return keeper, doors
    keeper.give_back(doors)
    return keeper.earlier, keeper.earlier.take(number)


def _give_back(_error: BaseException | None) -> None:
    if doors := g.pop("doors", None):
        g.pop("keeper").give_back(doors)
