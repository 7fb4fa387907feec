"""Where the record of an organisation stands: what was handed in, what became of it, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, RdfFormat

from taxonomy.namespaces import RDFS, SV
from taxonomy.publishing.confirmations import AGE
from taxonomy.publishing.ledger import Ledger, State, Submission
from taxonomy.publishing.waivers import Lapse, Waivers
from taxonomy.values import from_term

_OPEN: Final = (State.SUBMITTED, State.APPROVED)


class Step(StrEnum):
    """What whoever speaks for the organisation does next."""

    BEGIN = "begin"  # nothing was ever handed in
    GO_ON = "go on"  # a draft was begun
    MEND = "mend"  # the last version was returned
    ASKED = "asked"  # what is public no longer conforms, and a steward asks for a mended version
    WAIT = "wait"  # the last version is with a steward
    CONFIRM = "confirm"  # what is public was last confirmed long ago, or nobody knows when
    NOTHING = "nothing"  # what is public is up to date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one record stands."""

    owner: str
    versions: tuple[Submission, ...]  # newest first
    public: Submission | None
    confirmed: date | None  # on which day the published version says that it was right; None: not known, or none
    draft: bool
    lapse: Lapse | None  # what is public no longer conforms; None where it does, or is not known not to
    step: Step

    @property
    def last(self) -> Submission | None:
        """The newest version."""
        return self.versions[0] if self.versions else None


def of(owner: str, ledger: Ledger, *, draft: bool, today: date) -> Standing:
    """Where the record of an organisation stands."""
    versions = tuple(reversed(ledger.submissions(owner=owner)))
    public = next((each for each in versions if each.state is State.PUBLISHED), None)
    confirmed = _confirmed(ledger.content(public.id)) if public else None
    lapse = Waivers(ledger).of(public, today=today)
    return Standing(
        owner=owner,
        versions=versions,
        public=public,
        confirmed=confirmed,
        draft=draft,
        lapse=lapse,
        step=_step(versions, public, confirmed, lapse, draft=draft, today=today),
    )


def name_of(owner: str, ledger: Ledger, versions: Iterable[Submission]) -> str:
    """What the organisation calls itself in its newest version that is kept; empty where there is none."""
    for each in versions:
        if each.state is not State.ERASED:
            for said in _said(ledger.content(each.id), RDFS + "label", of=owner):
                return said.value
    return ""


def _step(
    versions: tuple[Submission, ...],
    public: Submission | None,
    confirmed: date | None,
    lapse: Lapse | None,
    *,
    draft: bool,
    today: date,
) -> Step:
    if draft:
        return Step.GO_ON
    last = next((each.state for each in versions if each.state is not State.ERASED), None)
    if last is State.RETURNED:
        return Step.MEND
    if last in _OPEN:
        return Step.WAIT
    if public is None:
        return Step.BEGIN
    if lapse and lapse.asked:
        return Step.ASKED
    stale = confirmed is None or today - confirmed >= AGE
    return Step.CONFIRM if stale else Step.NOTHING


def _confirmed(ntriples: bytes) -> date | None:
    found = [from_term(said) for said in _said(ntriples, SV + "lastConfirmed")]
    return max((each for each in found if isinstance(each, date)), default=None)


def _said(ntriples: bytes, path: str, *, of: str | None = None) -> list[Literal]:
    return [
        quad.object
        for quad in pyoxigraph.parse(ntriples, format=RdfFormat.N_TRIPLES)
        if quad.predicate.value == path
        and isinstance(quad.object, Literal)
        and (of is None or str(quad.subject) == f"<{of}>")
    ]
