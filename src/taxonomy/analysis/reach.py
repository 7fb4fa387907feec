"""How far one person gets from a start: the ways that are open to them, and for each closed one, why not."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from taxonomy.analysis.eligibility import Judgement, Reason, Rules, Verdict, in_words
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.person import Person
from taxonomy.analysis.rows import listed
from taxonomy.analysis.vocabulary import Terms
from taxonomy.analysis.ways import Edge, Node, Way

_UNREACHED: Final = Reason(words="no way that is open to this person leads to where it begins")
_MOST_TRIED: Final = 20_000  # beginnings of ways that are tried, so that a tangle cannot take for ever


class Passage(StrEnum):
    """What one way is to the person who begins at a start."""

    OPEN = "open"
    NOT_KNOWN = "not known"
    CLOSED = "closed"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One way, for one person."""

    edge: Edge
    passage: Passage
    distance: int | None  # how many ways have been taken, this one included; None: its beginning is not reached
    reasons: tuple[Reason, ...] = ()  # why it is closed, or why that is not known
    conditions: tuple[str, ...] = ()  # what else a rule asks for, of which the description says nothing

    @property
    def why(self) -> str:
        """The reasons in words; for an open way, what it depends on."""
        return in_words(self.reasons, self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """One service, and whether the person may use it, however they get there."""

    service: Node
    judgement: Judgement


@dataclass(frozen=True)
class Reach:
    """The ways of an area for one person."""

    pathway: Pathway
    person: Person
    starts: tuple[Node, ...]  # where they begin; empty: wherever a way begins
    rules: Rules
    terms: Terms

    @property
    def asked(self) -> bool:
        """Whether a person or a start was described at all."""
        return self.person.described or bool(self.starts)

    @cached_property
    def begins(self) -> tuple[Node, ...]:
        """Where the person begins."""
        return self.starts or tuple(start.node for start in self.pathway.starts)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every way of the area, in the order of the pathway's list."""
        sure = self._distances({Verdict.MAY})
        perhaps = self._distances({Verdict.MAY, Verdict.NOT_KNOWN})
        return tuple(self._step(edge, sure, perhaps) for edge in self.pathway.edges)

    @cached_property
    def by_number(self) -> dict[int, Step]:
        """The steps by the number of their way."""
        return {step.edge.number: step for step in self.steps}

    def of(self, passage: Passage, shown: Pathway | None = None) -> tuple[Step, ...]:
        """The ways that are open, not known, closed or not reached, nearest first; of a part that is shown, or all."""
        numbers = {edge.number for edge in (shown or self.pathway).edges}
        found = [step for step in self.steps if step.passage == passage and step.edge.number in numbers]
        return tuple(sorted(found, key=lambda step: (step.distance or 0, step.edge.number)))

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every different reason for which a way is closed or not known, in the order of the ways."""
        stopped = (step for step in self.steps if step.passage in {Passage.CLOSED, Passage.NOT_KNOWN})
        return tuple(dict.fromkeys(reason for step in stopped for reason in step.reasons))

    def numbers(self, step: Step) -> tuple[int, ...]:
        """The numbers, from 1, that its reasons have in the list of reasons."""
        return tuple(self.reasons.index(reason) + 1 for reason in step.reasons if reason in self.reasons)

    @cached_property
    def admissions(self) -> tuple[Admission, ...]:
        """Every service of the area, and whether the person may use it."""
        return tuple(
            Admission(service=node, judgement=self.rules.judge(self.person, self.terms, node.name.iri))
            for node in self.pathway.services
        )

    @property
    def summary(self) -> str:
        """How many ways are open, not known and closed, in one sentence."""
        return self.summed(self.pathway)

    def summed(self, shown: Pathway) -> str:
        """The same of a part that is shown."""
        counts = [
            (len(self.of(passage, shown)), words)
            for passage, words in (
                (Passage.OPEN, "open"),
                (Passage.NOT_KNOWN, "not known"),
                (Passage.CLOSED, "closed"),
                (Passage.NOT_REACHED, "not reached from there"),
            )
        ]
        begins = listed([node.name.label for node in self.starts]) or "every place where a way begins"
        told = listed([f"{number} {words}" for number, words in counts if number]) or "no way is stated"
        return f"{self.person.sentence[0].upper()}{self.person.sentence[1:]}, from {begins}: {told}."

    @cached_property
    def _judged(self) -> dict[int, Judgement]:
        return {
            edge.number: self.rules.judge(self.person, self.terms, edge.link, edge.end.name.iri)
            for edge in self.pathway.edges
        }

    @cached_property
    def _ways_in(self) -> dict[str, list[Edge]]:
        ways_in = defaultdict(list)
        for edge in self.pathway.edges:
            if edge.way is Way.OPEN:
                ways_in[edge.end.name.iri].append(edge)
        return ways_in

    def _distances(self, verdicts: set[Verdict]) -> dict[str, int]:
        """How many ways lead from a start to each node, over ways with these verdicts."""
        ways_out = defaultdict(list)
        for edge in self.pathway.edges:
            if edge.way is Way.OPEN and self._judged[edge.number].verdict in verdicts:
                ways_out[edge.origin.name.iri].append(edge.end.name.iri)
        far = dict.fromkeys((node.name.iri for node in self.begins), 0)
        waiting = deque(far)
        while waiting:
            here = waiting.popleft()
            for end in ways_out[here]:
                if end not in far:
                    far[end] = far[here] + 1
                    waiting.append(end)
        return far

    def _step(self, edge: Edge, sure: dict[str, int], perhaps: dict[str, int]) -> Step:
        origin, judgement = edge.origin.name.iri, self._judged[edge.number]
        if origin not in perhaps:
            return Step(edge=edge, passage=Passage.NOT_REACHED, distance=None, reasons=(_UNREACHED,))
        distance = perhaps[origin] + 1
        if edge.way is Way.REFUSED:
            return Step(edge=edge, passage=Passage.CLOSED, distance=distance, reasons=(self._refused(edge),))
        if judgement.verdict is Verdict.MAY_NOT:
            return Step(edge=edge, passage=Passage.CLOSED, distance=distance, reasons=judgement.reasons)
        reasons = judgement.reasons
        if not reasons and origin not in sure:
            reasons = (Reason(words=f"not known whether this person gets as far as {edge.origin.name}"),)
        passage = Passage.NOT_KNOWN if reasons else Passage.OPEN
        return Step(edge=edge, passage=passage, distance=distance, reasons=reasons, conditions=judgement.conditions)

    def _refused(self, edge: Edge) -> Reason:
        """That the source refuses this way, and which ways in it states instead."""
        ways_in = self._ways_in.get(edge.end.name.iri, ())
        instead = sorted({way.origin.name.label for way in ways_in})
        others = f"the only stated way in is from: {listed(instead)}" if instead else "no way in is stated"
        return Reason(words=f"refused by the service; {others}", citations=edge.citations)


def routes(reach: Reach, end: Node, *, most: int = 20) -> tuple[tuple[Step, ...], ...]:
    """The ways by which the person may get to a service or group, shortest first; where several lead, ``most`` of them.

    What is not known is walked and said to be not known; what is closed is never walked.
    """
    ways_in: dict[str, list[Step]] = defaultdict(list)
    for step in reach.steps:
        if step.passage in {Passage.OPEN, Passage.NOT_KNOWN}:
            ways_in[step.edge.end.name.iri].append(step)
    begins = {node.name.iri for node in reach.begins}
    found: list[tuple[Step, ...]] = []
    waiting: deque[tuple[Step, ...]] = deque((step,) for step in ways_in[end.name.iri])
    tried = 0
    while waiting and len(found) < most and tried < _MOST_TRIED:
        tried += 1
        path = waiting.popleft()
        origin = path[0].edge.origin.name.iri
        if origin in begins:
            found.append(path)
            continue
        seen = {end.name.iri, *(step.edge.origin.name.iri for step in path)}
        waiting.extend((step, *path) for step in ways_in[origin] if step.edge.origin.name.iri not in seen)
    return tuple(found)
