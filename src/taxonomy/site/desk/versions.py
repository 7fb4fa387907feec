"""A submission beside the version that is public now, and as the public will see it; both from the record alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from taxonomy import differences
from taxonomy.context import Context
from taxonomy.differences import ChangedThing
from taxonomy.errors import GoneError
from taxonomy.namespaces import DCTERMS, RDF, RDFS, SV, shorten
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import State, Submission
from taxonomy.questions import terms
from taxonomy.questions.results import Row
from taxonomy.questions.terms import Term
from taxonomy.site import reading, things
from taxonomy.site.desk import acting
from taxonomy.site.facts import Fact, Stated, Thing
from taxonomy.values import Iri

_COLUMNS: Final = (
    *("subject", "property", "value", "place", "locator", "source", "publisher"),
    *("said", "dated", "confirmed", "role"),
)
_LABEL, _TYPE = NamedNode(RDFS + "label"), NamedNode(RDF + "type")
_KINDS: Final = (SV + "Organisation", SV + "Service", SV + "FundingAgreement")  # in the order in which they are shown
_UNSAID: Final = frozenset({DCTERMS + "created"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a submission says that the public version does not, and the other way round."""

    public: Submission | None  # None: nothing of this organisation's own is public
    things: tuple[ChangedThing, ...]
    labels: Mapping[str, str]

    def label(self, iri: str) -> str:
        """What a thing or a property is called; a part that nobody named, by its place in what it is a part of."""
        if label := self.labels.get(iri):
            return label
        stem = iri
        while (stem := stem.rpartition("/")[0]) and stem not in self.labels:
            pass
        return f"{things.part_name(iri)} of {self.labels[stem]}" if stem else shorten(iri)

    def said(self, change: str, value: Term) -> str:
        """A value of a property as a person reads it."""
        return self.label(value.value) if value.is_iri else things.told(change, value.python)


def beside(desk: Desk, submission: Submission) -> Beside:
    """A submission beside what is public of the same organisation.

    Raises:
        GoneError: what it says was erased.
    """
    public = next((each for each in desk.list(State.PUBLISHED) if each.owner == submission.owner), None)
    before = triples_of(desk, public) if public and public.id != submission.id else ()
    now = triples_of(desk, submission)
    labels = {**labels_of((*before, *now)), submission.graph: "The record itself"}
    found = differences.of_graphs(before, now, place=submission.graph, labels=labels)
    return Beside(public=public, things=found, labels=labels)


def as_public(desk: Desk, submission: Submission) -> tuple[Thing, ...]:
    """The things of a submission as the public site shows them, from this record alone; organisations first.

    Raises:
        GoneError: what it says was erased.
    """
    triples = triples_of(desk, submission)
    labels = labels_of(triples)
    kinds = {triple.subject.value: set[str]() for triple in triples if isinstance(triple.subject, NamedNode)}
    for triple in triples:
        if triple.predicate == _TYPE and isinstance(triple.subject, NamedNode):
            kinds[triple.subject.value].add(_text(triple))
    wholes = {iri: _whole(iri, kinds) for iri in kinds if iri != submission.graph}
    by_whole: dict[str, list[Triple]] = {whole: [] for whole in wholes.values()}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and triple.subject.value != submission.graph:
            by_whole[wholes[triple.subject.value]].append(triple)
    anchors = {whole: f"#{anchor(whole)}" for whole in by_whole} | {iri: f"#{anchor(wholes[iri])}" for iri in wholes}
    place = _place(submission, triples)
    made = [
        _anchored(things.assembled(_rows(some, place, labels), whole, labels), anchors)
        for whole, some in by_whole.items()
    ]
    return tuple(sorted(made, key=lambda thing: (_order(kinds[thing.iri]), thing.label.casefold(), thing.iri)))


def anchor(iri: str) -> str:
    """The mark of a thing on the page that shows all of a record.

    >>> anchor("https://example.org/id/service/made-up-counselling")
    'service-made-up-counselling'
    """
    return "-".join(iri.rstrip("/").rsplit("/", 2)[-2:])


def triples_of(desk: Desk, submission: Submission) -> tuple[Triple, ...]:
    """What a submission says.

    Raises:
        GoneError: it was erased.
    """
    if submission.state is State.ERASED:
        raise GoneError("submission", str(submission.id))
    return tuple(quad.triple for quad in parse(desk.ledger.content(submission.id), RdfFormat.N_TRIPLES))


def labels_of(triples: Iterable[Triple], *, also: Iterable[str] = ()) -> dict[str, str]:
    """What the things and properties in some triples are called, by these triples or by the release in service.

    ``also`` are the IRIs of other things that are shown with them.
    """
    named = {term.value for triple in triples for term in triple if isinstance(term, NamedNode)} | set(also)
    own = {
        triple.subject.value: _text(triple)
        for triple in triples
        if triple.predicate == _LABEL and isinstance(triple.subject, NamedNode)
    }
    if acting.office().home.current():
        return {**reading.pages().labels(named), **own}
    known = Context.bundled().labels
    return {**{iri: known[Iri(iri)] for iri in named if Iri(iri) in known}, **own}


def _whole(iri: str, subjects: Mapping[str, object]) -> str:
    """The thing of the record that an IRI is a part of; itself where it is none."""
    stem = iri
    while "/" in stem:
        stem = stem.rpartition("/")[0]
        if stem in subjects:
            return _whole(stem, subjects)
    return iri


def _place(submission: Submission, triples: Iterable[Triple]) -> tuple[object, ...]:
    """The columns of ``page-facts`` that say where a fact stands: in the organisation's own record, of a day."""
    own = {triple.predicate.value: triple.object for triple in triples if _names(triple, submission.graph)}
    said, confirmed = (terms.from_rdf(own.get(SV + name)) for name in ("asAt", "lastConfirmed"))
    return (
        submission.graph,
        None,
        None,
        None,
        said.python if said else None,
        None,
        confirmed.python if confirmed else None,
        None,
    )


def _rows(triples: Iterable[Triple], place: tuple[object, ...], labels: Mapping[str, str]) -> Iterator[Row]:
    for triple in sorted(triples, key=str):
        value = terms.from_rdf(triple.object)
        if value is None or triple.predicate.value in _UNSAID or not isinstance(triple.subject, NamedNode):
            continue
        iris = frozenset({0, 1, 3} | ({2} if value.is_iri else set()))
        values = (triple.subject.value, triple.predicate.value, value.python, *place)
        yield Row(_COLUMNS, values, iris, labels)  # type: ignore[arg-type]  # the place's columns are values too


def _anchored(thing: Thing, anchors: Mapping[str, str]) -> Thing:
    """A thing whose links to other things of the record stay on the page: they have no page of their own yet."""
    facts = {name: replace(fact, values=tuple(_linked(fact, anchors))) for name, fact in thing.facts.items()}
    return replace(thing, facts=facts, parts=tuple(_anchored(part, anchors) for part in thing.parts))


def _linked(fact: Fact, anchors: Mapping[str, str]) -> Iterator[Stated]:
    for value in fact.values:
        places = tuple(replace(place, iri="") for place in value.places)  # the record's own page is not there yet
        yield replace(value, href=anchors.get(str(value.value), value.href), places=places)


def _order(kinds: Iterable[str]) -> int:
    return min((_KINDS.index(kind) for kind in kinds if kind in _KINDS), default=len(_KINDS))


def _names(triple: Triple, iri: str) -> bool:
    return isinstance(triple.subject, NamedNode) and triple.subject.value == iri


def _text(triple: Triple) -> str:
    term = terms.from_rdf(triple.object)
    return term.value if term else ""
