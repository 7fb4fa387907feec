"""What changes for a person around the eighteenth birthday: which services and ways end, begin or go on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from taxonomy.analysis.eligibility import Judgement, Rules, Verdict
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.person import Person
from taxonomy.analysis.rows import Named
from taxonomy.analysis.vocabulary import Terms
from taxonomy.analysis.ways import Edge, Way

AGES: Final = (17, 18, 19)  # completed years; a limit of 18 lets in somebody of 18, and not of 19
_BY_AGE: Final = ("/age-transition", "/transition-to-adult")


class Change(StrEnum):
    """What happens in these years."""

    ENDS = "ends"
    BEGINS = "begins"
    CHANGES = "changes"  # other rules let the person in, or it is not settled on one side
    GOES_ON = "goes on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """A service or a way of which a source says which ages it takes."""

    name: Named
    ages: tuple[tuple[int, Judgement], ...]

    @property
    def change(self) -> Change:
        """What happens between the first of the ages and the last."""
        first, last = self.ages[0][1], self.ages[-1][1]
        if first.verdict is not last.verdict:
            if last.verdict is Verdict.MAY_NOT:
                return Change.ENDS
            return Change.BEGINS if first.verdict is Verdict.MAY_NOT else Change.CHANGES
        return Change.GOES_ON if len({judgement.by for _, judgement in self.ages}) == 1 else Change.CHANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Eighteen:
    """What an area's sources say of turning eighteen."""

    turnings: tuple[Turning, ...]
    silent: tuple[Named, ...]  # services whose sources say nothing of age
    transitions: tuple[Edge, ...]  # ways that lead on by age


def of(pathway: Pathway, rules: Rules, terms: Terms) -> Eighteen:
    """What is stated about age around eighteen, of each service and of each open way."""
    services = [node.name for node in pathway.services]
    groups = {edge.end.name for edge in pathway.edges if edge.way is Way.OPEN} - set(services)
    turnings, silent = [], []
    for name in [*services, *sorted(groups)]:
        ages = tuple((age, rules.judge(Person(age=age), terms, name.iri)) for age in AGES)
        if all(judgement.verdict is Verdict.NOT_KNOWN and not _spoken(judgement) for _, judgement in ages):
            silent += [name] if name in services else []
        else:
            turnings.append(Turning(name=name, ages=ages))
    transitions = tuple(
        edge
        for edge in pathway.edges
        if any(name.iri.endswith(_BY_AGE) for name in (*edge.mechanisms, *(stage.name for stage in edge.end.stages)))
    )
    return Eighteen(turnings=tuple(turnings), silent=tuple(silent), transitions=transitions)


def _spoken(judgement: Judgement) -> bool:
    """Whether a rule is what leaves it open, and not silence."""
    return any(reason.citations for reason in judgement.reasons)
