"""Values: RDF terms as plain Python, and the ways in which people write money, dates, ages and yes or no.

An ``Iri`` is a string that is a name; text is ``str``; money is ``Decimal``; days are ``date``. The
``parse_…`` functions read what people type and refuse what could mean two things, rather than guess.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from taxonomy.errors import InputError
from taxonomy.namespaces import XSD

_GROUPED: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,2})?")
_TIMES: Final = {"k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
_SCALED: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?(k|thousand|m|million|bn|billion)")
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[t ]00:00(?::00)?)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_MONTH: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    "|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
_IN_WORDS: Final = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})\.?,? ([0-9]{{4}})")
_YES_NO: Final = dict.fromkeys(("yes", "y", "true", "1"), True) | dict.fromkeys(("no", "n", "false", "0"), False)
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.0{1,6})?")


class Iri(str):
    """The name of a thing.

    >>> Iri("https://example.org/id/service/made-up-counselling").slug
    'made-up-counselling'
    """

    __slots__ = ()

    @property
    def slug(self) -> str:
        """What stands after the last slash or hash."""
        return re.split(r"[/#]", self)[-1]


Value = Iri | str | bool | int | Decimal | date


def from_term(term: NamedNode | Literal) -> Value:
    """The Python value of a term; a literal that does not fit its datatype stays text.

    >>> from_term(Literal("228500.00", datatype=NamedNode(XSD + "decimal")))
    Decimal('228500.00')
    >>> from_term(Literal("sixteen", datatype=NamedNode(XSD + "integer")))
    'sixteen'
    """
    if isinstance(term, NamedNode):
        return Iri(term.value)
    text = term.value
    match term.datatype.value.removeprefix(XSD):
        case "integer" if re.fullmatch(r"[+-]?[0-9]{1,4000}", text):
            return int(text)
        case "decimal" if re.fullmatch(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", text):
            return Decimal(text)
        case "boolean" if text in {"true", "false", "1", "0"}:
            return text in {"true", "1"}
        case "date" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                return text
    return text


def to_term(value: Value) -> NamedNode | Literal:
    """The RDF term of a Python value; text has no language.

    >>> str(to_term(date(2018, 3, 12)))
    '"2018-03-12"^^<http://www.w3.org/2001/XMLSchema#date>'
    """
    match value:
        case Iri():
            return NamedNode(value)
        case bool():
            return Literal(str(value).lower(), datatype=NamedNode(XSD + "boolean"))
        case int():
            return Literal(str(value), datatype=NamedNode(XSD + "integer"))
        case Decimal():
            return Literal(f"{value:f}", datatype=NamedNode(XSD + "decimal"))
        case date():
            return Literal(value.isoformat(), datatype=NamedNode(XSD + "date"))
        case _:
            return Literal(value)


def parse_money(text: str) -> Decimal:
    """An amount in pounds, as people write it, to the penny.

    >>> parse_money("£228,500"), parse_money("1.2 million"), parse_money("£80k")
    (Decimal('228500'), Decimal('1200000'), Decimal('80000'))

    Raises:
        InputError: it is no amount, or could mean two (``228.500``, ``about £80k``).
    """
    plain = _plain(text)
    amount = re.sub(r"^(?:£|gbp|pounds) ?|^(-)£| ?(?:gbp|pounds)$", r"\1", plain)
    if _GROUPED.fullmatch(amount):
        return Decimal(amount.replace(",", ""))
    if scaled := _SCALED.fullmatch(amount):
        product = Decimal(scaled[1]) * _TIMES[scaled[2]]
        if product == product.to_integral_value():
            return Decimal(int(product))
    raise InputError(f"{_shown(text)} is not an amount in pounds.", hint="Type the figure alone, such as 228500.00.")


def parse_date(text: str) -> date:
    """A day, as people in Britain write it.

    >>> parse_date("2018-03-12") == parse_date("12/03/2018") == parse_date("12th March 2018")
    True

    Raises:
        InputError: it is no day, or could mean several (``03/18``, ``March 2018``, ``12/3/18``).
    """
    plain = _plain(text)
    try:
        if iso := _ISO_DAY.fullmatch(plain):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if british := _DAY_FIRST.fullmatch(plain):
            return date(int(british[4]), int(british[3]), int(british[1]))
        if words := _IN_WORDS.fullmatch(plain):
            return date(int(words[3]), _MONTHS.index(words[2][:3]) // 3 + 1, int(words[1]))
    except ValueError:  # the 31st of June
        pass
    raise InputError(f"{_shown(text)} is not a date.", hint="Type year, month and day, such as 2026-04-01.")


def parse_integer(text: str) -> int:
    """A whole number; spreadsheets often add ``.0``.

    >>> parse_integer("16"), parse_integer("16.0")
    (16, 16)

    Raises:
        InputError: it is not a whole number in digits.
    """
    plain = _plain(text)
    if _WHOLE.fullmatch(plain):
        return int(plain.partition(".")[0])
    raise InputError(f"{_shown(text)} is not a whole number.", hint="Type digits, such as 16.")


def parse_boolean(text: str) -> bool:
    """Yes or no.

    >>> parse_boolean("Yes"), parse_boolean("n")
    (True, False)

    Raises:
        InputError: it is neither.
    """
    answer = _YES_NO.get(_plain(text))
    if answer is None:
        raise InputError(f"{_shown(text)} is neither yes nor no.", hint="Type yes or no.")
    return answer


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
