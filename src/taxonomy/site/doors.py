"""The doors to one release that is open for the site, and the pages that were made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from taxonomy.kept import Kept
from taxonomy.knowledge import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was sent."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)


def room(most: int) -> Kept[Page]:
    """Room for so many bytes of pages."""
    return Kept(most, lambda page: page.size)


@dataclass(slots=True, kw_only=True)
class Doors:
    """One release, open twice, and how many requests are reading it."""

    target: str
    pages: KnowledgeGraph
    free: KnowledgeGraph  # for strangers' queries
    isolated: bool  # whether what answers strangers' queries is cut off from the network
    kept: Kept[Page] = field(default_factory=lambda: room(0))  # pages of this release, which go with it
    shut: str = ""  # why strangers may not ask queries of their own; empty where they may
    readers: int = 0
    retired: bool = False

    @property
    def answer(self) -> bool:
        """Whether the release may still be asked; it may not from when something in it is withdrawn."""
        home = self.pages.home
        return home is None or home.answers(self.pages.release)

    def close(self) -> None:
        """End the readers of both."""
        self.pages.close()
        self.free.close()
