"""Headings as people write them, and the columns that they mean.

A heading is certain where it is one of our own words for a column, and loose where it only looks like one: in another
order, as a question, with more words around it, or with a slip of the key. What could mean two columns is not guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from enum import IntEnum
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from taxonomy.context import fold
from taxonomy.fields import Field
from taxonomy.namespaces import SVSH
from taxonomy.records import How
from taxonomy.shapes import shapes

LONGEST: Final = 60  # characters of a heading that are looked at, and shown

_LIKELY: Final = 0.85  # how alike two spellings are, from 0 to 1, to be taken for one
_NEAR: Final = 0.6  # to be worth asking about
_CLEARLY: Final = 0.05  # by how much the likeliest column is ahead of the next
_SHORTEST: Final = 6  # letters of a heading that may have a slip in it
_WORDS: Final = NamedNode(SVSH + "Headings")


class Likeness(IntEnum):
    """How a heading is like one of ours, closest first."""

    TOLD = 0
    SAME = 1
    SYNONYM = 2
    WORDS = 3  # the same words, in another order or as a question
    START = 4  # before a bracket or a line break
    WITHIN = 5  # among other words
    SPELLING = 6

    @property
    def certain(self) -> bool:
        """Whether it takes no guess."""
        return self <= Likeness.SYNONYM


@dataclass(frozen=True, slots=True)
class Claim:
    """What one heading seems to mean: no column, one, or several that it cannot be told apart."""

    fields: tuple[Field, ...] = ()
    likeness: Likeness | None = None
    twice: bool = False  # another heading means the same column

    @property
    def field(self) -> Field | None:
        """The column that is read, where there is one."""
        return self.fields[0] if len(self.fields) == 1 and self.likeness is not None and not self.twice else None

    @property
    def how(self) -> How:
        """How the heading was understood, in one word."""
        if self.likeness is None or (self.fields and self.field is None):
            return "none"
        return {Likeness.TOLD: "told", Likeness.SAME: "same"}.get(self.likeness, "loose")  # type: ignore[return-value]  # one of the three words


class Headings:
    """The columns that may stand in one table, by all the ways to write their headings."""

    def __init__(self, columns: Sequence[Field]) -> None:
        self._columns = columns
        ours: defaultdict[str, set[Field]] = defaultdict(set)
        others: defaultdict[str, set[Field]] = defaultdict(set)
        bags: defaultdict[frozenset[str], set[Field]] = defaultdict(set)
        for field in columns:
            for spelling, own in _spellings(field):
                (ours if own else others)[fold(spelling)].add(field)
                bags[_bag(spelling)].add(field)
        self._ours, self._others, self._bags = dict(ours), dict(others), dict(bags)
        self._all = {**others, **ours}
        self._joined = {spelling.replace(" ", ""): found for spelling, found in self._all.items()}

    def certain(self, heading: str) -> bool:
        """Whether a heading is one of our words for a column."""
        return _plain(heading) in self._all

    def read(self, row: Sequence[str], told: Mapping[int, Field | None]) -> list[Claim]:
        """What each heading of a row means; ``told`` is what the user says of some, by their column."""
        claims = [
            Claim(tuple(filter(None, [told[number]])), Likeness.TOLD) if number in told else self._claim(heading)
            for number, heading in enumerate(row)
        ]
        return [_beside(number, claims) for number in range(len(claims))]

    def near(self, heading: str) -> tuple[Field, ...]:
        """The columns that a heading most looks like, where it looks like any."""
        close = get_close_matches(_plain(heading)[:LONGEST], self._all, n=1, cutoff=_NEAR)
        return self._sorted(self._all[close[0]]) if close else ()

    def title(self, field: Field) -> str:
        """What to call a column among the others: its heading, with its sheet where two have one heading."""
        alone = sum(each.heading == field.heading for each in self._columns) == 1
        return field.heading if alone else full_title(field)

    def find(self, title: str) -> Field | None:
        """The column of this title, where there is one."""
        for name in (self.title, full_title):
            found = [field for field in self._columns if fold(name(field)) == fold(title)]
            if len(found) == 1:
                return found[0]
        return None

    def _claim(self, heading: str) -> Claim:
        plain, words = _plain(heading), _bag(heading)
        if not words:
            return Claim()
        start = re.split(r"[(\[\n\r?]", heading.strip(), maxsplit=1)[0]
        start = "" if _other_words() & (words - _bag(start)) else start
        for likeness, found in (
            (Likeness.SAME, self._ours.get(plain)),
            (Likeness.SYNONYM, self._others.get(plain)),
            (Likeness.WORDS, self._worded(heading)),
            (Likeness.START, self._worded(start)),
            (Likeness.WITHIN, self._within(words)),
            (Likeness.SPELLING, self._misspelled(plain, words)),
        ):
            if found:
                return Claim(self._sorted(found), likeness)
        return Claim()

    def _worded(self, heading: str) -> set[Field] | None:
        """The columns of just these words, in any order; or of these letters, as in "web site"."""
        return self._bags.get(_bag(heading)) or self._joined.get(_plain(heading).replace(" ", ""))

    def _within(self, words: frozenset[str]) -> set[Field]:
        """The columns whose words all stand in a longer heading; of several, those with most words."""
        inside = [bag for bag in self._bags if 1 < len(bag) < len(words) and bag < words]
        most = [bag for bag in inside if len(bag) == max(map(len, inside))]
        if any(_other_words() & (words - bag) for bag in most):
            return set()
        return {field for bag in most for field in self._bags[bag]}

    def _misspelled(self, plain: str, words: frozenset[str]) -> set[Field]:
        if len(plain) < _SHORTEST:
            return set()
        likely: dict[Field, float] = {}
        for spelling in get_close_matches(plain[:LONGEST], self._all, n=6, cutoff=_LIKELY - _CLEARLY):
            if _other_words() & (words - _bag(spelling)):
                continue
            ratio = SequenceMatcher(None, spelling, plain[:LONGEST]).ratio()
            for field in self._all[spelling]:
                likely[field] = max(ratio, likely.get(field, 0.0))
        best = max(likely.values(), default=0.0)
        return {field for field, ratio in likely.items() if ratio > best - _CLEARLY} if best >= _LIKELY else set()

    def _sorted(self, found: Iterable[Field]) -> tuple[Field, ...]:
        return tuple(sorted(found, key=self._columns.index))


def full_title(field: Field) -> str:
    """What to call a column among those of all sheets.

    >>> from taxonomy.fields import fields
    >>> full_title(fields()[0])
    'Organisation: Name of organisation'
    """
    return f"{field.sheet}: {field.heading}"


def _beside(number: int, claims: Sequence[Claim]) -> Claim:
    """What a heading means once the others are known: a column is read once, from its likeliest heading."""
    claim = claims[number]
    if claim.field is None:
        return claim
    same = [other for other, each in enumerate(claims) if each.field == claim.field]
    best = min(_rank(claims[other]) for other in same)
    if _rank(claim) > best:
        return Claim(claim.fields)
    as_good = [other for other in same if _rank(claims[other]) == best]
    if len(as_good) > 1 and (best > Likeness.SAME or as_good[0] != number):
        return Claim(claim.fields, claim.likeness, twice=True)
    return claim


def _rank(claim: Claim) -> Likeness:
    """Our words for a column are equally good; what the user says is better."""
    assert claim.likeness is not None  # noqa: S101  # only headings that claim a column are compared
    return Likeness.SAME if claim.likeness is Likeness.SYNONYM else claim.likeness


def _spellings(field: Field) -> Iterator[tuple[str, bool]]:
    """Every way to write a column's heading, and whether it is our own; with the sheet's name as well."""
    for spelling, own in ((field.heading, True), *((each, False) for each in field.also_called)):
        yield spelling, own
        yield f"{field.sheet} {spelling}", own


@cache
def _empty_words() -> frozenset[str]:
    """Words that a heading means the same without."""
    return frozenset(shapes().texts(_WORDS, SVSH + "emptyWord"))


@cache
def _other_words() -> frozenset[str]:
    """Words that make another thing of a heading that they stand in."""
    return frozenset(shapes().texts(_WORDS, SVSH + "otherWord"))


def _plain(heading: str) -> str:
    """A heading without its mark: "Age from (required)", "Age from *"."""
    return fold(heading).removesuffix(" required")


def _bag(heading: str) -> frozenset[str]:
    """The words of a heading that mean something, each as one thing: "areas" as "area"."""
    return frozenset(_singular(word) for word in _plain(heading).split() if word not in _empty_words())


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > len("ties"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > len("yes") else word
