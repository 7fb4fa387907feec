"""Amounts of money and their sums, with what may never be added kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from taxonomy.analysis.rows import Named
from taxonomy.namespaces import CONCEPT

NOT_STATED = Named("Not stated", "")


def pounds(amount: Decimal | None) -> str:
    """An amount as people write it.

    >>> pounds(Decimal("80000")), pounds(Decimal("0.5")), pounds(None)
    ('£80,000', '£0.50', 'amount not published')
    """
    return "amount not published" if amount is None else f"£{amount:,.2f}".removesuffix(".00")


class Standing(StrEnum):
    """How far money is decided; what has different standing is never added up."""

    FIRM = "Awarded or committed"
    PROPOSED = "Proposed"
    WITHDRAWN = "Withdrawn"
    NOT_STATED = "Status not stated"

    @classmethod
    def of(cls, status: Named) -> Standing:
        """The standing of an agreement or a share with this status."""
        return _STANDINGS.get(status.iri.removeprefix(CONCEPT + "agreement-status/"), cls.NOT_STATED)


_STANDINGS = {
    "awarded": Standing.FIRM,
    "committed": Standing.FIRM,
    "proposed": Standing.PROPOSED,
    "withdrawn": Standing.WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum of published amounts of one standing and one basis."""

    of: tuple[Named, ...]  # several only where one agreement pays for several services and states no split
    standing: Standing
    basis: Named
    amount: Decimal | None  # None: no amount is published
    known: int  # how many amounts are in the sum
    missing: int  # how many are not published, and so in no sum
    unknown: tuple[Named, ...]  # the agreements that these belong to

    @property
    def label(self) -> str:
        """What the sum is of."""
        return " and ".join(name.label for name in self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One amount to be added under one heading."""

    of: tuple[Named, ...]
    standing: Standing
    basis: Named
    amount: Decimal | None
    agreement: Named


def added(entries: Iterable[Entry]) -> tuple[Total, ...]:
    """One sum for each heading, standing and basis, in order.

    >>> added([])
    ()
    """
    groups: dict[tuple[tuple[Named, ...], Standing, Named], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[(entry.of, entry.standing, entry.basis)].append(entry)
    return tuple(_total(key, groups[key]) for key in sorted(groups, key=_order))


def _order(key: tuple[tuple[Named, ...], Standing, Named]) -> tuple[bool, tuple[Named, ...], int, bool, Named]:
    """By name, then by standing and basis; what is not stated comes last."""
    of, standing, basis = key
    return (NOT_STATED in of, of, list(Standing).index(standing), basis == NOT_STATED, basis)


def _total(key: tuple[tuple[Named, ...], Standing, Named], entries: list[Entry]) -> Total:
    amounts = [entry.amount for entry in entries if entry.amount is not None]
    unknown = {entry.agreement for entry in entries if entry.amount is None}
    return Total(
        of=key[0],
        standing=key[1],
        basis=key[2],
        amount=sum(amounts, Decimal(0)) if amounts else None,
        known=len(amounts),
        missing=len(entries) - len(amounts),
        unknown=tuple(sorted(unknown)),
    )
