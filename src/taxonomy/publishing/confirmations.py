"""Published records that their organisations should confirm again, because what they say may have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from taxonomy.namespaces import SV
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import State, Submission
from taxonomy.publishing.person import Person

AGE: Final = timedelta(days=335)  # eleven months: the check doubts a record that was confirmed over twelve ago
_CONFIRMED: Final = NamedNode(SV + "lastConfirmed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A published record that should be confirmed."""

    submission: Submission
    confirmed: date | None  # None: the record does not say


def due(desk: Desk, today: date, *, to: Person | None = None) -> tuple[Due, ...]:
    """The published records that were last confirmed eleven months ago or more, the longest ago first."""
    found = [Due(submission=each, confirmed=_confirmed(desk, each)) for each in desk.list(State.PUBLISHED, to=to)]
    late = [each for each in found if each.confirmed is None or today - each.confirmed >= AGE]
    return tuple(sorted(late, key=lambda each: (each.confirmed or date.min, each.submission.id)))


def _confirmed(desk: Desk, submission: Submission) -> date | None:
    for quad in parse(desk.ledger.content(submission.id), RdfFormat.N_TRIPLES):
        if quad.predicate == _CONFIRMED:
            return date.fromisoformat(quad.object.value)
    return None
