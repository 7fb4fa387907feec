"""What a record may hold: sheets and their columns, read from ``shapes/record/``.

The shapes are the one place where a field is described: its heading, its help, whether it must be filled in, and what
it takes. The template workbook, the readers and the data dictionary all follow from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

import pyoxigraph

from taxonomy.namespaces import RDF, RDFS, SH, SKOS, SVSH, XSD
from taxonomy.shapes import Shapes, Term, shapes
from taxonomy.values import Iri

Kind = Literal["text", "prose", "address", "integer", "decimal", "date", "boolean", "name", "choice"]

TYPE: Final = Iri(RDF + "type")
LABEL: Final = Iri(RDFS + "label")
SHEETS: Final = (
    "Organisation",
    "Services",
    "Eligibility",
    "Funding",
    "Routes",
    "Waiting times",
    "Accreditations",
    "Figures",
    "Sites",
    "Replies",
    "Looked for",
)
_DATATYPES: Final[Mapping[str, Kind]] = {
    XSD + "integer": "integer",
    XSD + "decimal": "decimal",
    XSD + "date": "date",
    XSD + "boolean": "boolean",
    XSD + "anyURI": "address",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One column: what it says about which class of thing. There is one of each, so it is compared by identity."""

    sheet: str
    heading: str
    help: str
    order: float
    about: Iri  # the class of the thing that the column describes
    path: Iri  # the property; for an inverse column, the property that points to the thing
    inverse: bool = False
    kind: Kind = "text"
    takes: tuple[Iri, ...] = ()  # kind name: the schemes and classes that the names may come from
    of_these: tuple[Iri, ...] = ()  # kind name: the only members of them that fit; empty: all do
    choices: tuple[Iri, ...] = ()  # kind choice: the classes to choose from
    required: bool = False  # a row without it cannot be published
    also_called: tuple[str, ...] = ()  # other headings that people give the column
    many: bool = False  # several values, with a semicolon between them
    rule: Iri = field(default=Iri(), repr=False)  # the shape that it comes from; not part of what makes a template new
    unit: str = field(default="", repr=False)  # what its number counts, such as £ or months


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A kind of thing that each row of a sheet describes, and how its IRI and its links follow from the row."""

    about: Iri  # its class
    sheet: str
    kind: str = ""  # in the IRI of a thing that has a name
    shares_rows: bool = False  # several rows of one name are about one thing
    owned_by: Iri | None = None  # the property by which it names the organisation
    part: str = ""  # in the IRI of a part of another thing
    below: tuple[Iri, ...] = ()  # what it is a part of: a class on the same row, or properties that name a service
    or_owner: bool = False  # where it names no service, it is a part of the organisation
    else_owner: bool = False  # where it names no service of the organisation, its IRI stands below the organisation
    linked_by: Iri | None = None  # the property by which what it is a part of points to it
    service_by: Iri | None = None  # the property by which it names the service that a wide row is about

    @property
    def of_owner(self) -> bool:
        """Whether it is always a part of the organisation: it is below nothing else, and nothing else points to it."""
        return bool(self.part) and not self.or_owner and not self.below and self.linked_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """What follows for a thing from what it says, where it does not say otherwise."""

    about: Iri  # the class of the thing
    by: Iri | None  # the property that it has to have; without one, it follows always
    path: Iri
    value: pyoxigraph.NamedNode | pyoxigraph.Literal


@cache
def fields() -> tuple[Field, ...]:
    """Every column, by sheet and then from left to right.

    >>> [field.heading for field in fields() if field.sheet == "Eligibility"][:3]
    ['Service', 'Age from', 'Age to']
    """
    known = shapes()
    found = [
        _field(known, sheet, Iri(about), shape, rules)
        for node in known.nodes()
        for about in known.texts(node, SH + "targetClass")
        for sheet in known.texts(pyoxigraph.NamedNode(about), SVSH + "sheet")
        for rules in [known.all(node, SH + "property")]
        for shape in rules
        if known.one(shape, SH + "order")
    ]
    return tuple(sorted(found, key=lambda field: (SHEETS.index(field.sheet), field.order)))


@cache
def of(sheet: str) -> tuple[Field, ...]:
    """The columns of one sheet, from left to right.

    >>> [field.heading for field in of("Sites")]
    ['Service', 'Name of site', 'Town or city']
    """
    return tuple(field for field in fields() if field.sheet == sheet)


@cache
def things(sheet: str) -> tuple[Thing, ...]:
    """What each row of a sheet describes; a thing stands before its parts.

    >>> [thing.part or thing.kind for thing in things("Funding")]
    ['agreement', 'part']
    """
    known = shapes()
    described = (pyoxigraph.NamedNode(each) for each in sorted(classes()))
    found = [_thing(known, node, sheet) for node in described if sheet in known.texts(node, SVSH + "sheet")]
    return tuple(sorted(found, key=lambda thing: bool(thing.part)))


@cache
def implied() -> tuple[Implied, ...]:
    """All that follows for things of some classes from what they say."""
    known = shapes()
    return tuple(
        Implied(
            about=Iri(about), by=Iri(by) if by else None, path=Iri(known.one(node, SVSH + "states") or ""), value=value
        )
        for node in known.nodes()
        for about in known.texts(node, SVSH + "impliedOf")
        for by in [known.one(node, SVSH + "impliedBy")]
        for value in known.all(node, SVSH + "value")
        if isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal)
    )


@cache
def allowed(about: Iri) -> frozenset[Iri]:
    """The properties that a record may use of a thing of this class.

    >>> sorted(path.slug for path in allowed(Iri("https://w3id.org/svssv/ontology#Record")))
    ['asAt', 'label', 'lastConfirmed', 'recordOf', 'type']
    """
    known = shapes()
    return frozenset(
        {TYPE, LABEL}
        | {
            Iri(path)
            for node in known.nodes()
            if about in known.texts(node, SH + "targetClass")
            for shape in known.all(node, SH + "property")
            for value in known.all(shape, SH + "path")
            if isinstance(value, pyoxigraph.NamedNode) and not (path := value.value).startswith(SVSH)
        }
    )


@cache
def classes() -> frozenset[Iri]:
    """The classes of things that a record may describe."""
    known = shapes()
    return frozenset(Iri(each) for node in known.nodes() for each in known.texts(node, SH + "targetClass"))


@cache
def parts() -> Mapping[Iri, str]:
    """The classes of things that are parts of others, with the word that stands before their number in an address.

    >>> parts()[Iri("https://w3id.org/svssv/ontology#EligibilityRule")]
    'rule'
    """
    known = shapes()
    named = [node for node in known.nodes() if isinstance(node, pyoxigraph.NamedNode)]
    return {Iri(node.value): word for node in named for word in known.texts(node, SVSH + "part")}


def whole_of(thing: Iri) -> Iri:
    """The thing that a numbered part belongs to; anything else is a whole of its own.

    >>> whole_of(Iri("https://example.org/id/service/made-up-counselling/rule/2"))
    'https://example.org/id/service/made-up-counselling'
    """
    whole, _, number = thing.rpartition("/")
    whole, _, word = whole.rpartition("/")
    return Iri(whole) if number.isdecimal() and word in parts().values() else thing


@cache
def spoken_of() -> frozenset[Iri]:
    """Every class and property that a shape names: of the wider ones, only these are written out for checking."""
    known = shapes()
    return frozenset(Iri(value.value) for node in known.nodes() for value in known.objects(node))


def _field(known: Shapes, sheet: str, about: Iri, shape: Term, rules: list[Term]) -> Field:
    path = known.all(shape, SH + "path")[0]
    inverse = known.one(path, SH + "inversePath")
    same = [rule for rule in rules if known.all(rule, SH + "path")[0] == path]
    takes = tuple(Iri(each) for each in known.texts(shape, SVSH + "takes"))
    qualified = known.all(shape, SH + "qualifiedValueShape")
    choices = known.members(known.all(qualified[0], SH + "in")[0]) if qualified else ()
    listed = (node for rule in same for node in known.all(rule, SH + "in"))
    plain: Kind = "prose" if known.one(shape, SVSH + "prose") else "text"
    kind: Kind = next((_DATATYPES[each] for rule in same for each in known.texts(rule, SH + "datatype")), plain)
    return Field(
        sheet=sheet,
        heading=known.one(shape, SH + "name") or "",
        help=known.one(shape, SH + "description") or "",
        order=float(known.one(shape, SH + "order") or 0),
        about=about,
        path=Iri(inverse or known.one(shape, SH + "path") or ""),
        inverse=inverse is not None,
        kind="choice" if choices else "name" if takes else kind,
        takes=takes,
        of_these=known.members(next(listed, pyoxigraph.BlankNode())) if takes else (),
        choices=choices,
        required=any(_demanded(known, rule) for rule in same),
        also_called=tuple(known.texts(shape, SKOS + "altLabel")),
        many=known.one(shape, SVSH + "many") == "true",
        rule=Iri(shape.value) if isinstance(shape, pyoxigraph.NamedNode) else Iri(),
        unit=known.one(shape, SVSH + "unit") or "",
    )


def _thing(known: Shapes, node: pyoxigraph.NamedNode, sheet: str) -> Thing:
    said = {name: known.one(node, SVSH + name) for name in ("kind", "part", "ownedBy", "linkedBy", "serviceBy")}
    links = {name: Iri(text) for name, text in said.items() if text}
    return Thing(
        about=Iri(node.value),
        sheet=sheet,
        kind=said["kind"] or "",
        shares_rows=known.one(node, SVSH + "sharesRows") == "true",
        owned_by=links.get("ownedBy"),
        part=said["part"] or "",
        below=tuple(Iri(each) for each in known.texts(node, SVSH + "below")),
        or_owner=known.one(node, SVSH + "orOwner") == "true",
        else_owner=known.one(node, SVSH + "elseOwner") == "true",
        linked_by=links.get("linkedBy"),
        service_by=links.get("serviceBy"),
    )


def _demanded(known: Shapes, rule: Term) -> bool:
    demanded = known.one(rule, SH + "minCount") or known.one(rule, SH + "qualifiedMinCount")
    blocks = known.one(rule, SH + "severity") == SH + "Violation"
    return bool(demanded) and blocks and known.one(rule, SVSH + "filledIn") != "true"
