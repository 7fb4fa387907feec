"""The child process of a reader: opens one sealed store and answers SPARQL about it.

Started by ``taxonomy.store.readers``; nothing else imports it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import IO, Any, Final, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from taxonomy import sandbox
from taxonomy.errors import QueryError, RefusedQueryError, StoreError
from taxonomy.namespaces import PREFIXES
from taxonomy.store.base import Kind
from taxonomy.store.tokens import from_clauses

_EXTENSIONS: Final = ("LATERAL", "SERVICE", '"{|"', '"~"')
_WITH_PREFIXES: Final = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)
_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_OFFERED: Final = re.compile(r'"[^"\\]+"|\b[A-Z]{2,}\b')
_RULE: Final = re.compile(r"\b(?:The|Prefix) [a-zA-Z ]+")  # a rule that was broken, not a token that was missed


class Reader:
    """One store, opened once."""

    def __init__(self, path: str) -> None:
        self._path = path

    def open(self) -> None:
        """Open the store, never to write to it.

        Raises:
            StoreError: there is none, or it is damaged.
        """
        try:
            self._store = Store.read_only(self._path)
        except (OSError, ValueError) as error:
            raise StoreError(f"The store at {self._path} cannot be opened: {error}") from error

    def answer(self, request: bytes, out: sandbox.Outlet) -> None:
        """Write one line that says what the answer is, then the answer."""
        asked = json.loads(request)
        results = self._evaluate(asked["query"], asked["base"], asked["default_graphs"], asked["named_graphs"])
        output = cast("IO[bytes]", out)
        try:
            if isinstance(results, QueryTriples):
                graphs = RdfFormat.from_media_type(asked["graphs"])
                if graphs is None:
                    raise QueryError(f"Graphs are not written as {asked['graphs']!r}.")
                _announce(out, "graph", graphs.media_type)
                if graphs in _WITH_PREFIXES:
                    serialize(results, output, graphs, prefixes=PREFIXES)
                else:
                    results.serialize(output, graphs)
            else:
                table = QueryResultsFormat.from_media_type(asked["bindings"])
                if table is None:
                    raise QueryError(f"Tables are not written as {asked['bindings']!r}.")
                _announce(out, "boolean" if isinstance(results, QueryBoolean) else "bindings", table.media_type)
                results.serialize(output, table)
        except RuntimeError as error:
            raise _not_done(error) from error
        except OSError as error:
            raise _unanswered(asked["query"], error) from error

    def _evaluate(
        self, query: str, base: str, default_graphs: list[str], named_graphs: list[str] | None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The engine counts a triple once for each graph of a merge that states it; so merges are made here."""
        base_iri = base or None
        stated = not default_graphs and named_graphs is None
        if stated:
            default_graphs, named_graphs = from_clauses(query, base)
        try:
            if len(default_graphs) > 1:
                store = self._merged(default_graphs, named_graphs or [])
                default, named = DefaultGraph(), _nodes(named_graphs or [])
                return store.query(query, base_iri=base_iri, default_graph=default, named_graphs=named)
            if stated:
                return self._store.query(query, base_iri=base_iri)
            nodes = _nodes(default_graphs), _nodes(named_graphs or [])
            return self._store.query(query, base_iri=base_iri, default_graph=nodes[0], named_graphs=nodes[1])
        except SyntaxError as error:
            raise _wrong(query, str(error)) from error
        except UnicodeEncodeError as error:
            raise QueryError("The query holds half of a character, which no text may.") from error
        except RuntimeError as error:
            raise _not_done(error) from error
        except OSError as error:
            raise _unanswered(query, error) from error

    def _merged(self, default_graphs: Iterable[str], named_graphs: Iterable[str]) -> Store:
        merged = Store()
        for name in _nodes(default_graphs):
            quads = self._store.quads_for_pattern(None, None, None, name)
            merged.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
        for name in _nodes(named_graphs):
            merged.bulk_extend(self._store.quads_for_pattern(None, None, None, name))
        return merged


def _nodes(iris: Iterable[str]) -> list[Any]:  # the engine's signature asks for a list of a union
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryError(f"The name of a graph must be a whole IRI. {error}") from error


def _announce(out: sandbox.Outlet, kind: Kind, media_type: str) -> None:
    out.write(json.dumps({"kind": kind, "media_type": media_type}).encode() + b"\n")


def _wrong(query: str, message: str) -> QueryError:
    """The engine's message in plain words, without the classes of characters that it would also have taken."""
    place = _PLACE.match(message)
    if not place:
        return QueryError(message)
    line, column = int(place[1]), int(place[2])
    rule = _RULE.search(place[3])
    offered = [word for word in dict.fromkeys(_OFFERED.findall(place[3])) if word not in _EXTENSIONS][:6]
    if rule and rule[0] == "Prefix not found":
        name = query.splitlines()[line - 1][: column - 1].rpartition(" ")[2]
        said = f"The prefix of {name} is not declared. Begin with: PREFIX {name.partition(':')[0]}: <...>"
    elif rule:
        said = f"{rule[0].strip()}."
    elif offered == ["CONSTRUCT"]:
        said = "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its prefixes."
    elif offered:
        said = f"Expected {' or '.join(offered)}."
    else:
        said = "From here on this cannot be read as SPARQL."
    return QueryError(said, line=line, column=column)


def _not_done(error: RuntimeError) -> QueryError:
    """What the engine reads but cannot do, such as a function of somebody else's."""
    return QueryError(f"{str(error).removesuffix('.')}.")


def _unanswered(query: str, error: OSError) -> QueryError | StoreError:
    if "SERVICE" in query.upper():  # the scan was got round; the kernel was not
        return RefusedQueryError("This service does not ask other servers (SERVICE).")
    return StoreError(f"The store cannot be read: {error}")


if __name__ == "__main__":
    reader = Reader(sys.argv[1])
    sandbox.serve(reader.answer, before=reader.open)
