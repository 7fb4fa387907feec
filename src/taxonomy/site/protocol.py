"""The SPARQL 1.1 Protocol: what a request asks, strictly read, and in which form it wants the answer."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Request as HttpRequest
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_accept_header

from taxonomy.errors import QueryError, RefusedQueryError
from taxonomy.store.base import Kind, Request

BINDINGS: Final[Mapping[str, str]] = {  # what a caller may ask for → what the reader writes
    "application/sparql-results+json": "application/sparql-results+json",
    "application/json": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
}
GRAPHS: Final[Mapping[str, str]] = {
    "text/turtle": "text/turtle",
    "application/x-turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "text/plain": "application/n-triples",
    "application/rdf+xml": "application/rdf+xml",
    "application/xml": "application/rdf+xml",
    "application/ld+json": "application/ld+json",
    "application/json": "application/ld+json",
    "text/n3": "text/n3",
    "application/n-quads": "application/n-quads",
    "application/trig": "application/trig",
}
SHORT: Final[Mapping[str, tuple[str | None, str | None]]] = {  # ?format= → of a table, of a graph
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", None),
    "tsv": ("text/tab-separated-values", None),
    "ttl": (None, "text/turtle"),
    "nt": (None, "application/n-triples"),
    "rdf": (None, "application/rdf+xml"),
    "jsonld": (None, "application/ld+json"),
    "nq": (None, "application/n-quads"),
    "trig": (None, "application/trig"),
}
_OTHER_NAMES: Final[Mapping[str, str]] = {  # what widely used clients call the same forms
    "turtle": "ttl",
    "n3": "ttl",
    "n-triples": "nt",
    "ntriples": "nt",
    "rdf+xml": "rdf",
    "json-ld": "jsonld",
    "n-quads": "nq",
    "nquads": "nq",
}
_FIELDS: Final = 100  # of one form
_STRAY: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")  # a sign that escapes nothing
_NO_FORM: Final = "The request's fields are not written as a form in UTF-8."
_NO_UPDATES: Final = "This service answers queries; it takes no updates."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One protocol request. Without ``query`` it asks what the service is."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...] | None
    page: bool  # whether a browser asks
    bindings: str | None  # media type for a table; None: no table would do
    graphs: str | None  # media type for a graph; None: no graph would do
    release: str = ""  # as it is named

    def request(self, base: str) -> Request:
        """What the store is asked; ``base`` is the address that was asked, against which relative IRIs are read."""
        return Request(
            query=self.query or "",
            default_graphs=self.default_graphs,
            named_graphs=self.named_graphs,
            bindings=self.bindings or "application/sparql-results+json",
            graphs=self.graphs or "text/turtle",
            base=base,
        )

    def wanted(self, kind: Kind) -> str | None:
        """The media type for that kind of answer; None where the caller takes none."""
        return self.graphs if kind == "graph" else self.bindings


def read(request: HttpRequest) -> Asked:
    """What an HTTP request asks by the protocol.

    Raises:
        RefusedQueryError: it is an update.
        QueryError: it is not a request of the protocol; says what is missing or doubled.
        UnsupportedMediaType: the query was posted in a form that the protocol does not have.
    """
    given = _parameters(request.query_string)
    if request.method == "POST":
        for name, values in _body(request).items():
            given.setdefault(name, []).extend(values)
        if "query" not in given and "update" not in given:
            raise QueryError("There is no query in the request.", hint="Send it in a field named query.")
    if "update" in given:
        raise RefusedQueryError(_NO_UPDATES)
    if len(given.get("query", [])) > 1:
        raise QueryError(f"There are {len(given['query'])} queries in the request; send one.")
    return _asked(request, given)


def _body(request: HttpRequest) -> dict[str, list[str]]:
    match request.mimetype:
        case "application/x-www-form-urlencoded":
            return _parameters(request.get_data())
        case "application/sparql-query":
            if (request.mimetype_params.get("charset") or "utf-8").lower() not in {"utf-8", "utf8"}:
                raise QueryError("A query is sent as UTF-8.")
            return {"query": [_text(request.get_data())]}
        case "application/sparql-update":
            raise RefusedQueryError(_NO_UPDATES)
        case "" if not request.get_data():
            return {}
        case other:
            raise UnsupportedMediaType(f"A query is not sent as {other or 'an unnamed type'}.")


def _asked(request: HttpRequest, given: Mapping[str, list[str]]) -> Asked:
    named = [each for each in given.get("format", []) if each]
    bindings, graphs = forms(request, named)
    return Asked(
        query=given["query"][0] if "query" in given else None,
        default_graphs=tuple(given.get("default-graph-uri", ())),
        named_graphs=tuple(given["named-graph-uri"]) if "named-graph-uri" in given else None,
        page=named[:1] == ["html"] if named else _taken(request.headers.get("Accept", "")).page,
        bindings=bindings,
        graphs=graphs,
        release=given.get("release", [""])[0],
    )


def forms(request: HttpRequest, named: Sequence[str]) -> tuple[str | None, str | None]:
    """The media types wanted of a table and of a graph; None where the caller takes none.

    ``named`` are values of ``format``: the first that is understood counts, for there are clients that send several.

    Raises:
        QueryError: there are such values, and none of them names a form.
    """
    for name in map(str.lower, named):
        found = SHORT.get(_OTHER_NAMES.get(name, name)) or (BINDINGS.get(name), GRAPHS.get(name))
        if found != (None, None):
            return found
    if named and "html" not in named:
        raise QueryError(f"There is no format {named[0]!r}.", hint=f"Use one of {', '.join(SHORT)}, or html.")
    taken = _taken(request.headers.get("Accept", ""))
    return taken.bindings, taken.graphs


def graph(request: HttpRequest) -> str | None:
    """The graph that a request of the Graph Store Protocol names; None is the default graph.

    Raises:
        QueryError: it names none, or more than one.
    """
    given = _parameters(request.query_string)
    named = given.get("graph", [])
    if len(named) + len(given.get("default", [])) != 1:
        raise QueryError("Name one graph.", hint="Ask for /graphs?default, or for /graphs?graph= and an IRI.")
    return named[0] if named else None


class _Taken(NamedTuple):
    """What a caller takes of a table and of a graph, and whether a page is better."""

    bindings: str | None
    graphs: str | None
    page: bool


@lru_cache(maxsize=128)  # programs send few different ones, and always the same
def _taken(accept: str) -> _Taken:
    accepted = MIMEAccept(  # without parameters of the caller's, such as a charset
        (each.partition(";")[0].strip(), quality) for each, quality in parse_accept_header(accept, MIMEAccept)
    )
    if not accepted:
        return _Taken("application/sparql-results+json", "text/turtle", page=False)
    return _Taken(
        BINDINGS.get(accepted.best_match(BINDINGS) or ""),
        GRAPHS.get(accepted.best_match(GRAPHS) or ""),
        page=any(kind == "text/html" for kind, _ in accepted)
        and accepted.best_match(["text/html", *BINDINGS, *GRAPHS]) == "text/html",
    )


def _parameters(raw: bytes) -> dict[str, list[str]]:
    if not raw.isascii() or raw.count(b"&") >= _FIELDS:
        raise QueryError(_NO_FORM)
    found: dict[str, list[str]] = {}
    try:
        for field in filter(None, raw.split(b"&")):
            name, _, value = field.partition(b"=")
            found.setdefault(_unescaped(name), []).append(_unescaped(value))
    except UnicodeDecodeError as error:
        raise QueryError(_NO_FORM) from error
    return found


def _unescaped(text: bytes) -> str:
    """A name or a value of a form. Mail escapes bytes likewise, with another sign, and is read five times as fast."""
    text = text.replace(b"+", b" ")
    if _STRAY.search(text):
        text = unquote_to_bytes(text)
    elif b"%" in text:
        text = a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"="))
    return text.decode("utf-8")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError("The query is not UTF-8.") from error
