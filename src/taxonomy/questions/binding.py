"""Values into a question: each becomes one RDF term, and takes the place that the question's file marks for it.

A value is never pasted. It is read by its parameter's type, made into a term by the engine's own types, and the term's
serialisation replaces what stands inside the braces of the parameter's ``VALUES`` line. No other text is touched.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode

from taxonomy import namespaces
from taxonomy.errors import QueryError
from taxonomy.questions.catalogue import Parameter, Question

Given = str | int | Decimal | date | bool | Sequence[str | int | Decimal | date | bool] | None

_UNDEF: Final = "UNDEF"
_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_GSS: Final = re.compile(r"[A-Z]\d{8}")
_THING: Final = re.compile(rf"[a-z]+(?:/{_SLUG})+(?:/[a-z0-9-]+)*")
_CONCEPT: Final = re.compile(rf"{_SLUG}/{_SLUG}")
_IRI: Final = re.compile(r"(?:https?|urn):", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONGEST: Final = 4000  # characters of one value
_MOST: Final = 1000  # values of one parameter


def bind(question: Question, values: Mapping[str, Given]) -> str:
    """The question's text with these values in their places; a parameter that is not given keeps no example.

    >>> from taxonomy.questions.catalogue import parse
    >>> question = parse("older", '''#+ summary: Older than
    ... #+ params: {age: {type: integer, example: 18}}
    ... #+ columns: {age: years}
    ... SELECT ?age {
    ...   VALUES ?age { 18 }
    ... } ORDER BY ?age''')
    >>> print(bind(question, {"age": 15}).splitlines()[4].strip())
    VALUES ?age { "15"^^<http://www.w3.org/2001/XMLSchema#integer> }

    Raises:
        QueryError: a value is missing, unknown or not of its parameter's type; says which and what fits.
    """
    known = {parameter.name: parameter for parameter in question.params}
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            takes = f"It takes {', '.join(known)}." if known else "It takes none."
            hint = f"Did you mean {near[0]}?" if near else takes
            raise QueryError(f"The question {question.name!r} takes no parameter {name!r}.", hint=hint)
    text = question.text
    for parameter in sorted(question.params, key=lambda each: each.start, reverse=True):
        terms = _terms(question, parameter, values.get(parameter.name))
        text = text[: parameter.start] + terms + text[parameter.end :]
    return text


def _terms(question: Question, parameter: Parameter, given: Given) -> str:
    several = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    values = [value for value in several if value is not None and value != ""]
    if not values:
        if parameter.optional:
            return _UNDEF
        example = f" {parameter.name}={parameter.example[0]}" if parameter.example else ""
        raise QueryError(
            f"The question {question.name!r} needs a value for {parameter.name!r}.", hint=f"For example{example}."
        )
    if len(values) > 1 and not parameter.many:
        raise QueryError(f"{parameter.name!r} takes one value, and {len(values)} were given.")
    if len(values) > _MOST:
        raise QueryError(f"{parameter.name!r} takes at most {_MOST} values, and {len(values)} were given.")
    return " ".join(str(term(parameter, value)) for value in values)


def term(parameter: Parameter, value: str | int | Decimal | date | bool) -> NamedNode | Literal:
    """One value as one RDF term, by the parameter's type.

    Raises:
        QueryError: the value does not fit; says what does.
    """
    text = str(value) if not isinstance(value, bool) else str(value).lower()
    if len(text) > _LONGEST:
        raise QueryError(f"The value of {parameter.name!r} has {len(text)} characters; at most {_LONGEST} are read.")
    if _CONTROL.search(text):
        raise QueryError(f"The value of {parameter.name!r} holds a control character, which no value may.")
    try:
        made = _READERS[parameter.kind](text if parameter.kind == "text" else text.strip())
    except (ValueError, InvalidOperation) as error:
        raise _misfit(parameter, text) from error
    if parameter.kind == "choice" and made.value not in parameter.choices:
        raise _misfit(parameter, text)
    return made


def _misfit(parameter: Parameter, text: str) -> QueryError:
    shown = text if len(text) <= 60 else text[:60] + "…"
    if parameter.kind == "choice":
        near = difflib.get_close_matches(text, parameter.choices, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"It is one of {', '.join(parameter.choices)}."
    else:
        hint = f"It is {_WANTED[parameter.kind]}" + (f", such as {parameter.example[0]}." if parameter.example else ".")
    return QueryError(f"{shown!r} is not a value for {parameter.name!r}.", hint=hint)


def _iri(text: str) -> NamedNode:
    if not _IRI.match(text):
        raise ValueError(text)
    return NamedNode(text)


def _area(text: str) -> NamedNode:
    if _GSS.fullmatch(text.upper()):
        return NamedNode(namespaces.GSS + text.upper())
    if re.fullmatch(_SLUG, text):
        return NamedNode(f"{namespaces.ID}area/{text}")
    return _iri(text)


def _thing(text: str) -> NamedNode:
    return NamedNode(namespaces.ID + text) if _THING.fullmatch(text) else _iri(text)


def _concept(text: str) -> NamedNode:
    return NamedNode(namespaces.CONCEPT + text) if _CONCEPT.fullmatch(text) else _iri(text)


def _typed(local: str, text: str) -> Literal:
    return Literal(text, datatype=NamedNode(namespaces.XSD + local))


def _integer(text: str) -> Literal:
    if not re.fullmatch(r"[+]?[0-9]{1,30}", text):  # ages, months, counts: none is below zero
        raise ValueError(text)
    return _typed("integer", str(int(text)))


def _decimal(text: str) -> Literal:
    number = Decimal(text)
    if not number.is_finite() or not re.fullmatch(r"[+-]?[0-9.]{1,60}", text):
        raise ValueError(text)
    return _typed("decimal", format(number, "f"))


def _date(text: str) -> Literal:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return _typed("date", date.fromisoformat(text).isoformat())


def _boolean(text: str) -> Literal:
    answer = {"true": "true", "yes": "true", "false": "false", "no": "false"}.get(text.lower())
    if answer is None:
        raise ValueError(text)
    return _typed("boolean", answer)


_READERS: Final[dict[str, Callable[[str], NamedNode | Literal]]] = {
    "area": _area,
    "iri": _iri,
    "thing": _thing,
    "concept": _concept,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "boolean": _boolean,
    "text": Literal,
    "choice": Literal,
}
_WANTED: Final = {
    "area": "a GSS code, the area's short name or its IRI",
    "iri": "a whole IRI",
    "thing": "a kind and a name joined by a stroke, or an IRI",
    "concept": "a scheme and a name joined by a stroke, or an IRI",
    "integer": "a whole number, zero or more",
    "decimal": "a number",
    "date": "a day written year-month-day",
    "boolean": "true or false",
    "text": "text without control characters",
}
