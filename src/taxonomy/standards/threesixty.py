"""360Giving: grants in, from JSON or from a spreadsheet; a record for each organisation that gets them out."""

from __future__ import annotations

from taxonomy.context import Context, fold
from taxonomy.drafts import AGREEMENT, ORGANISATION, PART, Draft
from taxonomy.errors import NoRecordError
from taxonomy.namespaces import SV
from taxonomy.naming import slug
from taxonomy.standards import crosswalk
from taxonomy.standards.nodes import Document, Node
from taxonomy.standards.owners import numbers
from taxonomy.standards.reading import Read, Reading
from taxonomy.values import Iri

TABLE = "360giving"
_RECIPIENT, _PART, _FUNDER = (Iri(SV + name) for name in ("recipient", "fundingPart", "funder"))


def read(document: Document, context: Context) -> Read:
    """The records in a document, and what is to be said about it.

    It is a package of grants, or a list of them.

    Raises:
        NoRecordError: it holds no grant.
    """
    giving = _Giving(document, context)
    found = list(giving.grants())
    if not found:
        raise NoRecordError("The file holds no grant.", hint='A file of grants has a list with the name "grants".')
    for node in found:
        giving.read(node)
    return giving.reading.done()


def is_like(value: object) -> bool:
    """Whether something may be 360Giving, told from the names of its fields.

    >>> is_like({"grants": []}), is_like([{"id": "360G-made-up-1", "fundingOrganization": []}]), is_like({})
    (True, True, False)
    """
    if isinstance(value, list):
        first = value[0] if value else None
        return isinstance(first, dict) and bool({"fundingOrganization", "recipientOrganization"} & set(first))
    return isinstance(value, dict) and "grants" in value


class _Giving:
    """A document while its grants are read."""

    def __init__(self, document: Document, context: Context) -> None:
        self.reading = Reading(document, crosswalk.load(TABLE), context)
        self._met: set[str] = set()

    def grants(self) -> tuple[Node, ...]:
        """The grants; what else the package says is looked at."""
        root = self.reading.root
        if not isinstance(root.value, dict):
            return tuple(Node(each.value, each.pointer, "grant") for each in root.each())
        self.reading.leave(Node(root.value, root.pointer, "package"))
        return tuple(root.all("grants", "grant"))

    def read(self, node: Node) -> None:
        """Read one grant."""
        if not isinstance(node.value, dict):
            self.reading.problem("notOfTheForm", node)
            return
        recipients = [each for each in node.all("recipientOrganization", "recipientOrganization") if _is_named(each)]
        if not recipients:
            self.reading.problem("recipientMissing", node)
            if person := node.get("recipientIndividual"):
                self.reading.left.add(person)
            return
        for other in recipients[1:]:
            self.reading.left.add(other)
        draft = self._owner(recipients[0])
        self._agreement(draft, node)

    def _owner(self, node: Node) -> Draft:
        said, name = numbers(node, self.reading.crosswalk), node.said("name")
        key = node.said("id") or next(iter(said), "") or fold(name)
        draft = self.reading.owners.draft(key, name, self.reading.place(node), numbers=said)
        self.reading.fill(draft, {ORGANISATION: draft.owner}, node)
        return draft

    def _agreement(self, draft: Draft, node: Node) -> None:
        place, number = self.reading.place(node), node.said("id")
        if number in self._met:
            self.reading.problem("identifierTwice", node.get("id") or node, value=number)
        if number:
            self._met.add(number)
            agreement = draft.names.given(f"agreement/{slug(number)}")
        else:
            agreement = draft.names.named("agreement", node.said("title"))
        draft.begin(agreement, AGREEMENT, place)
        draft.state(agreement, _RECIPIENT, draft.owner, place)
        part = draft.names.part(agreement, "part")
        draft.begin(part, PART, place)
        draft.state(agreement, _PART, part, place)
        self.reading.fill(draft, {AGREEMENT: agreement, PART: part}, node)
        funders = list(node.all("fundingOrganization", "fundingOrganization"))
        for funder in funders[:1]:
            self._funder(draft, part, funder)
        for other in funders[1:]:
            self.reading.left.add(other)

    def _funder(self, draft: Draft, part: Iri, node: Node) -> None:
        known = self.reading.owners.known(numbers(node, self.reading.crosswalk))
        if known:
            draft.state(part, _FUNDER, known, self.reading.place(node))
        self.reading.fill(draft, {} if known else {PART: part}, node)


def _is_named(node: Node) -> bool:
    return isinstance(node.value, dict) and bool(node.said("name") or node.said("id"))
