"""One stated way between two ends, and the ends: what pathways are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from taxonomy.analysis import citations, validity
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.rows import Named, listed


class Way(StrEnum):
    """Whether a source says that people may go this way, or that they may not."""

    OPEN = "open"
    REFUSED = "refused"


class NodeKind(StrEnum):
    """What stands at an end of a way."""

    SERVICE = "service"
    GROUP = "group"  # of services: "victim support services"
    SOURCE = "source"  # of referrals: the person, the police
    ORGANISATION = "organisation"


SENDERS: Final = frozenset({NodeKind.SOURCE, NodeKind.ORGANISATION})  # from these people come; nobody is sent to them


class Sector(StrEnum):
    """The sector of a service's lead provider, as a heading."""

    VOLUNTARY = "Voluntary sector"
    STATUTORY = "Statutory sector"
    PRIVATE = "Private sector"
    SEVERAL = "Led from several sectors"
    NOT_STATED = "Sector not stated"


SECTORS: Final[Mapping[str, Sector]] = {  # by their short names
    "voluntary": Sector.VOLUNTARY,
    "statutory": Sector.STATUTORY,
    "private": Sector.PRIVATE,
    "several": Sector.SEVERAL,
    "not-stated": Sector.NOT_STATED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of the pathway, and its place in the order of stages where the scheme gives one."""

    position: int | None
    name: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A service, a group of services, or somebody who sends people to one."""

    name: Named
    kind: NodeKind
    sector: Sector = Sector.NOT_STATED
    covers: tuple[Named, ...] = ()  # the areas it is stated to cover
    providers: tuple[Named, ...] = ()  # the lead first
    provider_as_printed: str | None = None  # where the source names no provider that we know
    stages: tuple[Stage, ...] = ()  # earliest first; empty: not stated
    groups: tuple[Named, ...] = ()  # groups that name it; their ways are not its own
    starts: date | None = None
    ends: date | None = None
    said: date | None = None  # the day for which its latest source speaks

    def last_stated(self, day: date | None) -> str:
        """As of an edge."""
        return last_stated(day, self.said, dated=bool(self.starts or self.ends))

    @property
    def provided_by(self) -> str:
        """The providers in words, or what the source prints instead of one."""
        printed = f"Provider printed as “{self.provider_as_printed}”" if self.provider_as_printed else ""
        return listed([provider.label for provider in self.providers]) or printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One stated way from somebody to a service or a group, open or refused."""

    number: int  # the same in picture, text and table
    link: str
    way: Way
    origin: Node
    end: Node
    mechanisms: tuple[Named, ...]
    consent: bool | None  # None: the source does not say
    conditions: tuple[str, ...]  # as the source puts them
    rules: tuple[Named, ...]  # who may go this way
    citations: tuple[Citation, ...]
    wider: bool  # stated for a wider area than the one asked for, and for nothing in it
    starts: date | None = None
    ends: date | None = None

    @property
    def said(self) -> date | None:
        """The day for which the latest source that states it speaks."""
        return max((each.as_at for each in self.citations if each.as_at), default=None)

    def last_stated(self, day: date | None) -> str:
        """That it was said too long before a day to be taken as still so; empty where it was not."""
        return last_stated(day, self.said, dated=bool(self.starts or self.ends))

    @property
    def confirmed(self) -> bool:
        """Whether a document or a record states it, and not a curator's judgement alone."""
        return any(citation.confirmed for citation in self.citations)

    @property
    def status(self) -> str:
        """Open or refused, and whether that is confirmed."""
        return self.way if self.confirmed else f"{self.way}, not confirmed"

    @property
    def how(self) -> str:
        """The mechanism in words."""
        return ", ".join(mechanism.label for mechanism in self.mechanisms) or "not stated"

    @property
    def consent_stated(self) -> str:
        """Whether the person has to agree, in words."""
        return {True: "needed", False: "not needed", None: "not stated"}[self.consent]

    @property
    def _conditions(self) -> tuple[str, ...]:
        return self.conditions or tuple(rule.label for rule in self.rules)

    @property
    def condition_stated(self) -> str:
        """What else has to hold, in the source's words, else by the names of its rules; empty where nothing is."""
        return " ".join(f"{each.rstrip('.')}." for each in self._conditions)

    @property
    def place(self) -> str:
        """Where the way is stated, and for which day."""
        return citations.places(self.citations)

    @property
    def stated_for(self) -> str:
        """Whether the way is stated for this area or for a wider one, in words."""
        return "a wider area" if self.wider else "this area"

    @property
    def sentence(self) -> str:
        """The way in words, without its place."""
        how = f", {self.how[0].lower()}{self.how[1:]}" if self.mechanisms else ""
        sentences = [f"{self.origin.name} to {self.end.name}: {self.status}{how}"]
        if self.consent is not None:
            sentences.append(f"The person's consent is {self.consent_stated}")
        sentences += self._conditions
        if self.wider:
            sentences.append("Stated for a wider area")
        return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)

    @property
    def cells(self) -> dict[str, str]:
        """The way as one line of the table, by heading."""
        return {
            "Way": str(self.number),
            "From": self.origin.name.label,
            "To": self.end.name.label,
            "Open or refused": self.status,
            "How": self.how,
            "Consent": self.consent_stated,
            "Condition": self.condition_stated or "none stated",
            "Stated for": self.stated_for,
            "Source": self.place,
        }


def last_stated(day: date | None, said: date | None, *, dated: bool) -> str:
    """That something without dates was last said long before a day, in words; empty where it was not.

    >>> last_stated(date(2026, 1, 1), date(2018, 3, 12), dated=False)
    'last stated in 2018'
    >>> last_stated(date(2019, 1, 1), date(2018, 3, 12), dated=False)
    ''
    """
    if day is None or dated or not validity.stale(said, day):
        return ""
    return f"last stated in {said.year}" if said else "stated on a day that is not given"
