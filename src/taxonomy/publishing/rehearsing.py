"""The next release with one submission in it, put together beside the release in service, and written nowhere.

It is made as a release is: from the files, the public records and this one, through the same gates and rules. So what
differs is what publishing it now would change; also what changed in the files since the last release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from taxonomy import assets
from taxonomy import namespaces as ns
from taxonomy.errors import CurationError
from taxonomy.publishing import quality
from taxonomy.publishing.composing import compose
from taxonomy.publishing.deriving import INFERRED
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import State, Submission
from taxonomy.publishing.proposals import Proposals
from taxonomy.publishing.quality import Look
from taxonomy.publishing.rebuilding import approved
from taxonomy.store.embedded import Graphs, SealedStore, fingerprint
from taxonomy.store.releases import Home

_RELEASES: Final = ns.graph("releases")
_REGISTER: Final = ns.graph("register", "")
_Sides = tuple[frozenset[Triple], frozenset[Triple]]  # what a graph says now, and then
_Changed = Mapping[str, _Sides]  # by the graph's IRI


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would be different, beside the record itself."""

    fault: str  # why no release could be built with it; empty where one could
    own: frozenset[str] = frozenset()  # IRIs of the things that the record describes
    replaced: tuple[str, ...] = ()  # of these, the ones whose entry in the register it takes the place of
    naming: frozenset[tuple[str, str, str]] = frozenset()  # who says what of which of its things
    named: tuple[str, ...] = ()  # IRIs of other things that it names
    looks: tuple[Look, ...] = ()  # what the quality queries find with it, of its things and others
    elsewhere: _Changed = field(default_factory=dict)  # what changes of other things


def rehearse(home: Home, desk: Desk, submission: Submission) -> Rehearsal:
    """Put the next release together with one submission, and hold it against the release in service.

    Raises:
        GoneError: what it said was erased.
        StoreError: the release in service cannot be read.
    """
    record = approved(desk.ledger, submission)
    others = [each for each in desk.list(State.PUBLISHED) if each.owner != submission.owner]
    records = [record, *(approved(desk.ledger, each) for each in others)]
    settled = Proposals(desk.ledger).settled().values()
    try:
        now = compose(assets.root(), records, settled, practice=home.practice).graphs
    except CurationError as error:
        return Rehearsal(fault=str(error))
    own = frozenset(_subjects(now[record.graph_iri])) - {record.graph_iri}
    before = [each for each in desk.list(State.PUBLISHED) if each.owner == submission.owner]
    gone = frozenset(iri for each in before for iri in _subjects(_triples(desk, each)))
    changed = dict(_changed(home, now, record.graph_iri))
    went = {iri for name, (old, new) in changed.items() if name.startswith(_REGISTER) for iri in _subjects(old - new)}
    looks = tuple(quality.looks(now, assets.root(), about=own))
    return Rehearsal(
        fault=" ".join(f"{each.summary}. To mend: {each.mend}." for each in looks if each.fault),
        own=own,
        replaced=tuple(sorted(went & own)),
        naming=frozenset(each for each in _naming(now, record.graph_iri, own) if each[0] not in own),
        named=tuple(sorted(set(_named(now[record.graph_iri], own)) - own)),
        looks=tuple(each for each in looks if not each.fault),
        elsewhere={name: sides for name, sides in _without(changed, own | gone) if any(sides)},
    )


def _triples(desk: Desk, submission: Submission) -> frozenset[Triple]:
    said = parse(desk.ledger.content(submission.id), RdfFormat.N_TRIPLES)
    return frozenset(quad.triple for quad in said)


def _changed(home: Home, now: Graphs, apart: str) -> Iterator[tuple[str, _Sides]]:
    """The graphs that differ from the release in service, but the record's own and that of the releases."""
    current = home.current()
    store = SealedStore(home.store_path(current.name)) if current else None
    before = dict(current.graphs) if current else {}
    for name in sorted((before.keys() | now.keys()) - {apart, _RELEASES}):
        then = now.get(name, frozenset())
        if store and before.get(name) != fingerprint(then):
            yield name, (frozenset(store.triples(name)) if name in before else frozenset(), then)


def _without(changed: _Changed, own: frozenset[str]) -> Iterator[tuple[str, _Sides]]:
    """What goes and what comes of things that are not the record's own."""
    for name, (old, new) in changed.items():
        yield (
            name,
            (
                frozenset(each for each in old - new if _is_of_others(each, own)),
                frozenset(each for each in new - old if _is_of_others(each, own)),
            ),
        )


def _naming(now: Graphs, apart: str, own: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    others = (triples for name, triples in now.items() if name not in {apart, INFERRED})
    for subject, predicate, value in frozenset[Triple]().union(*others):
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode) and value.value in own:
            yield subject.value, predicate.value, value.value


def _named(triples: frozenset[Triple], own: frozenset[str]) -> Iterator[str]:
    """What a record names beside its own things, and kinds of things."""
    for triple in triples:
        kind = triple.predicate.value == ns.RDF + "type"
        if isinstance(triple.object, NamedNode) and not kind and _subject(triple) in own:
            yield triple.object.value


def _is_of_others(triple: Triple, own: frozenset[str]) -> bool:
    """Whether it says something of another thing; where to look for what is said of it does not count."""
    return _subject(triple) not in own and triple.predicate.value != ns.SV + "evidence"


def _subjects(triples: frozenset[Triple]) -> Iterator[str]:
    yield from (each.subject.value for each in triples if isinstance(each.subject, NamedNode))


def _subject(triple: Triple) -> str:
    return triple.subject.value if isinstance(triple.subject, NamedNode) else ""
