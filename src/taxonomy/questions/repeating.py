"""Whether a query has one answer for a given release, or may give another each time it is asked.

Read from the query's tokens, and on the careful side: what is not seen to be repeatable is said not to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from taxonomy.store.tokens import Token, tokens

_EACH_TIME: Final = {
    "STRUUID": "It uses STRUUID, which makes up a new name each time.",
    "UUID": "It uses UUID, which makes up a new name each time.",
    "RAND": "It uses RAND, which gives another number each time.",
    "NOW": "It uses NOW, which is the time of asking.",
    "BNODE": "It uses BNODE, which makes nodes without a name to compare.",
}
_PART: Final = (
    "It takes a part of the rows (LIMIT, OFFSET) in an order that does not decide between all of them. "
    "Order by every column that it shows."
)
_PICKED: Final = (
    "It joins or picks values ({}) in no stated order. Take them from a sub-select that orders by every column."
)
BLANK: Final = "The answer holds blank nodes, which have no name to compare."
_PICKING: Final = frozenset({"SAMPLE", "GROUP_CONCAT"})
_AGGREGATES: Final = _PICKING | {"COUNT", "SUM", "MIN", "MAX", "AVG"}
_SECTIONS: Final = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})
_CLOSES: Final = {"{": "}", "(": ")", "[": "]"}


def why_not(query: str) -> tuple[str, ...]:
    """Why the query has no answer that can be compared later; empty where it has one.

    >>> why_not("SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3")
    ()
    >>> why_not("SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s LIMIT 3")[0][:27]
    'It takes a part of the rows'
    >>> why_not("SELECT (NOW() AS ?time) {}")
    ('It uses NOW, which is the time of asking.',)
    """
    read = tokens(query)
    return tuple(dict.fromkeys((*_changing(read), *_undecided(read))))


def _changing(read: Sequence[Token]) -> Iterator[str]:
    """Calls of functions that give something else each time; the engine needs no space before such a name."""
    for token, following in pairwise(read):
        if following.text == "(":
            found = next((name for name in _EACH_TIME if token.keyword.endswith(name)), None)
            if found:
                yield _EACH_TIME[found]


def _undecided(read: Sequence[Token]) -> Iterator[str]:
    selects = [_Select.at(read, place) for place, token in enumerate(read) if token.keyword == "SELECT"]
    decided = {place for select in selects if select.total for place in select.tail}
    if any(token.keyword in {"LIMIT", "OFFSET"} and place not in decided for place, token in enumerate(read)):
        yield _PART
    starts = {select.start: select for select in selects}
    for select in selects:
        picked = sorted(select.used & _PICKING)
        inner = starts.get(_only_select(read, select.body))
        if picked and not (inner and inner.total):
            yield _PICKED.format(", ".join(picked))


@dataclass(frozen=True, slots=True)
class _Select:
    """A SELECT, outermost or within: what it shows, and what decides the order of its rows."""

    start: int
    body: range
    tail: range  # from behind the body to the end of this SELECT
    shown: frozenset[str] | None  # None: all that there is
    used: frozenset[str]  # aggregates that it uses
    grouped: frozenset[str] | None  # None: it does not group
    ordered: frozenset[str]  # plain variables that it orders by

    @classmethod
    def at(cls, read: Sequence[Token], start: int) -> _Select:
        opening = next((place for place in range(start, len(read)) if read[place].text == "{"), len(read))
        closing = _closing(read, opening)
        end = _end(read, closing + 1)
        head, tail = range(start + 1, opening), range(closing + 1, end)
        sections = dict(_sections(read, tail))
        used = {read[place].keyword for place in (*head, *tail)} & _AGGREGATES
        return cls(
            start=start,
            body=range(opening, closing + 1),
            tail=tail,
            shown=_shown(read, head),
            used=frozenset(used),
            grouped=_keys(read, sections["GROUP"]) if "GROUP" in sections else None,
            ordered=_keys(read, sections.get("ORDER", range(0))),
        )

    @property
    def total(self) -> bool:
        """Whether its order leaves nothing open: by all it shows, by all it groups by, or of one row."""
        if self.grouped is None and self.used:
            return True
        by_group = self.grouped is not None and bool(self.grouped) and self.grouped <= self.ordered
        return by_group or (self.shown is not None and self.shown <= self.ordered)


def _closing(read: Sequence[Token], opening: int) -> int:
    """The place of the bracket that closes one."""
    depth = 0
    for place in range(opening, len(read)):
        if read[place].kind == "sign":
            depth += (read[place].text in _CLOSES) - (read[place].text in _CLOSES.values())
            if depth == 0:
                return place
    return len(read)


def _end(read: Sequence[Token], start: int) -> int:
    """Where the group around a place ends."""
    place = start
    while place < len(read) and read[place].text != "}":
        place = _closing(read, place) + 1 if read[place].text in _CLOSES else place + 1
    return min(place, len(read))


def _sections(read: Sequence[Token], tail: range) -> Iterator[tuple[str, range]]:
    places = list(_outside_brackets(read, tail))
    marks = [place for place in places if read[place].keyword in _SECTIONS]
    for mark, following in zip(marks, [*marks, tail.stop][1:], strict=True):
        yield read[mark].keyword, range(mark, following)


def _outside_brackets(read: Sequence[Token], within: range) -> Iterator[int]:
    place = within.start
    while place < within.stop:
        yield place
        place = _closing(read, place) + 1 if read[place].text in _CLOSES else place + 1


def _shown(read: Sequence[Token], head: range) -> frozenset[str] | None:
    found = set()
    for place in _outside_brackets(read, head):
        if read[place].text == "*":
            return None
        found |= _named(read, place)
    return frozenset(found)


def _keys(read: Sequence[Token], section: range) -> frozenset[str]:
    """The variables that a GROUP BY or ORDER BY names plainly; what it computes has a name that nothing else has."""
    found: set[str] = set()
    for place in _outside_brackets(read, section):
        named = _named(read, place)
        computed = read[place].text == "(" and not named
        found |= named or ({f"({place})"} if computed else set())
    return frozenset(found)


def _named(read: Sequence[Token], place: int) -> set[str]:
    """The variable at a place, or that of ``(… AS ?v)`` or of ``DESC(?v)``."""
    if read[place].kind == "variable":
        return {read[place].text[1:]}
    if read[place].text == "(":
        inside = read[place + 1 : _closing(read, place)]
        if len(inside) == 1 and inside[0].kind == "variable":
            return {inside[0].text[1:]}
        if len(inside) > 1 and inside[-2].keyword == "AS":
            return {inside[-1].text[1:]}
    return set()


def _only_select(read: Sequence[Token], body: range) -> int:
    """The place of the sub-select that is all that a body holds; -1 where it holds more."""
    first, last = body.start, body.stop - 1
    while first + 1 < last and read[first + 1].text == "{" and _closing(read, first + 1) == last - 1:
        first, last = first + 1, last - 1
    return first + 1 if first + 1 < last and read[first + 1].keyword == "SELECT" else -1
