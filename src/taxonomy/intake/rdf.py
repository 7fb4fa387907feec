"""RDF in any of six syntaxes in; records, each fact with its line, and what is wrong with them, out."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields, inside, namespaces, sandbox
from taxonomy.context import Context
from taxonomy.errors import TooLargeError
from taxonomy.fields import TYPE
from taxonomy.intake import owners, parsing
from taxonomy.intake.admission import admit
from taxonomy.namespaces import SV
from taxonomy.records import NOWHERE, Place, Problem, Record
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
_AS_AT, _LAST_CONFIRMED = SV + "asAt", SV + "lastConfirmed"
_NONE: Final[frozenset[Iri]] = frozenset()


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
    if inside.is_worker():
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
        NoRecordError: the file describes no organisation.
        TooLargeError: a record is too large.
    """
    split, of_none = owners.split(stated, context)
    found, problems = list[Record](), list(of_none)
    for owner, facts in split.items():
        if len(facts) > FACTS:
            raise TooLargeError(
                f"The record of {owner} holds more than {FACTS:,} facts, too many for one.", hint="Take some out."
            )
        seen = admit(facts, owner, context)
        problems += seen.problems
        whole = complete(facts, owner, context)
        things = {Iri(namespaces.graph("record", owner.slug)): seen.things.get(owner, NOWHERE), **seen.things}
        found.append(Record(owner=owner, places=whole, things=things, proposals=seen.proposals))
    return tuple(found), tuple(problems)


def complete(places: Mapping[Triple, Place], owner: Iri, context: Context) -> dict[Triple, Place]:
    """The facts with what follows at once.

    That is whose record it is, the day for which it speaks (where it does not say, the day it was last confirmed), and
    the wider classes and properties that shapes name.
    """
    graph = NamedNode(namespaces.graph("record", owner.slug))
    subject = NamedNode(owner)
    start = next((place for triple, place in places.items() if triple.subject == subject), NOWHERE)
    whole = dict(places)
    whole.setdefault(Triple(graph, NamedNode(TYPE), NamedNode(_RECORD)), start)
    whole.setdefault(Triple(graph, NamedNode(_RECORD_OF), subject), start)
    paths = [triple.predicate.value for triple in places]
    days = (
        () if _AS_AT in paths else [each for each, path in zip(places, paths, strict=True) if path == _LAST_CONFIRMED]
    )
    for triple in days:
        if isinstance(triple.object, Literal) and isinstance(from_term(triple.object), date):
            whole.setdefault(Triple(triple.subject, NamedNode(_AS_AT), triple.object), places[triple])
    spoken_of = fields.spoken_of()
    for (triple, place), path in zip(places.items(), paths, strict=True):
        for wider in context.wider.get(Iri(path), _NONE) & spoken_of:
            whole.setdefault(Triple(triple.subject, NamedNode(wider), triple.object), place)
        if path == TYPE and isinstance(triple.object, NamedNode):
            for wider in context.wider.get(Iri(triple.object.value), _NONE) & spoken_of:
                whole.setdefault(Triple(triple.subject, triple.predicate, NamedNode(wider)), place)
    return whole
