"""When money starts and ends: agreements in the order of their ends, and those that end within some months of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from taxonomy.analysis import citations
from taxonomy.analysis.agreements import Agreement, Flow, together
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.money import NOT_STATED, Standing
from taxonomy.analysis.rows import Named
from taxonomy.analysis.terms import Term
from taxonomy.days import later

MONTHS: Final = (3, 6, 12, 24)  # within which ends are told


@dataclass(frozen=True, kw_only=True)
class Span:
    """The shares of one agreement that run for one term."""

    agreement: Named
    flows: tuple[Flow, ...]
    whole: bool  # whether these are all its shares
    worth: Decimal | None  # pounds of these shares; None: not published, or not to be added

    @property
    def term(self) -> Term:
        """When they start and end."""
        return self.flows[0].term

    @cached_property
    def funders(self) -> tuple[Named, ...]:
        """Who pays them, where stated."""
        return tuple(sorted({flow.funder for flow in self.flows if flow.funder}))

    @property
    def paying(self) -> tuple[str, ...]:
        """Who pays them, and out of which fund where they are not the whole agreement."""
        if self.whole:
            return tuple(name.label for name in self.funders)
        told = (
            f"{flow.funder}, from {flow.fund}" if flow.fund else str(flow.funder) for flow in self.flows if flow.funder
        )
        return tuple(dict.fromkeys(told))

    @property
    def recipients(self) -> tuple[Named, ...]:
        """Who is paid, where stated."""
        return self.flows[0].recipients

    @property
    def services(self) -> tuple[Named, ...]:
        """What is paid for."""
        return self.flows[0].services

    @property
    def standing(self) -> Standing:
        """How far they are decided, where they agree."""
        found = {flow.standing for flow in self.flows}
        return found.pop() if len(found) == 1 else Standing.NOT_STATED

    @property
    def basis(self) -> Named:
        """What the amount is for."""
        found = {flow.basis for flow in self.flows}
        return found.pop() if len(found) == 1 else NOT_STATED

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know before trusting the days."""
        return tuple(dict.fromkeys(note for flow in self.flows for note in flow.notes))

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """Where they are stated."""
        return tuple(dict.fromkeys(citation for flow in self.flows for citation in flow.citations))

    @property
    def place(self) -> str:
        """Where they are stated, and for which day."""
        return citations.places(self.citations)


class How(StrEnum):
    """In what way money ends on a day."""

    ENDS = "ends"
    UNLESS_EXTENDED = "ends unless it is extended"
    EXTENSION_ENDS = "ends if it was extended as far as it may be"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Shares of an agreement that end on a day."""

    span: Span
    day: date
    how: How
    months: int  # within so many months: the smallest number told that holds it


def spans(agreements: Iterable[Agreement]) -> tuple[Span, ...]:
    """Every share, those of one agreement and one term together, in the order of their ends; unknown ends last."""
    found = []
    for agreement in agreements:
        by_term: dict[Term, list[Flow]] = defaultdict(list)
        for flow in agreement.flows:
            by_term[flow.term].append(flow)
        for flows in by_term.values():
            whole = len(by_term) == 1
            worth = agreement.amount if whole else together(flows)
            found.append(Span(agreement=agreement.name, flows=tuple(flows), whole=whole, worth=worth))
    return tuple(sorted(found, key=_order))


def ending(some: Iterable[Span], on: date, months: int) -> tuple[Ending, ...]:
    """What ends between a day and so many months after it, both days included, the soonest first."""
    until, found = later(on, months), []
    for span in some:
        first, last = span.term.first_end, span.term.last_end
        if first and on <= first <= until:
            how = How.UNLESS_EXTENDED if span.term.extendable else How.ENDS
            found.append(Ending(span=span, day=first, how=how, months=within(on, first, months)))
        if last and span.term.extendable and on <= last <= until:
            found.append(Ending(span=span, day=last, how=How.EXTENSION_ENDS, months=within(on, last, months)))
    return tuple(sorted(found, key=lambda each: (each.day, *_order(each.span), each.how)))


def within(on: date, day: date, months: int) -> int:
    """The smallest number of months told in which a day lies.

    >>> within(date(2018, 3, 12), date(2018, 3, 31), 12), within(date(2018, 3, 12), date(2019, 3, 31), 36)
    (3, 24)
    """
    return next((each for each in MONTHS if each < months and day <= later(on, each)), months)


def looking_back(some: Iterable[Span], months: int) -> date | None:
    """The newest day for which a source speaks and after which something ends within so many months."""
    known = tuple(some)
    days = {citation.as_at for span in known for citation in span.citations if citation.as_at}
    return next((day for day in sorted(days, reverse=True) if ending(known, day, months)), None)


def last_end(some: Iterable[Span]) -> date | None:
    """The latest end that is known of any."""
    return max((end for span in some if (end := span.term.last_end)), default=None)


def _order(span: Span) -> tuple[date, date, Named, str]:
    term = span.term
    return (term.first_end or date.max, term.last_end or date.max, span.agreement, span.flows[0].part or "")
