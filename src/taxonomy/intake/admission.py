"""What a record may hold: its things, the organisations that it proposes, and what may not stay in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from taxonomy import fields, namespaces
from taxonomy.context import Context
from taxonomy.fields import TYPE
from taxonomy.intake.terms import UNKNOWN
from taxonomy.namespaces import EXAMPLE, ID, RDF, SV
from taxonomy.records import Place, Problem
from taxonomy.values import Iri

_WRITTEN = Iri(SV + "nameAsPrinted")  # how a record writes the name of an organisation that it does not describe
PROPOSED: Final = re.compile(rf"(?:{re.escape(ID)}|{re.escape(EXAMPLE)}id/)organisation/[a-z0-9]+(?:-[a-z0-9]+)*")
_WHOLE: Final = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*")
_PART: Final = re.compile(r".+/[0-9]{1,4}")
_NONE: Final = Iri()
_OF_THE_WEB: Final = re.compile(r"https?://[^/]")


class _Said(NamedTuple):
    """One fact, taken apart once: that costs more than all that is asked of it."""

    thing: Iri
    path: Iri
    said: NamedNode | BlankNode | Literal | Triple
    other: Iri  # the thing that is said; empty for a text
    place: Place


@dataclass(frozen=True, slots=True)
class Admission:
    """The facts of one record, looked at before any rule."""

    things: Mapping[Iri, Place]  # where each begins: at the first fact about it; to write a name is not to describe
    proposals: Mapping[Iri, str]  # organisations that neither the record nor the register describes, with their names
    problems: tuple[Problem, ...]


def admit(facts: Mapping[Triple, Place], owner: Iri, context: Context) -> Admission:
    """Look at the facts of one record."""
    said = list(_apart(facts))
    things: dict[Iri, Place] = {}
    for each in said:
        if each.path != _WRITTEN:
            things.setdefault(each.thing, each.place)
    proposals, new = _proposals(said, things, context)
    wrong = (*_strange_things(said, things, owner, context), *_names_of_none(said, things))
    return Admission(things=things, proposals=proposals, problems=(*wrong, *new))


def _apart(facts: Mapping[Triple, Place]) -> Iterator[_Said]:
    known: dict[str, Iri] = {}

    def iri(text: str) -> Iri:
        found = known.get(text)
        if found is None:
            found = known[text] = Iri(text)
        return found

    for triple, place in facts.items():
        said, subject = triple.object, triple.subject
        other = iri(said.value) if isinstance(said, NamedNode) else _NONE
        thing = iri(subject.value) if isinstance(subject, NamedNode) else _NONE  # readers let nothing else through
        yield _Said(thing, iri(triple.predicate.value), said, other, place)


def _strange_things(facts: list[_Said], things: Mapping[Iri, Place], owner: Iri, context: Context) -> Iterator[Problem]:
    """Foreign terms, things of other kinds, addresses of another form."""
    classes: defaultdict[Iri, frozenset[Iri]] = defaultdict(frozenset)
    for each in facts:
        if each.path == TYPE and each.other:
            classes[each.thing] |= context.closure([each.other]) & fields.classes()
    base = EXAMPLE + "id/" if owner.startswith(EXAMPLE) else ID
    graph = namespaces.graph("record", owner.slug)
    for thing, place in things.items():
        if thing != graph and not (thing.startswith(base) and _has_usual_form(thing, base)):
            yield Problem(rule="addressForm", place=place, value=thing, record=thing)
        if not classes[thing]:
            yield Problem(rule="thingUnknown", place=place, value=thing, record=thing)
    for each in facts:
        if classes[each.thing] and (wrong := _not_allowed(each, classes[each.thing], context)):
            yield Problem(rule="termUnknown", place=each.place, value=wrong, record=each.thing)
        if each.other and not _OF_THE_WEB.match(each.other):
            yield Problem(rule="addressForm", place=each.place, value=each.other, record=each.thing)


def _has_usual_form(thing: Iri, base: str) -> bool:
    """Whether an address is a kind and a short name, and for a part its word and number below them."""
    whole = fields.whole_of(thing)
    return bool(_WHOLE.fullmatch(whole.removeprefix(base))) and (whole == thing or bool(_PART.fullmatch(thing)))


def _names_of_none(facts: list[_Said], things: Mapping[Iri, Place]) -> Iterator[Problem]:
    """Names written of what the record neither describes nor names, or that are no text."""
    written = [each for each in facts if each.path == _WRITTEN and each.thing not in things]
    named = {each.other for each in facts} if written else set()
    for each in written:
        if each.thing not in named or not PROPOSED.fullmatch(each.thing):
            yield Problem(rule="thingUnknown", place=each.place, value=each.thing, record=each.thing)
        elif not isinstance(each.said, Literal):
            yield Problem(rule="termUnknown", place=each.place, value="sv:nameAsPrinted", record=each.thing)


def _proposals(
    facts: list[_Said], things: Mapping[Iri, Place], context: Context
) -> tuple[dict[Iri, str], list[Problem]]:
    """Organisations to be proposed, each as the record writes its name; where it does not, its slug as words."""
    written = {
        each.thing: each.said.value for each in facts if each.path == _WRITTEN and isinstance(each.said, Literal)
    }
    proposals: dict[Iri, str] = {}
    problems: list[Problem] = []
    for each in facts:
        known = not each.other or each.other in things or each.other in context.types or each.other in proposals
        if not known and PROPOSED.fullmatch(each.other):
            proposals[each.other] = written.get(each.other) or context.label(each.other)
            problems.append(Problem(rule="nameNew", place=each.place, value=each.other, record=each.other))
    return proposals, problems


def _not_allowed(fact: _Said, classes: frozenset[Iri], context: Context) -> str | None:
    """What of a fact a record may not hold; None: it may hold all of it."""
    allowed = _allowed(classes)
    if fact.path not in allowed and fact.path not in context.closure(allowed) & fields.spoken_of():
        return namespaces.shorten(fact.path).removeprefix(UNKNOWN)
    if fact.path == TYPE and fact.other:
        known = fact.other in fields.classes() or context.closure([fact.other]) & fields.classes()
        return None if known else namespaces.shorten(fact.other).removeprefix(UNKNOWN)
    if isinstance(fact.said, Literal) and fact.said.datatype.value == RDF + "HTML":
        return "rdf:HTML"
    return None


@lru_cache(maxsize=1_000)
def _allowed(classes: frozenset[Iri]) -> frozenset[Iri]:
    """The properties that a record may use of a thing of all these classes."""
    return frozenset().union(*map(fields.allowed, classes))
