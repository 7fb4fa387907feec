"""Backups of a home: a real copy on another disk, every file with its hash, and the way back.

Releases never change, so their files are copied as they are; the ledger and the citations are copied through their
database, so that a copy made in the middle of a decision is still whole. A ledger on a server is the server's to
back up (``pg_dump``). Nobody publishes meanwhile.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from taxonomy.errors import InputError, NotAllowedError, StoreError
from taxonomy.publishing import restricted, verification
from taxonomy.publishing.alone import alone
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.release import Progress
from taxonomy.store.files import sha256, sync
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home

_FORMAT: Final = 1
_LIST: Final = "backup.json"
_HOME: Final = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup: what it holds, and of when."""

    path: Path
    made: datetime
    current: ReleaseNumber | None  # the release in service; None before the first
    releases: int
    faults: tuple[str, ...]  # what was not sound in the home already when it was saved
    files: Mapping[str, str]  # path below the home → SHA-256


def backup(home: Home, path: Path, *, progress: Progress | None = None) -> Backup:
    """Copy a home into a new folder, read the copy again, and write down the hash of each of its files.

    What is not sound is saved too, and told: it may be all that there is.

    Raises:
        InputError: the folder is there already, or lies in the home.
        NotAllowedError: somebody is publishing, or an urgent withdrawal is not finished.
        StoreError: the disk would not take it; the folder is removed.
    """
    if path.resolve().is_relative_to(home.path.resolve()):
        raise InputError(f"{path} lies in the home itself.", hint="A backup beside what it saves is none.")
    with _whole_or_not_at_all(path), alone(home), home.locked():
        if home.withheld():
            raise NotAllowedError(
                "An urgent withdrawal was interrupted, and what has to go would be saved too. Finish it first, with: "
                "svssv doctor"
            )
        return _backup(home, path, progress)


def read(path: Path) -> Backup:
    """A backup, as its list describes it.

    Raises:
        StoreError: there is none at ``path``, or its list is damaged.
    """
    try:
        told: dict[str, Any] = json.loads((path / _LIST).read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise StoreError(f"The backup at {path} was made by another version of svssv.")
        return Backup(
            path=path,
            made=datetime.fromisoformat(told["made"]),
            current=told["current"],
            releases=told["releases"],
            faults=tuple(told["faults"]),
            files=told["files"],
        )
    except FileNotFoundError:
        raise StoreError(f"There is no backup at {path}: it has no {_LIST}.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"The list of the backup at {path} is damaged: {error}") from error


def restore(saved: Backup, path: Path, *, progress: Progress | None = None) -> Home:
    """Make a home again from a backup, in a new folder; each file and each release is read and held to its hash.

    Raises:
        InputError: the folder is there already.
        StoreError: the backup is damaged, or the disk would not take it; names each fault, and the folder is removed.
    """
    if faults := list(_damaged(saved.path / _HOME, saved.files)):
        raise StoreError(f"The backup at {saved.path} is damaged, and nothing was restored. {' '.join(faults)}")
    with _whole_or_not_at_all(path):
        home = _restore(saved, path, progress)
        if faults := [*_damaged(path, saved.files), *(each for each in _faults(home) if each not in saved.faults)]:
            raise StoreError(f"What was restored is not what was saved, and was removed. {' '.join(faults)}")
    if progress:
        progress("Restored", len(saved.files), len(saved.files))
    return home


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[None]:
    """A new folder for this user alone, which is removed again where the work in it fails."""
    if path.exists():
        raise InputError(f"{path} is there already.", hint="Name a folder that is not there yet.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700)
        yield
    except BaseException as error:
        shutil.rmtree(path, ignore_errors=True)
        if isinstance(error, OSError | sqlite3.Error):
            raise StoreError(f"{path} could not be written: {error}") from error
        raise


def _restore(saved: Backup, path: Path, progress: Progress | None) -> Home:
    for done, name in enumerate(saved.files):
        if progress:
            progress("Copying", done, len(saved.files))
        _copy(saved.path / _HOME / name, path / name)
    (path / "releases").mkdir(exist_ok=True)
    home = Home.open(path)
    if saved.current is not None:
        home.swap(saved.current)
    return home


def _backup(home: Home, path: Path, progress: Progress | None) -> Backup:
    kept, current = home.releases(), home.current()
    copy = path / _HOME
    copy.mkdir()
    sealed = [each for each in (home.path / "home.json", home.path / restricted.SEAL) if each.is_file()]
    for manifest in kept:
        folder = home.store_path(manifest.name).parent
        sealed += sorted(each for each in folder.rglob("*") if each.is_file())
    for done, file in enumerate(sealed):
        if progress:
            progress("Copying", done, len(sealed))
        _copy(file, copy / file.relative_to(home.path))
    for database in (home.ledger_path, home.citations_path):
        if database.is_file():
            _copy_database(database, copy / database.name)
    faults = tuple(_faults(Home.open(copy)))
    files = {each.relative_to(copy).as_posix(): sha256(each) for each in sorted(copy.rglob("*")) if each.is_file()}
    saved = Backup(
        path=path,
        made=datetime.now(UTC).replace(microsecond=0),
        current=current.name if current else None,
        releases=len(kept),
        faults=faults,
        files=files,
    )
    told = {name: value for name, value in asdict(saved).items() if name not in ("path", "made")}
    text = json.dumps({"format": _FORMAT, "made": saved.made.isoformat(), **told}, indent=1)
    (path / _LIST).write_text(text + "\n", encoding="utf-8")
    for written in (path / _LIST, *copy.rglob("*"), copy, path):
        sync(written)
    return saved


def _copy(source: Path, target: Path) -> None:
    """A copy with bytes of its own: a hard link would be lost with the disk that it lies on."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    shutil.copymode(source, target)


def _copy_database(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def _damaged(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    for name, stated in files.items():
        try:
            if sha256(folder / name) != stated:
                yield f"{name} is not what was saved."
        except OSError as error:
            yield f"{name} cannot be read: {error.strerror}."


def _faults(home: Home) -> Iterator[str]:
    """What does not fit in a home: between a release and its manifest, and in the ledger."""
    kept = home.releases()
    for manifest in kept:
        yield from (f"Release {manifest.name}: {fault}" for fault in verification.verify(home, manifest.name).faults)
    if home.ledger_path.is_file():
        with Ledger(home.ledger_path) as ledger:
            yield from ledger.faults(seals=(manifest.seal for manifest in kept if manifest.seal))
