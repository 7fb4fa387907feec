"""Areas found by what people call them: by names, other names, former names and codes, spelt right or nearly so."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from taxonomy.analysis.rows import Named, Row, day, text

_ALIKE: Final = 0.75  # how near a misspelt word must come to one that names use
_GUESSES: Final = 4  # near words, and near names, that are looked at


class How(StrEnum):
    """By what an area was found, best first."""

    CODE = "its code"
    NAME = "its name"
    OTHER_NAME = "another name"
    NEARLY = "a name spelt nearly so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One area with everything it is called."""

    name: Named
    kind: str
    codes: tuple[str, ...]  # none where it has no code
    others: tuple[str, ...]  # other names, without its label
    ended: date | None  # the last day on which it existed; None: it exists, as far as is known

    @property
    def called(self) -> str:
        """The area as a message names it: E06000016 (Leicester, local authority)."""
        return f"{self.codes[0] if self.codes else self._slug} ({self.name}, {self.kind})"

    @property
    def keys(self) -> frozenset[str]:
        """Its label, short name, codes and IRI, in lower case: what means this area and no other, in most cases."""
        found = {self.name.label, _slug(self.name.label), self.name.iri, self._slug, *self.codes}
        return frozenset(key.lower() for key in found if key)

    @property
    def _slug(self) -> str:
        return self.name.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An area that was found, by what, and the name or code that did it."""

    place: Place
    how: How
    by: str


@dataclass(frozen=True)
class Gazetteer:
    """All areas of a release."""

    places: tuple[Place, ...]
    _words: frozenset[str] = field(repr=False)

    def named(self, key: str) -> tuple[Place, ...]:
        """Areas that a key means: by label, short name, code or IRI, else by another name.

        Of several the ones in force are meant, if any is.
        """
        wanted = key.strip().lower()
        found = self._by_key.get(wanted) or self._by_other_name.get(wanted, ())
        return tuple(place for place in found if place.ended is None) or tuple(found)

    @cached_property
    def _by_key(self) -> Mapping[str, Sequence[Place]]:
        return _indexed(self.places, lambda place: place.keys)

    @cached_property
    def _by_other_name(self) -> Mapping[str, Sequence[Place]]:
        return _indexed(self.places, lambda place: set(map(str.lower, place.others)))

    def near(self, key: str) -> tuple[str, ...]:
        """The three areas whose names come nearest to a key that means none, as a message names them."""
        names = {name: place for place in self.places for name in place.keys}
        close = difflib.get_close_matches(key.strip().lower(), names, n=_GUESSES)
        return tuple(dict.fromkeys(names[name].called for name in close))[:3]

    def search(self, words: str) -> tuple[Match, ...]:
        """Areas with such a code, or with each of the words, or its beginning, in one of their names; best first.

        Where there is none, each word that no name uses is taken for the words most like it.
        """
        wanted = _plain(words)
        if not wanted:
            return ()
        coded = [
            Match(place=place, how=How.CODE, by=code)
            for place in self.places
            for code in place.codes
            if code.lower() == words.strip().lower()
        ]
        return tuple(coded) or self._by_words([[word] for word in wanted], nearly=False) or self._nearly(wanted)

    def _nearly(self, wanted: list[str]) -> tuple[Match, ...]:
        return self._by_words([self._like(word) for word in wanted], nearly=True)

    def _like(self, word: str) -> list[str]:
        if any(known.startswith(word) for known in self._words):
            return [word]
        return difflib.get_close_matches(word, sorted(self._words), n=_GUESSES, cutoff=_ALIKE)

    def _by_words(self, wanted: list[list[str]], *, nearly: bool) -> tuple[Match, ...]:
        found = []
        for place in self.places:
            names = [
                (rank, name == place.name.label, name)
                for name in (place.name.label, *place.others)
                if (rank := _rank(_plain(name), wanted)) is not None
            ]
            if names:
                rank, labelled, name = min(names, key=lambda each: (each[0], not each[1]))
                how = How.NEARLY if nearly else How.NAME if labelled else How.OTHER_NAME
                order = (rank, not labelled, place.ended is not None, place.name)
                found.append((order, Match(place=place, how=how, by=name)))
        return tuple(match for _, match in sorted(found, key=lambda pair: pair[0]))


def _indexed(places: Iterable[Place], keys: Callable[[Place], Iterable[str]]) -> Mapping[str, Sequence[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        for key in keys(place):
            found[key].append(place)
    return dict(found)


def _rank(words: list[str], wanted: list[list[str]]) -> tuple[int, int] | None:
    """How well the words of a name answer to each wanted word, or one like it; less is better, None is not at all.

    First counts how far down the lists of likely words one has to go, then how many words of the name are left over.
    """
    guesses = 0
    for likes in wanted:
        taken = [place for place, like in enumerate(likes) if any(word.startswith(like) for word in words)]
        if not taken:
            return None
        guesses += taken[0]
    return guesses, len(words) - len(wanted)


def of(rows: Iterable[Row]) -> Gazetteer:
    """The areas in the rows of ``known-areas``: one row for each name of an area.

    >>> row = {"area": "https://example.org/id/area/1", "label": "Made-Up Shire", "name": "Made-Up Shire",
    ...        "code": "E99", "ods": None, "kind": "county", "ended": None}
    >>> [str(match.how) for match in of([row]).search("made up shyre")]
    ['a name spelt nearly so']

    Raises:
        QueryError: a column is missing, or holds another kind of value.
    """
    names: dict[str, list[str]] = {}
    first: dict[str, Row] = {}
    for row in rows:
        iri = text(row, "area") or ""
        first.setdefault(iri, row)
        names.setdefault(iri, []).append(text(row, "name") or "")
    places = tuple(_place(iri, row, names[iri]) for iri, row in first.items())
    words = (word for place in places for name in (place.name.label, *place.others) for word in _plain(name))
    return Gazetteer(places, frozenset(words))


def _place(iri: str, row: Row, names: list[str]) -> Place:
    name = text(row, "label") or iri
    return Place(
        name=Named(name, iri),
        kind=text(row, "kind") or "",
        codes=tuple(code for column in ("code", "ods") if (code := text(row, column))),
        others=tuple(other for other in names if other != name),
        ended=day(row, "ended"),
    )


def _plain(name: str) -> list[str]:
    """The words of a name without marks, in lower case; "&" is "and".

    >>> _plain("King's Lynn & West-Norfolk")
    ['kings', 'lynn', 'and', 'west', 'norfolk']
    """
    return re.findall(r"\w+", re.sub(r"['’.]", "", name.replace("&", " and ").lower()))


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
