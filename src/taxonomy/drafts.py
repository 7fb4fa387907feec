"""Drafts: the record of one organisation while its facts are gathered, each with the place where it stands.

What people and programs write becomes a name where it has one meaning, and a number or a day where it can be read as
one. Whatever cannot, stays the text that it is: the rules then say what is wrong with it, at its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields, namespaces, written
from taxonomy.context import Context, fold
from taxonomy.fields import TYPE, Field
from taxonomy.namespaces import SV
from taxonomy.naming import Kept, Names, slug
from taxonomy.records import Place, Problem, Record
from taxonomy.values import Iri, Value, to_term

ORGANISATION, RECORD, SERVICE = Iri(SV + "Organisation"), Iri(SV + "Record"), Iri(SV + "Service")
RULE, AGREEMENT, PART = Iri(SV + "EligibilityRule"), Iri(SV + "FundingAgreement"), Iri(SV + "FundingPart")


class Draft:
    """One organisation's record in the making."""

    def __init__(self, owner: Iri, context: Context, *, kept: Kept | None = None) -> None:
        self.owner, self.context = owner, context
        self.graph = Iri(namespaces.graph("record", owner.slug))
        self.names = Names(owner, kept)
        self.places: dict[Triple, Place] = {}
        self.things: dict[Iri, Place] = {}
        self.proposals: dict[Iri, str] = {}  # organisations that the register does not know yet
        self.problems: list[Problem] = []
        self._said: defaultdict[tuple[Iri, Iri], dict[NamedNode | Literal, None]] = defaultdict(dict)

    @property
    def record(self) -> Record:
        """The record as far as it is stated."""
        return Record(owner=self.owner, places=self.places, things=self.things, proposals=self.proposals)

    def begin(self, thing: Iri, kind: Iri, place: Place) -> None:
        """A thing of a kind begins at a place."""
        self.things.setdefault(thing, place)
        self.state(thing, TYPE, kind, place)

    def state(self, thing: Iri, path: Iri, value: Value, place: Place) -> None:
        """State a fact."""
        self.put(thing, path, to_term(value), place)

    def put(self, thing: Iri, path: Iri, term: NamedNode | Literal, place: Place) -> None:
        """State a fact whose value is a term already."""
        self._said[thing, path].setdefault(term)
        self.places.setdefault(Triple(NamedNode(thing), NamedNode(path), term), place)

    def drop(self, thing: Iri, path: Iri) -> None:
        """Take back what was stated of a thing by one property."""
        for term in self._said.pop((thing, path), {}):
            del self.places[Triple(NamedNode(thing), NamedNode(path), term)]

    def said(self, thing: Iri, path: Iri) -> tuple[NamedNode | Literal, ...]:
        """What is stated of a thing by one property."""
        return tuple(self._said.get((thing, path), ()))

    def term(self, field: Field, text: str, place: Place) -> NamedNode | Literal:
        """What is written in a field as RDF; an organisation that nobody knows is proposed to the register."""
        meant = None
        if field.kind == "choice":
            meant = self.context.choose(text, field.choices)
        elif field.kind == "name":
            meant = self.meant(field, text)
            if meant is None and field.takes == (ORGANISATION,):
                meant = self._proposed(text, place)
        return NamedNode(meant) if meant else written.literal(field, text)

    def meant(self, field: Field, text: str) -> Iri | None:
        """The one thing that a name means in a field; None where it means none, or several."""
        return self._meant(text, field.takes)

    def organisation(self, name: str, place: Place) -> Iri | None:
        """The organisation that a name means; one that nobody knows is proposed to the register.

        None where the name is that of several, or holds no letter.
        """
        return self._meant(name, [ORGANISATION]) or self._proposed(name, place)

    def _meant(self, text: str, takes: Sequence[Iri]) -> Iri | None:
        if ORGANISATION in takes and fold(text) in {fold(name.value) for name in self.said(self.owner, fields.LABEL)}:
            return self.owner
        found = self.context.find(text, takes)
        return found[0] if len(found) == 1 else None

    def _proposed(self, name: str, place: Place) -> Iri | None:
        if not fold(name) or self.context.find(name, [ORGANISATION]):
            return None
        thing = self.names.kept("organisation", name) or Iri(f"{self.names.base}organisation/{slug(name)}")
        if thing not in self.proposals:
            near = self.context.near(name, [ORGANISATION])
            hint = f"Did you mean {' or '.join(near)}?" if near else ""
            self.problems.append(Problem(rule="nameNew", place=place, value=name, hint=hint, record=thing))
            self.state(thing, Iri(SV + "nameAsPrinted"), name, place)
        self.proposals.setdefault(thing, name)
        return thing


@cache
def field_of(about: Iri, path: Iri) -> Field | None:
    """The field that describes a property of a class of things; None where no column does."""
    return next((each for each in fields.fields() if (each.about, each.path) == (about, path)), None)
