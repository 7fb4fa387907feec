"""Files that are written whole, or not at all, and for good."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def write(path: Path, text: str, *, shared: bool = False) -> None:
    """Write a file whole, or not at all; it survives a power cut. ``shared`` is as for ``put``.

    Raises:
        OSError: the disk would not take it; what was there before is there still.
    """
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        put(draft, path, shared=shared)
    finally:
        draft.unlink(missing_ok=True)


def put(draft: Path, path: Path, *, shared: bool = False) -> None:
    """Move a file that is written into its place, where it replaces the one before.

    Where it is ``shared``, every user may read it: who runs the site may be another one.

    Raises:
        OSError: the disk would not take it.
    """
    if shared:
        draft.chmod(0o644)
    sync(draft)
    draft.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make sure that a file, or the list of a folder's files, is on the disk and not only on its way there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
