"""RDF in any of six syntaxes in; records, each fact with its line, and what is wrong with them, out."""

from __future__ import annotations

import codecs
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields, namespaces, sandbox
from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.fields import TYPE
from taxonomy.intake import owners, parsing
from taxonomy.intake.terms import UNKNOWN
from taxonomy.namespaces import EXAMPLE, ID, RDF, SV
from taxonomy.records import Place, Problem, Record
from taxonomy.settings import Bounds
from taxonomy.values import Iri, from_term

SYNTAXES: Final = {
    ".ttl": "turtle",
    ".trig": "trig",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".rdf": "rdfxml",
    ".jsonld": "jsonld",
}
FACTS: Final = 5_000  # of one record
MOST: Final = 250  # facts of each record that a file may hold, on average; three times what a usual one has
_BEGINS: Final = {b"<?xml": "rdfxml", b"<rdf:RDF": "rdfxml", b"{": "jsonld", b"[": "jsonld"}

_RECORD, _RECORD_OF = Iri(SV + "Record"), Iri(SV + "recordOf")
_AS_AT, _LAST_CONFIRMED = NamedNode(SV + "asAt"), NamedNode(SV + "lastConfirmed")
_ORGANISATION = Iri(SV + "Organisation")
_WRITTEN = NamedNode(SV + "nameAsPrinted")  # how a record writes the name of an organisation that it does not describe
_PROPOSED: Final = re.compile(rf"(?:{re.escape(ID)}|{re.escape(EXAMPLE)}id/)organisation/[a-z0-9]+(?:-[a-z0-9]+)*")
_WHOLE: Final = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*")
_PART: Final = re.compile(r".+/[0-9]{1,4}")


def syntax_of(data: bytes, name: str) -> str:
    """The syntax of a file: by its name, else by how it begins.

    >>> syntax_of(b'<?xml version="1.0"?>', "record"), syntax_of(b"<a:a> <a:b> 1 .", "record")
    ('rdfxml', 'turtle')
    """
    begin = data[:1000].removeprefix(codecs.BOM_UTF8).lstrip()
    seen = (syntax for start, syntax in _BEGINS.items() if begin.startswith(start))
    return SYNTAXES.get(Path(name).suffix.lower()) or next(seen, "turtle")


def read(data: bytes, syntax: str, bounds: Bounds) -> dict[Triple, Place]:
    """Every fact of a file, once, with the line where it first stands.

    Raises:
        InputError: the file cannot be read; names the line.
        LimitError: reading it takes more than its share.
    """
    most = max(FACTS, MOST * bounds.records)
    if sandbox.inside():
        found = parsing.facts(data, syntax, most)
        triples, lines, pointers = found.triples, found.lines, found.pointers
    else:
        head = json.dumps([syntax, most]).encode()
        limits = replace(bounds.limits, answer=None)  # as long as the facts, which are counted
        told, _, facts = sandbox.run("taxonomy.intake.parsing", head + b"\n" + data, limits).partition(b"\n")
        lines, pointers = json.loads(told)
        triples = [quad.triple for quad in pyoxigraph.parse(facts, format=pyoxigraph.RdfFormat.N_TRIPLES)]
    places: dict[Triple, Place] = {}
    for triple, line, pointer in zip(triples, lines, pointers or repeat(None), strict=False):
        if triple not in places:
            places[triple] = Place(line=line, pointer=pointer)
    return places


def records(stated: Mapping[Triple, Place], context: Context) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """The records in a file, each as if it had come alone, and what is wrong with them.

    Raises:
        InputError: the file describes no organisation, or a record is too large.
    """
    split, of_none = owners.split(stated, context)
    found, problems = list[Record](), list(of_none)
    for owner, facts in split.items():
        if len(facts) > FACTS:
            raise InputError(
                f"The record of {owner} holds more than {FACTS:,} facts, too many for one.", hint="Take some out."
            )
        proposals, new = proposals_of(facts, context)
        whole = complete(facts, owner, context)
        found.append(Record(owner=owner, places=whole, things=things_of(whole), proposals=proposals))
        problems += (*problems_of(facts, owner, context), *new)
    return tuple(found), tuple(problems)


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
        if classes[thing] and (wrong := _not_allowed(triple, frozenset(classes[thing]), context)):
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


def _not_allowed(triple: Triple, classes: frozenset[Iri], context: Context) -> str | None:
    path, allowed = Iri(triple.predicate.value), _allowed(classes)
    if path not in allowed and path not in context.closure(allowed) & fields.spoken_of():
        return namespaces.shorten(path).removeprefix(UNKNOWN)
    if path == TYPE and isinstance(triple.object, NamedNode):
        one = Iri(triple.object.value)
        known = one in fields.classes() or context.closure([one]) & fields.classes()
        return None if known else namespaces.shorten(one).removeprefix(UNKNOWN)
    if isinstance(triple.object, Literal) and triple.object.datatype.value == RDF + "HTML":
        return "rdf:HTML"
    return None


@lru_cache(maxsize=1_000)
def _allowed(classes: frozenset[Iri]) -> frozenset[Iri]:
    """The properties that a record may use of a thing of all these classes."""
    return frozenset().union(*map(fields.allowed, classes))
