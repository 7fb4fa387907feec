"""The dump of a release: all of it in one packed file of N-Quads, to be taken away whole and checked.

Graphs stand in order, and within each the lines are those that its hash in the manifest is over, with the graph's name
added. The same release gives the same bytes, on the same machine and on another with the same zlib. Its hash stands in
a file beside it, as ``sha256sum --check`` reads it.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from taxonomy.errors import StoreError
from taxonomy.store import files
from taxonomy.store.embedded import SealedStore

NAME: Final = "dump.nq.gz"
_LEVEL: Final = 6
_SUM: Final = ".sha256"
_CHUNK: Final = 2**20


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump that was made."""

    path: Path
    sha256: str  # of the packed file
    size: int  # bytes


def write(folder: Path, store: Path, *, notice: str = "") -> None:
    """Make the dump of the store of a release, and its hash, in a folder: each whole or not at all.

    ``notice`` is one line that the dump has to say of itself, as a comment; empty where it has to say none.

    Raises:
        StoreError: the store cannot be read, or the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".dump-", dir=folder)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file, gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
                _fill(packed, SealedStore(store), notice)
            _sum_of(folder).unlink(missing_ok=True)  # a dump is never beside the hash of another
            files.put(draft, folder / NAME, shared=True)
            files.write(_sum_of(folder), f"{files.sha256(folder / NAME)}  {NAME}\n", shared=True)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"The dump in {folder} could not be written: {error}.") from error


def find(folder: Path) -> Dump | None:
    """The dump in the folder of a release, as its hash beside it says; None where it is not made yet, or not whole."""
    try:
        sha256, name = _sum_of(folder).read_text(encoding="ascii").split()
        size = (folder / NAME).stat().st_size
    except (OSError, ValueError):
        return None
    return Dump(path=folder / NAME, sha256=sha256, size=size) if name == NAME and size else None


def whole(folder: Path) -> bool:
    """Whether the dump is there, and is what its hash says."""
    found = find(folder)
    try:
        return found is not None and files.sha256(found.path) == found.sha256
    except OSError:
        return False


def _fill(packed: gzip.GzipFile, store: SealedStore, notice: str) -> None:
    if notice:
        packed.write(f"# {notice}\n".encode())
    for name in store.names():
        graph = NamedNode(name)
        lines = sorted(f"{triple} " for triple in store.triples(name))
        packed.write("".join(f"{line}{graph} .\n" for line in lines).encode())


def _sum_of(folder: Path) -> Path:
    return folder / f"{NAME}{_SUM}"
