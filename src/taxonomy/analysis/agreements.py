"""Agreements and their shares: who gives how much to whom, for which services, on what terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from taxonomy.analysis import citations, validity
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.money import NOT_STATED, Standing, pounds
from taxonomy.analysis.rows import Named
from taxonomy.analysis.terms import Term
from taxonomy.namespaces import SV

DIFFER: Final = "Sources differ on {}"
_DAYS: Final = {SV + "startDate": "the start", SV + "endDate": "the end", SV + "termAsPrinted": "the term"}
_AMOUNTS: Final = {SV + "amount", SV + "statedAmount"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One share of one agreement: from one funder, out of one fund, to the services that the agreement pays for."""

    agreement: Named
    part: str | None = None  # None: the source names no shares, and the flow is the whole agreement
    funder: Named | None = None
    fund: Named | None = None
    recipients: tuple[Named, ...] = ()
    services: tuple[Named, ...] = ()
    commissioners: tuple[Named, ...] = ()  # one that leads comes first
    instrument: Named | None = None
    status: Named = NOT_STATED  # proposed, committed, awarded, withdrawn or not stated
    basis: Named = NOT_STATED  # per year, whole term, one-off or not stated
    amount: Decimal | None = None  # pounds; None: not published, never zero
    qualifier: Named | None = None  # about, up to, at least
    term: Term = field(default_factory=Term)
    disputed: tuple[str, ...] = ()  # properties for which sources give different values
    citations: tuple[Citation, ...] = ()

    @property
    def amount_stated(self) -> str:
        """The amount with its qualifier and basis, in words."""
        if self.amount is None:
            return "sources give different amounts" if _AMOUNTS & {*self.disputed} else pounds(None)
        vague = self.qualifier is not None and not self.qualifier.iri.endswith("/exact")
        qualifier = f"{self.qualifier.label.lower()} " if self.qualifier and vague else ""
        basis = "basis not stated" if self.basis == NOT_STATED else self.basis.label.lower()
        return f"{qualifier}{pounds(self.amount)}, {basis}"

    @property
    def standing(self) -> Standing:
        """How far the share is decided."""
        return Standing.of(self.status)

    @property
    def place(self) -> str:
        """Where the share is stated, and for which day."""
        return citations.places(self.citations)

    @property
    def said(self) -> date | None:
        """The latest day for which a source of it speaks."""
        return max((citation.as_at for citation in self.citations if citation.as_at), default=None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know before trusting its days."""
        return (*self.term.notes, *(DIFFER.format(words) for name, words in _DAYS.items() if name in self.disputed))

    def in_force(self, day: date) -> str:
        """What is known of whether it is in force on a day on which it may be."""
        if self.term.stated_end is not None:
            return "by its dates"
        if validity.stale(self.said, day):
            return f"last stated in {self.said.year}" if self.said else "last stated on a day not given"
        return "no end stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Money that is published as one figure, or not published: a share, or an agreement that is only printed whole."""

    flows: tuple[Flow, ...]
    standing: Standing
    basis: Named
    amount: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One agreement with all its shares; its amount is what is stated, else the sum of its shares, else unknown."""

    name: Named
    flows: tuple[Flow, ...]
    status: Named = NOT_STATED
    stated: Decimal | None = None  # pounds; what the source prints for the whole
    stated_basis: Named = NOT_STATED

    @property
    def basis(self) -> Named:
        """What the amount is for: a year, the whole term; not stated where the shares differ."""
        bases = {self.stated_basis} if self.stated is not None else {flow.basis for flow in self.flows}
        return bases.pop() if len(bases) == 1 else NOT_STATED

    @property
    def standing(self) -> Standing:
        """How far the agreement is decided: its own status, else that of its shares where they agree."""
        found = {flow.standing for flow in self.flows}
        alike = found.pop() if len(found) == 1 else Standing.NOT_STATED
        return alike if self.status == NOT_STATED else Standing.of(self.status)

    @property
    def amount(self) -> Decimal | None:
        """Pounds; ``None`` where nothing is published, or where shares cannot be added."""
        return self.stated if self.stated is not None else together(self.flows)

    @property
    def services(self) -> tuple[Named, ...]:
        """The services of the area that it pays for."""
        return tuple(sorted({service for flow in self.flows for service in flow.services}))

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Its money in figures that may be added up: its shares, or the whole where only that is published."""
        if self.stated is not None and self.stated != together(self.flows):
            return (Unit(flows=self.flows, standing=self.standing, basis=self.stated_basis, amount=self.stated),)
        return tuple(
            Unit(flows=(flow,), standing=flow.standing, basis=flow.basis, amount=flow.amount) for flow in self.flows
        )


def together(flows: Iterable[Flow]) -> Decimal | None:
    """The sum of some shares; ``None`` where one is not published, or where they may not be added."""
    shares = tuple(flows)
    known = [flow.amount for flow in shares if flow.amount is not None]
    alike = len({(flow.basis, flow.standing) for flow in shares}) == 1
    return sum(known, Decimal(0)) if alike and len(known) == len(shares) else None
