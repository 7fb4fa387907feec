"""What is refused before a reader sees it, with words that say why.

The scan reads tokens, not grammar: it is quick, and it can be got round. It is here for the message. What it misses is
stopped by the reader itself, which has no network, cannot write, and is killed when it takes too much.
"""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from cachetools import LRUCache, cached

from taxonomy.errors import LimitError, QueryError, RefusedQueryError
from taxonomy.store.tokens import Token, tokens

LENGTH: Final = 64 * 2**10  # characters of query text
DEPTH: Final = 100  # brackets of all kinds, one within another
GROUPS: Final = 500  # groups in braces
PATTERNS: Final = 100  # triple patterns in one group; an item of a list makes two
STEPS: Final = 50  # steps of one property path

_UPDATES: Final = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
_NAMING: Final = {"GRAPH", "FROM", "NAMED", "DESCRIBE"}  # a name may follow these and stand before a brace
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# Read as "less than", `?a<?b)SERVICE?x#>` is no IRI at all.
_SERVICE_IN_IRI: Final = re.compile(r"(?<![/-])service(silent)?[?$:#]", re.IGNORECASE)
_COUNTED: Final = frozenset("{}()[].;,/|^")
_CLOSES: Final = {"}": "{", ")": "(", "]": "["}
_SAYING: Final = {"word", "name", "iri", "open"}  # kinds of token in which a keyword may be, or hide
_TERMS: Final = {"string", "iri", "variable", "blank", "name", "number"}
_passed: Final[LRUCache[Any, None]] = LRUCache(1024)  # digests of texts, and no text


def _mark(query: str, *, bounded: bool = True) -> bytes:
    """What stands for a text that was let through, so that it is not read again the next time."""
    return hashlib.sha256(query.encode(errors="surrogatepass")).digest() + bytes([bounded])


@cached(_passed, key=_mark, lock=threading.Lock())
def screen(query: str, *, bounded: bool = True) -> None:
    """Let a query through, or say why not; ``bounded`` is whether limits of size and shape hold as well.

    >>> screen("SELECT ?service WHERE { ?service ?p 'SERVICE' }")
    >>> screen("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    taxonomy.errors.RefusedQueryError: This service does not ask other servers (SERVICE). Ask them yourself, ...

    Raises:
        QueryError: the query is too long, or a text in it has no end.
        RefusedQueryError: it asks another server, or changes data.
        LimitError: its shape would take too long to plan.
    """
    if bounded and len(query) > LENGTH:
        raise QueryError(f"The query has {len(query):,} characters; {LENGTH:,} are the most.")
    read = tokens(query)
    _refuse(read)
    if any(token.kind == "open" for token in read):
        raise QueryError("A text in quotation marks has no end.")
    undone = _ESCAPE.sub(_character, query)
    if undone != query:
        _refuse(tokens(undone))
    if bounded:
        _Shape().measure(read)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _refuse(read: list[Token]) -> None:
    for place, (kind, text) in enumerate(read):
        if kind not in _SAYING:
            continue
        if kind == "word" and (word := text.upper()) in _UPDATES:
            raise RefusedQueryError(f"This service only answers questions; it does not change data ({word}).")
        if "service" in text.lower() and _asks_a_server(*_around(read, place)):
            raise RefusedQueryError(
                "This service does not ask other servers (SERVICE).",
                hint="Ask them yourself, and join the answers.",
            )


def _around(read: list[Token], place: int) -> tuple[Token, Token, Token]:
    nothing = Token("sign", "")
    before, after = read[place - 1 : place], read[place + 1 : place + 2]
    return (before or [nothing])[0], read[place], (after or [nothing])[0]


def _asks_a_server(before: Token, token: Token, after: Token) -> bool:
    """The engine needs no space around a keyword: `trueSERVICE<…>` and `SERVICEex:x {…}` both ask a server."""
    if token.kind == "name":
        glued = "SERVICE" in token.text.partition(":")[0].upper() and after.text == "{"
        return glued and before.keyword not in _NAMING
    return (
        token.kind == "open"
        or "SERVICE" in token.keyword
        or (token.kind == "iri" and bool(_SERVICE_IN_IRI.search(token.text)))
    )


@dataclass(slots=True)
class _Group:
    """A bracket that is open, and what has been counted in it."""

    opened: str
    patterns: int = 0
    steps: int = 0


class _Shape:
    """Counts what makes a query slow to plan, though it is short."""

    def __init__(self) -> None:
        self._open = [_Group("{")]
        self._groups = 0

    def measure(self, read: list[Token]) -> None:
        for (before, _), (kind, text) in pairwise((Token("sign", ""), *read)):
            if kind == "sign":
                if text in _COUNTED:
                    self._sign(text)
            elif kind in _TERMS and before in _TERMS and self._open[-1].opened == "(":
                self._patterns(2)

    def _sign(self, sign: str) -> None:
        here = self._open[-1]
        if sign in "{([":
            self._groups += sign == "{"
            _at_most(GROUPS, self._groups, "groups in braces")
            if sign == "[":
                self._patterns(1)
            self._open.append(_Group(sign))
            _at_most(DEPTH, len(self._open) - 1, "brackets within one another")
        elif sign in _CLOSES:
            if len(self._open) > 1:
                self._open.pop()
        elif sign in ".;," and here.opened != "(":
            self._patterns(1)
        elif sign in "/|^":
            self._steps()

    def _patterns(self, count: int) -> None:
        group = next(group for group in reversed(self._open) if group.opened == "{")
        group.patterns += count
        group.steps = 0
        _at_most(PATTERNS, group.patterns, "triple patterns in one group")

    def _steps(self) -> None:
        group = next(group for group in reversed(self._open) if group.opened == "{")
        group.steps += 1
        _at_most(STEPS, group.steps, "steps in one path")


def _at_most(limit: int, count: int, what: str) -> None:
    if count > limit:
        raise LimitError("complexity", f"The query has more than {limit} {what}. Ask it in smaller parts.")
