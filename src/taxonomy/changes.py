"""What changed in an area from one release to another, in the order and the words in which a person would be told.

Only what somebody stated counts; what merely follows from it does not. A part of a thing, such as one share of an
agreement, is told with the whole; a way into a service is told by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from taxonomy import namespaces
from taxonomy.differences import Change, ChangedThing, Difference, Kind
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.terms import Value
from taxonomy.store.releases import Manifest

KINDS: Final = ("service", "agreement", "way", "figure", "organisation", "area", "record")
COLUMNS: Final = ("thing", "kind", "change", "part", "property", "before", "now", "place", "since", "until")
_HOWS: Final[tuple[Kind, ...]] = ("added", "changed", "removed")
_RECORDS: Final = namespaces.graph("record", "")
_OWN: Final = "the organisation's own record"
_UNSAID: Final = frozenset({namespaces.RDF + "type"})  # a part's kind is plain from its name

Telling = Callable[[str, Value], str]  # a property and a value → the value in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one place says of one property, before and now."""

    part: str  # the part of the thing that it is said of; empty for the thing itself
    property: str  # the property's IRI
    before: tuple[str, ...]  # in words; empty where nothing was said
    now: tuple[str, ...]
    place: str  # the IRI of the graph that says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One thing that concerns the area, and what changed of it; of what is new or gone, only that."""

    thing: str
    label: str
    kind: str  # one of KINDS
    how: Kind
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed in one area between two releases."""

    earlier: Manifest
    later: Manifest
    things: tuple[Changed, ...]  # by kind in the order of KINDS, then what is new, changed and gone, then by label
    labels: Mapping[str, str]

    def counted(self) -> Mapping[tuple[str, Kind], int]:
        """How many things of each kind were added, changed and removed, without those of which none was."""
        found = Counter((each.kind, each.how) for each in self.things)
        return {(kind, how): found[kind, how] for kind in KINDS for how in _HOWS if (kind, how) in found}

    def named(self, iri: str) -> str:
        """The label of a property; its shortened IRI where neither release gives it one."""
        return self.labels.get(iri) or namespaces.shorten(iri)

    @property
    def summary(self) -> str:
        """What changed, counted, in words that go into a sentence."""
        told = [
            f"{count:,} {kind if count == 1 else kind + 's'} {how}" for (kind, how), count in self.counted().items()
        ]
        return ", ".join(told) or "nothing that concerns this area changed"

    def to_answer(self, *, notice: str = "") -> Answer:
        """One row for each thing that came or went, and for each property that changed."""
        rows = []
        for each in self.things:
            for said in each.said or (None,):
                told = (
                    (said.part or None, said.property, _joined(said.before), _joined(said.now), said.place)
                    if said
                    else (None, None, None, None, None)
                )
                values = (each.thing, each.kind, each.how, *told, self.earlier.name, self.later.name)
                rows.append(Row(COLUMNS, values, frozenset({0, 4, 7} if said else {0}), self.labels))
        return Answer(
            columns=COLUMNS,
            rows=tuple(rows),
            text="",
            question="changes in an area",
            release=self.later.name,
            labels=self.labels,
            notice=notice,
        )


def of(found: Difference, concerning: Mapping[str, str], *, label: Callable[[str], str], tell: Telling) -> Changes:
    """The part of a difference that concerns an area.

    ``concerning`` gives the kind of each thing that concerns the area in either release; ``label`` names what the
    difference does not; ``tell`` says a value of a property in words.
    """
    wholes: dict[str, list[ChangedThing]] = {}
    for thing in found.stated:
        if whole := _whole(thing.iri, concerning):
            wholes.setdefault(whole, []).append(thing)
    labels = dict(found.labels)
    things = [_changed(whole, parts, concerning[whole], found, tell, label) for whole, parts in wholes.items()]
    labels |= {each.thing: each.label for each in things}
    for place in {said.place for each in things for said in each.said} - found.labels.keys():
        labels[place] = _OWN if place.startswith(_RECORDS) else place.removeprefix(namespaces.GRAPH)
    kept = [each for each in things if each.how != "changed" or each.said]
    kept.sort(key=lambda each: (KINDS.index(each.kind), _HOWS.index(each.how), each.label.casefold(), each.thing))
    return Changes(earlier=found.earlier, later=found.later, things=tuple(kept), labels=labels)


def _whole(iri: str, concerning: Mapping[str, str]) -> str | None:
    """The thing that concerns the area, of which this is the whole or a part; None where it does not concern it."""
    while iri not in concerning:
        iri, slash, _ = iri.rpartition("/")
        if not slash:
            return None
    return iri


def _changed(
    whole: str,
    parts: Iterable[ChangedThing],
    kind: str,
    found: Difference,
    tell: Telling,
    label: Callable[[str], str],
) -> Changed:
    said: list[Said] = []
    how: Kind = "changed"
    for thing in parts:
        if thing.iri == whole:
            how = thing.kind
        part = "" if thing.iri == whole else _part(thing, whole, found)
        said += [_said(part, change, found, tell) for change in thing.stated if change.predicate not in _UNSAID]
    name = found.labels.get(whole) or _named(whole, label)
    return Changed(thing=whole, label=name, kind=kind, how=how, said=tuple(said) if how == "changed" else ())


def _named(iri: str, label: Callable[[str], str]) -> str:
    """The label of a thing; a way that nobody named is named after the service that it belongs to."""
    service, _, number = iri.rpartition("/route/")
    return f"Way {number} of {label(service)}" if service and label(iri) == iri else label(iri)


def _part(thing: ChangedThing, whole: str, found: Difference) -> str:
    """What a part is called: by its label, else by its place in the whole, as in "share 1"."""
    return found.labels.get(thing.iri) or thing.iri.removeprefix(f"{whole}/").replace("/", " ").replace("-", " ")


def _said(part: str, change: Change, found: Difference, tell: Telling) -> Said:
    before, now = (
        tuple(found.label(value.value) if value.is_iri else tell(change.predicate, value.python) for value in values)
        for values in (change.removed, change.added)
    )
    return Said(part=part, property=change.predicate, before=before, now=now, place=change.place)


def _joined(values: tuple[str, ...]) -> str | None:
    return "; ".join(values) or None
