"""Turtle and N-Triples in; facts with their lines, and what is wrong with them, out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields, namespaces, sandbox
from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.fields import TYPE
from taxonomy.namespaces import EXAMPLE, ID, RDF, SV
from taxonomy.records import Place, Problem
from taxonomy.settings import Bounds
from taxonomy.values import Iri, from_term

SYNTAXES: Final = {".ttl": "turtle", ".nt": "ntriples"}

_RECORD, _RECORD_OF = Iri(SV + "Record"), Iri(SV + "recordOf")
_AS_AT, _LAST_CONFIRMED = NamedNode(SV + "asAt"), NamedNode(SV + "lastConfirmed")
_ORGANISATION = Iri(SV + "Organisation")
_WRITTEN = NamedNode(SV + "nameAsPrinted")  # how a record writes the name of an organisation that it does not describe
_PROPOSED: Final = re.compile(rf"(?:{re.escape(ID)}|{re.escape(EXAMPLE)}id/)organisation/[a-z0-9]+(?:-[a-z0-9]+)*")
_WHOLE: Final = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*")
_PART: Final = re.compile(r".+/[0-9]{1,4}")


def read(data: bytes, syntax: str, bounds: Bounds) -> dict[Triple, Place]:
    """Every fact of a file, once, with the line where it first stands.

    Raises:
        InputError: the file cannot be read; names the line.
        LimitError: reading it takes more than its share.
    """
    answer = sandbox.run("taxonomy.intake.parsing", syntax.encode() + b"\n" + data, bounds.limits)
    lines = [line.partition(b" ") for line in answer.splitlines(keepends=True)]
    text = b"".join(fact for _, _, fact in lines)
    read_back = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES)
    places: dict[Triple, Place] = {}
    for quad, (line, _, _) in zip(read_back, lines, strict=True):
        places.setdefault(quad.triple, Place(line=int(line)))
    return places


def owner_of(places: Mapping[Triple, Place], context: Context) -> Iri:
    """The organisation that the record is about: the one it says, else the first that it describes.

    Raises:
        InputError: it describes none.
    """
    stated = [triple.object for triple in places if triple.predicate.value == _RECORD_OF]
    described = [
        triple.subject
        for triple in places
        if triple.predicate.value == TYPE
        and isinstance(triple.object, NamedNode)
        and _ORGANISATION in context.closure([Iri(triple.object.value)])
    ]
    for term in (*stated, *described):
        if isinstance(term, NamedNode):
            return Iri(term.value)
    raise InputError(
        "The file describes no organisation, so it is not a record.",
        hint="A record starts with what one organisation is: its name and its sector.",
    )


def complete(places: Mapping[Triple, Place], owner: Iri, context: Context) -> dict[Triple, Place]:
    """The facts with what follows at once.

    That is whose record it is, the day for which it speaks (where it does not say, the day it was last confirmed), and
    the wider classes and properties that shapes name.
    """
    graph = NamedNode(namespaces.graph("record", owner.slug))
    start = next((place for triple, place in places.items() if triple.subject == NamedNode(owner)), Place())
    whole = dict(places)
    whole.setdefault(Triple(graph, NamedNode(TYPE), NamedNode(_RECORD)), start)
    whole.setdefault(Triple(graph, NamedNode(_RECORD_OF), NamedNode(owner)), start)
    if not any(triple.predicate == _AS_AT for triple in places):
        for triple, place in places.items():
            if triple.predicate == _LAST_CONFIRMED and isinstance(triple.object, Literal) and _is_day(triple.object):
                whole.setdefault(Triple(triple.subject, _AS_AT, triple.object), place)
    spoken_of = fields.spoken_of()
    for triple, place in places.items():
        for wider in context.wider.get(Iri(triple.predicate.value), frozenset()) & spoken_of:
            whole.setdefault(Triple(triple.subject, NamedNode(wider), triple.object), place)
        if triple.predicate.value == TYPE and isinstance(triple.object, NamedNode):
            for wider in context.wider.get(Iri(triple.object.value), frozenset()) & spoken_of:
                whole.setdefault(Triple(triple.subject, triple.predicate, NamedNode(wider)), place)
    return whole


def _is_day(term: Literal) -> bool:
    return isinstance(from_term(term), date)


def things_of(places: Mapping[Triple, Place]) -> dict[Iri, Place]:
    """Where each thing begins: the place of the first fact about it; to write a thing's name is not to describe it."""
    begin: dict[Iri, Place] = {}
    for triple, place in places.items():
        if triple.predicate != _WRITTEN:
            begin.setdefault(subject_of(triple), place)
    return begin


def subject_of(triple: Triple) -> Iri:
    """The thing that a fact is about; the reader lets nothing but IRIs through."""
    assert isinstance(triple.subject, NamedNode)  # noqa: S101  # blank nodes were refused before
    return Iri(triple.subject.value)


def problems_of(places: Mapping[Triple, Place], owner: Iri, context: Context) -> tuple[Problem, ...]:
    """What a record may not hold: foreign terms, things of other kinds, addresses of another form."""
    classes: defaultdict[Iri, set[Iri]] = defaultdict(set)
    for triple in places:
        if triple.predicate.value == TYPE and isinstance(triple.object, NamedNode):
            classes[subject_of(triple)] |= context.closure([Iri(triple.object.value)]) & fields.classes()
    base = EXAMPLE + "id/" if owner.startswith(EXAMPLE) else ID
    graph = namespaces.graph("record", owner.slug)
    found: list[Problem] = []
    for thing, place in things_of(places).items():
        formed = thing == graph or (thing.startswith(base) and _has_usual_form(thing, base))
        if not formed:
            found.append(Problem(rule="addressForm", place=place, value=thing, record=thing))
        if not classes[thing]:
            found.append(Problem(rule="thingUnknown", place=place, value=thing, record=thing))
    for triple, place in places.items():
        thing = subject_of(triple)
        if classes[thing] and (wrong := _not_allowed(triple, classes[thing], context)):
            found.append(Problem(rule="termUnknown", place=place, value=wrong, record=thing))
        if isinstance(triple.object, NamedNode) and not re.match(r"https?://[^/]", triple.object.value):
            found.append(Problem(rule="addressForm", place=place, value=triple.object.value, record=thing))
    return (*found, *_names_of_none(places))


def _has_usual_form(thing: Iri, base: str) -> bool:
    """Whether an address is a kind and a short name, and for a part its word and number below them."""
    whole = fields.whole_of(thing)
    return bool(_WHOLE.fullmatch(whole.removeprefix(base))) and (whole == thing or bool(_PART.fullmatch(thing)))


def _names_of_none(places: Mapping[Triple, Place]) -> Iterator[Problem]:
    """Names written of what the record neither describes nor names, or that are no text."""
    described, named = things_of(places), {triple.object for triple in places}
    for triple, place in places.items():
        thing = subject_of(triple)
        if triple.predicate == _WRITTEN and thing not in described:
            if triple.subject not in named or not _PROPOSED.fullmatch(thing):
                yield Problem(rule="thingUnknown", place=place, value=thing, record=thing)
            elif not isinstance(triple.object, Literal):
                yield Problem(rule="termUnknown", place=place, value="sv:nameAsPrinted", record=thing)


def proposals_of(places: Mapping[Triple, Place], context: Context) -> tuple[dict[Iri, str], tuple[Problem, ...]]:
    """Organisations named that neither the record nor the register describes, each as the record writes its name.

    Where it does not, its slug stands for it, as words.
    """
    described = things_of(places)
    written = {
        triple.subject: triple.object.value
        for triple in places
        if triple.predicate == _WRITTEN and isinstance(triple.object, Literal)
    }
    proposals: dict[Iri, str] = {}
    problems: list[Problem] = []
    for triple, place in places.items():
        thing = Iri(triple.object.value) if isinstance(triple.object, NamedNode) else Iri()
        known = thing in described or thing in context.types or thing in proposals
        if not known and _PROPOSED.fullmatch(thing):
            proposals[thing] = written.get(NamedNode(thing)) or context.label(thing)
            problems.append(Problem(rule="nameNew", place=place, value=thing, record=thing))
    return proposals, tuple(problems)


def _not_allowed(triple: Triple, classes: Iterable[Iri], context: Context) -> str | None:
    path = Iri(triple.predicate.value)
    allowed = frozenset().union(*(fields.allowed(one) for one in classes))
    if path not in allowed | (context.closure(allowed) & fields.spoken_of()):
        return namespaces.shorten(path)
    if path == TYPE and isinstance(triple.object, NamedNode):
        one = Iri(triple.object.value)
        return None if context.closure([one]) & fields.classes() else namespaces.shorten(one)
    if isinstance(triple.object, Literal) and triple.object.datatype.value == RDF + "HTML":
        return "rdf:HTML"
    return None
