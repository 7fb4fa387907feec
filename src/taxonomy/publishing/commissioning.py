"""Who may say what was looked for in an area: somebody who commissions there, or a steward."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from taxonomy import nesting
from taxonomy.errors import NotAllowedError
from taxonomy.fields import TYPE
from taxonomy.namespaces import SV
from taxonomy.publishing.person import Person, Role
from taxonomy.records import Record
from taxonomy.values import Iri

_STATEMENT, _LOOKED_IN = SV + "CoverageStatement", SV + "lookedIn"


def must_be_theirs(record: Record, by: Person) -> None:
    """Make sure that what a record says was looked for is this person's to say.

    A commissioner for whom areas are set says it of these and of what lies in them; one without, of any.

    Raises:
        NotAllowedError: the person neither commissions nor is a steward, or commissions elsewhere; names the area.
    """
    if not any(triple.predicate.value == TYPE and _value(triple.object) == _STATEMENT for triple in record.places):
        return
    by.must_be("say what was looked for in an area", Role.COMMISSIONER, Role.STEWARD)
    if Role.STEWARD in by.roles or not by.areas:
        return
    for area in sorted(_areas(record)):
        if by.areas.isdisjoint(wider.slug for wider in nesting.around(area)):
            raise NotAllowedError(
                f"{by.name} may not say what was looked for in {area.slug}: they commission in "
                f"{', '.join(sorted(by.areas))}, and it does not lie there."
            )


def _areas(record: Record) -> Iterator[Iri]:
    return (Iri(_value(triple.object)) for triple in record.places if triple.predicate.value == _LOOKED_IN)


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
