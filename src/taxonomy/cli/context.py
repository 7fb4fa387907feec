"""What the records that a command reads may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taxonomy.cli.options import State
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.store.releases import Home

if TYPE_CHECKING:
    from taxonomy.context import Context


def context(state: State) -> Context:
    """What a record may name: the things of the release in service, where there is one."""
    from taxonomy.context import Context

    if not (state.place / "home.json").exists() or Home.open(state.place).current() is None:
        return Context.bundled()
    with KnowledgeGraph.open(state.place) as kg:
        return Context.from_kg(kg)
