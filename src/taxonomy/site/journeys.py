"""The form over the pathways of an area: a person, a start, a day, and what to show. All of it is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import request

from taxonomy.analysis import narrowing, person
from taxonomy.analysis.clusters import Grouping
from taxonomy.analysis.narrowing import Narrowing
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.analysis.vocabulary import Terms
from taxonomy.analysis.ways import SECTORS
from taxonomy.errors import QueryError
from taxonomy.site import local
from taxonomy.site.filters import Choice

_YES_NO: Final = (Choice("yes", "Yes"), Choice("no", "No"))
_CHOSEN_FROM: Final = {  # the question to each answer that is a term
    "relation": "How they stand to the harm",
    "harm": "Kind of harm",
    "community": "Communities",
    "circumstance": "Circumstances",
    "need": "Needs",
}
_SEVERAL: Final = ("community", "circumstance", "need")
_MOST: Final = 40  # values of one field that an address may hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    choices: tuple[Choice, ...] = ()  # empty: typed
    chosen: tuple[str, ...] = ()

    def has(self, choice: Choice) -> bool:
        """Whether the address names this choice."""
        return choice.key in self.chosen

    @property
    def value(self) -> str:
        """What the address says, of a field that holds one value."""
        return self.chosen[0] if self.chosen else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The whole form."""

    about: tuple[Field, ...]  # the person, one value each
    several: tuple[Field, ...]  # the person, any number of values each
    where: tuple[Field, ...]  # where they begin and want to get to
    shown: tuple[Field, ...]  # what of the area is shown


def asked() -> Mapping[str, Any]:
    """What the address asks of the pathways, as ``KnowledgeGraph.pathways`` takes it.

    Raises:
        QueryError: the day is none, or a field holds too many values.
    """
    said = {name: values for name in person.ANSWERS if (values := _given(name))}
    return {
        **said,
        "start": _given("from"),
        "end": _one("to"),
        "as_at": local.day(),
        "narrowed": Narrowing(
            stage=_one("stage"), sector=_one("sector"), service=_one("service"), boxes=opened(), grouping=grouping()
        ),
    }


def opened() -> tuple[str, ...]:
    """The boxes of the picture that the address opens."""
    return _given("show")


def grouping() -> Grouping:
    """By what the address puts services together in the picture.

    Raises:
        QueryError: it names none that there is.
    """
    given = _one("group") or Grouping.STAGE
    if given not in set(Grouping):
        raise QueryError(f"{given[:20]!r} is nothing to group by.", hint=f"It is one of {', '.join(Grouping)}.")
    return Grouping(given)


def opens(key: str) -> str:
    """The address of this page with one box of the picture opened, and nothing shown but that and its ways."""
    return _address([*(pair for pair in _pairs() if pair[0] != "show"), ("show", key)])


def closes(key: str) -> str:
    """The address of this page with a box of the picture closed again, and the one around it open if it is in one."""
    around = key.rpartition(".")[0]
    rest = [pair for pair in _pairs() if pair != ("show", key)]
    return _address([*rest, ("show", around)] if around and around != "no-way" else rest)


def grouped(by: Grouping) -> str:
    """The address of this page with its services put together otherwise."""
    return _address([*(pair for pair in _pairs() if pair[0] not in {"group", "show"}), ("group", by.value)])


def form(whole: Pathway, terms: Terms) -> Form:
    """The fields, with what can be chosen in each and what the address chooses."""
    sending = {edge.origin.name: None for edge in whole.edges}
    receiving = {edge.end.name: None for edge in whole.edges}
    sectors = {service.sector for service in whole.services}
    return Form(
        about=(
            Field(name="age", label="Age in years", chosen=_given("age")),
            _field("gender", "Gender", _of(person.GENDERS)),
            _field("reported", "Reported to the police", _YES_NO),
            _field("recent", "Harmed recently", _YES_NO),
            _field("lives", "Lives", _of(person.PLACES)),
            _field("harmed", "Was harmed", _of(person.PLACES)),
            *(_term(name, terms) for name in _CHOSEN_FROM if name not in _SEVERAL),
        ),
        several=tuple(_term(name, terms) for name in _SEVERAL),
        where=(
            _field("from", "Begins with", _nodes(sending)),
            _field("to", "Wants to get to", _nodes(receiving)),
            Field(name="as_at", label="On this day", chosen=_given("as_at")),
        ),
        shown=(
            _field("stage", "Stage", _of(narrowing.stages(whole))),
            _field("sector", "Sector", _of({key: s for key, s in SECTORS.items() if s in sectors})),
            _field("service", "Service", _nodes({node.name: None for node in whole.services})),
        ),
    )


def _field(name: str, label: str, choices: tuple[Choice, ...]) -> Field:
    return Field(name=name, label=label, choices=choices, chosen=_given(name))


def _term(name: str, terms: Terms) -> Field:
    """A field that a term of a vocabulary answers; gender has a field of its own."""
    gendered = {term for term, answer in terms.admits if answer in person.GENDERS}
    offered = [each for each in terms.choices.get(person.SCHEMES[name], ()) if each.iri not in gendered]
    return _field(name, _CHOSEN_FROM[name], tuple(Choice(each.iri.rpartition("/")[2], each.label) for each in offered))


def _of(choices: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, label[:1].upper() + label[1:]) for key, label in choices.items())


def _nodes(names: Mapping[Named, None]) -> tuple[Choice, ...]:
    return tuple(Choice(narrowing.key(name), name.label[:1].upper() + name.label[1:]) for name in sorted(names))


def _given(name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for given in request.args.getlist(name) if (value := given.strip())))
    if len(values) > _MOST:
        raise QueryError(f"{name!r} takes at most {_MOST} values, and {len(values)} were given.")
    return values


def _one(name: str) -> str:
    values = _given(name)
    if len(values) > 1:
        raise QueryError(f"{name!r} takes one value, and {len(values)} were given.")
    return values[0] if values else ""


def _pairs() -> list[tuple[str, str]]:
    return [pair for pair in request.args.items(multi=True) if pair[1].strip()]


def _address(pairs: list[tuple[str, str]]) -> str:
    asked = urlencode(list(dict.fromkeys(pairs)))
    return f"{request.path}{'?' if asked else ''}{asked}#pictures"
