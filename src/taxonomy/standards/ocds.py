"""The Open Contracting Data Standard, its funding side: notices in; a record for each organisation that is paid out.

What is only planned or asked for has no supplier yet. It stands in the record of the buyer, as proposed, and never
beside money that is awarded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

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

TABLE = "ocds"
_RECIPIENT, _PART, _FUNDER = (Iri(SV + name) for name in ("recipient", "fundingPart", "funder"))
_COMMISSIONER = Iri(SV + "leadCommissioner")
_FUNDS = "funder"  # the role of a party
_OF_AN_AWARD = ("title", "items")  # of a call for offers, what an award may leave out


def read(document: Document, context: Context) -> Read:
    """The records in a document, and what is to be said about it.

    It is a package of releases or of records, a list of releases, or one release.

    Raises:
        NoRecordError: it holds no release.
    """
    notices = _Notices(document, context)
    found = notices.processes()
    if not found:
        raise NoRecordError(
            "The file holds no release.", hint='A package has a list with the name "releases" or "records".'
        )
    for process in found:
        notices.read(process)
    return notices.reading.done()


def is_like(value: object) -> bool:
    """Whether something may be of this standard, told from the names of its fields.

    >>> is_like({"releases": []}), is_like([{"ocid": "ocds-made-up-1"}]), is_like({"grants": []})
    (True, True, False)
    """
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], dict) and "ocid" in value[0]
    return isinstance(value, dict) and bool({"ocid", "releases", "records"} & set(value))


@dataclass(slots=True)
class _Process:
    """One contracting process: each section from the newest release that has it."""

    release: Node
    sections: dict[str, Node] = field(default_factory=dict)
    parties: dict[str, Node] = field(default_factory=dict)

    def section(self, name: str, path: str) -> Node | None:
        """A section that is one object."""
        found = self.sections.get(name)
        return Node(found.value, found.pointer, path) if found else None

    def all(self, name: str, path: str) -> Iterator[Node]:
        """The members of a section that is a list."""
        found = self.section(name, path)
        yield from found.each() if found else ()


class _Notices:
    """A document while its processes are read."""

    def __init__(self, document: Document, context: Context) -> None:
        self.reading = Reading(document, crosswalk.load(TABLE), context)

    def processes(self) -> tuple[_Process, ...]:
        """The processes, in the order in which they are met."""
        several: defaultdict[str, list[Node]] = defaultdict(list)
        for release in self._releases():
            if isinstance(release.value, dict):
                several[release.said("ocid") or release.pointer].append(release)
            else:
                self.reading.problem("notOfTheForm", release)
        return tuple(self._process(releases) for releases in several.values())

    def _process(self, releases: list[Node]) -> _Process:
        newest_first = sorted(releases, key=lambda each: each.said("date"), reverse=True)
        process = _Process(newest_first[0])
        for release in newest_first:
            for key in release.value:
                child = release.get(key)
                if child and not self.reading.crosswalk.at(child.path):
                    self.reading.left.add(child)
                elif child:
                    process.sections.setdefault(key, child)
            for party in release.all("parties", "party"):
                if isinstance(party.value, dict):
                    process.parties.setdefault(party.said("id"), party)
        return process

    def _releases(self) -> Iterator[Node]:
        root = self.reading.root
        if isinstance(root.value, list) or root.get("ocid"):
            yield from (Node(each.value, each.pointer, "release") for each in root.each())
            return
        self.reading.leave(Node(root.value, root.pointer, "package"))
        yield from root.all("releases", "release")
        for record in root.all("records", "record"):
            compiled = record.get("compiledRelease", "release")
            yield from (compiled,) if compiled else record.all("releases", "release")

    def read(self, process: _Process) -> None:
        """Read one process: its awards, or else what is proposed."""
        for key, section in process.sections.items():
            if any(row.direction == "none" for row in self.reading.crosswalk.at(f"release/{key}")):
                self.reading.left.add(section)
        awards = [each for each in process.all("awards", "award") if isinstance(each.value, dict)]
        met = [self._award(process, award) for award in awards] or [self._proposal(process)]
        tender, planning = process.section("tender", "tender"), process.section("planning", "planning")
        if awards:
            self.reading.leave(tender, _OF_AN_AWARD)
            self.reading.leave(planning)
        for party in process.parties.values():
            if party.said("id") not in met:
                self.reading.leave(party, ("name", "identifier", "additionalIdentifiers"))

    def _award(self, process: _Process, award: Node) -> str:
        """What one award pays for; gives the party whose record it stands in."""
        suppliers = [each for each in award.all("suppliers", "supplier") if isinstance(each.value, dict)]
        if not suppliers:
            self.reading.problem("recipientMissing", award)
            return ""
        draft, ocid, number = self._owner(process, suppliers[0]), process.release.said("ocid"), award.said("id")
        name = number if ocid and number.startswith(ocid) else f"{ocid} {number}"
        about = self._begin(process, draft, award, name)
        place = self.reading.place(award)
        draft.state(about[AGREEMENT], _RECIPIENT, draft.owner, place)
        for other in suppliers[1:]:
            if meant := self._named(process, draft, other):
                draft.state(about[AGREEMENT], _RECIPIENT, meant, self.reading.place(other))
        for contract in process.all("contracts", "contract"):
            if contract.said("awardID") == number:
                self.reading.fill(draft, about, contract)
        self.reading.fill(draft, about, award)
        if tender := process.section("tender", "tender"):
            only = [key for key in _OF_AN_AWARD if not award.get(key)]
            self.reading.fill(draft, {AGREEMENT: about[AGREEMENT]}, tender, only)
        return suppliers[0].said("id")

    def _proposal(self, process: _Process) -> str:
        """What a buyer plans or asks for; gives the party whose record it stands in."""
        buyer = process.section("buyer", "buyer")
        if buyer is None or not isinstance(buyer.value, dict):
            self.reading.problem("recipientMissing", process.release)
            return ""
        draft = self._owner(process, buyer)
        tender = process.section("tender", "tender") or Node({}, process.release.pointer, "tender")
        about = self._begin(process, draft, tender, process.release.said("ocid"))
        self.reading.problem("notAwarded", tender, about=about[AGREEMENT])
        self.reading.fill(draft, about, tender)
        if planning := process.section("planning", "planning"):
            self.reading.fill(draft, about, planning)
        return buyer.said("id")

    def _begin(self, process: _Process, draft: Draft, node: Node, name: str) -> dict[Iri, Iri]:
        """An agreement begins, with one part, and with who commissions and pays for it."""
        agreement = draft.names.given(f"agreement/{slug(name)}")
        part, place = draft.names.part(agreement, "part"), self.reading.place(node)
        draft.begin(agreement, AGREEMENT, place)
        draft.begin(part, PART, place)
        draft.state(agreement, _PART, part, place)
        about = {AGREEMENT: agreement, PART: part}
        self.reading.fill(draft, about, process.release, ("ocid",))
        buyer = process.section("buyer", "buyer")
        funders = [each for each in process.parties.values() if _FUNDS in {role.text for role in each.all("roles")}]
        for thing, path, payer in ((agreement, _COMMISSIONER, buyer), (part, _FUNDER, next(iter(funders), buyer))):
            if payer and (meant := self._named(process, draft, payer)):
                draft.state(thing, path, meant, self.reading.place(payer.get("name") or payer))
        return about

    def _owner(self, process: _Process, node: Node) -> Draft:
        """The record of an organisation that the document names: what its party says of it, and else the name alone."""
        party = process.parties.get(node.said("id"))
        described = party or node
        said = numbers(described, self.reading.crosswalk) or numbers(node, self.reading.crosswalk)
        name = described.said("name") or node.said("name")
        key = next(iter(said), "") or node.said("id") or fold(name)
        draft = self.reading.owners.draft(key, name, self.reading.place(described), numbers=said)
        if party:
            self.reading.fill(draft, {ORGANISATION: draft.owner}, party)
        self.reading.fill(draft, {ORGANISATION: draft.owner}, Node(node.value, node.pointer, "supplier"))
        return draft

    def _named(self, process: _Process, draft: Draft, node: Node) -> Iri | None:
        """The organisation that a document names beside the owner of a record."""
        party = process.parties.get(node.said("id"))
        said = [*(numbers(party, self.reading.crosswalk) if party else ()), *numbers(node, self.reading.crosswalk)]
        name = node.get("name") or (party.get("name") if party else None)
        if known := self.reading.owners.known(said):
            return known
        return draft.organisation(name.text, self.reading.place(name)) if name else None
