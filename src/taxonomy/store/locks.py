"""Locks that lie in files: held by one process at a time, and let go of by the kernel when that process ends."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from taxonomy.errors import ConflictError

_LOOK_AGAIN: Final = 0.1  # seconds between two tries


@contextlib.contextmanager
def held(path: Path, busy: str, *, patience: float = 0.0) -> Iterator[None]:
    """Hold a lock that lies in a file, for as long as the block runs.

    Raises:
        ConflictError: another process holds it, and did so for ``patience`` seconds; says ``busy``.
    """
    give_up = time.monotonic() + patience
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    raise ConflictError(busy) from None
                time.sleep(_LOOK_AGAIN)
        yield
