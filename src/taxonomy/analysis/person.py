"""A person as somebody describes them. Any answer may be left out; what is left out is not known, and not guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from taxonomy.analysis.rows import Named, listed
from taxonomy.errors import QueryError

OLDEST: Final = 120
GENDERS: Final[Mapping[str, str]] = {"woman": "woman or girl", "man": "man or boy", "another": "another gender"}
PLACES: Final[Mapping[str, str]] = {"here": "in this area", "elsewhere": "elsewhere"}
SCHEMES: Final[Mapping[str, str]] = {  # the list that each answer is chosen from
    "relation": "person-relation",
    "harm": "harm",
    "community": "community",
    "circumstance": "circumstance",
    "need": "need",
}
ANSWERS: Final = ("age", "gender", "reported", "recent", "lives", "harmed", *SCHEMES)
_YES_OR_NO: Final = {"yes": True, "true": True, "no": False, "false": False}

Said = str | int | bool | Sequence[str] | None
Find = Callable[[str, str], Named]  # from the slug of a list and the key of a term in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is said of somebody who looks for a way."""

    age: int | None = None  # completed years
    gender: str | None = None  # one of GENDERS
    reported: bool | None = None  # to the police
    recent: bool | None = None  # whether the harm was recent
    lives: str | None = None  # one of PLACES
    harmed: str | None = None  # where the harm happened, one of PLACES
    relation: tuple[Named, ...] = ()  # how they stand to the harm
    harm: tuple[Named, ...] = ()
    community: tuple[Named, ...] = ()
    circumstance: tuple[Named, ...] = ()
    need: tuple[Named, ...] = ()

    @property
    def described(self) -> bool:
        """Whether anything is said of them."""
        return self != Person()

    @property
    def sentence(self) -> str:
        """The description in words.

        >>> Person(age=15, reported=False).sentence
        'aged 15; not reported to the police'
        >>> Person().sentence
        'anybody'
        """
        told = [
            f"aged {self.age}" if self.age is not None else "",
            GENDERS.get(self.gender or "", ""),
            {True: "reported to the police", False: "not reported to the police", None: ""}[self.reported],
            {True: "harmed recently", False: "harmed in the past", None: ""}[self.recent],
            f"lives {PLACES[self.lives]}" if self.lives else "",
            f"harmed {PLACES[self.harmed]}" if self.harmed else "",
            *(
                listed([name.label for name in names])
                for names in (self.relation, self.harm, self.community, self.circumstance)
            ),
            f"needs support with {listed([name.label.lower() for name in self.need])}" if self.need else "",
        ]
        return "; ".join(filter(None, told)) or "anybody"


def of(said: Mapping[str, Said], find: Find) -> Person:
    """A person from answers by name, as a form or a command line gives them; empty ones are left out.

    >>> of({"age": "15", "reported": "no", "gender": ""}, find=lambda scheme, key: Named(key, key))
    Person(age=15, gender=None, reported=False, ...)

    Raises:
        QueryError: there is no such answer, or it is none of those that can be given.
        NotFoundError: a term is in none of the lists; names the nearest.
    """
    if unknown := sorted(set(said) - set(ANSWERS)):
        raise QueryError(f"Nothing is asked about {unknown[0]!r} of a person.", hint=f"There are {', '.join(ANSWERS)}.")
    chosen = {
        name: tuple(sorted({find(scheme, key) for key in _several(said.get(name))})) for name, scheme in SCHEMES.items()
    }
    return Person(
        age=_age(said.get("age")),
        gender=_one("gender", said.get("gender"), GENDERS),
        reported=_flag("reported", said.get("reported")),
        recent=_flag("recent", said.get("recent")),
        lives=_one("lives", said.get("lives"), PLACES),
        harmed=_one("harmed", said.get("harmed"), PLACES),
        **chosen,
    )


def _several(said: Said) -> list[str]:
    values = said if isinstance(said, Sequence) and not isinstance(said, str) else [said]
    return [str(value).strip() for value in values if value is not None and str(value).strip()]


def _single(name: str, said: Said) -> str:
    values = _several(said)
    if len(values) > 1:
        raise QueryError(f"{name!r} takes one answer, and {len(values)} were given.")
    return values[0] if values else ""


def _age(said: Said) -> int | None:
    given = _single("age", said)
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 4 and int(given) <= OLDEST):
        raise QueryError(f"{given[:20]!r} is not an age.", hint=f"It is a whole number of years from 0 to {OLDEST}.")
    return int(given)


def _one(name: str, said: Said, choices: Mapping[str, str]) -> str | None:
    given = _single(name, said).lower()
    if given and given not in choices:
        raise QueryError(f"{given[:20]!r} is not an answer for {name!r}.", hint=f"It is one of {', '.join(choices)}.")
    return given or None


def _flag(name: str, said: Said) -> bool | None:
    given = _single(name, said).lower()
    if given and given not in _YES_OR_NO:
        raise QueryError(f"{given[:20]!r} is not an answer for {name!r}.", hint="It is yes or no.")
    return _YES_OR_NO.get(given)
