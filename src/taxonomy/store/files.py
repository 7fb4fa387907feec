"""Files that are written whole, or not at all, and for good."""

from __future__ import annotations

import os
from pathlib import Path

from taxonomy.store.embedded import sync


def write(path: Path, text: str) -> None:
    """Write a file whole, or not at all; it survives a power cut.

    Raises:
        OSError: the disk would not take it; what was there before is there still.
    """
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    put(draft, path)


def put(draft: Path, path: Path) -> None:
    """Move a file that is written into its place, where it replaces the one before.

    Raises:
        OSError: the disk would not take it.
    """
    sync(draft)
    draft.rename(path)
    sync(path.parent)
