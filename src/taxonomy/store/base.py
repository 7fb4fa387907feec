"""What is asked of a store, and what comes back."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["bindings", "boolean", "graph"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One SPARQL query, the dataset it is asked of, and the formats wanted.

    Without ``default_graphs`` and ``named_graphs`` the query is asked of the store's own default graph, all named
    graphs in reach of ``GRAPH``, unless its own ``FROM`` says otherwise. With either, the dataset is exactly those
    graphs, whatever its ``FROM`` says, as the SPARQL protocol has it.
    """

    query: str
    default_graphs: tuple[str, ...] = ()  # several are merged, each triple once
    named_graphs: tuple[str, ...] | None = None
    bindings: str = "application/sparql-results+json"  # media type wanted of SELECT and ASK
    graphs: str = "application/n-triples"  # media type wanted of CONSTRUCT and DESCRIBE
    seconds: float | None = None  # may only lower the limit
    base: str = ""  # what relative IRIs are read against, where the query itself gives no BASE


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; ``milliseconds`` is what the asker waited, from the reader's being free."""

    kind: Kind
    media_type: str
    body: bytes
    milliseconds: float


class Source(Protocol):
    """Anything that answers SPARQL about one release."""

    def ask(self, request: Request, *, caller: socket.socket | None = None) -> Reply:
        """Answer, whole; ``caller`` is the connection of whoever waits for it, where it can be watched.

        Raises:
            QueryError: the query is wrong, or refused.
            LimitError: it asked for more than its share, or the caller has left.
            StoreError: the store could not be read.
        """

    def close(self) -> None:
        """Free what the source holds; does nothing the second time."""
