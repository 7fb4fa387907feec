"""Standards of others: a parsed document with places in, records out; and a record out as others know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from taxonomy.context import Context
from taxonomy.standards import ocds, oruk, threesixty
from taxonomy.standards.nodes import Document
from taxonomy.standards.reading import Read

__all__ = ["READERS", "Document", "Read", "kind_of"]

READERS: Final[Mapping[str, Callable[[Document, Context], Read]]] = {
    "oruk": oruk.read,
    "360giving": threesixty.read,
    "ocds": ocds.read,
}


def kind_of(value: object) -> str | None:
    """The standard that a JSON document is of, told from the names of its fields; None where it is of none.

    >>> kind_of({"grants": []}), kind_of({"releases": []}), kind_of({"total_items": 0, "contents": []}), kind_of([1])
    ('360giving', 'ocds', 'oruk', None)
    """
    tell = {"360giving": threesixty.is_like, "ocds": ocds.is_like, "oruk": oruk.is_like}
    return next((kind for kind, is_like in tell.items() if is_like(value)), None)
