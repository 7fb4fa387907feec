"""Drafts: the record of one organisation while its facts are gathered, each with the place where it stands.

What people and programs write becomes a name where it has one meaning, and a number or a day where it can be read as
one. Whatever cannot, stays the text that it is: the rules then say what is wrong with it, at its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields, namespaces
from taxonomy.context import Context, fold
from taxonomy.errors import InputError
from taxonomy.fields import TYPE, Field
from taxonomy.namespaces import SV, XSD
from taxonomy.naming import Names, slug
from taxonomy.records import Place, Problem, Record
from taxonomy.values import Iri, Value, parse_boolean, parse_date, parse_integer, parse_money, to_term

ORGANISATION, RECORD, SERVICE = Iri(SV + "Organisation"), Iri(SV + "Record"), Iri(SV + "Service")
RULE, AGREEMENT, PART = Iri(SV + "EligibilityRule"), Iri(SV + "FundingAgreement"), Iri(SV + "FundingPart")
_PARSERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "integer": parse_integer,
    "decimal": parse_money,
    "date": parse_date,
    "boolean": parse_boolean,
}


class Draft:
    """One organisation's record in the making."""

    def __init__(self, owner: Iri, context: Context, place: Place) -> None:
        self.owner, self.context = owner, context
        self.graph = Iri(namespaces.graph("record", owner.slug))
        self.names = Names(owner)
        self.places: dict[Triple, Place] = {}
        self.things: dict[Iri, Place] = {}
        self.proposals: dict[Iri, str] = {}  # organisations that the register does not know yet
        self.problems: list[Problem] = []
        self._said: defaultdict[tuple[Iri, Iri], dict[NamedNode | Literal, None]] = defaultdict(dict)
        self.begin(owner, ORGANISATION, place)
        self.begin(self.graph, RECORD, place)

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
        match field.kind:
            case "prose":
                return Literal(text, language="en")
            case "address":
                return Literal(text, datatype=NamedNode(XSD + "anyURI"))
            case "choice":
                chosen = self.context.choose(text, field.choices)
                return NamedNode(chosen) if chosen else Literal(text)
            case "name":
                alone = field.takes == (ORGANISATION,)
                meant = self.organisation(text, place) if alone else self.meant(field, text)
                return NamedNode(meant) if meant else Literal(text)
            case "text":
                return Literal(text)
        try:
            return to_term(_PARSERS[field.kind](text))
        except InputError:
            return Literal(text)

    def meant(self, field: Field, text: str) -> Iri | None:
        """The one thing that a name means in a field; None where it means none, or several."""
        found = self.context.find(text, field.takes)
        return found[0] if len(found) == 1 else None

    def organisation(self, name: str, place: Place) -> Iri | None:
        """The organisation that a name means; one that nobody knows is proposed to the register.

        None where the name is that of several, or holds no letter.
        """
        found = self.context.find(name, [ORGANISATION])
        if found or not fold(name):
            return found[0] if len(found) == 1 else None
        if fold(name) in {fold(each.value) for each in self.said(self.owner, fields.LABEL)}:
            return self.owner
        thing = Iri(f"{self.names.base}organisation/{slug(name)}")
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
