"""Who may use a service or take a way, for one person: may, may not, or not known, each with the rule that says so.

Several rules of one owner mean any of them; several aspects of one rule mean all of them; several values of one aspect
mean any. What no rule states is not known: silence is neither "open to all" nor "closed".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from typing import Final

from taxonomy.analysis import citations, fitting, rows
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.fitting import ASPECTS, Bearing, Fit
from taxonomy.analysis.person import Person
from taxonomy.analysis.rows import Label, Named, Row
from taxonomy.analysis.vocabulary import Terms
from taxonomy.namespaces import SV

_UNSETTLED: Final = ", and it is not stated whether that takes in this person"


class Verdict(StrEnum):
    """Whether a person may use a service or take a way."""

    MAY = "may"
    NOT_KNOWN = "not known"
    MAY_NOT = "may not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why somebody may not, or why it is not known, with the rule that says so."""

    words: str
    rule: Named | None = None  # None: no rule says so, or it is said of the whole service
    citations: tuple[Citation, ...] = ()  # empty: it is silence that is the reason

    @property
    def place(self) -> str:
        """Where the rule is stated, and for which day."""
        return citations.places(self.citations, "no source recorded here says")


def in_words(reasons: Iterable[Reason], conditions: Iterable[str]) -> str:
    """Reasons in words; where there are none, the conditions.

    >>> in_words([], ["from 18", "for women"])
    'if from 18, or else if for women'
    """
    told = "; ".join(dict.fromkeys(reason.words for reason in reasons))
    return told or ", or else ".join(f"if {condition}" for condition in conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The answer for one person, with what it stands on."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()  # why not, or why it is not known
    conditions: tuple[str, ...] = ()  # what else a rule asks for, of which the description says nothing
    by: tuple[Named, ...] = ()  # the rules that let the person in
    against: tuple[Reason, ...] = ()  # why other rules, which need not be met, shut the person out

    @property
    def why(self) -> str:
        """The reasons in words; where there are none, the conditions."""
        return in_words(self.reasons, self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one rule says, by the property that says it; or what is said of a whole service."""

    name: Named | None  # None: said of the whole service
    values: Mapping[str, tuple[Named | int, ...]]  # by the local name of the property
    citations: Mapping[str, tuple[Citation, ...]]

    def words(self, terms: Terms) -> str:
        """All that it says, whoever it is asked for."""
        return " and ".join(dict.fromkeys(fit.words for fit in fitting.fits(self.values, Person(), terms)))

    @property
    def place(self) -> str:
        """Where it is stated, and for which days."""
        places = dict.fromkeys(citation.place for citation in self.cited(self.values))
        return "; ".join(places) or "no source"

    def cited(self, properties: Iterable[str]) -> tuple[Citation, ...]:
        """The places that state what these properties say, each once."""
        return tuple(dict.fromkeys(each for name in properties for each in self.citations.get(name, ())))


@dataclass(frozen=True)
class Rules:
    """Every rule of an area, by its owner: a service, a group or a way."""

    by_owner: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    whole: Mapping[str, Rule] = field(default_factory=dict)  # what is said of a service beside its rules

    def stated(self, owner: str) -> tuple[Rule, ...]:
        """Every rule of an owner, and what is said of the whole of it."""
        whole = self.whole.get(owner)
        return (*self.by_owner.get(owner, ()), *((whole,) if whole else ()))

    def judge(self, person: Person, terms: Terms, *owners: str) -> Judgement:
        """Whether the person may, where each of the owners has to let them in: a way, and the service at its end."""
        sets = [rules for owner in owners if (rules := self.by_owner.get(owner))]
        around = tuple(rule for owner in owners if (rule := self.whole.get(owner)))
        judged = [_judged((*some, *around), person, terms) for some in product(*sets)]
        shut = [judgement for judgement in judged if judgement.verdict is Verdict.MAY_NOT]
        against = tuple(dict.fromkeys(reason for judgement in shut for reason in judgement.reasons))
        for verdict in (Verdict.MAY, Verdict.NOT_KNOWN):
            if found := [judgement for judgement in judged if judgement.verdict is verdict]:
                fewest = min(len(judgement.reasons) for judgement in found)
                kept = [judgement for judgement in found if len(judgement.reasons) == fewest]
                return replace(_merged(kept), against=against)
        return _merged(judged)


def of(answer: Iterable[Row], *, label: Label) -> Rules:
    """The rules in the rows of the question ``pathway-rules``.

    >>> of([], label=str)
    Rules(by_owner={}, whole={})

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    told: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in answer:
        name = rows.needed(row, "aspect").removeprefix(SV)
        told[(rows.needed(row, "owner"), rows.text(row, "rule") or "")][name].append(row)
    by_owner: dict[str, list[Rule]] = defaultdict(list)
    whole = {}
    for (owner, iri), properties in sorted(told.items()):
        rule = Rule(
            name=Named(label(iri), iri) if iri else None,
            values={name: _values(some, label) for name, some in properties.items()},
            citations={name: citations.of(some, label) for name, some in properties.items()},
        )
        if iri:
            by_owner[owner].append(rule)
        else:
            whole[owner] = rule
    return Rules({owner: tuple(rules) for owner, rules in by_owner.items()}, whole)


def _values(told: list[Row], label: Label) -> tuple[Named | int, ...]:
    figures = {value for row in told if isinstance(value := row.get("value"), int)}
    if figures:
        return tuple(sorted(figures))
    return rows.named(told, "value", label)


def _judged(rules: tuple[Rule, ...], person: Person, terms: Terms) -> Judgement:
    """The judgement where every one of these rules has to hold."""
    fits: list[tuple[Fit, Rule]] = [(fit, rule) for rule in rules for fit in fitting.fits(rule.values, person, terms)]
    named = [rule.name for rule in rules if rule.name]
    if shut := [_reason(fit, rule) for fit, rule in fits if fit.bearing is Bearing.SHUT]:
        return Judgement(verdict=Verdict.MAY_NOT, reasons=tuple(shut))
    open_to = [_reason(fit, rule, _UNSETTLED) for fit, rule in fits if fit.bearing is Bearing.UNSETTLED]
    spoken = {fit.aspect for fit, _ in fits if fit.aspect}
    silent = [Reason(words=ASPECTS[aspect]) for aspect in fitting.answered(person) if aspect not in spoken]
    if not named and silent and not open_to:
        return Judgement(verdict=Verdict.NOT_KNOWN, reasons=(Reason(words="who it is for is not stated"),))
    if open_to or silent:
        return Judgement(verdict=Verdict.NOT_KNOWN, reasons=(*open_to, *silent))
    asked = tuple(dict.fromkeys(fit.words for fit, _ in fits if fit.bearing is Bearing.ASKED))
    conditions = (" and ".join(asked),) if asked else ()
    return Judgement(verdict=Verdict.MAY, conditions=conditions, by=tuple(dict.fromkeys(named)))


def _reason(fit: Fit, rule: Rule, after: str = "") -> Reason:
    return Reason(words=fit.words + after, rule=rule.name, citations=rule.cited(fit.properties))


def _merged(judged: list[Judgement]) -> Judgement:
    """Judgements of one verdict as one: any of the rules would do, or none of them does."""
    free = any(not judgement.conditions for judgement in judged)
    return Judgement(
        verdict=judged[0].verdict,
        reasons=tuple(dict.fromkeys(reason for judgement in judged for reason in judgement.reasons)),
        conditions=() if free else tuple(dict.fromkeys(each for one in judged for each in one.conditions)),
        by=tuple(dict.fromkeys(name for judgement in judged for name in judgement.by)),
    )
