"""A slate: memory and locks that processes share, and that is wiped when the last of them has gone.

Without a name it is shared by the processes that are forked later; with one, by all processes of one user that open it
by that name. It lies in memory, never on a disk. A lock is let go when the process that holds it dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import stat
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SHARED: Final = Path("/dev/shm")  # noqa: S108  # the kernel's folder in memory; what lies in it is checked


class Slate:
    """``size`` bytes, all zero when nobody else holds them.

    Locks tell processes apart, not the threads of one.

    >>> slate = Slate(16)
    >>> slate.memory[:3] = b"abc"
    >>> slate.take(7), slate.memory[:3]
    (True, b'abc')
    """

    def __init__(self, size: int, name: str = "", *, folder: Path = SHARED) -> None:
        path = folder / f"svssv-{os.geteuid()}-{name}"
        opened = _named(path) if name else None  # where the machine has no such folder, it is for the forked alone
        self._file = os.memfd_create("slate") if opened is None else opened
        if os.fstat(self._file).st_size < size:
            os.ftruncate(self._file, size)
        self.memory = mmap.mmap(self._file, size)
        self._end = weakref.finalize(self, _end, os.getpid(), self._file, path if opened is not None else None)

    def take(self, place: int) -> bool:
        """Lock one place, any number, for this process; False where another process has it."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def leave(self, place: int) -> None:
        """Let go of a place."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the first place, and wait for it."""
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1)
        try:
            yield
        finally:
            self.leave(0)

    def close(self) -> None:
        """Let go of everything; does nothing the second time."""
        self._end()


def _named(path: Path) -> int | None:
    """The open file, wiped if nobody else has it open; None where it cannot be had, or is somebody else's."""
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        found = os.fstat(file)
        if found.st_uid != os.geteuid() or not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) != 0o600:
            os.close(file)
            return None
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(file, 0)
        fcntl.flock(file, fcntl.LOCK_SH)
        if _is_at(file, path):
            return file
        os.close(file)  # the last holder took it away between our opening and our locking


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _end(owner: int, file: int, path: Path | None) -> None:
    if path and owner == os.getpid():
        with contextlib.suppress(OSError):  # others have it still, or it has gone
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(file, path):
                path.unlink()
    os.close(file)
