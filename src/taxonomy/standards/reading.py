"""Reading a document of a standard: each value goes where the crosswalk says, and what has no place is counted.

The readers of the standards know what a document is made of: which part is an organisation, and whose service a service
is. What a field means they do not know: that stands in the crosswalk.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from taxonomy.context import Context
from taxonomy.drafts import Draft
from taxonomy.namespaces import SVSH
from taxonomy.records import Place, Problem, Record
from taxonomy.standards.carrying import About, Carrier
from taxonomy.standards.crosswalk import Crosswalk, Row
from taxonomy.standards.leftovers import Leftovers, shown
from taxonomy.standards.nodes import Document, Node
from taxonomy.standards.owners import Owners
from taxonomy.values import Iri

_RULE: Final = SVSH + "Reading-"


class Read(NamedTuple):
    """What came of reading a document."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


class Reading:
    """A document of one standard while it becomes records."""

    def __init__(self, document: Document, crosswalk: Crosswalk, context: Context) -> None:
        self.crosswalk = crosswalk
        self.owners = Owners(context)
        self.left = Leftovers(crosswalk, document.place)
        self.root = Node(document.value, "", "")
        self._document = document
        self._carrier = Carrier(crosswalk, self.left, self.place)
        self._problems: dict[tuple[str, str], Problem] = {}

    def place(self, node: Node) -> Place:
        """Where something stands."""
        return self._document.place(node.pointer)

    def problem(self, rule: str, node: Node, *, value: str | None = None, about: Iri | None = None) -> None:
        """Something is wrong; of one thing it is said once."""
        found = Problem(rule=rule, place=self.place(node), value=value, record=about)
        self._problems.setdefault((rule, about or node.pointer), found)

    def done(self) -> Read:
        """The records, and what is to be said about the document."""
        found = (*self._problems.values(), *(each for draft in self.owners for each in draft.problems))
        return Read(tuple(draft.record for draft in self.owners), (*found, *self.left.problems()))

    def fill(self, draft: Draft, about: About, node: Node, only: Collection[str] | None = None) -> None:
        """State what the fields of an object say.

        ``only`` names the fields that are read; to the others nothing is done.
        """
        if not isinstance(node.value, dict):
            self._wrong_form(node)
            return
        for row in self.crosswalk.at(node.path):
            if row.value and row.property and row.form == "" and row.about and row.about in about:
                draft.state(about[row.about], row.property, Iri(row.value), self.place(node))
        order = {key: number for number, key in enumerate(self.crosswalk.beneath(node.path))}
        for key in sorted(node.value, key=lambda each: order.get(each, len(order))):
            child = node.get(key) if only is None or key in only else None
            if child:
                self._read(draft, about, child)

    def leave(self, node: Node | None, read: Collection[str] = ()) -> None:
        """Count the fields of an object that were not ``read``."""
        for key in node.value if node and isinstance(node.value, dict) else ():
            child = node.get(key) if node and key not in read else None
            if child and not any(row.direction == "frame" for row in self.crosswalk.at(child.path)):
                self.left.add(child)

    def _read(self, draft: Draft, about: About, node: Node) -> None:
        rows = self.crosswalk.at(node.path)
        if not rows:
            self.left.add(node)
        elif rows[0].form == "same":
            for each in node.each():
                self._read(draft, about, Node(each.value, each.pointer, rows[0].value))
        elif rows[0].form == "code":
            self._word(draft, about, node, rows)
        elif rows[0].direction == "none":
            self._refuse(about, node, rows[0])
        elif rows[0].direction != "frame" and rows[0].form != "thing":
            for each in node.each():
                self._one(draft, about, each, rows)

    def _one(self, draft: Draft, about: About, node: Node, rows: tuple[Row, ...]) -> None:
        form, many = rows[0].form, isinstance(node.value, dict)
        if form == "number":
            self._carrier.number(draft, about, node, rows[0])
        elif isinstance(node.value, list) or many != bool(self.crosswalk.beneath(node.path)):
            self._wrong_form(node)
        elif form == "first":
            self._carrier.first(draft, about, node, rows[0])
        elif form == "term":
            self._carrier.term(draft, about, node)
        elif many:
            self.fill(draft, about, node)
        else:
            for row in rows:
                self._carrier.value(draft, about, node, row)

    def _word(self, draft: Draft, about: About, node: Node, rows: tuple[Row, ...]) -> None:
        row = next((each for each in rows if each.code and each.code == node.text.casefold()), None)
        if row is None:
            self._carrier.word(draft, about, node, rows[0])
        elif row.direction == "none":
            self._refuse(about, node, row)
        elif row.property:
            self._carrier.word(draft, about, node, row)

    def _refuse(self, about: About, node: Node, row: Row) -> None:
        """What has no place, and may be a fault as well."""
        fault = row.value.startswith(_RULE) and row.about is not None and row.about in about
        if fault and row.about:
            self.problem(row.value.removeprefix(_RULE), node, about=about[row.about])
        if not (fault and row.code):
            self.left.add(node)

    def _wrong_form(self, node: Node) -> None:
        self.problem("notOfTheForm", node, value=shown(node.path))
