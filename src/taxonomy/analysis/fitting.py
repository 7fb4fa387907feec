"""How one rule bears on one person, aspect by aspect: it fits, it shuts out, or its terms do not settle it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from taxonomy.analysis.person import Person
from taxonomy.analysis.rows import Named
from taxonomy.analysis.vocabulary import Terms
from taxonomy.namespaces import CONCEPT

Values = Mapping[str, tuple[Named | int, ...]]  # by the local name of the property

ASPECTS: Final[Mapping[str, str]] = {  # what is said where nothing is stated
    "age": "age is not stated",
    "gender": "gender is not stated",
    "reporting": "not stated whether a report to the police is needed",
    "recency": "not stated whether it matters how long ago it was",
    "residence": "not stated whether it matters where the person lives or was harmed",
    "relation": "not stated how the person has to stand to the harm",
    "harm": "not stated for which harm",
    "community": "not stated whether this community is served",
    "circumstance": "not stated whether this circumstance is provided for",
    "need": "not stated whether this need is met",
}
_CONCEPTS: Final = {  # aspect: the property that says it
    "relation": "personRelation",
    "harm": "harmExperienced",
    "community": "communityServed",
    "circumstance": "circumstance",
    "need": "addressesNeed",
}
_ALONE: Final = {"relation"}  # somebody comes as one of these; of the others a person may be several, said or not
_GENDER: Final = ("genderOffer", "serviceWideGenderOffer", "communityServed")
_AGES: Final = ("minimumAge", "maximumAge", "ageGroup")


class Bearing(StrEnum):
    """How one aspect of a rule bears on a person."""

    FITS = "fits"
    ASKED = "asked"  # the rule asks for it, and the description does not say
    UNSETTLED = "unsettled"  # both speak of it, and the terms do not settle it
    SHUT = "shut"


_BEST_FIRST: Final = list(Bearing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One aspect of one rule, for one person."""

    aspect: str  # one of ASPECTS; empty for what a rule shuts out
    bearing: Bearing
    words: str  # what the rule says
    properties: tuple[str, ...]


def answered(person: Person) -> tuple[str, ...]:
    """The aspects of which the description of a person says something.

    >>> answered(Person(age=15, lives="here"))
    ('age', 'residence')
    """
    said = {
        "age": person.age is not None,
        "gender": person.gender is not None,
        "reporting": person.reported is not None,
        "recency": person.recent is not None,
        "residence": person.lives is not None or person.harmed is not None,
        **{aspect: bool(_picked(person, aspect)) for aspect in _CONCEPTS},
    }
    return tuple(aspect for aspect in ASPECTS if said[aspect])


def fits(values: Values, person: Person, terms: Terms) -> tuple[Fit, ...]:
    """Every aspect of which a rule speaks, and how it bears on the person."""
    residence = {"lives": person.lives, "harmed": person.harmed}
    report = {True: "reported", False: "not-reported", None: None}[person.reported]
    recency = {True: "recent", False: "not-recent", None: None}[person.recent]
    gendered = _about(_named(values, _GENDER), terms, {"woman", "man", "another"}, always=_GENDER[:2], values=values)
    dated = _about(_named(values, ("harmExperienced",)), terms, {"recent", "not-recent"})
    found = [
        _age(values, person, terms),
        _settled("gender", gendered, [person.gender], _GENDER, terms),
        _settled("reporting", _named(values, ("reportingStatus",)), [report], ("reportingStatus",), terms),
        _settled("recency", dated, [recency], ("harmExperienced",), terms),
        _settled(
            "residence",
            _named(values, ("residence",)),
            [f"{name}-{place}" if place else None for name, place in residence.items()],
            ("residence",),
            terms,
        ),
        *(_concepts(aspect, name, values, person, terms, gendered) for aspect, name in _CONCEPTS.items()),
        *_excluded(values, person, terms),
    ]
    return tuple(fit for fit in found if fit)


def _named(values: Values, properties: Iterable[str]) -> tuple[Named, ...]:
    return tuple(value for name in properties for value in values.get(name, ()) if isinstance(value, Named))


def _about(
    names: tuple[Named, ...],
    terms: Terms,
    answers: set[str],
    *,
    always: tuple[str, ...] = (),
    values: Values | None = None,
) -> tuple[Named, ...]:
    """The names that say something of these answers; those of some properties in any case."""
    kept = set(_named(values or {}, always))
    return tuple(name for name in names if name in kept or terms.answers.get(name.iri, frozenset()) & answers)


def _age(values: Values, person: Person, terms: Terms) -> Fit | None:
    least = [value for value in values.get("minimumAge", ()) if isinstance(value, int)]
    most = [value for value in values.get("maximumAge", ()) if isinstance(value, int)]
    groups = _named(values, ("ageGroup",))
    if not (least or most or groups):
        return None
    if least or most:  # exact limits win over named groups
        words = _limits(min(least, default=None), max(most, default=None))
        takes = person.age is not None and (
            person.age >= min(least, default=0) and person.age <= max(most, default=person.age)
        )
        bearing = Bearing.FITS if takes else Bearing.SHUT
    else:
        words = f"for {_listed(groups)}"
        bearing = _best(_taken(terms, group, person.age or 0) for group in groups)
    return Fit(aspect="age", bearing=Bearing.ASKED if person.age is None else bearing, words=words, properties=_AGES)


def _limits(least: int | None, most: int | None) -> str:
    if least is None:
        return f"up to {most}"
    return f"from {least}" if most is None else f"aged {least} to {most}"


def _taken(terms: Terms, group: Named, age: int) -> Bearing:
    band = terms.bands.get(group.iri)
    takes = band.takes(age) if band else None
    return {True: Bearing.FITS, False: Bearing.SHUT, None: Bearing.UNSETTLED}[takes]


def _settled(
    aspect: str, names: tuple[Named, ...], answers: list[str | None], properties: tuple[str, ...], terms: Terms
) -> Fit | None:
    """An aspect whose terms say which answers they take."""
    if not names:
        return None
    given = [answer for answer in answers if answer]
    bearing = _best(_term(name, given, terms) for name in names) if given else Bearing.ASKED
    return Fit(aspect=aspect, bearing=bearing, words=_listed(names), properties=properties)


def _term(name: Named, answers: list[str], terms: Terms) -> Bearing:
    """One term: all that it asks for has to hold."""
    told = terms.answers.get(name.iri, frozenset())
    kinds = {answer.partition("-")[0] for answer in told if answer.startswith(("lives-", "harmed-"))}
    if kinds:  # a term about where people live may say nothing of where they were harmed, and the reverse
        given = [answer for answer in answers if answer.partition("-")[0] in kinds]
        found = [_admitted(name, answer, terms) for answer in given]
        found += [Bearing.ASKED] * (len(kinds) > len(given))
    else:
        found = [_admitted(name, answer, terms) for answer in answers]
    return max(found, key=_BEST_FIRST.index)


def _admitted(name: Named, answer: str, terms: Terms) -> Bearing:
    return {True: Bearing.FITS, False: Bearing.SHUT, None: Bearing.UNSETTLED}[terms.admits.get((name.iri, answer))]


def _picked(person: Person, aspect: str) -> tuple[Named, ...]:
    names: tuple[Named, ...] = getattr(person, aspect)
    return names


def _concepts(
    aspect: str, name: str, values: Values, person: Person, terms: Terms, gendered: tuple[Named, ...]
) -> Fit | None:
    """An aspect whose terms take in narrower ones."""
    names = tuple(value for value in _named(values, (name,)) if value not in gendered)
    if not names:
        return None
    picked = [concept.iri for concept in _picked(person, aspect)]
    bearing = _best(_matched(value.iri, picked, terms, alone=aspect in _ALONE) for value in names)
    return Fit(
        aspect=aspect,
        bearing=bearing if picked else Bearing.ASKED,
        words=f"{aspect} {_listed(names)}",
        properties=(name,),
    )


def _matched(term: str, picked: list[str], terms: Terms, *, alone: bool) -> Bearing:
    # What a rule says of harm that was recent, or was not, is of how long ago it was, and not of another harm.
    dated = terms.answers.get(term, frozenset()) & {"recent", "not-recent"}
    reach = {term, *terms.wider.get(term, ())} if dated else {term}
    if any(terms.covers(each, concept) for each in reach for concept in picked):
        return Bearing.FITS
    narrower = any(terms.covers(concept, term) for concept in picked)
    return Bearing.SHUT if alone and not narrower else Bearing.UNSETTLED


def _excluded(values: Values, person: Person, terms: Terms) -> Iterable[Fit]:
    """What a rule shuts out expressly."""
    picked = [concept.iri for aspect in _CONCEPTS for concept in _picked(person, aspect)]
    for value in _named(values, ("excludes",)):
        band = terms.bands.get(value.iri)
        of_age = band.takes(person.age) if band and person.age is not None else False
        out = of_age or any(terms.covers(value.iri, concept) for concept in picked)
        settled = (band and person.age is not None) or any(
            value.iri.startswith(f"{CONCEPT}person-relation/") and _picked(person, aspect) for aspect in _ALONE
        )
        if out or not settled:
            yield Fit(
                aspect="",
                bearing=Bearing.SHUT if out else Bearing.ASKED,
                words=f"not for “{value.label}”",
                properties=("excludes",),
            )


def _best(bearings: Iterable[Bearing]) -> Bearing:
    return min(bearings, key=_BEST_FIRST.index)


def _listed(names: Iterable[Named]) -> str:
    return " or ".join(dict.fromkeys(f"“{name.label}”" for name in names))
