"""What if a funder or an agreement were not there, or a day had passed: what of the recorded money that would take.

It says what would be lost of the money that is recorded, and never that a service would close: it may have other money,
and what is not recorded is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from taxonomy.analysis import dependence
from taxonomy.analysis.agreements import Agreement, Flow, Unit
from taxonomy.analysis.dependence import Holding
from taxonomy.analysis.funding import Provision
from taxonomy.analysis.money import Standing, pounds
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.analysis.subtotals import Dimension
from taxonomy.analysis.ways import Edge, NodeKind, Way
from taxonomy.days import written


class Fate(StrEnum):
    """What would become of an amount."""

    KEPT = "kept"
    LOST = "lost"
    UNLESS_EXTENDED = "lost unless it is extended"
    PARTLY = "lost in part"  # one figure for several shares, of which some would be lost
    NOT_KNOWN = "not known"  # who pays it, or when it ends, is not stated


class Effect(StrEnum):
    """What a service would lose."""

    ALL = "would lose all recorded money"
    PART = "would lose part of its recorded money"
    UNKNOWN_PART = "would lose a part of its recorded money that is not known"
    NOT_KNOWN = "not known whether it would lose recorded money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """Without a funder or an agreement."""

    thing: Named

    def fate(self, flow: Flow) -> Fate:
        """What would become of a share."""
        if self.thing.iri in {name.iri for name in (flow.agreement, flow.funder) if name}:
            return Fate.LOST
        return Fate.KEPT if flow.funder else Fate.NOT_KNOWN

    def __str__(self) -> str:
        return f"Without {self.thing}"


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """After the last moment of a day."""

    day: date

    def fate(self, flow: Flow) -> Fate:
        """What would become of a share."""
        term = flow.term
        if term.first_end is None or term.last_end is None:
            return Fate.NOT_KNOWN
        if term.last_end <= self.day:
            return Fate.LOST
        return Fate.UNLESS_EXTENDED if term.first_end <= self.day else Fate.KEPT

    def __str__(self) -> str:
        return f"After {written(self.day)}"


Supposition = Without | After


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What one service would lose of its recorded money of one standing."""

    service: Named
    provision: Provision | None
    standing: Standing
    effect: Effect
    lost: Decimal | None  # pounds; None: not known
    whole: Decimal | None
    basis: Named
    unless_extended: bool  # some of it would go on if it were extended
    agreements: tuple[Named, ...]  # that would be lost, wholly or in part
    unsure: tuple[Named, ...]  # of which it is not known

    @property
    def sentence(self) -> str:
        """The effect in words, with figures where they are known."""
        words = str(self.effect)
        if self.effect is Effect.PART and self.lost is not None and self.whole:
            share = dependence.percent(self.lost, self.whole)
            words = f"would lose {pounds(self.lost)} of {pounds(self.whole)} recorded ({share}%)"
        if self.unless_extended:
            words += ", unless it is extended"
        return words

    @property
    def people(self) -> str:
        """For whom the service is, as its rules say it."""
        rules = self.provision.rules if self.provision else ()
        return "; ".join(rule.label for rule in rules) or "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a pathway that begins or ends with a service that would lose money."""

    edge: Edge
    loss: Loss

    @property
    def people(self) -> str:
        """For whom the step is, as its own rules say it; else for whom the service is."""
        return "; ".join(rule.label for rule in self.edge.rules) or self.loss.people


def losses(
    agreements: Iterable[Agreement], supposed: Supposition, provisions: Iterable[Provision] = ()
) -> tuple[Loss, ...]:
    """What each service would lose; one that would lose nothing is left out."""
    known = {each.service.iri: each for each in provisions}
    found = (_loss(holding, supposed, known) for holding in dependence.holdings(agreements, Dimension.SERVICE))
    order = [*Effect]
    return tuple(sorted(filter(None, found), key=lambda loss: (order.index(loss.effect), loss.service, loss.standing)))


def steps(pathway: Pathway, some: Iterable[Loss]) -> tuple[Step, ...]:
    """The open steps that begin or end with a service that would lose money, in the order of the pathway.

    What is said of a group of services is never passed to its members, so a way to a group is no step of theirs.
    """
    by_service: dict[str, list[Loss]] = {}
    for loss in some:
        by_service.setdefault(loss.service.iri, []).append(loss)
    return tuple(
        Step(edge=edge, loss=loss)
        for edge in pathway.edges
        if edge.way is Way.OPEN
        for end in dict.fromkeys((edge.origin, edge.end))
        if end.kind is NodeKind.SERVICE
        for loss in by_service.get(end.name.iri, ())
    )


def without_step(pathway: Pathway, some: Iterable[Loss]) -> tuple[tuple[Named, tuple[Named, ...]], ...]:
    """Services that would lose money and have no open step of their own, each with the groups that name it."""
    told = tuple(some)
    stepped = {step.loss.service for step in steps(pathway, told)}
    groups = {node.name: node.groups for node in pathway.services}
    return tuple((name, groups.get(name, ())) for name in sorted({loss.service for loss in told} - stepped))


def _loss(holding: Holding, supposed: Supposition, known: dict[str, Provision]) -> Loss | None:
    fates = [_fate(unit, supposed) for _, unit in holding.units]
    gone = [fate in (Fate.LOST, Fate.UNLESS_EXTENDED) for fate in fates]
    if not any(gone) and Fate.PARTLY not in fates and Fate.NOT_KNOWN not in fates:
        return None
    if all(gone):
        effect = Effect.ALL
    elif not any(gone) and Fate.PARTLY not in fates:
        effect = Effect.NOT_KNOWN
    elif holding.unknown or Fate.PARTLY in fates or Fate.NOT_KNOWN in fates:
        effect = Effect.UNKNOWN_PART
    else:
        effect = Effect.PART
    lost = [
        unit.amount for (_, unit), lost in zip(holding.units, gone, strict=True) if lost and unit.amount is not None
    ]
    touched = [fate in (Fate.LOST, Fate.UNLESS_EXTENDED, Fate.PARTLY) for fate in fates]
    return Loss(
        service=holding.of,
        provision=known.get(holding.of.iri),
        standing=holding.standing,
        effect=effect,
        lost=sum(lost, Decimal(0)) if effect in (Effect.ALL, Effect.PART) and not holding.unknown else None,
        whole=holding.amount,
        basis=holding.basis,
        unless_extended=Fate.UNLESS_EXTENDED in fates,
        agreements=_names(holding, touched),
        unsure=_names(holding, [fate is Fate.NOT_KNOWN for fate in fates]),
    )


def _fate(unit: Unit, supposed: Supposition) -> Fate:
    fates = {supposed.fate(flow) for flow in unit.flows}
    if len(fates) == 1:
        return fates.pop()
    if fates == {Fate.LOST, Fate.UNLESS_EXTENDED}:
        return Fate.UNLESS_EXTENDED
    return Fate.PARTLY if fates & {Fate.LOST, Fate.UNLESS_EXTENDED} else Fate.NOT_KNOWN


def _names(holding: Holding, wanted: list[bool]) -> tuple[Named, ...]:
    return tuple(sorted({agreement.name for (agreement, _), one in zip(holding.units, wanted, strict=True) if one}))
