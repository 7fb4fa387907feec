"""The context of a record: the things that it may name, and what they are called.

A record names funders, areas, services and concepts that it does not describe. To check it, and to turn the labels that
people type into names, one has to know what those things are. The context says just that, and no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Protocol
from weakref import WeakKeyDictionary

import pyoxigraph

from taxonomy import assets
from taxonomy.fields import TYPE
from taxonomy.namespaces import RDFS, SKOS, SV
from taxonomy.values import Iri

_SUPERS = frozenset({RDFS + "subClassOf", RDFS + "subPropertyOf"})
_CALLED = (SKOS + "prefLabel", RDFS + "label", SKOS + "altLabel", SV + "gssCode", SV + "identifier")
_CONCEPT = Iri(SKOS + "Concept")
_IN_SCHEME = Iri(SKOS + "inScheme")


class Asking(Protocol):
    """Whatever answers named questions with rows, such as a knowledge graph."""

    def ask(self, name: str, /) -> Iterable[Mapping[str, object]]:
        """The rows of one named question."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The things that a record may name."""

    types: Mapping[Iri, frozenset[Iri]]  # each thing, with all its classes, the wider ones too
    schemes: Mapping[Iri, Iri]  # each concept, with its scheme
    labels: Mapping[Iri, str]  # what each thing, scheme and class is called first
    wider: Mapping[Iri, frozenset[Iri]]  # each class or property of ours, with all the wider ones
    names: Mapping[Iri, Mapping[str, frozenset[Iri]]]  # by class or scheme: what people write, and what they may mean
    areas: Mapping[Iri, frozenset[Iri]] = field(default_factory=dict, compare=False)  # those a service is recorded for

    @classmethod
    def bundled(cls) -> Context:
        """What the knowledge folders of this installation name, without any release.

        >>> Context.bundled().find("avon & somerset", [Iri(SV + "Area")])
        ('http://statistics.data.gov.uk/id/statistical-geography/E23000036',)
        """
        return _bundled()

    @classmethod
    def from_kg(cls, kg: Asking) -> Context:
        """What a release names; asked once of each that is open, since a release never changes."""
        if kg not in _OF_RELEASES:
            areas: defaultdict[Iri, set[Iri]] = defaultdict(set)
            for row in kg.ask("known-places"):
                areas[Iri(str(row["service"]))].add(Iri(str(row["area"])))
            covered = {service: frozenset(places) for service, places in areas.items()}
            _OF_RELEASES[kg] = replace(cls.from_rows(kg.ask("known-things")), areas=covered)
        return _OF_RELEASES[kg]

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> Context:
        """From rows of ``thing``, ``type``, and, where there are any, ``label`` and ``scheme``."""
        return _build(_statements(rows))

    def find(self, written: str, takes: Iterable[Iri]) -> tuple[Iri, ...]:
        """What a person who writes this may mean, among the members of some classes and schemes; best guess alone.

        The first place that knows the words is meant, but what is called so before what is only also called so.
        """
        if re.match(r"https?://", written):
            return (Iri(written),) if Iri(written) in self.types else ()
        spelling = fold(written)
        found = [things for place in takes if (things := self.names.get(place, {}).get(spelling))]
        if len(found) > 1:
            found = [things for things in found if any(fold(self.label(each)) == spelling for each in things)] or found
        return tuple(sorted(found[0])) if found else ()

    def near(self, written: str, takes: Iterable[Iri]) -> tuple[str, ...]:
        """Labels that look like what a person wrote, nearest first; at most three."""
        spelled = {key: sorted(things) for place in takes for key, things in self.names.get(place, {}).items()}
        close = get_close_matches(fold(written)[:80], spelled, n=6, cutoff=0.75)
        return tuple(dict.fromkeys(self.labels.get(thing, "") for key in close for thing in spelled[key][:1]))[:3]

    def choose(self, written: str, choices: Iterable[Iri]) -> Iri | None:
        """The class that a person means by its name or its first words: "open" is an open route."""
        typed = fold(written)
        spelled = {choice: fold(self.label(choice)) for choice in choices}
        begins = [choice for choice, label in spelled.items() if typed and f"{label} ".startswith(f"{typed} ")]
        return begins[0] if len(begins) == 1 else None

    def label(self, thing: Iri) -> str:
        """What a thing is called; without a label, its slug as words."""
        return self.labels.get(thing) or spoken(thing.slug)

    def members(self, place: Iri) -> tuple[str, ...]:
        """What to write for each thing of a class or scheme, sorted; with its code where two have one name."""
        names = self.names.get(place, {})
        found = {thing for things in names.values() for thing in things}
        alone = {thing: len(names.get(fold(self.label(thing)), ())) == 1 for thing in found}
        return tuple(
            sorted((self.label(each) if alone[each] else self.coded(each) for each in found), key=str.casefold)
        )

    def offers(self, takes: Iterable[Iri]) -> tuple[str, ...]:
        """What to write for each thing of some classes and schemes; with its scheme where an earlier one has its name.

        >>> scheme = "https://w3id.org/svssv/scheme/"
        >>> offered = Context.bundled().offers([Iri(scheme + "service-type"), Iri(scheme + "pathway-stage")])
        >>> [each for each in offered if each.startswith("Advocacy")]
        ['Advocacy', 'Advocacy for adults with additional needs', 'Advocacy (pathway stage)']
        """
        offered: dict[str, None] = {}
        for place in takes:
            for name in self.members(place):
                offered[f"{name} ({place.slug.replace('-', ' ')})" if name in offered else name] = None
        return tuple(offered)

    def coded(self, thing: Iri) -> str:
        """What a thing is called, with its code or slug: this has one meaning."""
        return f"{self.label(thing)} ({thing.slug})"

    def closure(self, classes: Iterable[Iri]) -> frozenset[Iri]:
        """Some classes or properties with all the wider ones of ours."""
        return frozenset(each for one in classes for each in (one, *self.wider.get(one, ())))


_OF_RELEASES: WeakKeyDictionary[Asking, Context] = WeakKeyDictionary()


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Text as it is compared: without case, punctuation and accents.

    >>> fold("Self-Referral ")
    'self referral'
    """
    letters = text.casefold().replace("&", " and ").replace("'", "").replace("’", "")
    if not letters.isascii():
        letters = "".join(each for each in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(each))
    return " ".join(re.findall(r"[^\W_]+", letters))


def spoken(slug: str) -> str:
    """A slug as words.

    >>> spoken("leadCommissioner"), spoken("made-up-trust")
    ('lead commissioner', 'made up trust')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|-", " ", slug).lower()


@cache
def _bundled() -> Context:
    return _build(_curated())


def _curated() -> Iterator[tuple[Iri, Iri, str]]:
    folders = (("data", "vocabularies/*.ttl"), ("data", "areas/*.ttl"), ("data", "register/**/*.ttl"))
    for path in (path for folder, pattern in folders for path in assets.files(folder, pattern)):
        yield from _read(path.read_bytes())


def _ontology() -> Iterator[tuple[Iri, Iri, str]]:
    for path in assets.files("ontology", "**/*.ttl"):
        yield from _read(path.read_bytes())


def _read(turtle: bytes) -> Iterator[tuple[Iri, Iri, str]]:
    for quad in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE):
        if isinstance(quad.subject, pyoxigraph.NamedNode) and not isinstance(quad.object, pyoxigraph.Triple):
            yield Iri(quad.subject.value), Iri(quad.predicate.value), quad.object.value


def _statements(rows: Iterable[Mapping[str, object]]) -> Iterator[tuple[Iri, Iri, str]]:
    columns = {"type": TYPE, "label": Iri(RDFS + "label"), "scheme": _IN_SCHEME}
    for row in rows:
        for column, path in columns.items():
            if row.get(column):
                yield Iri(str(row["thing"])), path, str(row[column])


@cache
def _wider() -> Mapping[Iri, frozenset[Iri]]:
    """Wider classes and properties, all the way up; a circle does no harm."""
    direct: defaultdict[Iri, set[Iri]] = defaultdict(set)
    for one, path, other in _ontology():
        if path in _SUPERS and one.startswith(SV) and other.startswith(SV):
            direct[one].add(Iri(other))

    def climb(one: Iri, seen: frozenset[Iri]) -> frozenset[Iri]:
        return frozenset().union(*({up} | climb(up, seen | {up}) for up in direct.get(one, ()) if up not in seen))

    return {one: climb(one, frozenset({one})) for one in tuple(direct)}


@cache
def _class_labels() -> Mapping[Iri, str]:
    return {one: text for one, path, text in _ontology() if path == RDFS + "label" and one.startswith(SV)}


def _build(statements: Iterable[tuple[Iri, Iri, str]]) -> Context:
    types: defaultdict[Iri, set[Iri]] = defaultdict(set)
    schemes: dict[Iri, Iri] = {}
    labels = dict(_class_labels())
    called: defaultdict[Iri, set[str]] = defaultdict(set)
    for thing, path, value in statements:
        if path == TYPE:
            types[thing].add(Iri(value))
        elif path == _IN_SCHEME:
            schemes[thing] = Iri(value)
        elif path in _CALLED:
            called[thing].add(value)
            if path in _CALLED[:2]:
                labels.setdefault(thing, value)
    wider = _wider()
    closed = {
        thing: frozenset(each for one in classes for each in (one, *wider.get(one, ())))
        for thing, classes in types.items()
    }
    shared = Counter(fold(labels.get(thing, "")) for thing in schemes)  # two schemes may call a concept alike
    names: defaultdict[Iri, defaultdict[str, set[Iri]]] = defaultdict(lambda: defaultdict(set))
    for thing, classes in closed.items():
        concept = _CONCEPT in classes
        spellings = {fold(text) for text in called[thing]} | ({fold(thing.slug)} if concept else set())
        spellings |= {fold(f"{labels[thing]} {thing.slug}")} if thing in labels else set()
        if thing in schemes and shared[fold(labels.get(thing, ""))] > 1:
            spellings.add(fold(f"{labels[thing]} {schemes[thing].slug}"))
        for place in {schemes[thing]} if concept and thing in schemes else classes:
            for spelling in spellings:
                names[place][spelling].add(thing)
    return Context(
        types=closed,
        schemes=schemes,
        labels=labels,
        wider=wider,
        names={place: {key: frozenset(things) for key, things in keys.items()} for place, keys in names.items()},
    )
