"""How much of the money of a service or a provider hangs on one funder, or on one agreement.

A share is worked out only where every amount is published, is for the same length of time, and is for this service or
this provider alone. Elsewhere it is not known, and the reason is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from taxonomy.analysis import subtotals
from taxonomy.analysis.agreements import Agreement, Unit
from taxonomy.analysis.money import NOT_STATED, Standing
from taxonomy.analysis.rows import Named
from taxonomy.analysis.subtotals import Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The money of one standing that is recorded for one service or one provider."""

    of: Named
    standing: Standing
    units: tuple[tuple[Agreement, Unit], ...]
    shared: bool  # some of it is for several together, and how it is split is not stated

    @property
    def amount(self) -> Decimal | None:
        """The whole in pounds; ``None`` where it is not known, as ``unknown`` says."""
        amounts = [unit.amount for _, unit in self.units if unit.amount is not None]
        return None if self.unknown else sum(amounts, Decimal(0))

    @property
    def basis(self) -> Named:
        """What the amounts are for, where they agree."""
        found = {unit.basis for _, unit in self.units}
        return found.pop() if len(found) == 1 else NOT_STATED

    @property
    def unknown(self) -> str:
        """Why the whole is not known; empty where it is."""
        missing = sum(unit.amount is None for _, unit in self.units)
        if missing and len(self.units) == 1:
            return "the amount is not published"
        if missing:
            return f"{missing} of {len(self.units)} amounts {'is' if missing == 1 else 'are'} not published"
        if len({unit.basis for _, unit in self.units}) > 1:
            return "the amounts are for different lengths of time"
        return "how an amount is split is not stated" if self.shared else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The largest part of a whole that is one's."""

    of: Named
    percent: Decimal  # to one place


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """On whom the money of a service or a provider hangs."""

    holding: Holding
    funders: tuple[Named, ...]
    unnamed: int  # amounts whose funder is not stated
    agreements: tuple[Named, ...]
    funder: Share | None  # None: not known
    agreement: Share | None
    note: str  # why a share is not known; empty where both are


def holdings(agreements: Iterable[Agreement], dimension: Dimension) -> tuple[Holding, ...]:
    """The money recorded for each service, or each provider, apart by standing; what was withdrawn is left out."""
    found: dict[tuple[Named, Standing], list[tuple[Agreement, Unit, bool]]] = defaultdict(list)
    for agreement in agreements:
        for unit in agreement.units:
            names = {name for flow in unit.flows for name in subtotals.values(flow, dimension)}
            if unit.standing is not Standing.WITHDRAWN:
                for name in names:
                    found[name, unit.standing].append((agreement, unit, len(names) > 1))
    return tuple(
        Holding(
            of=name,
            standing=standing,
            units=tuple((agreement, unit) for agreement, unit, _ in told),
            shared=any(shared for *_, shared in told),
        )
        for (name, standing), told in sorted(
            found.items(), key=lambda item: (item[0][0], [*Standing].index(item[0][1]))
        )
    )


def of(agreements: Iterable[Agreement], dimension: Dimension) -> tuple[Dependence, ...]:
    """On whom each service (``Dimension.SERVICE``) or provider (``Dimension.RECIPIENT``) depends, as recorded."""
    return tuple(map(_dependence, holdings(agreements, dimension)))


def _dependence(holding: Holding) -> Dependence:
    payers = [{flow.funder for flow in unit.flows} for _, unit in holding.units]
    unnamed = sum(None in payer for payer in payers)
    note = holding.unknown or ("the amounts come to nothing" if not holding.amount else "")
    split = all(len(payer) == 1 for payer in payers) and not unnamed
    by_funder = [(next(iter(payer)), unit) for payer, (_, unit) in zip(payers, holding.units, strict=True)]
    return Dependence(
        holding=holding,
        funders=tuple(sorted({funder for payer in payers for funder in payer if funder})),
        unnamed=unnamed,
        agreements=tuple(sorted({agreement.name for agreement, _ in holding.units})),
        funder=_largest([(name, unit) for name, unit in by_funder if name], holding) if split and not note else None,
        agreement=None if note else _largest([(each.name, unit) for each, unit in holding.units], holding),
        note=note or ("" if split else "how much each funder gives is not stated"),
    )


def _largest(parts: Sequence[tuple[Named, Unit]], holding: Holding) -> Share:
    sums: dict[Named, Decimal] = defaultdict(Decimal)
    for name, unit in parts:
        sums[name] += unit.amount or 0
    name = min(sums, key=lambda each: (-sums[each], each))
    return Share(of=name, percent=percent(sums[name], holding.amount or Decimal(1)))


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """A part of a whole in per cent, to one place.

    >>> percent(Decimal(262333), Decimal(342333))
    Decimal('76.6')
    """
    return (100 * part / whole).quantize(Decimal("0.1"))
