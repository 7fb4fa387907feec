"""The RDF terms of SPARQL results in JSON, exactly as the store gave them: datatypes, languages and blank nodes kept.

``Answer`` holds values for people and programs; what has to be compared or hashed is read here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, NamedTuple

from pyoxigraph import BlankNode, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results
from pyoxigraph import Literal as RdfLiteral

from taxonomy import namespaces
from taxonomy.errors import StoreError

Value = str | int | Decimal | bool | date | None

_INTEGERS: Final = {
    f"{namespaces.XSD}{sign}{size}"
    for sign, size in [
        *((sign, "Integer") for sign in ("positive", "negative", "nonPositive", "nonNegative")),
        *(("", size) for size in ("integer", "int", "long", "short", "byte")),
        *(("unsigned", size) for size in ("Int", "Long", "Short", "Byte")),
    ]
}
_DECIMALS: Final = {namespaces.XSD + name for name in ("decimal", "double", "float")}
_STRING: Final = namespaces.XSD + "string"


Kind = Literal["uri", "bnode", "literal", "triple"]


def text(value: Value) -> str:
    """A value as text: plain digits, days as year-month-day, nothing for what is not known.

    >>> text(Decimal("3547368.00")), text(True), text(None)
    ('3547368.00', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


class Term(NamedTuple):
    """One RDF term; ``datatype`` and ``language`` are empty where it has none of its own."""

    kind: Kind
    value: str
    datatype: str = ""
    language: str = ""

    @classmethod
    def from_json(cls, binding: Mapping[str, Any]) -> Term:
        """The term that a binding of SPARQL results in JSON holds.

        >>> Term.from_json({"type": "literal", "value": "3", "datatype": namespaces.XSD + "integer"}).python
        3
        """
        if binding["type"] == "triple":
            return cls("triple", json.dumps(binding["value"], sort_keys=True))
        datatype = binding.get("datatype", "")
        kind: Kind = "literal" if binding["type"] == "typed-literal" else binding["type"]
        language = str(binding.get("xml:lang", ""))
        return cls(kind, str(binding["value"]), "" if datatype == _STRING else datatype, language.lower())

    @property
    def is_iri(self) -> bool:
        """Whether it names a thing."""
        return self.kind == "uri"

    @property
    def python(self) -> Value:
        """The value in Python; a literal that is out of Python's range, or not of its type, stays as it is written."""
        if self.kind == "bnode":
            return f"_:{self.value}"
        try:
            return _typed(self.value, self.datatype)
        except (ValueError, InvalidOperation):
            return self.value

    def as_json(self) -> dict[str, Any]:
        """The term as SPARQL results in JSON write it."""
        value = json.loads(self.value) if self.kind == "triple" else self.value
        written = {"type": self.kind, "value": value}
        if self.datatype:
            written["datatype"] = self.datatype
        if self.language:
            written["xml:lang"] = self.language
        return written


class Terms(NamedTuple):
    """A table of terms; None is a cell without one. An ASK has one column, ``answer``, and one row."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


def read(body: bytes) -> Terms:
    """The table in SPARQL results in JSON.

    >>> read(b'{"head": {}, "boolean": true}').rows[0][0].python
    True

    Raises:
        StoreError: it is not SPARQL results in JSON.
    """
    try:
        results = json.loads(body)
        if "boolean" in results:
            said = Term("literal", str(bool(results["boolean"])).lower(), namespaces.XSD + "boolean")
            return Terms(("answer",), [(said,)])
        columns = tuple(results["head"]["vars"])
        rows = [
            tuple(Term.from_json(binding[name]) if name in binding else None for name in columns)
            for binding in results["results"]["bindings"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"The store's answer could not be read: {error}") from error
    return Terms(columns, rows)


def read_lines(columns: str, lines: Sequence[str]) -> list[tuple[Term | None, ...]]:
    r"""The rows in some lines of SPARQL results in TSV, under the line that names their columns.

    >>> read_lines("?place\t?n", ["<https://example.org/a>\t3"])[0][1].python
    3

    Raises:
        StoreError: they are not such lines.
    """
    try:
        table = parse_query_results("\n".join([columns, *lines, ""]).encode(), QueryResultsFormat.TSV)
        if not isinstance(table, QuerySolutions):
            raise StoreError("The store's answer is not a table.")
        return [tuple(from_rdf(cell) for cell in solution) for solution in table]
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"The store's answer could not be read: {error}") from error


def from_rdf(cell: object) -> Term | None:
    """A term of the engine's own kind; None stays None."""
    match cell:
        case NamedNode():
            return Term("uri", cell.value)
        case BlankNode():
            return Term("bnode", cell.value)
        case RdfLiteral():
            datatype = "" if cell.language or cell.datatype.value == _STRING else cell.datatype.value
            return Term("literal", cell.value, datatype, (cell.language or "").lower())
        case None:
            return None
        case _:
            return Term("triple", json.dumps(str(cell)))


def _typed(lexical: str, datatype: str) -> Value:
    if datatype in _INTEGERS:
        return int(lexical)
    if datatype in _DECIMALS:
        number = Decimal(lexical)
        return number if number.is_finite() else lexical
    if datatype == namespaces.XSD + "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(lexical, lexical)
    if datatype == namespaces.XSD + "date":
        return date.fromisoformat(lexical)
    if datatype == namespaces.XSD + "dateTime":
        return datetime.fromisoformat(lexical)
    return lexical
