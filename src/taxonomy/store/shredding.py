"""Taking a folder away so that what its files said is not merely out of sight."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from taxonomy.store.files import sync

_CHUNK: Final = b"\0" * 2**20


def shred(folder: Path) -> None:
    """Write over each file of a folder, take it away, and see to it that the disk has heard of both.

    A file with a second name is another's too, and only loses this one. On a disk that writes elsewhere than where it
    is told (most do), old blocks stay until they are used again: encrypt the disk.

    Raises:
        OSError: the disk would not.
    """
    for path in sorted(each for each in folder.rglob("*") if each.is_symlink() or each.is_file()):
        if not path.is_symlink() and path.stat().st_nlink == 1:
            _blank(path)
        path.unlink()
    shutil.rmtree(folder)
    sync(folder.parent)


def _blank(path: Path) -> None:
    left = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        while left > 0:
            left -= file.write(_CHUNK[:left])
        os.fsync(file.fileno())
