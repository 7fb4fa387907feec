"""Nodes: the values of a document, each with the place where it stands and the field of the standard that it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

from taxonomy.records import Place
from taxonomy.standards.crosswalk import Crosswalk, Form

_NOTHING: Final[Sequence[Any]] = (None, "", [], {})


class Document(Protocol):
    """What a file holds: plain values, each with the place where it stands."""

    @property
    def value(self) -> Any:  # whatever a stranger wrote
        """The whole."""
        ...

    def place(self, pointer: str, /) -> Place:
        """Where a value stands, by its JSON pointer."""
        ...


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document."""

    value: Any
    pointer: str
    path: str  # as the crosswalk writes it

    def get(self, key: str, path: str | None = None) -> Node | None:
        """One member of an object; None where it has none, or nothing stands in it.

        >>> Node({"name": "Made-Up Centre", "url": ""}, "/0", "organization").get("name")
        Node(value='Made-Up Centre', pointer='/0/name', path='organization/name')
        """
        if not isinstance(self.value, dict) or self.value.get(key) in _NOTHING:
            return None
        pointer = f"{self.pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        return Node(self.value[key], pointer, f"{self.path}/{key}" if path is None else path)

    def all(self, key: str, path: str | None = None) -> Iterator[Node]:
        """The members of a list that is a member of an object."""
        child = self.get(key, path)
        if child:
            yield from child.each()

    def each(self) -> Iterator[Node]:
        """The members of a list; what is no list is its own only member."""
        if not isinstance(self.value, list):
            yield self
            return
        for number, member in enumerate(self.value):
            if member not in _NOTHING:
                yield Node(member, f"{self.pointer}/{number}", self.path)

    def said(self, key: str) -> str:
        """One member of an object as text; empty where there is none."""
        child = self.get(key)
        return child.text if child else ""

    @property
    def text(self) -> str:
        """A single value as people write it; empty where it is a list or an object.

        >>> Node(20000.5, "", "").text, Node(True, "", "").text
        ('20000.5', 'yes')
        """
        match self.value:
            case bool():
                return "yes" if self.value else "no"
            case float():
                return f"{Decimal(repr(self.value)):f}"
            case Decimal():
                return f"{self.value:f}"
            case int() | str():
                return str(self.value).strip()
        return ""


def parts(node: Node, crosswalk: Crosswalk) -> dict[Form, list[Node]]:
    """The fields of an object, and of the objects in it, by their form."""
    found: defaultdict[Form, list[Node]] = defaultdict(list)
    for key in crosswalk.beneath(node.path):
        if child := node.get(key):
            found[crosswalk.at(child.path)[0].form].append(child)
            for form, below in parts(child, crosswalk).items():
                found[form] += below
    return found
