"""One proposal to the register: the records that name an organisation, and what a steward decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from taxonomy import namespaces
from taxonomy.context import fold, spoken
from taxonomy.publishing.tables import State
from taxonomy.values import Iri


class Verdict(StrEnum):
    """What can be decided on a proposal."""

    MATCHED = "matched"  # it is an organisation that is known already
    ACCEPTED = "accepted"  # it is one more, with a name and a kind
    LEFT = "left"  # it stays what the record writes
    UNDONE = "undone"  # what was decided before holds no longer


class Kind(StrEnum):
    """What an organisation is accepted as."""

    VOLUNTARY = "voluntary"
    STATUTORY = "statutory"
    PRIVATE = "private"
    NOT_KNOWN = "not-known"  # which is not the same as none of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What one steward decided on one proposal."""

    number: int
    iri: Iri
    names: tuple[str, ...]  # as records wrote it then
    verdict: Verdict
    known: Iri | None = None  # the entry that it was matched to; None where it was not
    label: str = ""  # what it is to be called; empty where it was not accepted
    kind: Kind | None = None  # None where it was not accepted
    why: str
    who: str  # a person's name to act by; never public
    when: datetime

    @property
    def graph(self) -> str:
        """The named graph in which a release says what was decided."""
        return namespaces.graph("curation", "proposal", str(self.number))

    def covers(self, name: str) -> bool:
        """Whether it was decided on what a record calls so: another name at the same address may be another body."""
        return not name or fold(name) in set(map(fold, self.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One record that names it."""

    submission: int
    owner: Iri
    state: State
    name: str  # as it is written there; empty: it gives the address alone
    parts: tuple[str, ...]  # what it is said to be


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An organisation that records name, and what was decided on it."""

    iri: Iri
    mentions: tuple[Mention, ...]
    near: tuple[Iri, ...]  # known organisations whose names are the same or look alike, the nearest first
    settled: Settled | None = None  # None: nobody has decided

    @property
    def names(self) -> tuple[str, ...]:
        """As records write it; where none does, its address as words."""
        written = dict.fromkeys(each.name for each in self.mentions if each.name)
        return tuple(written) or (self.settled.names if self.settled else (spoken(self.iri.slug),))

    @property
    def parts(self) -> tuple[str, ...]:
        """What it is said to be, by any of the records."""
        return tuple(sorted({part for each in self.mentions for part in each.parts}))

    @property
    def open(self) -> bool:
        """Whether somebody has to decide: nobody has, or a record gives it a name that nobody has seen."""
        return self.settled is None or not all(self.settled.covers(each.name) for each in self.mentions)

    @property
    def seen(self) -> int:
        """The number of the last decision on it; 0 where there is none."""
        return self.settled.number if self.settled else 0
