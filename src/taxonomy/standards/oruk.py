"""Open Referral UK, 3.0 and 1.0: services and organisations in; a record for each organisation out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from taxonomy.context import Context, fold
from taxonomy.drafts import ORGANISATION, RECORD, RULE, SERVICE, Draft
from taxonomy.errors import NoRecordError
from taxonomy.namespaces import SV
from taxonomy.naming import is_ours
from taxonomy.records import Place
from taxonomy.standards import crosswalk
from taxonomy.standards.nodes import Document, Node
from taxonomy.standards.owners import numbers
from taxonomy.standards.reading import Read, Reading
from taxonomy.values import Iri

TABLE = "open-referral-uk"
_LEAD, _ELIGIBILITY = Iri(SV + "leadProvider"), Iri(SV + "eligibility")


def read(document: Document, context: Context) -> Read:
    """The records in a document, and what is to be said about it.

    It is a service, an organisation, a service at one place, a list of them, or a page of such a list.

    Raises:
        NoRecordError: it holds none of them.
    """
    feed = _Feed(document, context)
    for node in _entries(feed.reading):
        feed.read(node)
    read = feed.reading.done()
    if not read.records and not read.problems:
        raise NoRecordError(
            "The file holds no service and no organisation.",
            hint="Ask the feed for its services (/services), or for one of them (/services/ and its id).",
        )
    return read


def is_like(value: object) -> bool:
    """Whether something may be Open Referral UK, told from the names of its fields.

    >>> is_like({"id": "1", "name": "Made-Up Counselling", "status": "active"}), is_like({"grants": []})
    (True, False)
    """
    if isinstance(value, list):
        return bool(value) and is_like(value[0])
    if not isinstance(value, dict):
        return False
    names = set(value)
    if str(value.get("version")).startswith("HSDS") or (_PAGE & names and _PAGING & names):
        return True
    return "id" in names and len(names & _TELLING) > 1


_LISTS: Final = frozenset({"term_uri", "taxonomy", "taxonomy_terms", "version"})  # of words, or of what a feed is
_PAGE: Final = frozenset({"contents", "content"})
_PAGING: Final = frozenset({"total_items", "totalElements", "page_number", "number"})
_TELLING: Final = frozenset(
    {"name", "status", "description", "organization", "organization_id", "service", "services"}
) | {
    "location",
    "organization_identifiers",
    "website",
    "logo",
    "url",
    "email",
    "taxonomy",
}


class _Feed:
    """A document while its entries are read; what was met before is known by its id."""

    def __init__(self, document: Document, context: Context) -> None:
        self.reading = Reading(document, crosswalk.load(TABLE), context)
        self._services: dict[tuple[Iri, str], Iri] = {}

    def read(self, node: Node) -> None:
        """Read one entry."""
        if not isinstance(node.value, dict):
            self.reading.problem("notOfTheForm", node)
        elif "service" in node.value or {"service_id", "location_id"} & set(node.value):
            self._place(Node(node.value, node.pointer, "place"))
        elif {"organization", "organization_id", "status", "service_at_locations"} & set(node.value):
            self._service(Node(node.value, node.pointer, "service"))
        elif node.get("name") and not _LISTS & set(node.value):
            self._organisation(Node(node.value, node.pointer, "organization"))

    def _place(self, node: Node) -> None:
        """A service at one place: the service is read, and its place is looked at."""
        service = node.get("service", "service")
        found = self._service(service) if service else None
        if found is None:
            self.reading.problem("providerMissing", node)
        else:
            draft, iri = found
            self.reading.fill(draft, {SERVICE: iri}, node)

    def _organisation(self, node: Node) -> Draft:
        draft = self._owner(node)
        only = set(node.value) if isinstance(node.value, dict) else set()
        if node.said("description") == node.said("name"):
            only.discard("description")  # the standard demands one, and the name fills the gap
        self.reading.fill(draft, {ORGANISATION: draft.owner, RECORD: draft.graph}, node, only)
        for service in node.all("services", "service"):
            self._service(service, draft)
        return draft

    def _owner(self, node: Node) -> Draft:
        said, name = numbers(node, self.reading.crosswalk), node.said("name")
        key = node.said("id") or node.said("uri") or fold(name) or node.pointer
        return self.reading.owners.draft(key, name, self.reading.place(node), address=node.said("uri"), numbers=said)

    def _service(self, node: Node, owner: Draft | None = None) -> tuple[Draft, Iri] | None:
        nested = node.get("organization", "organization")
        if nested and isinstance(nested.value, dict):
            owner = self._organisation(nested)
        owner = owner or self.reading.owners.find(node.said("organization_id"))
        if owner is None:
            self.reading.problem("providerMissing", node)
            return None
        iri = self._name(owner, node)
        place = self.reading.place(node)
        owner.begin(iri, SERVICE, place)
        owner.state(iri, _LEAD, owner.owner, place)
        about = _Things({ORGANISATION: owner.owner, RECORD: owner.graph, SERVICE: iri}, self._rule(owner, iri, place))
        self.reading.fill(owner, about, node)
        entries = [each for key in ("eligibilities", "eligibilitys") for each in node.all(key, "service/eligibilities")]
        for entry in entries:
            rule = self._rule(owner, iri, self.reading.place(entry))()
            self.reading.fill(owner, {RULE: rule}, entry)
        return owner, iri

    def _name(self, owner: Draft, node: Node) -> Iri:
        """The service's IRI: its own, where it states one of ours; the same for the same id."""
        key = owner.owner, node.said("id") or node.pointer
        if key not in self._services:
            stated = node.said("uri")
            own = is_ours(stated, "service") and stated.startswith(owner.names.base)
            self._services[key] = Iri(stated) if own else owner.names.named("service", node.said("name"))
        return self._services[key]

    @staticmethod
    def _rule(owner: Draft, service: Iri, place: Place) -> Callable[[], Iri]:
        """Makes a rule about who can use a service."""

        def make() -> Iri:
            rule = owner.names.part(service, "rule")
            owner.begin(rule, RULE, place)
            owner.state(service, _ELIGIBILITY, rule, place)
            return rule

        return make


class _Things(dict[Iri, Iri]):
    """What a service's fields describe; the rule about who can use it begins with the first field that is about it."""

    def __init__(self, known: dict[Iri, Iri], make: Callable[[], Iri]) -> None:
        super().__init__(known)
        self._make = make

    def __missing__(self, kind: Iri) -> Iri:
        if kind != RULE:
            raise KeyError(kind)
        self[RULE] = self._make()
        return self[RULE]


def _entries(reading: Reading) -> Iterator[Node]:
    """The entries of a document: those of a list, of a page of a list, or the document itself."""
    root = reading.root
    if isinstance(root.value, dict) and {"contents", "content"} & set(root.value):
        reading.leave(Node(root.value, root.pointer, "list"))
        yield from (*root.all("contents"), *root.all("content"))
    else:
        yield from root.each()
