"""What a release says that nobody stated: what follows from its facts, and where to look for a thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from taxonomy import namespaces as ns
from taxonomy.reasoning.rules import Rules
from taxonomy.store.embedded import Graphs, normal

INFERRED: Final = ns.graph("inferred")


def derived(graphs: Graphs, rules: Rules) -> frozenset[Triple]:
    """The graph of what is derived, from all other graphs of a release.

    >>> from taxonomy import assets
    >>> len(derived({}, Rules.from_files(assets.files("ontology", "**/*.ttl"))))
    0
    """
    conclusions = rules.infer(frozenset[Triple]().union(*graphs.values()))
    return normal(INFERRED, (*conclusions, *_evidence(graphs)))


def _evidence(graphs: Graphs) -> Iterator[Triple]:
    """Where to look for what is said of a thing: each citation, or record, that says something of it."""
    evidence = NamedNode(ns.SV + "evidence")
    for name, triples in graphs.items():
        if name.startswith((ns.graph("citation", ""), ns.graph("record", ""))):
            things = {triple.subject for triple in triples if isinstance(triple.subject, NamedNode)}
            yield from (Triple(thing, evidence, NamedNode(name)) for thing in things if thing.value != name)
