"""Sums of money by any dimension. Whatever the dimension, the sums come to the same whole.

Money that names several of a dimension and states no split, such as one sum for two services, stays whole under all of
their names together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final

from taxonomy.analysis.agreements import Agreement, Flow
from taxonomy.analysis.money import NOT_STATED, Entry, Total, added
from taxonomy.analysis.rows import Named
from taxonomy.namespaces import CONCEPT, EXAMPLE, ID


class Dimension(StrEnum):
    """What money can be added up and narrowed by."""

    FUNDER = "funder"
    FUND = "fund"
    RECIPIENT = "recipient"
    SERVICE = "service"
    COMMISSIONER = "commissioner"
    INSTRUMENT = "instrument"
    STANDING = "standing"
    BASIS = "basis"

    @property
    def heading(self) -> str:
        """The dimension as a heading."""
        return _HEADINGS[self]


_HEADINGS: Final = {
    Dimension.FUNDER: "Who pays",
    Dimension.FUND: "Fund",
    Dimension.RECIPIENT: "Who is paid",
    Dimension.SERVICE: "Service",
    Dimension.COMMISSIONER: "Who commissions",
    Dimension.INSTRUMENT: "Kind of agreement",
    Dimension.STANDING: "Standing",
    Dimension.BASIS: "What the amount is for",
}
_EVERYTHING: Final = Named("All agreements", "")


def values(flow: Flow, dimension: Dimension) -> tuple[Named, ...]:
    """What a share says of a dimension; empty where its source does not say."""
    match dimension:
        case Dimension.FUNDER:
            return (flow.funder,) if flow.funder else ()
        case Dimension.FUND:
            return (flow.fund,) if flow.fund else ()
        case Dimension.RECIPIENT:
            return flow.recipients
        case Dimension.SERVICE:
            return flow.services
        case Dimension.COMMISSIONER:
            return flow.commissioners
        case Dimension.INSTRUMENT:
            return (flow.instrument,) if flow.instrument else ()
        case Dimension.STANDING:
            return (Named(str(flow.standing), ""),)
        case Dimension.BASIS:
            return () if flow.basis == NOT_STATED else (flow.basis,)


def key(name: Named) -> str:
    """The short name of a value, as an address says it.

    >>> key(Named("Made-Up Trust", "https://w3id.org/svssv/id/organisation/made-up-trust"))
    'organisation/made-up-trust'
    >>> key(Named("Awarded or committed", "")), key(NOT_STATED)
    ('awarded-or-committed', 'not-stated')
    """
    for base in (CONCEPT, ID, EXAMPLE + "id/"):
        if name.iri.startswith(base):
            return name.iri.removeprefix(base)
    return name.iri or re.sub(r"[^a-z0-9]+", "-", name.label.lower()).strip("-")


def matches(flow: Flow, dimension: Dimension, wanted: Collection[str]) -> bool:
    """Whether a share is of one of some values, by short names or IRIs; ``not-stated`` means those that say nothing."""
    return any(key(name) in wanted or name.iri in wanted for name in values(flow, dimension) or (NOT_STATED,))


def choices(agreements: Iterable[Agreement], dimension: Dimension) -> tuple[Named, ...]:
    """Every value of a dimension that is recorded, in order; what is not stated comes last."""
    found = {name for each in agreements for flow in each.flows for name in values(flow, dimension) or (NOT_STATED,)}
    return tuple(sorted(found, key=lambda name: (name == NOT_STATED, name)))


def of(agreements: Iterable[Agreement], dimension: Dimension | None = None) -> tuple[Total, ...]:
    """One sum for each value, standing and basis; without a dimension, for each standing and basis."""
    return added(
        Entry(
            of=_named(unit.flows, dimension),
            standing=unit.standing,
            basis=unit.basis,
            amount=unit.amount,
            agreement=agreement.name,
        )
        for agreement in agreements
        for unit in agreement.units
    )


def _named(flows: Iterable[Flow], dimension: Dimension | None) -> tuple[Named, ...]:
    if dimension is None:
        return (_EVERYTHING,)
    return tuple(sorted({name for flow in flows for name in values(flow, dimension)})) or (NOT_STATED,)
