"""What could stand in a cell instead of what cannot be read, where one answer is likely; a person decides."""

from __future__ import annotations

import contextlib
import re
from difflib import SequenceMatcher
from typing import Final

from taxonomy import fields, written
from taxonomy.context import Context, fold
from taxonomy.errors import InputError
from taxonomy.fields import Field
from taxonomy.namespaces import SV
from taxonomy.values import Iri, parse_date, parse_money

_LIKELY: Final = 0.8  # how alike a name has to be, from 0 to 1
_OLDEST: Final = 120  # years
_LONGEST: Final = 80  # characters of a value that are looked at
_IDENTIFIER: Final = Iri(SV + "identifier")

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS: Final = (
    {word: number for number, word in enumerate(_ONES)}
    | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
    | {
        f"{ten} {one}": 10 * number + unit
        for number, ten in enumerate(_TENS, start=2)
        for unit, one in enumerate(_ONES[:10])
        if unit
    }
)
_YEARS: Final = r"(?: ?(?:years?|yrs?)(?: old)?| ?y ?o)?"
_ONWARDS: Final = r"(?: ?plus| (?:and|or) (?:over|above|older|up|upwards))?"
_AGE: Final = re.compile(rf"(?:aged? |from )?([0-9]{{1,3}}){_YEARS}{_ONWARDS}{_YEARS}")
_MONTHS: Final = re.compile(r"([0-9]{1,3}) ?(?:months?|mths?)")
_DAYS: Final = (  # forms of a day that could mean several, or are not used here, and one way to write them
    (re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})"), r"\1-\2-\3"),
    (re.compile(r"([0-9]{1,2}[/.-][0-9]{1,2}[/.-]|[0-9]{1,2}(?:st|nd|rd|th)? [a-z]{3,9} )'?([0-9]{2})"), r"\g<1>20\2"),
    (re.compile(r"([a-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})"), r"\2 \1 \3"),
)
_COMPANY: Final = re.compile(r"(?:gb[- ]coh[- ]?|company (?:number|no\.?)?:? ?)([0-9]{6,8})")
_CHARITY: Final = re.compile(r"(?:gb[- ]chc[- ]?|charity (?:number|no\.?)?:? ?)([0-9]{6,8})")


def suggest(path: Iri | None, written: str | None, context: Context) -> str:
    """What may have been meant in the column of a property; nothing where no one answer is likely.

    >>> suggest(Iri(SV + "minimumAge"), "16+", Context.bundled())
    '16'
    """
    field = next((each for each in fields.fields() if each.path == path), None)
    if field is None or not written or len(written) > _LONGEST:
        return ""
    text = " ".join(written.split()).casefold()
    match field.kind:
        case "integer":
            return _whole(text, field)
        case "decimal":
            return _pounds(text)
        case "date":
            return _day(text)
        case "boolean":
            first = fold(text).partition(" ")[0]
            return first if first in {"yes", "no"} and fold(text) != first else ""
        case "name" | "choice":
            return _name(written, field, context)
    return _identifier(text) if path == _IDENTIFIER else ""


def _whole(text: str, field: Field) -> str:
    """A number in words, or with words around it that say no more than the heading does."""
    plain = text.replace("+", " plus")
    in_words = _NUMBERS.get(plain.replace("-", " "))
    pattern, most = (_MONTHS, 999) if "month" in field.heading.casefold() else (_AGE, _OLDEST)
    found = pattern.fullmatch(plain)
    number = int(found[1]) if found and found[1] != plain else in_words
    return str(number) if number is not None and number <= most else ""


def _pounds(text: str) -> str:
    """A short form, written out."""
    try:
        written.amount(text)
    except InputError:
        try:
            return f"{parse_money(text):f}"
        except InputError:
            pass
    return ""


def _day(text: str) -> str:
    for pattern, order in _DAYS:
        if pattern.fullmatch(text):
            with contextlib.suppress(InputError):
                return parse_date(pattern.sub(order, text)).isoformat()
    return ""


def _name(written: str, field: Field, context: Context) -> str:
    choices = {each for other in fields.fields() if other.path == field.path for each in other.choices}
    near = [context.label(each) for each in choices] if choices else context.near(written, field.takes)
    alike = sorted(((SequenceMatcher(None, fold(each), fold(written)).ratio(), each) for each in near), reverse=True)
    clear = len(alike) == 1 or (len(alike) > 1 and alike[0][0] > alike[1][0])
    return alike[0][1] if clear and _LIKELY <= alike[0][0] < 1 else ""


def _identifier(text: str) -> str:
    """A company or charity number in its usual form, with the zeros at the start that spreadsheets lose."""
    if company := _COMPANY.fullmatch(text):
        return f"GB-COH-{company[1].zfill(8)}"
    if charity := _CHARITY.fullmatch(text):
        return f"GB-CHC-{charity[1]}"
    return ""
