"""The doors to one release that is open for the site."""

from __future__ import annotations

from dataclasses import dataclass

from taxonomy.knowledge import KnowledgeGraph


@dataclass(slots=True, kw_only=True)
class Doors:
    """One release, open twice, and how many requests are reading it."""

    target: str
    pages: KnowledgeGraph
    free: KnowledgeGraph  # for strangers' queries
    isolated: bool  # whether what answers strangers' queries is cut off from the network
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
