"""The processes of a server: who they are, and what memory they hold together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import psutil

_READER = "taxonomy.store.reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look at a whole server; memory is PSS, in which what processes share is counted once."""

    seconds: float  # since the start
    megabytes: float
    processes: int
    readers: int
    files: int  # that are open in all of them


class Server:
    """A server by its first process."""

    def __init__(self, pid: int) -> None:
        self._first = psutil.Process(pid)

    @classmethod
    def at(cls, address: str) -> Self:
        """The server that this process started at an address."""
        port = address.rpartition(":")[2]
        return cls(next(each.pid for each in psutil.Process().children() if _line(each)[-2:] == ["--port", port]))

    def tree(self) -> list[psutil.Process]:
        """It, and all that it started."""
        return [self._first, *self._first.children(recursive=True)]

    def readers(self) -> list[psutil.Process]:
        """The processes that answer queries."""
        return [each for each in self.tree() if _is_reader(each)]

    def web(self) -> list[psutil.Process]:
        """The processes that speak HTTP: children that are no interpreters of their own."""
        return [each for each in self._first.children() if _line(each) == _line(self._first)]

    def sample(self, seconds: float) -> Sample:
        """Look at it."""
        megabytes, processes, readers, files = 0.0, 0, 0, 0
        for each in self.tree():
            with suppress(psutil.Error):
                megabytes += each.memory_full_info().pss / 2**20
                files += each.num_fds()
                processes += 1
                readers += _is_reader(each)
        return Sample(seconds=seconds, megabytes=megabytes, processes=processes, readers=readers, files=files)


def orphans(place: str) -> list[psutil.Process]:
    """Readers of stores under ``place`` that outlived whoever started them."""
    return [each for each in _everywhere() if _is_reader(each) and place in " ".join(_line(each)) and not _ours(each)]


def _everywhere() -> Iterator[psutil.Process]:
    yield from psutil.process_iter()


def _ours(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return os.getpid() in {each.pid for each in process.parents()}
    return True


def _is_reader(process: psutil.Process) -> bool:
    return _READER in _line(process)


def _line(process: psutil.Process) -> list[str]:
    """Its command line; empty for one that has ended."""
    with suppress(psutil.Error):
        return list(process.cmdline())
    return []
