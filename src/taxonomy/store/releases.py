"""A home and its releases: what is kept, which one is in service, and how that is changed without a gap.

    home.json                  what kind of home this is
    ledger.sqlite              the desk's own file, never read here
    citations.db               the answers that were cited
    releases/7/store/          a sealed store
    releases/7/manifest.json   what is in it
    releases/7/search.sqlite   its search index, made after the swap; the release is whole without it
    releases/7/dump.nq.gz      all of it as one file, with its hash beside it; likewise
    releases/5.1/              what took the place of release 5, in which something had to be withdrawn
    withheld/                  what must be in no answer: an urgent withdrawal that is under way
    current -> releases/7      the release in service
    lock                       held by whoever builds or swaps

A release is made under another name, and gets its number when it is whole. ``current`` is replaced by one rename. So a
crash at any moment leaves the old release in service.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from taxonomy.errors import GoneError, NotAllowedError, NotFoundError, ReplacedError, StoreError, WithheldError
from taxonomy.store import files, founding, locks, numbers, shredding, withheld
from taxonomy.store.manifests import Manifest
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.withheld import Withheld

__all__ = ["Home", "Manifest"]

_UNFINISHED: Final = ".building-"


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
        founding.is_practice(home.path)
        return home

    @classmethod
    def init(cls, path: Path | str, *, practice: bool = False) -> Home:
        """Make a home, if it is not there. A practice home may hold made-up records, and stays one for ever.

        Raises:
            NotAllowedError: it exists and is of the other kind.
            StoreError: the folder holds other things, or cannot be written.
        """
        home = cls(Path(path))
        if founding.founded(home.path):
            if home.practice != practice:
                kinds = ("an ordinary home", "a practice home")
                raise NotAllowedError(f"{path} is {kinds[home.practice]}, and can never become {kinds[practice]}.")
            return home
        try:
            home._releases.mkdir(parents=True, exist_ok=True)
            founding.found(home.path, practice=practice)
        except OSError as error:
            raise StoreError(f"A home cannot be made at {path}: {error.strerror}.") from error
        return home

    @property
    def practice(self) -> bool:
        """Whether made-up records may be published here, and nothing may leave."""
        return founding.is_practice(self.path)

    @property
    def ledger_path(self) -> Path:
        """The desk's file."""
        return self.path / "ledger.sqlite"

    @property
    def citations_path(self) -> Path:
        """The file of the answers that were cited."""
        return self.path / "citations.db"

    def folder(self, number: ReleaseNumber) -> Path:
        """Where a release lies."""
        return self._releases / str(number)

    def store_path(self, number: ReleaseNumber) -> Path:
        """The sealed store of a release."""
        return self.folder(number) / "store"

    def search_path(self, number: ReleaseNumber) -> Path:
        """The search index of a release; it may not be there yet."""
        return self.folder(number) / "search.sqlite"

    def releases(self) -> tuple[Manifest, ...]:
        """Every release that may be asked, oldest first."""
        going = self.withheld()
        latest = {manifest.number: manifest for manifest in self.held()}.values()  # the last to stand in each place
        return tuple(manifest for manifest in latest if not any(each.touches(manifest.graphs) for each in going))

    def held(self) -> tuple[Manifest, ...]:
        """Every release that lies here, oldest first: also one that is being replaced, and may not be asked."""
        found = []
        for number in self.numbers():
            with contextlib.suppress(GoneError):  # it was taken away just now
                found.append(self._read(number))
        return tuple(found)

    def withheld(self) -> tuple[Withheld, ...]:
        """The urgent withdrawals that are under way."""
        return withheld.read(self.path)

    def manifest(self, number: ReleaseNumber) -> Manifest:
        """What a release holds.

        Raises:
            ReplacedError: something in it had to be withdrawn; names the release in its place.
            GoneError: there was such a release, and it is no longer kept.
            NotFoundError: there is no such release.
            StoreError: its manifest is damaged.
        """
        known = self.numbers()
        try:
            whole, revision = numbers.parts(number)
        except ValueError:
            raise NotFoundError("release", str(number), near=[str(each) for each in known[-3:]]) from None
        number = numbers.joined(whole, revision)
        successors = [each for each in known if numbers.parts(each)[0] == whole and numbers.parts(each)[1] > revision]
        if successors and (replaced := self._read(successors[-1]).replaces.get(str(number))):
            raise ReplacedError(number, by=successors[-1], on=date.fromisoformat(replaced))
        if number in known:
            manifest = self._read(number)
            for each in self.withheld():
                if each.touches(manifest.graphs):
                    raise ReplacedError(number, by=numbers.after(number), on=each.day)
            return manifest
        if revision == 0 and (later := [each for each in known if numbers.parts(each)[0] > whole > 0]):
            raise GoneError("release", str(number), near=[str(later[0])])  # numbers are given in turn, and never again
        raise NotFoundError("release", str(number), near=[str(each) for each in known[-3:]])

    def answers(self, manifest: Manifest) -> bool:
        """Whether a release that was opened may still be asked: it lies here, and nothing in it is being withdrawn."""
        file = f"{self.path}/releases/{manifest.name}/manifest.json"  # as text, for this is asked at every query
        there = os.path.isfile(file)  # noqa: PTH113  # a path object for each query costs more than the look
        return there and not any(each.touches(manifest.graphs) for each in self.withheld())

    def current(self) -> Manifest | None:
        """The release in service; None before the first.

        Raises:
            WithheldError: something is being withdrawn from it.
            StoreError: its manifest is damaged.
        """
        pointed = self.pointed()
        if pointed is None:
            return None
        try:
            return self.manifest(pointed)
        except ReplacedError as error:
            with contextlib.suppress(GoneError, NotFoundError):
                return self.manifest(error.by)
            raise WithheldError(
                f"Something is being withdrawn from release {pointed}, and release {error.by} will be in its place "
                "within a minute. If it is not, whoever runs this site runs: svssv doctor"
            ) from error

    def served(self) -> Manifest:
        """The release in service.

        Raises:
            StoreError: there is none yet, or something is being withdrawn from it.
        """
        manifest = self.current()
        if manifest is None:
            raise StoreError(f"The home {self.path} has no release yet. Build one with: svssv release build")
        return manifest

    def pointed(self) -> ReleaseNumber | None:
        """What the pointer names, whether it may be asked or not; None before the first release."""
        try:
            return numbers.read((self.path / "current").readlink().name)
        except FileNotFoundError:
            return None

    def swap(self, number: ReleaseNumber) -> Manifest:
        """Put a release in service, older or newer: at once, for everyone who opens the home from now on.

        Raises:
            NotFoundError: there is no such release.
            NotAllowedError: a release is being built.
        """
        with self.locked():
            return self.point(number)

    @contextlib.contextmanager
    def locked(self, *, patience: float = 0.0) -> Iterator[None]:
        """Hold the home against other builders and swappers; ``patience`` is how many seconds to wait for them.

        Raises:
            NotAllowedError: another process holds it.
        """
        busy = f"Another release is being built in {self.path}. Wait until it is done, then try again."
        with locks.held(self.path / "lock", busy, patience=patience):
            yield

    @contextlib.contextmanager
    def making(self) -> Iterator[tuple[int, Path]]:
        """A number and a folder for a new release, and the lock. Leaves nothing behind when the work fails.

        Raises:
            NotAllowedError: another process builds.
        """
        with self.locked(), self.drafting() as folder:
            yield max((numbers.parts(each)[0] for each in self.numbers()), default=0) + 1, folder

    @contextlib.contextmanager
    def drafting(self) -> Iterator[Path]:
        """A folder for a new release, without what builds that were killed left behind. Only while it is locked."""
        for left in self._releases.glob(f"{_UNFINISHED}*"):
            shredding.shred(left)
        folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._releases))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def seal(self, folder: Path, manifest: Manifest) -> Manifest:
        """Make a finished folder a release, and put it in service. Only within ``making``."""
        self.place(folder, manifest)
        return self.point(manifest.name)

    def place(self, folder: Path, manifest: Manifest) -> None:
        """Make a finished folder a release, beside the one in service. Only while the home is locked."""
        files.write(folder / "manifest.json", manifest.to_json())
        folder.chmod(0o755)
        folder.rename(self.folder(manifest.name))
        files.sync(self._releases)

    def amend(self, manifest: Manifest) -> None:
        """Write the manifest of a release anew. Only while the home is locked, and only when something is withdrawn."""
        files.write(self.folder(manifest.name) / "manifest.json", manifest.to_json())

    def destroy(self, number: ReleaseNumber) -> None:
        """Take a release away for good. Only while the home is locked, and when another stands in its place."""
        shredding.shred(self.folder(number))

    def point(self, number: ReleaseNumber) -> Manifest:
        """As ``swap``, for whoever holds the lock."""
        manifest = self.manifest(number)
        pointer = self.path / f".current-{os.getpid()}"
        pointer.unlink(missing_ok=True)
        pointer.symlink_to(Path("releases") / str(number))
        pointer.rename(self.path / "current")
        files.sync(self.path)
        return manifest

    def numbers(self) -> list[ReleaseNumber]:
        """The numbers of what lies here, in order."""
        found = []
        for each in self._releases.glob("[0-9]*"):
            with contextlib.suppress(ValueError):
                found.append(numbers.read(each.name))
        return sorted(found, key=numbers.parts)

    def _read(self, number: ReleaseNumber) -> Manifest:
        file = self.folder(number) / "manifest.json"
        try:
            return Manifest.from_json(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise GoneError("release", str(number)) from None
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{file} is damaged: {error}") from error

    @property
    def _releases(self) -> Path:
        return self.path / "releases"
