"""What becomes of proposals in a release: one that was matched gives way to the entry that is known.

Each decision stands in a graph of its own, with role, day and reason, so that whoever reads that a record names the
known organisation finds who joined the two, and why. What the record wrote stays beside it, in the record's own graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import namespaces as ns
from taxonomy.publishing.proposal import Kind, Settled, Verdict
from taxonomy.publishing.proposing import WRITTEN
from taxonomy.store.embedded import Graphs, normal

_TYPE: Final = NamedNode(ns.RDF + "type")
_LABEL, _ALSO = NamedNode(ns.RDFS + "label"), NamedNode(ns.SKOS + "altLabel")
_FROM: Final = NamedNode(ns.PROV + "wasDerivedFrom")
_CLASSES: Final[Mapping[Kind, str]] = {
    Kind.VOLUNTARY: "VoluntaryOrganisation",
    Kind.STATUTORY: "StatutoryOrganisation",
    Kind.PRIVATE: "PrivateOrganisation",
}


def resolved(graphs: Graphs, records: Collection[str], settled: Iterable[Settled]) -> dict[str, frozenset[Triple]]:
    """The graphs that change, and those that are new, once what was decided holds; ``records`` are graphs of records.

    What was decided is passed over where it makes no sense any more: the organisation describes itself now, what it was
    matched to is in no graph, or a record calls something else by its address.

    >>> resolved({}, (), ())
    {}
    """
    standing = [each for each in settled if each.verdict in {Verdict.MATCHED, Verdict.ACCEPTED}]
    if not standing:
        return {}
    described = {triple.subject for triples in graphs.values() for triple in triples if triple.predicate == _TYPE}
    new = {name: graphs[name] for name in records}
    for each in sorted(standing, key=lambda one: (one.verdict is Verdict.MATCHED, one.number)):
        proposed, known = NamedNode(each.iri), NamedNode(each.known or each.iri)
        if proposed in described or (each.verdict is Verdict.MATCHED and known not in described):
            continue
        naming = [name for name in records if _names(new[name], proposed, each)]
        if not naming:
            continue
        for name in naming:
            new[name] = normal(name, _replaced(new[name], proposed, known))
        if each.verdict is Verdict.ACCEPTED:
            described.add(proposed)
        new[each.graph] = normal(each.graph, _said(each, naming))
    return {name: triples for name, triples in new.items() if triples != graphs.get(name)}


def _names(triples: Iterable[Triple], proposed: NamedNode, settled: Settled) -> bool:
    """Whether a record names what was decided on, by a name that whoever decided saw."""
    about = [each for each in triples if proposed in (each.subject, each.object)]
    said = (each.object for each in about if each.predicate.value == WRITTEN)
    written = [value.value for value in said if isinstance(value, Literal)]
    return any(each.object == proposed for each in about) and all(map(settled.covers, written))


def _replaced(triples: Iterable[Triple], proposed: NamedNode, known: NamedNode) -> Iterator[Triple]:
    for each in triples:
        subject = known if each.subject == proposed else each.subject
        yield Triple(subject, each.predicate, known if each.object == proposed else each.object)


def _said(settled: Settled, naming: Iterable[str]) -> Iterator[Triple]:
    """The decision itself, and what follows from it for the register."""
    statement = NamedNode(settled.graph)
    day = Literal(settled.when.date().isoformat(), datatype=NamedNode(ns.XSD + "date"))
    yield Triple(statement, _TYPE, NamedNode(ns.SV + "CuratorStatement"))
    yield Triple(statement, NamedNode(ns.SV + "curatorRole"), Literal("steward"))
    yield Triple(statement, NamedNode(ns.SV + "stated"), day)
    yield Triple(statement, NamedNode(ns.SV + "reason"), Literal(settled.why, language="en"))
    yield from (Triple(statement, _FROM, NamedNode(name)) for name in naming)
    if settled.verdict is Verdict.ACCEPTED:
        entry = NamedNode(settled.iri)
        yield Triple(entry, _TYPE, NamedNode(ns.SV + "Organisation"))
        yield Triple(entry, _LABEL, Literal(settled.label, language="en"))
        if settled.kind and settled.kind in _CLASSES:
            yield Triple(entry, _TYPE, NamedNode(ns.SV + _CLASSES[settled.kind]))
        return
    known = NamedNode(settled.known or settled.iri)
    for name in settled.names:
        yield Triple(known, _ALSO, Literal(name, language="en"))
    was = Literal(settled.iri, datatype=NamedNode(ns.XSD + "anyURI"))  # a text: nothing describes what it named
    yield Triple(statement, NamedNode(ns.DCTERMS + "source"), was)
