"""What only a commissioner of an area may say of it, or a steward: what was looked for, and ways between others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from taxonomy import nesting
from taxonomy.context import Context
from taxonomy.errors import NotAllowedError
from taxonomy.fields import TYPE
from taxonomy.namespaces import GSS, ID, SV
from taxonomy.publishing.person import Person, Role
from taxonomy.values import Iri

_STATEMENT, _LOOKED_IN = Iri(SV + "CoverageStatement"), Iri(SV + "lookedIn")
_LINK, _ENDS = Iri(SV + "ReferralLink"), (Iri(SV + "referralFrom"), Iri(SV + "referralTo"))
_PLACED: Final = frozenset({Iri(SV + "Service"), Iri(SV + "ServiceGroup")})  # what is recorded for areas

_Said = Mapping[Iri, Mapping[Iri, list[Iri]]]  # what a record says of each thing, by property


def must_be_theirs(facts: Collection[Triple], by: Person, context: Context) -> None:
    """Make sure that what a record says of an area, and not of its own services, is this person's to say.

    A commissioner says what was looked for in the areas that are set for them, and in what lies in these; without any,
    in none. They state a way between services of others where both are recorded for such an area or a wider one, and
    one of them for such an area itself. ``context`` knows for which areas services are recorded.

    Raises:
        NotAllowedError: the person neither commissions nor is a steward, or commissions elsewhere; names the area.
    """
    said = _said(facts)
    _looked_for(said, by)
    _linked(said, by, context)


def _looked_for(said: _Said, by: Person) -> None:
    looked = [told for told in said.values() if _STATEMENT in told[TYPE]]
    if not looked:
        return
    by.must_be("say what was looked for in an area", Role.COMMISSIONER, Role.STEWARD)
    if Role.STEWARD in by.roles:
        return
    for area in sorted({area for told in looked for area in told[_LOOKED_IN]}):
        if not _lies_in_theirs(area, by):
            theirs = f"they commission in {', '.join(sorted(by.areas))}, and it does not lie there"
            why = theirs if by.areas else _none_set(by)
            raise NotAllowedError(f"{by.name} may not say what was looked for in {area.slug}: {why}.")


def _linked(said: _Said, by: Person, context: Context) -> None:
    """Ways of which no end is in the record itself."""
    ways = [[end for path in _ENDS for end in told[path]] for told in said.values() if _is_link(told, context)]
    for ends in sorted(ends for ends in ways if ends and said.keys().isdisjoint(ends)):
        way = f"a way between services of others ({', '.join(map(context.label, ends))})"
        by.must_be(f"state {way}", Role.COMMISSIONER, Role.STEWARD)
        if Role.STEWARD not in by.roles and (why := _why_not(ends, by, context)):
            raise NotAllowedError(f"{by.name} may not state {way}: {why}.")


def _why_not(ends: list[Iri], by: Person, context: Context) -> str:
    """Why a way between these is not this person's to state; empty where it is."""
    if not by.areas:
        return _none_set(by)
    theirs = ", ".join(sorted(by.areas))
    placed = [end for end in ends if context.types.get(end, frozenset()) & _PLACED]
    for end in placed:
        areas = context.areas.get(end, frozenset())
        if not areas:
            return f"no area is recorded for {context.label(end)}, and they commission in {theirs}"
        if not any(_lies_in_theirs(area, by) or _is_wider(area, by) for area in areas):
            recorded = ", ".join(sorted(area.slug for area in areas))
            return f"they commission in {theirs}, and {context.label(end)} is recorded for {recorded}"
    if not any(_lies_in_theirs(area, by) for end in placed for area in context.areas.get(end, ())):
        return f"they commission in {theirs}, and neither service is recorded for it or for a part of it"
    return ""


def _none_set(by: Person) -> str:
    return f"no area is set for them (svssv people role {by.name} --area CODE)"


def _lies_in_theirs(area: Iri, by: Person) -> bool:
    return not by.areas.isdisjoint(wider.slug for wider in nesting.around(area))


def _is_wider(area: Iri, by: Person) -> bool:
    theirs = (Iri(base + code) for code in by.areas for base in (GSS, ID + "area/"))
    return any(area in nesting.around(each) for each in theirs)


def _is_link(told: Mapping[Iri, list[Iri]], context: Context) -> bool:
    return _LINK in context.closure(told[TYPE])


def _said(facts: Collection[Triple]) -> _Said:
    said: defaultdict[Iri, defaultdict[Iri, list[Iri]]] = defaultdict(lambda: defaultdict(list))
    for triple in facts:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            said[Iri(triple.subject.value)][Iri(triple.predicate.value)].append(Iri(triple.object.value))
    return said
