"""The prefixes of our own IRIs, declared for a query that uses them and does not declare them."""

from __future__ import annotations

import re
from typing import Final

from taxonomy import namespaces
from taxonomy.errors import QueryError

_OUTSIDE: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|<[^<>\"{}|^`\\\s]*>|#[^\n]*")


def missing(text: str) -> str:
    """Declarations for the known prefixes that a query uses without declaring them; one line, to stand before it.

    >>> missing("SELECT * { ?s a sv:Service }")
    'PREFIX sv: <https://w3id.org/svssv/ontology#> '
    >>> missing("PREFIX sv: <https://example.org/> SELECT * { ?s a sv:Service }")
    ''
    """
    bare = _OUTSIDE.sub(" ", text)
    used = set(re.findall(r"(?<![\w:?$@.-])([a-z]+):", bare))
    declared = set(re.findall(r"\bPREFIX\s+([\w.-]*):", bare, re.IGNORECASE))
    return "".join(
        f"PREFIX {prefix}: <{base}> " for prefix, base in namespaces.PREFIXES.items() if prefix in used - declared
    )


def declared(text: str) -> str:
    """The query with what ``missing`` finds before it, one declaration to a line.

    >>> print(declared("ASK { ?s a sv:Service }"))
    PREFIX sv: <https://w3id.org/svssv/ontology#>
    ASK { ?s a sv:Service }
    """
    return missing(text).replace("> ", ">\n") + text


def shifted(error: QueryError, before: str) -> QueryError:
    """The same error, at the place where it stands in the text without what was put before it."""
    if error.line != 1 or error.column <= len(before):
        return error
    return type(error)(error.detail, line=1, column=error.column - len(before), hint=error.hint)
