"""What publishing a submission would change elsewhere, with the names of things; one steward at a time may ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from taxonomy import differences
from taxonomy.differences import ChangedThing
from taxonomy.errors import LimitError
from taxonomy.namespaces import shorten
from taxonomy.publishing import rehearsing
from taxonomy.publishing.deriving import INFERRED
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import Submission
from taxonomy.publishing.quality import Look
from taxonomy.questions import terms
from taxonomy.questions.terms import Term
from taxonomy.site import addresses, things
from taxonomy.site.desk import acting, versions

_ONE: Final = Lock()
_PATIENCE: Final = 20.0  # seconds
_AREAS: Final = "/areas/"
_MOST: Final = 200  # things whose changes are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What would be different beside the record, as a steward reads it."""

    fault: str  # why no release could be built with it; empty where one could
    replaced: tuple[str, ...]  # things whose entry in the register it takes the place of
    naming: tuple[tuple[str, str, str], ...]  # what others say of its things: who, by which property, which thing
    looks: tuple[Look, ...]  # what somebody should look at, of its things and others together
    areas: tuple[str, ...]  # that it names, and on whose pages it appears
    others: tuple[str, ...]  # other things with a page that it names
    changed: tuple[ChangedThing, ...]  # the first of them
    count: int  # of all of them
    labels: Mapping[str, str]

    def label(self, iri: str) -> str:
        """What a thing or a property is called."""
        return self.labels.get(iri) or shorten(iri)

    def said(self, change: str, value: Term) -> str:
        """A value of a property as a person reads it."""
        return self.label(value.value) if value.is_iri else things.told(change, value.python)


def of(desk: Desk, submission: Submission) -> Elsewhere:
    """Put the next release together with a submission, and say what differs elsewhere.

    Raises:
        GoneError: what it said was erased.
        LimitError: somebody else is waiting for the same.
        StoreError: the release in service cannot be read.
    """
    if not _ONE.acquire(timeout=_PATIENCE):
        raise LimitError("busy", "Somebody else is looking at what a submission would change. Try again in a minute.")
    try:
        found = rehearsing.rehearse(acting.office().home, desk, submission)
    finally:
        _ONE.release()
    labels = versions.labels_of(versions.triples_of(desk, submission), also=_shown(found))
    labels[INFERRED] = "What follows from the facts"
    changed = [
        thing
        for place, (went, came) in found.elsewhere.items()
        for thing in differences.of_graphs(went, came, place=place, labels=labels)
    ]
    paged = [iri for iri in found.named if addresses.page_of(iri)]
    areas = [iri for iri in paged if (addresses.page_of(iri) or "").startswith(_AREAS)]
    return Elsewhere(
        fault=found.fault,
        replaced=found.replaced,
        naming=tuple(sorted(found.naming, key=lambda each: [labels.get(iri, iri) for iri in each])),
        looks=found.looks,
        areas=tuple(areas),
        others=tuple(sorted(set(paged) - set(areas), key=lambda iri: str(labels.get(iri, iri)).casefold())),
        changed=tuple(changed[:_MOST]),
        count=len(changed),
        labels=labels,
    )


def _shown(found: rehearsing.Rehearsal) -> Iterator[str]:
    """Everything that is shown by its name."""
    yield from (iri for each in found.naming for iri in each)
    yield from (*found.named, *found.elsewhere, *(iri for each in found.looks for iri in each.things))
    for went, came in found.elsewhere.values():
        for triple in went | came:
            yield from (term.value for each in triple if (term := terms.from_rdf(each)) and term.is_iri)
