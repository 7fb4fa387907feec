"""What can be read from a SPARQL query by its tokens alone, without parsing it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import urljoin

from taxonomy.errors import RefusedQueryError

_TOKEN: Final = re.compile(
    r"""
    (?:
      (?P<space>   \s++ | \#[^\r\n]*+ )
    | (?P<variable> [?$] \w++ )
    | (?P<string>  \"{3} (?: \"{0,2}+ (?: [^"\\] | \\. ) )*+ \"{3,5}+
                 | '{3} (?: '{0,2}+ (?: [^'\\] | \\. ) )*+ '{3,5}+ )
    | (?P<open>    \"{3} .*+ | '{3} .*+ )
    | (?P<short>   \" (?: [^"\\\r\n] | \\. )*+ \" | ' (?: [^'\\\r\n] | \\. )*+ ' )
    | (?P<unended> ["'] [^\r\n]*+ )
    | (?P<iri>     < (?: [^\x00-\x20<>"{}|^`\\] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} )*+ > )
    | (?P<blank>   _: \w (?: [\w·-] | \.(?=[\w·.-]) )*+ )
    | (?P<language> @ [A-Za-z]++ (?: - [A-Za-z0-9]++ )*+ )
    | (?P<run>     [^\W\d_] (?: [\w·-] | \.(?=[\w·.-]) )*+ (?!:) )
    | (?P<name>    (?: [^\W\d_] (?: [\w·-] | \.(?=[\w·.-]) )*+ )?+ :
                   (?: [\w:·-] | %[0-9A-Fa-f]{2} | \\[_~.!$&'()*+,;=/?\#@%-] | \.(?=[\w:·.%\\-]) )*+ )
    | (?P<number>  \d++ (?: \.\d++ )?+ (?: [eE][+-]?\d++ )?+ | \.\d++ (?: [eE][+-]?\d++ )?+ )
    | (?P<word>    \w++ )
    | (?P<sign>    . )
    )
    (?: \s++ | \#[^\r\n]*+ )*+  # read with the token before it, which is twice as fast
    """,
    re.VERBOSE | re.DOTALL,
)
_SAME: Final = {"run": "word", "short": "string", "unended": "open"}
# What could have been a prefix but has no colon: read in one go, or many such would be read again from every letter.
_RUN: Final = re.compile(r"(?P<number>\d++)|(?P<word>\w++)|(?P<sign>.)", re.DOTALL)


_WITH_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OF_THE_MOMENT: Final = {"NOW", "RAND", "UUID", "STRUUID"}
# Patterns that begin with a word are looked for ten times as fast as those that begin with a choice.
_PERHAPS_OF_THE_MOMENT: Final = tuple(re.compile(rf"{word}(?!\w)") for word in ("NOW", "RAND", "UUID"))
# FROM in a sentence, or as part of a longer word, is no clause: of that, what names a graph follows at once.
_PERHAPS_FROM: Final = (re.compile(r"FROM(?<![^\W\d]FROM)(?!\w)\s*+(?:NAMED|[<\#]|(?:\w[\w·.-]*+)?+:)"),)
_BEFORE: Final = re.compile(r"(?:\s|\#[^\r\n]*+)*+")  # what stands before the first word, such as a question's header


class Token(NamedTuple):
    """A piece of a query: its kind and its text.

    Kinds: string, open (a string without its end), iri, variable, blank, language, name, number, word, sign.
    """

    kind: str
    text: str

    @property
    def keyword(self) -> str:
        """The word in capitals; nothing for other kinds."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(query: str) -> list[Token]:
    """The tokens of a query, without white space and comments.

    >>> [token.text for token in tokens("ASK { ?s :p.SERVICE 'a # b' } # end")]
    ['ASK', '{', '?s', ':p.SERVICE', "'a # b'", '}']
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or ""
        text = match[kind]
        if kind == "run" and not text.isalnum():
            found += (Token(part.lastgroup or "", part.group()) for part in _RUN.finditer(text))
        elif kind != "space":
            found.append(Token(_SAME.get(kind, kind), text))
    return found


def changes_by_itself(query: str) -> bool:
    """Whether the same query gives another answer each time, by the clock or by chance.

    >>> changes_by_itself("SELECT (NOW() AS ?now) {}"), changes_by_itself("ASK { ?now ?rand 'NOW' }")
    (True, False)
    """
    if not _perhaps(_PERHAPS_OF_THE_MOMENT, query):  # nearly always, and a hundred times as fast
        return False
    return any(token.keyword in _OF_THE_MOMENT for token in tokens(query))


def from_clauses(query: str, base: str = "") -> tuple[list[str], list[str]]:
    """The graphs that a query names with ``FROM`` and with ``FROM NAMED``.

    Prefixed names and relative IRIs are written out; where that cannot be, a single ``FROM`` is left to the engine.

    >>> from_clauses("PREFIX g: <https://example.org/> SELECT * FROM g:a FROM <https://example.org/b> { ?s ?p ?o }")
    (['https://example.org/a', 'https://example.org/b'], [])
    >>> from_clauses("BASE <https://example.org/x/> SELECT * FROM <../a> FROM NAMED <b> { ?s ?p ?o }")
    (['https://example.org/a'], ['https://example.org/x/b'])

    Raises:
        RefusedQueryError: several graphs are merged, and one of them is not a whole IRI.
    """
    found: tuple[list[str], list[str]] = ([], [])
    if not _perhaps(_PERHAPS_FROM, query):  # nearly always, and a hundred times as fast
        return found
    prefixes: dict[str, str] = {}
    words = tokens(query)
    for place, token in enumerate(words[:-2]):
        following, after = words[place + 1], words[place + 2]
        if token.keyword == "PREFIX":
            prefixes[following.text] = _absolute(after.text[1:-1], base)
        elif token.keyword == "BASE":
            base = _absolute(following.text[1:-1], base)
        elif token.keyword == "FROM":
            named = following.keyword == "NAMED"
            found[named].append(_written_out(after if named else following, prefixes, base))
    if len(found[0]) > 1 and not all(found[0] + found[1]):
        raise RefusedQueryError("A query with several FROM must name each graph by a whole IRI, such as <https://…>.")
    return found


def _perhaps(patterns: tuple[re.Pattern[str], ...], query: str) -> bool:
    """Whether a look at the text, without telling words from strings, finds what may be a keyword."""
    before = _BEFORE.match(query)
    asked = query[before.end() if before else 0 :].upper()
    return any(pattern.search(asked) for pattern in patterns)


def _written_out(token: Token, prefixes: dict[str, str], base: str) -> str:
    """The whole IRI; nothing where that takes more than a look at the tokens."""
    if token.kind == "iri":
        return _absolute(token.text[1:-1], base)
    prefix, _, local = token.text.partition(":")
    start = prefixes.get(prefix + ":", "")
    return start + local if token.kind == "name" and start and "\\" not in local else ""


def _absolute(iri: str, base: str) -> str:
    if "\\" in iri:
        return ""
    if _WITH_SCHEME.match(iri):
        return iri
    return urljoin(base, iri) if base and not iri.endswith("#") else ""
