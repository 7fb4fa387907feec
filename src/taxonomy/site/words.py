"""How dates, money and the states of knowledge are said on a page. Registered as Jinja filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from taxonomy.days import written
from taxonomy.questions.catalogue import Question
from taxonomy.questions.results import Answer

NOT_KNOWN: Final = "Not known: no source recorded here says."


def day(value: date | str) -> str:
    """A date as people write it; it may be given as a manifest keeps it.

    >>> day(date(2018, 3, 12)), day("2018-03-12")
    ('12 March 2018', '12 March 2018')
    """
    return written(date.fromisoformat(value) if isinstance(value, str) else value)


def pounds(value: Decimal | int) -> str:
    """An amount of money in pounds; pence only where there are some.

    >>> pounds(Decimal("342333")), pounds(Decimal("11043.5")), pounds(Decimal("-906000"))
    ('£342,333', '£11,043.50', '−£906,000')
    """
    whole = Decimal(value) == Decimal(value).to_integral_value()
    text = f"{abs(Decimal(value)):,.{0 if whole else 2}f}"
    return ("−" if value < 0 else "") + "£" + text


def number(value: Decimal | int) -> str:
    """A figure with its thousands marked, and no noughts that the source did not print.

    >>> number(2500), number(Decimal("2.88"))
    ('2,500', '2.88')
    """
    return f"{value:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "service"), plural(2, "agency", "agencies"), plural(0, "row")
    ('1 service', '2 agencies', '0 rows')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def said(value: date | None, dated: str = "") -> str:
    """When something was said, so that nothing old looks current; in the source's words where it prints no day.

    >>> said(date(2018, 3, 12))
    'as stated on 12 March 2018; nothing newer is recorded'
    >>> said(date(2019, 7, 1), "July 2019")
    'as stated by a source dated “July 2019”; nothing newer is recorded'
    >>> said(None)
    'as stated by a source without a date'
    """
    if value is None:
        return "as stated by a source without a date"
    when = f"by a source dated “{dated}”" if dated else f"on {day(value)}"
    return f"as stated {when}; nothing newer is recorded"


def plain(value: Any) -> str:
    """Any value of an answer in words.

    >>> plain(None), plain(True), plain(date(2018, 3, 12)), plain(7)
    ('', 'yes', '12 March 2018', '7')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return number(value)
        case date():
            return day(value)
        case _:
            return str(value)


def heading(name: str) -> str:
    """A column's or a parameter's name as a heading.

    >>> heading("provider_as_printed")
    'Provider as printed'
    """
    return capital(name.replace("_", " ").replace("-", " "))


def capital(text: str) -> str:
    """Text with its first letter large, and the rest as it is.

    >>> capital("as at"), capital("IRI of the fund")
    ('As at', 'IRI of the fund')
    """
    return text[:1].upper() + text[1:]


def term(label: str) -> str:
    """A property's label; one of another vocabulary that this release does not label, in our words.

    >>> term("dcterms:publisher"), term("lead provider")
    ('published by', 'lead provider')
    """
    return _TERMS.get(label) or (label.partition(":")[2] if _PREFIXED.match(label) else label)


def numeric(answer: Answer, column: str) -> bool:
    """Whether a column holds figures and nothing else."""
    values = [row[column] for row in answer if row[column] is not None]
    return bool(values) and all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in values)


def money(question: Question) -> frozenset[str]:
    """The columns of a question that hold pounds, by what its file says of them."""
    return frozenset(column for column, about in question.columns.items() if "pounds" in about)


def not_asked(question: Question) -> dict[str, str]:
    """What stands in the empty cells of columns that are empty because something was not asked for, or is not so.

    Such a cell is not "not known". Which columns these are, the question's file says of them.
    """
    found = {column: _NOT_ASKED.search(about) for column, about in question.columns.items()}
    return {column: each[1].capitalize() for column, each in found.items() if each}


def wordy(answer: Answer, column: str) -> bool:
    """Whether a column holds long texts, and needs room so that they do not make every row tall."""
    return any(
        isinstance(value := row[column], str) and len(value) > _LONG and not row.is_iri(column) for row in answer
    )


_NOT_ASKED: Final = re.compile(r"\bblank where (no \w+ was asked for|none states it|all are named)")
_LONG: Final = 100  # signs
_PREFIXED: Final = re.compile(r"[a-z]+:[A-Za-z]+\Z")
_TERMS: Final[Mapping[str, str]] = {
    "rdf:type": "kind",
    "rdfs:label": "label",
    "rdfs:seeAlso": "see also",
    "rdfs:isDefinedBy": "defined in",
    "skos:prefLabel": "label",
    "skos:altLabel": "other names",
    "skos:definition": "definition",
    "skos:scopeNote": "note",
    "skos:broader": "a kind of",
    "skos:related": "see also",
    "skos:inScheme": "scheme",
    "skos:exactMatch": "the same as",
    "skos:closeMatch": "close to",
    "skos:broadMatch": "narrower than",
    "skos:narrowMatch": "wider than",
    "skos:relatedMatch": "related to",
    "dcterms:description": "description",
    "dcterms:title": "title",
    "dcterms:publisher": "published by",
    "dcterms:creator": "written by",
    "dcterms:issued": "published on",
    "dcterms:source": "source",
    "dcterms:license": "licence",
    "dcterms:rights": "attribution",
    "dcterms:isPartOf": "part of",
    "dcterms:references": "document referred to",
}

FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "day": day,
    "pounds": pounds,
    "number": number,
    "plural": plural,
    "said": said,
    "plain": plain,
    "heading": heading,
    "capital": capital,
    "term": term,
    "numeric": numeric,
    "not_asked": not_asked,
    "wordy": wordy,
    "money": money,
}
