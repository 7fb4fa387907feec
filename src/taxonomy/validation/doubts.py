"""Doubts: what a reader found that is a fault of some things only, those that a shape marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import pyshacl
import rdflib
from rdflib.namespace import SH

from taxonomy.records import Problem, Record
from taxonomy.validation import graphs
from taxonomy.validation.rules import rules
from taxonomy.values import Iri


def faults(problems: Sequence[Problem], records: Iterable[Record]) -> list[Problem]:
    """The problems that are faults: those of a rule that holds for marked things only, where the thing is marked."""
    doubtful = {(mark, each.record) for each in problems if (mark := rules()[each.rule_iri].only_with) and each.record}
    marked = {(mark, thing) for mark in {mark for mark, _ in doubtful} for thing in _marked(mark, doubtful, records)}
    return [
        each for each in problems if not (mark := rules()[each.rule_iri].only_with) or (mark, each.record) in marked
    ]


def _marked(mark: Iri, doubtful: set[tuple[Iri, Iri]], records: Iterable[Record]) -> set[Iri]:
    things = {thing for shape, thing in doubtful if shape == mark}
    triples = (triple for record in records if things & record.things.keys() for triple in record.triples)
    _, report, _ = pyshacl.validate(
        graphs.graph(triples), shacl_graph=_shape(mark), advanced=False, inference="none", do_owl_imports=False
    )
    return {Iri(focus) for focus in report.objects(None, SH.focusNode) if isinstance(focus, rdflib.URIRef)}


@cache
def _shape(mark: Iri) -> rdflib.Graph:
    """One shape alone, with all that it leads to."""
    whole, alone = graphs.shapes(), rdflib.Graph()
    waiting: list[rdflib.term.Node] = [rdflib.URIRef(mark)]
    while waiting:
        for triple in whole.triples((waiting.pop(), None, None)):
            if triple not in alone:
                alone.add(triple)
                waiting.append(triple[2])
    return alone
