"""Leftovers: the fields of a document that have no place in a record, counted by kind and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from taxonomy.records import Place, Problem
from taxonomy.standards.crosswalk import Crosswalk
from taxonomy.standards.nodes import Node

_KINDS: Final = 200  # that are told one by one
_SHOWN: Final = 60  # characters of a field's name
_OTHERS: Final = "…"


@dataclass(slots=True)
class _Kind:
    title: str
    note: str
    first: Place
    count: int = 0


class Leftovers:
    """What of one document is not carried. Never the values: only which fields, how often, and where first."""

    def __init__(self, crosswalk: Crosswalk, place: Callable[[str], Place]) -> None:
        self._crosswalk, self._place = crosswalk, place
        self._kinds: dict[str, _Kind] = {}

    def add(self, node: Node) -> None:
        """Count a value."""
        kind = node.path if node.path in self._kinds or len(self._kinds) < _KINDS else _OTHERS
        if kind not in self._kinds:
            row = next(iter(self._crosswalk.at(kind)), None)
            self._kinds[kind] = _Kind(row.title if row else "", row.note if row else "", self._place(node.pointer))
        self._kinds[kind].count += 1

    def problems(self) -> Iterator[Problem]:
        """One for each kind of field, in the order in which they were met."""
        for path, kind in self._kinds.items():
            hint = f"{kind.title[:1].upper()}{kind.title[1:]}: {_times(kind.count)}. {kind.note}".strip(" .:") + "."
            yield Problem(
                rule="notCarried",
                place=kind.first,
                value=shown(path),
                hint=hint if kind.title else f"{_times(kind.count).capitalize()}.",
            )


def shown(path: str) -> str:
    """A field as the document names it.

    >>> shown("service/contacts/email")
    'contacts/email'
    """
    name = path.partition("/")[2] or path
    return name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
