"""What people and programs write in a field, as values of its kind; what cannot be read stays text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from taxonomy.errors import InputError
from taxonomy.fields import Field
from taxonomy.namespaces import XSD
from taxonomy.values import Value, parse_boolean, parse_date, parse_integer, parse_money, to_term

_SERIAL: Final = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?")  # days since the last day but one of 1899
_FIRST_DAY: Final = date(1899, 12, 30)
_TIME: Final = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_SHORTENED: Final = re.compile(r"[0-9] ?(?:k|thousand|m|million|bn|billion)$", re.IGNORECASE)


def day(text: str) -> date:
    """A day; spreadsheets also write one as a number, or with a time.

    >>> day("46113") == day("2026-04-01T09:30:00") == day("1/4/2026")
    True

    Raises:
        InputError: it is no day, or could mean several.
    """
    if _SERIAL.fullmatch(text):
        return _FIRST_DAY + timedelta(days=int(text[:5]))
    return parse_date(_TIME.sub("", text))


def amount(text: str) -> Decimal:
    """An amount in pounds, written out: a short form such as 60k may be a slip of the key.

    >>> amount("£60,000")
    Decimal('60000')

    Raises:
        InputError: it is no amount that is written out.
    """
    if _SHORTENED.search(text):
        raise InputError("The amount is not written out.", hint="Type all the digits, such as 60000.")
    return parse_money(text)


_PARSERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "integer": parse_integer,
    "decimal": amount,
    "date": day,
    "boolean": parse_boolean,
}


def literal(field: Field, text: str) -> Literal:
    """The value of a text that names nothing."""
    match field.kind:
        case "prose":
            return Literal(text, language="en")
        case "address":
            return Literal(text, datatype=NamedNode(XSD + "anyURI"))
        case "integer" | "decimal" | "date" | "boolean":
            try:
                term = to_term(_PARSERS[field.kind](text))
            except InputError:
                return Literal(text)
            assert isinstance(term, Literal)  # noqa: S101  # no parser gives the name of a thing
            return term
    return Literal(text)
