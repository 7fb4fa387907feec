"""Who pays for the services of an area: shares of agreements, and sums of what is published.

An unknown amount is counted and named, never taken as zero. Proposed money is never added to money that is awarded or
committed, nor a yearly figure to one for a whole term: every sum stands for one standing and one basis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeVar

from taxonomy.analysis import citations, rows
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.money import NOT_STATED, Entry, Standing, Total, added, pounds
from taxonomy.analysis.rows import Label, Named, Row, listed

_Value = TypeVar("_Value")
_NAMED: Final = 3  # agreements of unknown amount that a summary names


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One share of one agreement: from one funder, out of one fund, to the services that the agreement pays for."""

    agreement: Named
    part: str | None  # None: the source names no shares, and the flow is the whole agreement
    funder: Named | None
    fund: Named | None
    recipients: tuple[Named, ...]
    services: tuple[Named, ...]
    instrument: Named | None
    status: Named  # proposed, committed, awarded, withdrawn or not stated
    basis: Named  # per year, whole term, one-off or not stated
    amount: Decimal | None  # pounds; None: not published, never zero
    qualifier: Named | None  # about, up to, at least
    term: str | None  # as printed
    starts: date | None
    ends: date | None
    citations: tuple[Citation, ...]

    @property
    def amount_stated(self) -> str:
        """The amount with its qualifier and basis, in words."""
        if self.amount is None:
            return pounds(None)
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
        return "; ".join(citation.place for citation in self.citations) or "no source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One agreement with all its shares; its amount is what is stated, else the sum of its shares, else unknown."""

    name: Named
    flows: tuple[Flow, ...]
    status: Named
    stated: Decimal | None  # pounds; what the source prints for the whole
    stated_basis: Named

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
        if self.stated is not None:
            return self.stated
        shares = [flow.amount for flow in self.flows if flow.amount is not None]
        alike = len({(flow.basis, flow.standing) for flow in self.flows}) == 1
        return sum(shares, Decimal(0)) if alike and len(shares) == len(self.flows) else None

    @property
    def services(self) -> tuple[Named, ...]:
        """The services of the area that it pays for."""
        return tuple(sorted({service for flow in self.flows for service in flow.services}))


@dataclass(frozen=True)
class Funding:
    """The money of one area, as its sources state it."""

    agreements: tuple[Agreement, ...]

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Every share of every agreement, in order."""
        return tuple(flow for agreement in self.agreements for flow in agreement.flows)

    @cached_property
    def unknown(self) -> tuple[Agreement, ...]:
        """Agreements with no published amount."""
        return tuple(agreement for agreement in self.agreements if agreement.amount is None)

    @cached_property
    def by_funder(self) -> tuple[Total, ...]:
        """Sums of shares by who pays."""
        return added(_share(flow, flow.funder) for flow in self.flows)

    @cached_property
    def by_fund(self) -> tuple[Total, ...]:
        """Sums of shares by the fund they are paid from."""
        return added(_share(flow, flow.fund) for flow in self.flows)

    @cached_property
    def by_service(self) -> tuple[Total, ...]:
        """Sums of agreements by the service that they pay for; money for several services stays whole."""
        return added(_whole(agreement, agreement.services) for agreement in self.agreements)

    @cached_property
    def overall(self) -> tuple[Total, ...]:
        """Sums of agreements by standing and basis alone."""
        everything = Named("All agreements", "")
        return added(_whole(agreement, (everything,)) for agreement in self.agreements)

    @cached_property
    def stated(self) -> str:
        """For which day or days the amounts are stated."""
        return citations.between(citation.as_at for flow in self.flows for citation in flow.citations)

    @cached_property
    def summary(self) -> str:
        """How much of the money is known, in one or two sentences."""
        count, unknown = len(self.agreements), [agreement.name.label for agreement in self.unknown]
        if not count:
            return "No agreement is recorded for this area: not known, which is not the same as none."
        known = f"{_agreements(count - len(unknown), count)} a published amount"
        lacking = f"{_agreements(len(unknown), count)} no published amount: {listed(_few(unknown))}"
        sentences = [known, *([lacking] if unknown else []), self.stated[0].upper() + self.stated[1:]]
        return " ".join(f"{sentence}." for sentence in sentences)


def _few(names: list[str]) -> list[str]:
    """The first three names and how many more there are; a list that is one longer stays whole."""
    return names if len(names) <= _NAMED + 1 else [*names[:_NAMED], f"{len(names) - _NAMED} more"]


def of(answer: Iterable[Row], *, label: Label) -> Funding:
    """The money in the rows of the question ``funding-flows``.

    >>> of([], label=str).summary
    'No agreement is recorded for this area: not known, which is not the same as none.'

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    by_agreement: dict[str, list[Row]] = defaultdict(list)
    for row in answer:
        by_agreement[rows.needed(row, "agreement")].append(row)
    found = (_agreement(Named(label(iri), iri), told, label) for iri, told in by_agreement.items())
    return Funding(tuple(sorted(found, key=lambda agreement: agreement.name)))


def _agreement(name: Named, told: list[Row], label: Label) -> Agreement:
    by_part: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        by_part[rows.text(row, "part") or ""].append(row)
    stated, stated_basis = _one(told, "stated_amount", rows.amount), _name(told, "stated_basis", label) or NOT_STATED
    flows = []
    for part, shares in sorted(by_part.items()):
        # Where no shares are named, the whole agreement is the flow.
        amount = _one(shares, "amount", rows.amount) if part else stated
        flows.append(
            Flow(
                agreement=name,
                part=part or None,
                funder=_name(shares, "funder", label),
                fund=_name(shares, "fund", label),
                recipients=rows.named(told, "recipient", label),
                services=rows.named(told, "service", label),
                instrument=_name(told, "instrument", label),
                status=_name(shares, "status", label) or NOT_STATED,
                basis=(_name(shares, "basis", label) or NOT_STATED) if part else stated_basis,
                amount=amount,
                qualifier=_name(shares, "qualifier", label),
                term=_one(shares, "term", rows.text),
                starts=_one(shares, "starts", rows.day),
                ends=_one(shares, "ends", rows.day),
                citations=citations.of(shares, label),
            )
        )
    status = _name(told, "agreement_status", label) or NOT_STATED
    return Agreement(name=name, flows=tuple(flows), status=status, stated=stated, stated_basis=stated_basis)


def _one(told: list[Row], column: str, read: Callable[[Row, str], _Value | None]) -> _Value | None:
    """The one value of a column; ``None`` where the source gives none, or values that differ."""
    values = {value for row in told if (value := read(row, column)) is not None}
    return values.pop() if len(values) == 1 else None


def _name(told: list[Row], column: str, label: Label) -> Named | None:
    iri = _one(told, column, rows.text)
    return Named(label(iri), iri) if iri and not iri.endswith("/not-stated") else None


def _share(flow: Flow, of: Named | None) -> Entry:
    key = (of or NOT_STATED,)
    return Entry(of=key, standing=flow.standing, basis=flow.basis, amount=flow.amount, agreement=flow.agreement)


def _whole(agreement: Agreement, of: tuple[Named, ...]) -> Entry:
    return Entry(
        of=of, standing=agreement.standing, basis=agreement.basis, amount=agreement.amount, agreement=agreement.name
    )


def _agreements(number: int, count: int) -> str:
    return f"{number} of {count} {'agreement' if count == 1 else 'agreements'} {'has' if number == 1 else 'have'}"
