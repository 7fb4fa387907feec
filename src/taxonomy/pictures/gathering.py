"""Which things of a flow picture have a box of their own, and which stand together in one that counts them.

A column with few things shows each. One with many shows the largest, and puts the rest together, so that the picture
stays readable and still adds up: every amount is in some band.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from taxonomy.analysis import subtotals
from taxonomy.analysis.agreements import Flow
from taxonomy.analysis.money import NOT_STATED, pounds
from taxonomy.analysis.rows import Named, listed
from taxonomy.analysis.subtotals import Dimension
from taxonomy.pictures import columns
from taxonomy.pictures.columns import Band, Card, Placed
from taxonomy.pictures.lettering import printable, short, wrap

MOST: Final = 14  # boxes of their own in one column; with more, the largest of them
LARGEST: Final = 8
_GROUPS: Final = 6  # boxes of several in one column
_TALL: Final = 300.0  # height of all known bands of a section together
_THIN, _UNKNOWN, _MOST_UNKNOWN = 1.5, 9.0, 30.0  # the thinnest known band; bands whose amount is not published
_AGREEMENTS: Final = 1  # the column of agreements


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column."""

    dimension: Dimension  # by which a box of several is opened; of agreements, by which they are put together
    unknown: str  # what the box of what is not stated says
    noun: str


@dataclass(frozen=True, slots=True)
class Box:
    """One thing that money comes from or goes to."""

    name: Named
    heading: str = ""  # instead of the name
    detail: str = ""
    flow: Flow | None = field(default=None, compare=False)  # of an agreement: what it is put together by


@dataclass(frozen=True, slots=True)
class Amount:
    """Money from a thing in one column to a thing in the next."""

    column: int
    origin: Box
    end: Box
    pounds: Decimal | None  # None: not published, or how it is split is not stated
    title: str


class Boxes:
    """The boxes of one section, in the making."""

    def __init__(
        self,
        some: Sequence[Column],
        *,
        address: Callable[[str], str],
        within: str,
        opened: Callable[[Dimension, str], str] | None,
    ) -> None:
        self._columns, self._address, self._within, self._opened = some, address, within, opened

    def placed(self, amounts: Sequence[Amount]) -> Placed:
        """Every box and every band in its place."""
        self._amounts = amounts
        self._worth = [self._sums(place) for place in range(len(self._columns))]
        self._total = sum(self._worth[0].values(), Decimal(0)) or sum(self._worth[-1].values(), Decimal(0))
        self._group = [self._grouped(place) for place in range(len(self._columns))]
        cards = [self._cards(place) for place in range(len(self._columns))]
        return columns.place(cards, sorted(self._bands(), key=lambda band: -band.thickness))  # the thin ones on top

    def _sums(self, place: int) -> Mapping[Box, Decimal]:
        """What is known to come from or go to each box of a column."""
        sums: dict[Box, Decimal] = defaultdict(Decimal)
        for amount in self._amounts:
            if amount.column == max(place - 1, 0):
                sums[amount.end if place else amount.origin] += amount.pounds or 0
        return sums

    def _grouped(self, place: int) -> Mapping[Box, str]:
        """The heading of the box of several in which each stands that has none of its own."""
        sums = self._worth[place]
        if len(sums) <= MOST:
            return {}
        small = sorted(sums, key=lambda box: (-sums[box], box.name))[LARGEST:]
        if place != _AGREEMENTS:
            return dict.fromkeys(small, "other")
        dimension = self._columns[place].dimension
        keys = {
            box: " and ".join(n.label for n in subtotals.values(box.flow, dimension)) if box.flow else ""
            for box in small
        }
        frequent = {key for key, _ in Counter(keys.values()).most_common(_GROUPS)}
        return {box: (key or "Not stated") if key in frequent else "other" for box, key in keys.items()}

    def _key(self, place: int, box: Box) -> str:
        group = self._group[place].get(box)
        return f"{place} {box.name.iri}" if group is None else f"{place} group {group}"

    def _cards(self, place: int) -> list[Card]:
        sums, groups = self._worth[place], self._group[place]
        single = [box for box in sums if box not in groups]
        together: dict[str, list[Box]] = defaultdict(list)
        for box, group in groups.items():
            together[group].append(box)
        if place == _AGREEMENTS:
            single.sort(key=self._by_payer)
        else:
            single.sort(key=lambda box: (-sums[box], box.name))
        ordered = sorted(together.items(), key=lambda item: (item[0] == "other", -len(item[1]), item[0]))
        return [*(self._one(place, box) for box in single), *(self._several(place, *each) for each in ordered)]

    def _by_payer(self, box: Box) -> tuple[float, Decimal, Named]:
        payers = sorted(self._worth[0], key=lambda each: (-self._worth[0][each], each.name))
        rank = {self._key(0, payer): place for place, payer in enumerate(payers)}
        places = [rank[self._key(0, each.origin)] for each in self._amounts if each.column == 0 and each.end == box]
        return (sum(places) / max(len(places), 1), -self._worth[_AGREEMENTS][box], box.name)

    def _one(self, place: int, box: Box) -> Card:
        column = self._columns[place]
        name = column.unknown if box.name == NOT_STATED else box.name.label
        detail = box.detail if place == _AGREEMENTS else self._told(place, [box])
        bold = _bold(box.heading or short(name, self._within))
        href = printable(self._address(box.name.iri)) if box.name.iri else None
        told = ", ".join(filter(None, (box.heading, detail)))
        title = printable(f"{name}: {told}" if told else name)
        lines = (*bold, *(_plain(detail) if detail else ()))
        return Card(key=self._key(place, box), lines=lines, title=title, href=href or None, bold=len(bold))

    def _several(self, place: int, group: str, some: list[Box]) -> Card:
        column = self._columns[place]
        kind = "other " if group == "other" or place != _AGREEMENTS else ""
        heading = f"{len(some)} {kind}{column.noun}{'s' if len(some) > 1 else ''}"
        if place == _AGREEMENTS and group != "other":
            heading += f": {group}"
        bold, detail = _bold(heading), self._told(place, some)
        names = "; ".join(sorted(box.name.label for box in some))
        href = self._opened(column.dimension, self._value(place, group, some[0])) if self._opened else None
        return Card(
            key=self._key(place, some[0]),
            lines=(*bold, *_plain(detail)),
            title=printable(f"{heading}: {detail}. {names}"),
            href=printable(href) if href else None,
            bold=len(bold),
        )

    def _value(self, place: int, group: str, box: Box) -> str:
        """What the page is narrowed to, to see the things of a box of several; empty where it is several values."""
        if place != _AGREEMENTS or group == "other" or box.flow is None:
            return ""
        values = subtotals.values(box.flow, self._columns[place].dimension)
        return subtotals.key(values[0]) if values else subtotals.key(NOT_STATED)

    def _told(self, place: int, some: list[Box]) -> str:
        """What is known to come from or go to some boxes, and how many amounts are not published."""
        within = {*some}
        mine = [
            each
            for each in self._amounts
            if each.column == max(place - 1, 0) and (each.end if place else each.origin) in within
        ]
        missing = sum(each.pounds is None for each in mine)
        told = [pounds(sum((self._worth[place][box] for box in some), Decimal(0)))] if missing < len(mine) else []
        if missing:
            told.append(f"{missing} amount{'s' if missing > 1 else ''} not known")
        return listed(told)

    def _bands(self) -> list[Band]:
        merged: dict[tuple[str, str, bool], list[Amount]] = defaultdict(list)
        bands = []
        for amount in self._amounts:
            origin, end = self._key(amount.column, amount.origin), self._key(amount.column + 1, amount.end)
            if amount.origin in self._group[amount.column] or amount.end in self._group[amount.column + 1]:
                merged[origin, end, amount.pounds is not None].append(amount)
            else:
                bands.append(self._band(origin, end, [amount], amount.title))
        for (origin, end, known), some in merged.items():
            total = pounds(sum((each.pounds or Decimal(0) for each in some), Decimal(0))) if known else "not published"
            title = some[0].title if len(some) == 1 else f"{len(some)} amounts together: {total}"
            bands.append(self._band(origin, end, some, title))
        return bands

    def _band(self, origin: str, end: str, some: list[Amount], title: str) -> Band:
        known = some[0].pounds is not None
        amount = sum((each.pounds or Decimal(0) for each in some), Decimal(0))
        if known and self._total:
            thickness = max(_THIN, float(amount / self._total) * _TALL)
        else:
            thickness = min(_UNKNOWN + len(some) - 1, _MOST_UNKNOWN)
        return Band(origin=origin, end=end, thickness=thickness, title=printable(title), known=known)


def _bold(text: str) -> tuple[str, ...]:
    return wrap(text, columns.WIDTH - 2 * columns.PADDING, size=columns.SIZE, bold=True)


def _plain(text: str) -> tuple[str, ...]:
    return wrap(text, columns.WIDTH - 2 * columns.PADDING, size=columns.SMALL)
