"""The money of an area as tables, each the same on the page, in a download, in the shell and in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, Self

from taxonomy.analysis import dependence, timeline, withdrawal
from taxonomy.analysis.funding import Funding
from taxonomy.analysis.money import Total
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.analysis.subtotals import Dimension
from taxonomy.analysis.tabulated import names
from taxonomy.analysis.timeline import MONTHS, Ending, Span
from taxonomy.analysis.withdrawal import Loss, Step, Supposition, Without
from taxonomy.errors import NotFoundError
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.terms import Value

Cell = Named | str | int | bool | Decimal | date | None

SHARES: Final = (
    *("agreement", "amount", "basis", "standing", "funder", "fund", "recipients", "services"),
    *("commissioners", "instrument", "term", "starts", "ends", "place"),
)
TOTALS: Final = ("of", "standing", "basis", "amount", "amounts", "not_published", "agreements_not_published")
TIMELINE: Final = (
    *("agreement", "funders", "recipients", "services", "standing", "starts", "ends", "ends_if_extended"),
    *("initial_months", "extension_months", "term_as_printed", "to_know", "place"),
)
ENDING: Final = (
    *("agreement", "ends", "within_months", "how", "funders", "recipients", "services"),
    *("amount", "basis", "standing", "ends_if_extended", "to_know", "place"),
)
DEPENDENCE: Final = (
    *("name", "standing", "funders", "funders_not_stated", "agreements", "amount", "basis"),
    *("largest_funder", "its_percent", "largest_agreement", "that_percent", "why_not_known"),
)
LOSSES: Final = (
    *("service", "effect", "standing", "would_lose", "recorded", "basis", "agreements"),
    *("not_known_of", "providers", "for_whom"),
)
STEPS: Final = ("way", "from", "to", "how", "service", "effect", "standing", "for_whom", "place")


@dataclass(frozen=True)
class Accounts(Funding):
    """The money of one area, with its tables."""

    source: Answer = field(default_factory=lambda: Answer(columns=(), rows=(), text=""), repr=False, compare=False)

    @classmethod
    def of(cls, funding: Funding, source: Answer) -> Self:
        """Tables of money that was read from an answer, which lends them its query and release."""
        return cls(funding.agreements, funding.provisions, funding.day, source=source)

    @property
    def shares(self) -> Answer:
        """One row for each share of each agreement; an amount that no source publishes is empty, never zero."""
        columns = (*SHARES, "in_force") if self.day else SHARES
        return self._table(columns, self._shares())

    def _shares(self) -> Iterator[tuple[Cell, ...]]:
        for flow in self.flows:
            row = (
                flow.agreement,
                flow.amount,
                flow.basis.label,
                str(flow.standing),
                flow.funder,
                flow.fund,
                names(flow.recipients),
                names(flow.services),
                names(flow.commissioners),
                flow.instrument,
                flow.term.printed,
                flow.term.starts,
                flow.term.stated_end,
                flow.place,
            )
            yield (*row, flow.in_force(self.day)) if self.day else row

    def totals(self, by: Dimension | str | None = None) -> Answer:
        """Sums by a dimension, such as ``"funder"``; without one, by standing and basis alone."""
        dimension = Dimension(by) if by else None
        return self._table(TOTALS, (_total(each) for each in self.by(dimension)))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Every share in the order of their ends."""
        return timeline.spans(self.agreements)

    @property
    def timeline(self) -> Answer:
        """One row for each agreement, or for each group of its shares that run for another time than the rest."""
        return self._table(TIMELINE, map(_span, self.spans))

    def endings(self, on: date, months: int) -> tuple[Ending, ...]:
        """What ends between a day and so many months after it."""
        return timeline.ending(self.spans, on, months)

    def ending(self, on: date, months: int = MONTHS[-1]) -> Answer:
        """The same as a table."""
        return self._table(ENDING, map(_ending, self.endings(on, months)))

    def looking_back(self, months: int = MONTHS[-1]) -> date | None:
        """The newest day for which a source speaks and after which something ends within so many months."""
        return timeline.looking_back(self.spans, months)

    def dependence(self, of: Dimension | str = Dimension.SERVICE) -> Answer:
        """On whom each service depends, or each of another dimension, such as ``"recipient"``."""
        return self._table(DEPENDENCE, map(_dependence, dependence.of(self.agreements, Dimension(of))))

    def supposed(self, without: str) -> Without:
        """A funder or agreement of this area by its IRI, to be thought away.

        Raises:
            NotFoundError: no share that is recorded here is its.
        """
        for name in (each for flow in self.flows for each in (flow.funder, flow.agreement) if each):
            if name.iri == without:
                return Without(thing=name)
        raise NotFoundError("funder or agreement of this area", without)

    def losses(self, supposed: Supposition | None) -> tuple[Loss, ...]:
        """What each service would lose of its recorded money; nothing where nothing is supposed."""
        return withdrawal.losses(self.agreements, supposed, self.provisions) if supposed else ()

    def without(self, supposed: Supposition | None) -> Answer:
        """The same as a table."""
        return self._table(LOSSES, map(_loss, self.losses(supposed)))

    def steps(self, supposed: Supposition | None, pathway: Pathway) -> Answer:
        """The open steps of a pathway that begin or end with a service that would lose money."""
        return self._table(STEPS, map(_step, withdrawal.steps(pathway, self.losses(supposed))))

    def _table(self, columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> Answer:
        labels: dict[str, str] = {}
        made = []
        for cells in rows:
            named = {place: cell for place, cell in enumerate(cells) if isinstance(cell, Named) and cell.iri}
            labels |= {name.iri: name.label for name in named.values()}
            made.append(Row(columns, tuple(map(_value, cells)), frozenset(named), labels))
        return replace(self.source, columns=columns, rows=tuple(made), labels=labels, terms=None, asking=None)


def _total(total: Total) -> tuple[Cell, ...]:
    return (
        total.of[0] if len(total.of) == 1 else total.label,
        str(total.standing),
        total.basis.label,
        total.amount,
        total.known,
        total.missing,
        names(total.unknown),
    )


def _span(span: Span) -> tuple[Cell, ...]:
    term = span.term
    return (
        span.agreement,
        "; ".join(span.paying) or None,
        names(span.recipients),
        names(span.services),
        str(span.standing),
        term.starts,
        term.first_end,
        term.last_end if term.extendable else None,
        term.initial_months,
        term.extension_months,
        term.printed,
        _noted(span),
        span.place,
    )


def _ending(each: Ending) -> tuple[Cell, ...]:
    span = each.span
    return (
        span.agreement,
        each.day,
        each.months,
        str(each.how),
        "; ".join(span.paying) or None,
        names(span.recipients),
        names(span.services),
        span.worth,
        span.basis.label,
        str(span.standing),
        span.term.last_end if span.term.extendable else None,
        _noted(span),
        span.place,
    )


def _dependence(each: dependence.Dependence) -> tuple[Cell, ...]:
    holding, funder, agreement = each.holding, each.funder, each.agreement
    return (
        holding.of,
        str(holding.standing),
        len(each.funders),
        each.unnamed,
        len(each.agreements),
        holding.amount,
        holding.basis.label,
        funder.of if funder else None,
        funder.percent if funder else None,
        agreement.of if agreement else None,
        agreement.percent if agreement else None,
        each.note or None,
    )


def _loss(loss: Loss) -> tuple[Cell, ...]:
    return (
        loss.service,
        loss.sentence,
        str(loss.standing),
        loss.lost,
        loss.whole,
        loss.basis.label,
        names(loss.agreements),
        names(loss.unsure),
        names(loss.provision.providers) if loss.provision else None,
        loss.people,
    )


def _step(step: Step) -> tuple[Cell, ...]:
    edge, loss = step.edge, step.loss
    return (
        edge.number,
        edge.origin.name,
        edge.end.name,
        edge.how,
        loss.service,
        loss.sentence,
        str(loss.standing),
        step.people,
        edge.place,
    )


def _noted(span: Span) -> str | None:
    of = [] if span.whole else ["Only these shares of the agreement"]
    return ". ".join((*of, *span.notes)) or None


def _value(cell: Cell) -> Value:
    if isinstance(cell, Named):
        return cell.iri or cell.label
    return cell
