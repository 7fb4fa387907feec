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

from taxonomy import inside
from taxonomy.errors import QueryError, RefusedQueryError, StoreError
from taxonomy.frames import Outlet
from taxonomy.namespaces import PREFIXES
from taxonomy.store.base import Kind
from taxonomy.store.tokens import from_clauses

_MISSING: Final = {  # the only thing that the engine would have taken → what that means
    "BY": "Expected BY.",
    "CONSTRUCT": "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its prefixes.",
    "DISTINCT": "After SELECT come variables with spaces between them, (… AS ?name) for what is worked out, or *.",
    "UNDEF": "Each row of VALUES holds one value, or UNDEF, for each of its variables.",
}
_WITH_PREFIXES: Final = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)
_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_OFFERED: Final = re.compile(r'"(?:[^"\\]|\\.)+"|\b[A-Z_]{2,}\b|\b[a-z]+[A-Z]\w*')
_RULE: Final = re.compile(
    r"\b(?:The|Prefix|IRI parsing) [a-zA-Z ]+"
)  # a rule that was broken, not a token that was missed


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
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"The store at {self._path} cannot be opened: {error}") from error

    def answer(self, request: bytes, out: Outlet) -> None:
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


def _announce(out: Outlet, kind: Kind, media_type: str) -> None:
    out.write(json.dumps({"kind": kind, "media_type": media_type}).encode() + b"\n")


def _wrong(query: str, message: str) -> QueryError:
    """The engine's message in plain words, and at the place where the mistake begins.

    The engine names only some of what it would have taken. Where it tried a keyword, it names the place behind as many
    letters as the keyword has.
    """
    place = _PLACE.match(message)
    if not place:
        return QueryError(message)
    line, column = int(place[1]), int(place[2])
    said = place[3].partition("['")[0]  # what follows are classes of characters
    rule = _RULE.search(said)
    offered = list(dict.fromkeys(_OFFERED.findall(said)))
    words = [each for each in offered if each.isidentifier()]
    if not rule and words == offered and "[_]" not in said and len(lengths := {len(each) for each in words}) == 1:
        column = max(column - lengths.pop(), 1)
    if rule and rule[0] == "Prefix not found":
        name = query.splitlines()[line - 1][: column - 1].rpartition(" ")[2]
        prefix = name.partition(":")[0]
        said = f"The prefix of {name} is not declared. Begin with: PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"
    elif rule and rule[0] == "IRI parsing failed":
        said = "What stands between < and > here is no IRI."
    elif rule:
        said = f"{rule[0].strip()}."
    else:
        said = _expected(offered, "".join(query.splitlines()[line - 1 : line])[: column - 1])
    return QueryError(said, line=line, column=column)


def _expected(offered: list[str], before: str) -> str:
    """What would have been right; where the engine's words for that would mislead, only that this is not."""
    if {'"?"', '"<"'} <= set(offered):
        return "Expected a variable, a name or a value."
    signs = [each for each in offered if each.startswith('"')]
    if len(signs) == 1:
        return f"Expected {signs[0]}."
    missing = " ".join(offered)
    if missing == "DISTINCT" and not before.upper().rstrip().endswith("SELECT"):  # it may stand in COUNT(…) too
        missing = ""
    return _MISSING.get(missing, "From here on this cannot be read as SPARQL.")


def _not_done(error: RuntimeError) -> QueryError:
    """What the engine reads but cannot do, such as a function of somebody else's."""
    return QueryError(f"{str(error).removesuffix('.')}.")


def _unanswered(query: str, error: OSError) -> QueryError | StoreError:
    if "SERVICE" in query.upper():  # the scan was got round; the kernel was not
        return RefusedQueryError("This service does not ask other servers (SERVICE).")
    return StoreError(f"The store cannot be read: {error}")


if __name__ == "__main__":
    reader = Reader(sys.argv[1])
    inside.serve(reader.answer, before=reader.open)
