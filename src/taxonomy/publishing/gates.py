"""What a release must be before it is made: each gate finds the faults of one kind.

A gate says one clear line: the first fault, where it stands, and how many more there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from taxonomy import namespaces as ns
from taxonomy.errors import CurationError
from taxonomy.publishing.gathering import Gathered
from taxonomy.store.embedded import Graphs

Fault = tuple[str, str]  # the graph, and what is wrong there

_TYPE: Final = NamedNode(ns.RDF + "type")
_ONTOLOGY: Final = ns.graph("ontology")
_AREAS: Final = ns.graph("register", "areas")
_CITATION, _DOCUMENT, _CURATION, _RECORD, _REGISTER = (
    ns.graph(kind, "") for kind in ("citation", "document", "curation", "record", "register")
)
_IN_SOURCE, _AS_AT = NamedNode(ns.SV + "inSource"), NamedNode(ns.SV + "asAt")
_MUST_SAY: Final = {
    _CURATION: (ns.SV + "curatorRole", ns.SV + "stated", ns.SV + "reason"),
    _RECORD: (ns.SV + "asAt", ns.SV + "lastConfirmed"),
    _AREAS: (ns.DCTERMS + "source", ns.DCTERMS + "license"),
}
_IDENTITY: Final = {ns.RDF + "type", ns.RDFS + "label", ns.OWL + "differentFrom"}
_MADE_UP: Final = re.compile(r"https?://([^/]*\.)?example\.(org|com|net)(/|$)")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_TELEPHONE: Final = re.compile(r"(?<![\w.,£-])(?:\+44\s?|0)(?:\d[\s()-]?){8,9}\d(?![\w.,-])")


def pass_all(gathered: Gathered, *, practice: bool) -> None:
    """Let the gathered graphs through.

    Raises:
        CurationError: a gate found a fault.
    """
    gates: tuple[Callable[[Graphs], Iterable[Fault]], ...] = (_undeclared, _unsourced, _unsafe)
    for gate in gates if practice else (*gates, _made_up):
        _stop_at(gate(gathered.graphs), gathered.files)


def no_rivals(graphs: Graphs, once: Iterable[tuple[str, str]], files: dict[str, Path]) -> None:
    """Let graphs through in which no thing has two values of a property that it may have once.

    Raises:
        CurationError: one has; names both graphs.
    """
    _stop_at(_rivals(graphs, frozenset(once)), files)


def once_only(shapes: Path) -> frozenset[tuple[str, str]]:
    """The classes and properties for which the record shapes allow one value."""
    facts: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted(shapes.rglob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True):
            facts[quad.predicate.value.removeprefix(ns.SH)][str(quad.subject)].add(str(quad.object))
    found = set()
    for shape, classes in facts["targetClass"].items():
        for rule in facts["property"][shape]:
            if any('"1"' in count for count in facts["maxCount"][rule]):
                paths = (path for path in facts["path"][rule] if path.startswith("<"))
                found |= {(each.strip("<>"), path.strip("<>")) for path in paths for each in classes}
    return frozenset(found)


def holds_contact(text: str) -> bool:
    """Whether a text that will be public holds what looks like an e-mail address or a telephone number.

    >>> holds_contact("ring 01632 960001"), holds_contact("£12,345 in 2026")
    (True, False)
    """
    return bool(_EMAIL.search(text) or _TELEPHONE.search(text))


def _stop_at(faults: Iterable[Fault], files: dict[str, Path]) -> None:
    found = sorted(set(faults))
    if found:
        graph, detail = found[0]
        more = f" ({len(found) - 1} more of this kind)" if len(found) > 1 else ""
        raise CurationError(files.get(graph, graph), f"{detail}{more}")


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _undeclared(graphs: Graphs) -> Iterator[Fault]:
    """Every term of ours is declared in the ontology, every concept in its vocabulary."""
    known = {_iri(triple.subject) for triple in graphs.get(_ONTOLOGY, ()) if triple.predicate == _TYPE}
    for name, triples in graphs.items():
        if name.startswith(ns.graph("vocabulary", "")):
            known |= {_iri(triple.subject) for triple in triples if triple.predicate == _TYPE}
    for name, triples in graphs.items():
        for triple in triples:
            for term in triple:
                if (
                    isinstance(term, NamedNode)
                    and term.value.startswith((ns.SV, ns.CONCEPT))
                    and term.value not in known
                ):
                    kind = "term" if term.value.startswith(ns.SV) else "concept"
                    yield name, f"the {kind} {ns.shorten(term.value)} is declared nowhere"


def _unsourced(graphs: Graphs) -> Iterator[Fault]:
    """Each graph that states facts says where they are from; a register holds only what a thing is and is called."""
    described = [(name, triple) for name, triples in graphs.items() if name.startswith(_DOCUMENT) for triple in triples]
    cited = {_iri(triple.subject) for _, triple in described if triple.predicate == _IN_SOURCE}
    dated = {_iri(triple.subject) for _, triple in described if triple.predicate == _AS_AT}
    for name, triple in described:
        if triple.predicate == _IN_SOURCE and _iri(triple.object) not in dated:
            yield name, f"<{_iri(triple.object)}> does not say the day for which it speaks (sv:asAt)"
    for name, triples in graphs.items():
        if name.startswith(_CITATION) and name not in cited:
            yield name, f"no document describes the citation <{name}> (sv:inSource)"
        own = {triple.predicate.value for triple in triples if _iri(triple.subject) == name}
        for kind, required in _MUST_SAY.items():
            if name.startswith(kind):
                yield from (
                    (name, f"<{name}> does not say its {ns.shorten(term)}") for term in required if term not in own
                )
        if name.startswith(_REGISTER) and name != _AREAS:
            for term in {triple.predicate.value for triple in triples} - _IDENTITY:
                yield (
                    name,
                    f"a register holds types and labels; {ns.shorten(term)} needs a citation or a curator's reason",
                )


def _unsafe(graphs: Graphs) -> Iterator[Fault]:
    """No e-mail address and no telephone number in curated files; records have shapes of their own for that."""
    for name, triples in graphs.items():
        if name.startswith(_RECORD):
            continue
        for triple in triples:
            text = triple.object.value if isinstance(triple.object, Literal | NamedNode) else ""
            if isinstance(triple.object, NamedNode) and text.startswith(("mailto:", "tel:")):
                yield name, f"{ns.shorten(triple.predicate.value)} of <{_iri(triple.subject)}> is a personal contact"
            elif isinstance(triple.object, Literal) and holds_contact(text):
                what = ns.shorten(triple.predicate.value)
                yield name, f"{what} of <{_iri(triple.subject)}> holds an e-mail address or a telephone number"


def _made_up(graphs: Graphs) -> Iterator[Fault]:
    for name, triples in graphs.items():
        for iri in {name, *(_iri(term) for triple in triples for term in triple)}:
            if _MADE_UP.match(iri):
                yield name, f"<{iri}> is made up, and this is no practice home"


def _rivals(graphs: Graphs, once: frozenset[tuple[str, str]]) -> Iterator[Fault]:
    properties = {each for _, each in once}
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    values: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, triples in graphs.items():
        for triple in triples:
            if triple.predicate == _TYPE:
                kinds[_iri(triple.subject)].add(_iri(triple.object))
            elif triple.predicate.value in properties:
                values[_iri(triple.subject), triple.predicate.value][str(triple.object)] = name
    for (thing, what), found in values.items():
        if len(found) > 1 and any((kind, what) in once for kind in kinds[thing]):
            places = " and ".join(f"{value} in <{name}>" for value, name in sorted(found.items()))
            yield (
                min(found.values()),
                f"<{thing}> has rival values of {ns.shorten(what)}, which must be claims: {places}",
            )
