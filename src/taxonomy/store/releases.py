"""A home and its releases: what is kept, which one is in service, and how that is changed without a gap.

    home.json                  what kind of home this is
    ledger.sqlite              the desk's own file, never read here
    citations.db               the answers that were cited
    releases/7/store/          a sealed store
    releases/7/manifest.json   what is in it
    releases/7/search.sqlite   its search index, made after the swap; the release is whole without it
    current -> releases/7      the release in service
    lock                       held by whoever builds or swaps

A release is made under another name, and gets its number when it is whole. ``current`` is replaced by one rename. So a
crash at any moment leaves the old release in service.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from taxonomy.errors import GoneError, NotAllowedError, NotFoundError, StoreError
from taxonomy.store.embedded import sync

_FORMAT: Final = 1
_UNFINISHED: Final = ".building-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release holds; ``hash`` is over the hashes of its graphs but ``graph/releases``, which holds dates."""

    number: int
    built: datetime
    seconds: float  # what the build took
    note: str
    practice: bool  # made-up records are in it, or may be
    counts: Mapping[str, int]  # triples (each once), graphs, services, agreements, …
    graphs: Mapping[str, str]  # graph IRI → SHA-256 of its sorted N-Triples lines
    hash: str
    files: Mapping[str, str]  # file of the store → SHA-256, because what no check asks for may be damaged too
    records: tuple[str, ...]  # graphs that came through the desk; all others through review of the repository
    basis: int | None  # the release in service when this one was built
    looks: tuple[str, ...] = ()  # what a quality query found that may be right, in words
    seal: str = ""  # of the ledger's last decision before it was built; empty where there was no ledger
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # added, altered, removed graphs since then

    def __post_init__(self) -> None:
        for name in ("counts", "graphs", "files", "changed"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def mark(self) -> str:
        """What tells its content from that of other releases, as far as is known."""
        return self.hash or f"{self.number} {self.built.isoformat()}"

    def to_json(self) -> str:
        """The manifest as it is kept."""
        facts = {each.name: getattr(self, each.name) for each in fields(self)}
        facts["built"] = self.built.isoformat()
        return json.dumps({"format": _FORMAT, **facts}, default=dict, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def told(cls, number: int, built: datetime, *, practice: bool) -> Manifest:
        """What is known of a release that a server elsewhere holds: the rest is empty, and means not known."""
        unknown: dict[str, Any] = {name: {} for name in ("counts", "graphs", "files")}
        return cls(
            number=number,
            built=built,
            practice=practice,
            seconds=0.0,
            note="",
            hash="",
            records=(),
            basis=None,
            **unknown,
        )

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read a kept manifest.

        Raises:
            ValueError: it is not one.
        """
        facts: dict[str, Any] = json.loads(text)
        if facts.pop("format", None) != _FORMAT:
            raise ValueError("it was written by another version of svssv")
        facts["built"] = datetime.fromisoformat(facts["built"])
        facts["records"] = tuple(facts["records"])
        facts["looks"] = tuple(facts.get("looks", ()))
        facts["changed"] = {how: tuple(graphs) for how, graphs in facts["changed"].items()}
        try:
            return cls(**facts)
        except TypeError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds an organisation's ledger and releases."""

    path: Path

    @classmethod
    def open(cls, path: Path | str) -> Home:
        """A home that exists.

        Raises:
            StoreError: there is none at ``path``; says how to make one.
        """
        home = cls(Path(path))
        home._facts()
        return home

    @classmethod
    def init(cls, path: Path | str, *, practice: bool = False) -> Home:
        """Make a home, if it is not there. A practice home may hold made-up records, and stays one for ever.

        Raises:
            NotAllowedError: it exists and is of the other kind.
            StoreError: the folder holds other things, or cannot be written.
        """
        home = cls(Path(path))
        file = home.path / "home.json"
        if file.exists():
            if home.practice != practice:
                kinds = ("an ordinary home", "a practice home")
                raise NotAllowedError(f"{path} is {kinds[home.practice]}, and can never become {kinds[practice]}.")
            return home
        try:
            home._releases.mkdir(parents=True, exist_ok=True)
            _write(file, json.dumps({"format": _FORMAT, "practice": practice}) + "\n")
        except OSError as error:
            raise StoreError(f"A home cannot be made at {path}: {error.strerror}.") from error
        return home

    @property
    def practice(self) -> bool:
        """Whether made-up records may be published here, and nothing may leave."""
        return bool(self._facts()["practice"])

    @property
    def ledger_path(self) -> Path:
        """The desk's file."""
        return self.path / "ledger.sqlite"

    @property
    def citations_path(self) -> Path:
        """The file of the answers that were cited."""
        return self.path / "citations.db"

    def store_path(self, number: int) -> Path:
        """The sealed store of a release."""
        return self._releases / str(number) / "store"

    def search_path(self, number: int) -> Path:
        """The search index of a release; it may not be there yet."""
        return self._releases / str(number) / "search.sqlite"

    def releases(self) -> tuple[Manifest, ...]:
        """Every release, oldest first."""
        numbers = sorted(int(each.name) for each in self._releases.glob("[0-9]*") if each.name.isdecimal())
        return tuple(self.manifest(number) for number in numbers)

    def manifest(self, number: int) -> Manifest:
        """What a release holds.

        Raises:
            GoneError: there was such a release, and it is no longer kept.
            NotFoundError: there is no such release.
            StoreError: its manifest is damaged.
        """
        file = self._releases / str(number) / "manifest.json"
        try:
            return Manifest.from_json(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            known = sorted(int(each.name) for each in self._releases.glob("[0-9]*"))
            if later := [each for each in known if each > number > 0]:  # numbers are given in turn, and never again
                raise GoneError("release", str(number), near=[str(later[0])]) from None
            raise NotFoundError("release", str(number), near=[str(each) for each in known[-3:]]) from None
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{file} is damaged: {error}") from error

    def current(self) -> Manifest | None:
        """The release in service; None before the first."""
        try:
            return self.manifest(int((self.path / "current").readlink().name))
        except FileNotFoundError:
            return None

    def swap(self, number: int) -> Manifest:
        """Put a release in service, older or newer: at once, for everyone who opens the home from now on.

        Raises:
            NotFoundError: there is no such release.
            NotAllowedError: a release is being built.
        """
        with self.locked():
            return self._point(number)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home against other builders and swappers.

        Raises:
            NotAllowedError: another process holds it.
        """
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise NotAllowedError(
                    f"Another release is being built in {self.path}. Wait until it is done, then try again."
                ) from None
            yield

    @contextlib.contextmanager
    def making(self) -> Iterator[tuple[int, Path]]:
        """A number and a folder for a new release, and the lock. Leaves nothing behind when the work fails.

        Raises:
            NotAllowedError: another process builds.
        """
        with self.locked():
            for left in self._releases.glob(f"{_UNFINISHED}*"):  # by a build that was killed
                shutil.rmtree(left)
            number = max((manifest.number for manifest in self.releases()), default=0) + 1
            folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._releases))
            try:
                yield number, folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def seal(self, folder: Path, manifest: Manifest) -> Manifest:
        """Make a finished folder a release, and put it in service. Only within ``making``."""
        _write(folder / "manifest.json", manifest.to_json())
        folder.chmod(0o755)
        folder.rename(self._releases / str(manifest.number))
        sync(self._releases)
        return self._point(manifest.number)

    def _point(self, number: int) -> Manifest:
        manifest = self.manifest(number)
        pointer = self.path / f".current-{os.getpid()}"
        pointer.unlink(missing_ok=True)
        pointer.symlink_to(Path("releases") / str(number))
        pointer.rename(self.path / "current")
        sync(self.path)
        return manifest

    @property
    def _releases(self) -> Path:
        return self.path / "releases"

    def _facts(self) -> dict[str, Any]:
        try:
            facts: Any = json.loads((self.path / "home.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise StoreError(f"There is no home at {self.path}. Make one with: svssv init {self.path}") from None
        except (OSError, ValueError) as error:
            raise StoreError(f"The home at {self.path} cannot be read: {error}") from error
        if not isinstance(facts, dict) or facts.get("format") != _FORMAT:
            raise StoreError(f"The home at {self.path} was made by another version of svssv.")
        return dict(facts)


def _write(path: Path, text: str) -> None:
    """Write a file whole, or not at all, and for good."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    sync(draft)
    draft.rename(path)
    sync(path.parent)
