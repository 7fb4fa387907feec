"""Owners: the organisations of a document, each with one record, and how they are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count

from taxonomy.context import Context
from taxonomy.drafts import ORGANISATION, RECORD, Draft
from taxonomy.namespaces import EXAMPLE
from taxonomy.naming import base, is_ours, slug
from taxonomy.records import Place
from taxonomy.standards.crosswalk import Crosswalk, Row, registers
from taxonomy.standards.nodes import Node, parts
from taxonomy.values import Iri

_MADE_UP = "XI-EXAMPLE-"


class Owners:
    """The records of one document, by what tells an organisation from the others."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._drafts: dict[str, Draft] = {}
        self._given: set[Iri] = set()

    def __iter__(self) -> Iterator[Draft]:
        return iter(self._drafts.values())

    def find(self, key: str) -> Draft | None:
        """The record of an organisation that was met before."""
        return self._drafts.get(key)

    def draft(self, key: str, name: str, place: Place, *, address: str = "", numbers: Sequence[str] = ()) -> Draft:
        """The record of an organisation.

        Its IRI is the ``address`` that it states, where that is one of ours; else that of the register for one of its
        ``numbers`` or its ``name``; else one made from its name. It is made up where its address or number says so.
        """
        if key not in self._drafts:
            owner = self._name(name, address, numbers)
            self._given.add(owner)
            self._drafts[key] = draft = Draft(owner, self._context)
            draft.begin(owner, ORGANISATION, place)
            draft.begin(draft.graph, RECORD, place)
        return self._drafts[key]

    def known(self, numbers: Sequence[str]) -> Iri | None:
        """The organisation of the register that has one of these numbers."""
        for number in numbers:
            found = self._context.find(number, [ORGANISATION])
            if len(found) == 1:
                return found[0]
        return None

    def _name(self, name: str, address: str, numbers: Sequence[str]) -> Iri:
        practice = address.startswith(EXAMPLE) or any(number.startswith(_MADE_UP) for number in numbers)
        start = base(practice=practice)
        alike = self._context.find(name, [ORGANISATION])
        wanted = [address] if is_ours(address, "organisation") else []
        wanted += [each for each in (self.known(numbers), alike[0] if len(alike) == 1 else None) if each]
        plain = f"{start}organisation/{slug(name)}"
        more = (f"{plain}-{number}" for number in count(2))
        return next(Iri(each) for each in chain(wanted, [plain], more) if self._is_free(each, start))

    def _is_free(self, iri: str, start: str) -> bool:
        return iri.startswith(start) and iri not in self._given


def number(node: Node, row: Row, crosswalk: Crosswalk) -> str:
    """The number of an organisation in a register, with the code of the register; empty where records carry no such.

    Text that begins with no code that we know stays as it is, so that a rule can say what is wrong with it.
    """
    if isinstance(node.value, dict):
        said = parts(node, crosswalk)
        register, digits = (next((each.text for each in said.get(form, ())), "") for form in ("list", "name"))
    else:
        register, digits = row.value, node.text
    if register and not digits.startswith(f"{register}-"):
        return f"{register}-{digits}" if digits and registers().get(register) else ""
    known = max((each for each in registers() if digits.startswith(f"{each}-")), key=len, default="")
    return digits if registers().get(known, True) else ""


def numbers(node: Node, crosswalk: Crosswalk) -> list[str]:
    """Every number in a register that an organisation gives of itself."""
    found: list[str] = []
    for row in crosswalk.rows:
        parent, _, key = row.path.rpartition("/")
        if row.form == "number" and parent == node.path:
            found += filter(None, (number(each, row, crosswalk) for each in node.all(key)))
    return found
