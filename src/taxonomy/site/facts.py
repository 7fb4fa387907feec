"""What a page is given: a thing, its facts, each value with the places where it stands, and rival values.

Plain records; ``taxonomy.site.things`` makes them from the rows of the page questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from taxonomy.namespaces import shorten
from taxonomy.questions.terms import Value
from taxonomy.site import addresses

_SPOKEN: Final = frozenset({"document", "record"})  # places that speak of the world, not about records


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands, in words that end with when it was said."""

    iri: str
    kind: str  # document, record, curation, register, vocabulary, inferred or other
    text: str
    said: date | None
    dated: str = ""  # how the document dates itself, where it prints no day

    @property
    def href(self) -> str | None:
        """The page that shows the place."""
        return addresses.page_of(self.iri)


@dataclass(frozen=True, slots=True)
class Stated:
    """One value, and every place that states it."""

    value: Value
    text: str
    href: str | None  # None: the value is no thing, or has no page
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One property with its values."""

    name: str  # as in sv:leadProvider
    label: str
    values: tuple[Stated, ...]

    @property
    def derived(self) -> bool:
        """Whether nobody stated any of it, and it follows from what was stated."""
        return all(place.kind == "inferred" for value in self.values for place in value.places)


@dataclass(frozen=True, slots=True)
class Claim:
    """One of several rival values."""

    text: str
    printed: str | None
    href: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Rivals:
    """Values of one property between which no source decides."""

    iri: str
    label: str
    differs: str | None  # what differs, in plain words
    subject: str
    subject_href: str | None
    property: str
    claims: tuple[Claim, ...]
    sources: tuple[str, ...]  # the labels of the documents that differ; one where a document differs from itself


@dataclass(frozen=True, slots=True)
class Ground:
    """One stated fact that a conclusion rests on, in words, and every place that states it."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A class that a thing belongs to because of facts: what the class means, and those facts."""

    label: str
    href: str | None
    rule: str  # the definition that is followed, as a sentence
    note: str  # what the definition leaves out; empty where nothing is said
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing, with its facts in the order of their names, its parts, and the rival values about both."""

    iri: str
    label: str
    facts: Mapping[str, Fact]
    parts: tuple[Thing, ...] = ()
    rivals: tuple[Rivals, ...] = ()

    @property
    def anchor(self) -> str:
        """The mark of a part on the page of the whole."""
        return addresses.anchor_of(self.iri)

    @property
    def latest(self) -> Place | None:
        """The place that speaks of it, or of a part of it, for the latest day; None where none gives a day."""
        facts = (fact for thing in (self, *self.parts) for fact in thing.facts.values())
        places = (place for fact in facts for value in fact.values for place in value.places)
        dated = (place for place in places if place.said and place.kind in _SPOKEN)
        return max(dated, key=lambda place: str(place.said), default=None)

    def values(self, name: str) -> tuple[Stated, ...]:
        """The values of a property; empty where no source gives one."""
        return self.facts[name].values if name in self.facts else ()

    def text(self, name: str) -> str | None:
        """The values of a property in one line; None where no source gives one."""
        return "; ".join(value.text for value in self.values(name)) or None

    def is_a(self, *names: str) -> bool:
        """Whether it is recorded, or worked out, to be of one of these classes."""
        return any(shorten(str(value.value)) in names for value in self.values("rdf:type"))

    def parts_of(self, *names: str) -> tuple[Thing, ...]:
        """Its parts of one of these classes."""
        return tuple(part for part in self.parts if part.is_a(*names))
