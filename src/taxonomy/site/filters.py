"""The filters of a list: what its address narrows it to, and what each further choice would find.

A filter is a parameter of the list's question. Its address may name several values, any of which will do; the same name
with ``without_`` before it leaves values out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from flask import request

from taxonomy.analysis import facets
from taxonomy.analysis.facets import Facets
from taxonomy.errors import QueryError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, EXAMPLE, GSS, ID
from taxonomy.questions.catalogue import Parameter, Question
from taxonomy.questions.results import Answer
from taxonomy.site import words

WITHOUT: Final = "without_"
_OF_ADDRESSES: Final = frozenset(
    {"area", "thing", "concept", "choice"}
)  # kinds of parameter that a list is narrowed by
_UNOFFERED: Final = 200  # values of an address that no form offers: each is one question more
_BASES: Final = (GSS, CONCEPT, f"{ID}area/", f"{EXAMPLE}id/area/", ID, f"{EXAMPLE}id/")

_KEPT: Final[WeakKeyDictionary[KnowledgeGraph, dict[str, Facets]]] = WeakKeyDictionary()

Asked = Mapping[str, Sequence[str]]  # values by field, as the data have them


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that can be chosen, as the address and as a person says it."""

    key: str
    label: str
    finds: int = 0  # things of the list that it would find, with all else as it is chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One field of the form over a list."""

    name: str
    label: str
    choices: tuple[Choice, ...]  # by label: those that find something, and those that are chosen
    only: tuple[Choice, ...]  # any of these
    without: tuple[Choice, ...]  # none of these

    @property
    def narrows(self) -> bool:
        """Whether something of it is chosen."""
        return bool(self.only or self.without)

    def left(self, choice: Choice) -> list[str]:
        """The keys that stay when one is taken away from those that will do."""
        return [each.key for each in self.only if each != choice]

    def left_out(self, choice: Choice) -> list[str]:
        """The keys that stay left out when one is taken back."""
        return [each.key for each in self.without if each != choice]


def asked(kg: KnowledgeGraph, question: str) -> Asked:
    """What this request narrows a list to, each value once.

    Raises:
        NotFoundError: it names an area, a thing or a concept that this release does not know.
    """
    found: dict[str, list[str]] = {}
    for parameter in narrowing(kg.questions[question]):
        values = (value.strip() for value in request.values.getlist(parameter.name))
        if given := list(dict.fromkeys(_known(kg, parameter, value) for value in values if value)):
            found[parameter.name] = given
    return found


def keys(asked: Asked) -> dict[str, Sequence[str]]:
    """The same as an address says it."""
    return {name: [_key(value) for value in values] for name, values in asked.items()}


def offered(
    kg: KnowledgeGraph, question: str, asked: Asked, among: Collection[str] | None = None
) -> tuple[Filter, ...]:
    """The form over a list: a field for each parameter of its question, with the values that are recorded.

    ``among`` are the things that are counted, such as those that hold on a day; without it, all of the list's.

    Raises:
        QueryError: it is narrowed to too many values that no form offers.
    """
    fields = [each for each in narrowing(kg.questions[question]) if not each.name.startswith(WITHOUT)]
    only = {field.name: asked.get(field.name, ()) for field in fields}
    without = {field.name: asked.get(WITHOUT + field.name, ()) for field in fields}
    known = _facets(kg, question)
    # No form offers some values that may be asked for, such as a city inside an area.
    unoffered = [
        (name, value)
        for name in only
        for value in dict.fromkeys((*only[name], *without[name]))
        if not known.knows(name, value)
    ]
    if len(unoffered) > _UNOFFERED:
        hint = "Choose from what the form offers."
        raise QueryError(f"At most {_UNOFFERED} values may be asked for that nothing is recorded with.", hint=hint)
    for name, value in unoffered:
        answer = kg.ask(question, **{name: [value]})
        known = known.also(name, value, (str(row[answer.columns[0]]) for row in answer))
    counts = (known if among is None else known.among(among)).counts(only, without)
    # Labels are looked up all at once, and then known one by one.
    kg.labels(value for field in fields if field.kind != "choice" for value in counts.get(field.name, {}))
    return tuple(
        _filter(kg, field, counts.get(field.name, {}), only[field.name], without[field.name]) for field in fields
    )


def listed(name: str, choices: Iterable[Choice], counts: Mapping[str, int], only: Sequence[str]) -> Filter:
    """A filter whose choices are a list of our own, in its order, whatever a release holds."""
    counted = {each.key: Choice(each.key, each.label, counts.get(each.key, 0)) for each in choices}
    return Filter(
        name=name,
        label=words.heading(name),
        choices=tuple(each for each in counted.values() if each.finds or each.key in only),
        only=tuple(counted.get(key, Choice(key, key)) for key in only),
        without=(),
    )


def _filter(
    kg: KnowledgeGraph, field: Parameter, counts: Mapping[str, int], only: Sequence[str], without: Sequence[str]
) -> Filter:
    def choice(value: str) -> Choice:
        label = words.heading(value) if field.kind == "choice" else kg.label(value)
        return Choice(_key(value), label, counts.get(value, 0))

    shown = [choice(value) for value, count in counts.items() if count or value in only]
    return Filter(
        name=field.name,
        label=words.heading(field.name),
        choices=tuple(sorted(shown, key=lambda each: (each.label.casefold(), each.key))),
        only=tuple(map(choice, only)),
        without=tuple(map(choice, without)),
    )


def _facets(kg: KnowledgeGraph, question: str) -> Facets:
    """What each value finds in the whole list: read once for a release, which never changes."""
    kept = _KEPT.setdefault(kg, {})
    if question not in kept:
        found = kg.sparql(kg.questions[f"{question}-facets"].text, labels=False)
        kept[question] = facets.of(found if isinstance(found, Answer) else ())
    return kept[question]


def narrowing(question: Question) -> Iterator[Parameter]:
    """The parameters of a list's question that its address may name."""
    return (each for each in question.params if each.kind in _OF_ADDRESSES)


def _known(kg: KnowledgeGraph, parameter: Parameter, value: str) -> str:
    """A value of an address as the data have it."""
    match parameter.kind:
        case "area":
            return kg.area(value)
        case "concept":
            return kg.thing(value, base=CONCEPT)
        case "thing":
            return kg.thing(value)
        case _:
            return value


def _key(value: str) -> str:
    """A value by the shortest name that a parameter understands: a code, a short name, or the IRI."""
    base = next((base for base in _BASES if value.startswith(base)), "")
    return value.removeprefix(base)
