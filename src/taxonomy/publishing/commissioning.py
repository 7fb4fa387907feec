"""Who may say what was looked for in an area: somebody who commissions there, or a steward."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyoxigraph import NamedNode, Triple

from taxonomy import nesting
from taxonomy.errors import NotAllowedError
from taxonomy.fields import TYPE
from taxonomy.namespaces import SV
from taxonomy.publishing.person import Person, Role
from taxonomy.values import Iri

_STATEMENT, _LOOKED_IN = SV + "CoverageStatement", SV + "lookedIn"


def must_be_theirs(facts: Collection[Triple], by: Person) -> None:
    """Make sure that what a record says was looked for is this person's to say.

    A commissioner says it of the areas that are set for them, and of what lies in these; without any, of none.

    Raises:
        NotAllowedError: the person neither commissions nor is a steward, or commissions elsewhere; names the area.
    """
    if not any(triple.predicate.value == TYPE and _value(triple.object) == _STATEMENT for triple in facts):
        return
    by.must_be("say what was looked for in an area", Role.COMMISSIONER, Role.STEWARD)
    if Role.STEWARD in by.roles:
        return
    for area in sorted(_areas(facts)):
        if by.areas.isdisjoint(wider.slug for wider in nesting.around(area)):
            theirs = f"they commission in {', '.join(sorted(by.areas))}, and it does not lie there"
            none = f"no area is set for them (svssv people role {by.name} --area CODE)"
            raise NotAllowedError(
                f"{by.name} may not say what was looked for in {area.slug}: {theirs if by.areas else none}."
            )


def _areas(facts: Collection[Triple]) -> Iterator[Iri]:
    return (Iri(_value(triple.object)) for triple in facts if triple.predicate.value == _LOOKED_IN)


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
