"""A release in a SPARQL 1.1 server somewhere else, asked by the protocol."""

from __future__ import annotations

import ast
import json
import socket
import time
import urllib.error
from http.client import HTTPException
from typing import IO, Any, Final

from taxonomy.errors import LimitError, QueryError, StoreError
from taxonomy.settings import UNLIMITED, Limits
from taxonomy.store.base import Kind, Reply, Request
from taxonomy.store.screening import screen
from taxonomy.store.tokens import tokens

_SAID: Final = 2000  # characters of a server's own words that are passed on
_BLOCK: Final = 2**16  # bytes
_UNNAMED: Final = "The SPARQL server behind this site"
_LATE: Final = "The server did not answer in the time that was given."
_FORMS: Final[dict[str, Kind]] = {
    "SELECT": "bindings",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}


class RemoteStore:
    """The query endpoint of a server; nothing is kept between two queries.

    ``limits`` are ours: how long we wait and how much we read. What the query takes there is held by the server's own.
    With seconds, strangers ask: then a query is refused for its shape, and no message says where the server is.
    """

    isolated = False  # what the server can reach is its operator's business

    def __init__(self, endpoint: str, limits: Limits = UNLIMITED) -> None:
        self.endpoint, self._limits = endpoint, limits
        self._called = _UNNAMED if limits.seconds else endpoint
        self.practice = False  # whether the server has said that its records are made up

    def ask(self, request: Request, *, caller: socket.socket | None = None) -> Reply:  # noqa: ARG002  a server's query cannot be ended from here
        """Answer, whole. The caller is not watched: what runs there cannot be stopped from here.

        Raises:
            QueryError: the query is wrong, or refused, by us or by the server; with the server's words.
            LimitError: the server is busy, or the query asked for more than it gives.
            StoreError: the server cannot be reached, or does not speak SPARQL.
        """
        from SPARQLWrapper import POST, SPARQLWrapper  # it takes a tenth of a second to import

        screen(request.query, bounded=self._limits.seconds is not None)
        form = _form(request.query)
        kind = _FORMS[form]
        asked = SPARQLWrapper(self.endpoint)
        asked.setOnlyConneg(True)
        asked.setMethod(POST)
        asked.setQuery(f"BASE <{request.base}>\n{request.query}" if request.base else request.query)
        asked.queryType = form  # which the library would take from a word in a comment, too
        asked.addCustomHttpHeader("Accept", request.graphs if kind == "graph" else request.bindings)
        for name, graphs in (("default", request.default_graphs), ("named", request.named_graphs or ())):
            for graph in graphs:
                asked.addParameter(f"{name}-graph-uri", graph)
        seconds = min((each for each in (request.seconds, self._limits.seconds) if each), default=None)
        if seconds:
            asked.setTimeout(max(1, round(seconds)))
        started = time.perf_counter()
        body, media_type = self._whole(asked, started + seconds if seconds else None)
        return Reply(kind, media_type, body, (time.perf_counter() - started) * 1000)

    def close(self) -> None:
        """Nothing is held."""

    def __repr__(self) -> str:
        return f"RemoteStore({self.endpoint!r})"

    def _whole(self, asked: Any, deadline: float | None) -> tuple[bytes, str]:
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

        try:
            with asked.query().response as response:
                self.practice = self.practice or "SVSSV-Practice" in response.headers
                return self._read(response, deadline), response.headers.get_content_type()
        except SPARQLWrapperException as error:
            cause = error.__context__
            if isinstance(cause, urllib.error.HTTPError):
                cause.close()
            words = _said(_response(error))
            if isinstance(error, QueryBadFormed):
                raise QueryError(words) from error
            raise StoreError(f"{self._called} does not answer as a SPARQL server would. {words}") from error
        except urllib.error.HTTPError as error:
            words = _said(_words_of(error))
            if error.code in {413, 429, 503}:
                share = "busy" if self._limits.seconds else "budget"  # used up by us, and not by whoever asks us
                limit = {413: "bytes", 429: share}.get(error.code, "busy")
                raise LimitError(limit, words, wait=_wait(error.headers.get("Retry-After"))) from error
            raise StoreError(f"{self._called} answers {error.code}. {words}") from error
        except TimeoutError as error:
            raise LimitError("time", _LATE) from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise LimitError("time", _LATE) from error
            why = getattr(reason, "strerror", None) or reason
            hint = "See that the address is right, and that a server runs there."
            raise StoreError(f"{self._called} cannot be reached: {str(why).lower()}. {hint}") from error

    def _read(self, response: IO[bytes], deadline: float | None) -> bytes:
        """The whole body, in time and within the limit."""
        blocks, size = [], 0
        while block := response.read(_BLOCK):
            blocks.append(block)
            size += len(block)
            if self._limits.answer is not None and size > self._limits.answer:
                most = self._limits.answer // 2**20
                raise LimitError("bytes", f"The answer is larger than {most} MB. Ask for it in pages, or for less.")
            if deadline is not None and time.perf_counter() > deadline:
                raise LimitError("time", _LATE)
        return b"".join(blocks)


def _form(query: str) -> str:
    form = next((token.keyword for token in tokens(query) if token.keyword in _FORMS), "")
    if not form:
        raise QueryError("A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its prefixes.")
    return form


def _response(error: Exception) -> bytes:
    """What the server said: the library keeps it only as it would be written in Python, within its own message."""
    words, _, written = str(error).partition("Response:\n")
    try:
        return bytes(ast.literal_eval(written))
    except (ValueError, SyntaxError):
        return words.encode()


def _words_of(error: urllib.error.HTTPError) -> bytes:
    """The beginning of what the server says beside its status; nothing where it breaks off."""
    try:
        with error:
            return error.read(_BLOCK)
    except (OSError, HTTPException):
        return b""


def _wait(said: str | None) -> float:
    """Seconds until one may ask again; 0 where the server names none, or a moment by the clock."""
    return float(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else 0.0


def _said(words: bytes) -> str:
    """A server's words about an error, from our own form of it or as they are."""
    text = words.decode(errors="replace")
    try:
        error = json.loads(text)["error"]
        text = " ".join(each for each in (error["detail"], error["hint"]) if each)
    except (ValueError, KeyError, TypeError):
        pass
    return " ".join(text.split())[:_SAID]
