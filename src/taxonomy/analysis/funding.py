"""Who pays for the services of an area: shares of agreements, and sums of what is published.

An unknown amount is counted and named, never taken as zero. Proposed money is never added to money that is awarded or
committed, nor a yearly figure to one for a whole term: every sum stands for one standing and one basis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final, Self, TypeVar

from taxonomy.analysis import citations, rows, subtotals, terms, validity
from taxonomy.analysis.agreements import Agreement, Flow
from taxonomy.analysis.money import NOT_STATED, Total
from taxonomy.analysis.rows import Label, Named, Row, listed
from taxonomy.analysis.subtotals import Dimension
from taxonomy.analysis.terms import Term
from taxonomy.namespaces import SV

_Value = TypeVar("_Value")
_NAMED: Final = 3  # agreements of unknown amount that a summary names


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """A service of the area, paid for or not: who provides it, and for whom it is."""

    service: Named
    providers: tuple[Named, ...] = ()  # the lead first
    rules: tuple[Named, ...] = ()  # for whom: any of these; empty: not stated


@dataclass(frozen=True)
class Funding:
    """The money of one area, as its sources state it."""

    agreements: tuple[Agreement, ...]
    provisions: tuple[Provision, ...] = ()
    day: date | None = None  # only what may be in force then; None: all that is recorded

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Every share of every agreement, in order."""
        return tuple(flow for agreement in self.agreements for flow in agreement.flows)

    @cached_property
    def unknown(self) -> tuple[Agreement, ...]:
        """Agreements with no published amount."""
        return tuple(agreement for agreement in self.agreements if agreement.amount is None)

    @cached_property
    def unpaid(self) -> tuple[Provision, ...]:
        """Services for which no agreement is recorded: not known to be paid for, which is not the same as unpaid."""
        paid = {service.iri for agreement in self.agreements for service in agreement.services}
        return tuple(each for each in self.provisions if each.service.iri not in paid)

    @cached_property
    def by_funder(self) -> tuple[Total, ...]:
        """Sums by who pays."""
        return self.by(Dimension.FUNDER)

    @cached_property
    def overall(self) -> tuple[Total, ...]:
        """Sums by standing and basis alone."""
        return self.by(None)

    def by(self, dimension: Dimension | None) -> tuple[Total, ...]:
        """Sums by any dimension; every one of them comes to the same whole."""
        return subtotals.of(self.agreements, dimension)

    def on(self, day: date) -> Self:
        """The shares that may be in force on a day: none that had ended or not begun by its stated dates."""
        return replace(self._kept(lambda flow: validity.holds(day, flow.term.starts, flow.term.stated_end)), day=day)

    def narrowed(self, chosen: Mapping[Dimension, Collection[str]]) -> Self:
        """The shares that are of one of these values in each dimension, by their short names or IRIs."""
        return self._kept(lambda flow: all(subtotals.matches(flow, each, wanted) for each, wanted in chosen.items()))

    def _kept(self, wanted: Callable[[Flow], bool]) -> Self:
        kept = []
        for agreement in self.agreements:
            flows = tuple(flow for flow in agreement.flows if wanted(flow))
            if len(flows) == len(agreement.flows):
                kept.append(agreement)
            elif flows:  # what is printed for the whole says nothing of a part of it
                kept.append(replace(agreement, flows=flows, stated=None))
        return replace(self, agreements=tuple(kept))

    @cached_property
    def stated(self) -> str:
        """For which day or days the amounts are stated."""
        return citations.between(citation.as_at for flow in self.flows for citation in flow.citations)

    @cached_property
    def published(self) -> str:
        """How many agreements have no published amount, always said."""
        count = len(self.agreements)
        return f"{_agreements(len(self.unknown), count)} no published amount"

    @cached_property
    def summary(self) -> str:
        """How much of the money is known, in one or two sentences."""
        count, unknown = len(self.agreements), [agreement.name.label for agreement in self.unknown]
        if not count:
            return "No agreement is recorded for this area: not known, which is not the same as none."
        known = f"{_agreements(count - len(unknown), count)} a published amount"
        lacking = f"{self.published}: {listed(_few(unknown))}"
        sentences = [known, *([lacking] if unknown else []), self.stated[0].upper() + self.stated[1:]]
        return " ".join(f"{sentence}." for sentence in sentences)


def _few(names: list[str]) -> list[str]:
    """The first three names and how many more there are; a list that is one longer stays whole."""
    return names if len(names) <= _NAMED + 1 else [*names[:_NAMED], f"{len(names) - _NAMED} more"]


def of(answer: Iterable[Row], services: Iterable[Row] = (), *, label: Label) -> Funding:
    """The money in the rows of the questions ``funding-flows`` and ``funding-services``.

    >>> of([], label=str).summary
    'No agreement is recorded for this area: not known, which is not the same as none.'

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    by_agreement: dict[str, list[Row]] = defaultdict(list)
    for row in answer:
        by_agreement[rows.needed(row, "agreement")].append(row)
    found = (_agreement(Named(label(iri), iri), told, label) for iri, told in by_agreement.items())
    return Funding(tuple(sorted(found, key=lambda agreement: agreement.name)), _provisions(services, label))


def _provisions(services: Iterable[Row], label: Label) -> tuple[Provision, ...]:
    by_service: dict[str, list[Row]] = defaultdict(list)
    for row in services:
        by_service[rows.needed(row, "service")].append(row)
    found = (
        Provision(
            service=Named(label(iri), iri),
            providers=_leading(told, "provider", label),
            rules=rows.named(told, "rule", label),
        )
        for iri, told in by_service.items()
    )
    return tuple(sorted(found, key=lambda each: each.service))


def _leading(told: list[Row], column: str, label: Label) -> tuple[Named, ...]:
    """What a column names, those that lead first."""
    leads = {rows.text(row, column) for row in told if rows.flag(row, "leads")}
    return tuple(sorted(rows.named(told, column, label), key=lambda name: (name.iri not in leads, name)))


def _agreement(name: Named, told: list[Row], label: Label) -> Agreement:
    by_part: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        by_part[rows.text(row, "part") or ""].append(row)
    stated, stated_basis = _one(told, "stated_amount", rows.amount), _name(told, "stated_basis", label) or NOT_STATED
    whole = _term(told, "")
    flows = []
    for part, shares in sorted(by_part.items()):
        # Where no shares are named, the whole agreement is the flow.
        amount = _one(shares, "amount", rows.amount) if part else stated
        disputed = rows.texts(shares, "disputed")
        flows.append(
            Flow(
                agreement=name,
                part=part or None,
                funder=_name(shares, "funder", label),
                fund=_name(shares, "fund", label),
                recipients=rows.named(told, "recipient", label),
                services=rows.named(told, "service", label),
                commissioners=_leading(told, "commissioner", label),
                instrument=_name(told, "instrument", label),
                status=_name(shares, "status", label) or NOT_STATED,
                basis=(_name(shares, "basis", label) or NOT_STATED) if part else stated_basis,
                amount=amount,
                qualifier=_name(shares, "qualifier", label),
                term=_own(shares, whole, disputed),
                disputed=disputed,
                citations=citations.of(shares, label),
            )
        )
    status = _name(told, "agreement_status", label) or NOT_STATED
    return Agreement(name=name, flows=tuple(flows), status=status, stated=stated, stated_basis=stated_basis)


def _own(shares: list[Row], whole: Term, disputed: tuple[str, ...]) -> Term:
    """The term of a share: its own where it states one, else the agreement's, with the share's own days."""
    own = _term(shares, "part_")
    if own.initial_months is not None or own.extension_months is not None or own.stated_end is not None:
        return own
    starts = None if SV + "startDate" in disputed else own.starts or whole.starts
    return replace(whole, starts=starts, printed=own.printed or whole.printed)


def _term(told: list[Row], level: str) -> Term:
    return terms.of(
        starts=_one(told, f"{level}starts", rows.day),
        ends=_one(told, f"{level}ends", rows.day),
        initial_months=_one(told, f"{level}initial_months", rows.integer),
        extension_months=_one(told, f"{level}extension_months", rows.integer),
        printed=_one(told, f"{level}term", rows.text),
    )


def _one(told: list[Row], column: str, read: Callable[[Row, str], _Value | None]) -> _Value | None:
    """The one value of a column; ``None`` where the source gives none, or values that differ."""
    values = {value for row in told if (value := read(row, column)) is not None}
    return values.pop() if len(values) == 1 else None


def _name(told: list[Row], column: str, label: Label) -> Named | None:
    iri = _one(told, column, rows.text)
    return Named(label(iri), iri) if iri and not iri.endswith("/not-stated") else None


def _agreements(number: int, count: int) -> str:
    has = "has" if 1 in {number, count} else "have"
    return f"{number} of {count} {'agreement' if count == 1 else 'agreements'} {has}"
