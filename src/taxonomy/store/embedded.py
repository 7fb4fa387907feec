"""A store on disk: written once, then only ever read.

What names no graph is asked of a real default graph that holds each triple of the named graphs once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    Store,
    Triple,
)

from taxonomy.errors import StoreError
from taxonomy.store import files

Graphs = Mapping[str, frozenset[Triple]]
Found = dict[str, NamedNode | Literal]  # one row, without what is unbound


def write(path: Path, graphs: Graphs) -> None:
    """Build a store of named graphs, with a default graph that is the set of all their triples, and flush it to disk.

    Raises:
        StoreError: it could not be written; what is at ``path`` is then of no use.
    """
    try:
        store = Store(str(path))
        store.bulk_extend(_quads(graphs))
        store.optimize()
        store.flush()
        del store  # frees its lock
        for file in (*path.iterdir(), path, path.parent):
            files.sync(file)
    except OSError as error:
        raise StoreError(f"The store at {path} could not be written: {error}") from error


def ask(graphs: Graphs, queries: Iterable[str]) -> Iterator[list[Found]]:
    """The rows that each of our queries finds in graphs that are put together as ``write`` does, and kept nowhere."""
    store = Store()
    store.bulk_extend(_quads(graphs))
    return (_rows(store, query) for query in queries)


def _rows(store: Store, query: str) -> list[Found]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)  # noqa: S101  # only SELECT is asked
    names = [variable.value for variable in found.variables]
    return [{name: term for name in names if isinstance(term := row[name], NamedNode | Literal)} for row in found]


def _quads(graphs: Graphs) -> Iterator[Quad]:
    for name, triples in graphs.items():
        graph = NamedNode(name)
        yield from (Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    yield from (Quad(*triple) for triple in frozenset[Triple]().union(*graphs.values()))


def normal(name: str, triples: Iterable[Triple]) -> frozenset[Triple]:
    """The triples of a graph as a store gives them back, with blank nodes named by what is said of them.

    Stores rewrite numbers and dates (``01`` becomes ``1``), and parsers make up the names of blank nodes. After this,
    the same content has the same triples, and so the same fingerprint, whoever read it.
    """
    store = Store()
    store.extend(Quad(*triple) for triple in triples)  # for a few statements, much faster than in bulk
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    mark = hashlib.sha256(name.encode()).hexdigest()[:12]  # two graphs never share a blank node

    def named(triple: Triple) -> Triple:
        subject, predicate, value = triple
        if isinstance(subject, BlankNode):
            subject = BlankNode(f"g{mark}{subject.value}")
        if isinstance(value, BlankNode):
            value = BlankNode(f"g{mark}{value.value}")
        return Triple(subject, predicate, value)

    return frozenset(named(quad.triple) for quad in dataset)


def digests(path: Path) -> dict[str, str]:
    """The SHA-256 of each file of a store.

    Raises:
        StoreError: there is no store, or a file cannot be read.
    """
    try:
        return {each.name: files.sha256(each) for each in sorted(path.iterdir())}
    except OSError as error:
        raise StoreError(f"The store at {path} cannot be read: {error}") from error


class SealedStore:
    """A store opened to be read in this process; for our own checks, never for strangers' queries.

    Raises:
        StoreError: there is none, or it is damaged.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._store = Store.read_only(str(path))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The store at {path} cannot be opened: {error}") from error

    def names(self) -> tuple[str, ...]:
        """The named graphs, in order."""
        return tuple(sorted(node.value for node in self._store.named_graphs()))

    def triples(self, name: str | None = None) -> Iterator[Triple]:
        """The triples of a named graph, or of the default graph.

        Raises:
            StoreError: the store is damaged.
        """
        try:
            graph = NamedNode(name) if name else DefaultGraph()
            for quad in self._store.quads_for_pattern(None, None, None, graph):
                yield quad.triple
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The store is damaged: {error}") from error

    def ask(self, query: str) -> list[dict[str, str]]:
        """The rows of one of our own SELECT queries, each value as text; what is not known is left out.

        Raises:
            StoreError: the store is damaged.
        """
        try:
            return [{name: term.value for name, term in row.items()} for row in _rows(self._store, query)]
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The store is damaged: {error}") from error


def fingerprint(triples: Iterable[Triple]) -> str:
    """The hash of a graph: SHA-256 of its sorted N-Triples lines.

    >>> from pyoxigraph import Literal
    >>> fingerprint([Triple(NamedNode("https://example.org/a"), NamedNode("https://example.org/b"), Literal("c"))])[:8]
    '...'
    """
    digest = hashlib.sha256()
    for line in sorted(f"{triple} .\n" for triple in triples):
        digest.update(line.encode())
    return digest.hexdigest()
