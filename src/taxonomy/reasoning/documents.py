"""The facts of a release by document and by record: as much as a complete reasoner can take at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from taxonomy.namespaces import GRAPH
from taxonomy.reasoning.axioms import TYPE
from taxonomy.reasoning.rules import Rules

_SPOKEN = ("citation", "record")  # graphs of what documents and organisations say
_AROUND = ("curation", "register", "vocabulary")  # graphs of what is known of the things that they name


def each_document(
    graphs: Iterable[str], statements: Callable[[Iterable[str]], Iterable[Triple]]
) -> Iterator[tuple[str, set[Triple]]]:
    """The name of each document and record among some graphs, with its facts and what is known around them.

    ``statements`` gives what some graphs state.
    """
    graphs = tuple(graphs)
    known = set(statements(around(graphs)))
    for name, own in documents(graphs).items():
        yield name, in_context(statements(own), known)


def documents(graphs: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The graphs of each document and each record, by its name.

    >>> documents([GRAPH + "citation/a-strategy/row-1", GRAPH + "citation/a-strategy/row-2", GRAPH + "ontology"])
    {'a-strategy': ('https://w3id.org/svssv/graph/citation/a-strategy/row-1', \
'https://w3id.org/svssv/graph/citation/a-strategy/row-2')}
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(graphs):
        kind, _, rest = name.removeprefix(GRAPH).partition("/")
        if kind in _SPOKEN:
            found[rest.partition("/")[0]].append(name)
    return {name: tuple(some) for name, some in found.items()}


def around(graphs: Iterable[str]) -> tuple[str, ...]:
    """The graphs of what curators, registers and vocabularies say of the things that documents name."""
    return tuple(sorted(name for name in graphs if name.removeprefix(GRAPH).partition("/")[0] in _AROUND))


def decisive(facts: Iterable[Triple], rules: Rules) -> set[Triple]:
    """The facts on which defined classes can depend: a smaller world, with the same members in each of them."""
    facts, ways = set(facts), rules.properties_of(rules.defined)
    links = {fact for fact in facts if fact.predicate in ways}
    ends = {end for fact in links for end in (fact.subject, fact.object)}
    return links | {fact for fact in facts if fact.predicate == TYPE and fact.subject in ends}


def in_context(facts: Iterable[Triple], known: Iterable[Triple]) -> set[Triple]:
    """Some facts, with what is known of the things that they name, and of the things named in that.

    >>> a, b, c, has = (NamedNode(f"https://example.org/{name}") for name in ("a", "b", "c", "has"))
    >>> len(in_context([Triple(a, has, b)], [Triple(b, has, c), Triple(c, has, a), Triple(has, has, c)]))
    3
    """
    by_subject: defaultdict[object, list[Triple]] = defaultdict(list)
    for triple in known:
        by_subject[triple.subject].append(triple)
    found = set(facts)
    waiting: set[object] = {term for triple in found for term in (triple.subject, triple.object)}
    while waiting:
        new = {triple for term in waiting for triple in by_subject.pop(term, ())}
        found |= new
        waiting = {triple.object for triple in new if isinstance(triple.object, NamedNode)}
    return found
