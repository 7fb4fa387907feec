"""Cards in columns with bands between them: the arithmetic of a flow picture, without a word about money.

A card is as tall as its words or its bands need, whichever is more, so words are never cut and never lie on a band.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

WIDTH, GAP, PADDING = 218.0, 16.0, 12.0  # of a card; under a card; inside a card
COLUMNS = (0.0, 312.0, 602.0, 892.0)  # where each column begins; where money parts and joins, it is given more room
_FIRM = 1  # the column that keeps its order, and that the others follow
SIZE, SMALL, LINE = 15.0, 13.5, 19.0  # of bold letters; of others; from one line to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing in a column, and where it stands."""

    key: str
    lines: tuple[str, ...]  # the first is drawn bold
    title: str
    href: str | None  # None: there is nothing to link to
    bold: int = 1  # how many lines are drawn bold
    x: float = 0
    y: float = 0
    height: float = 0

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2

    @property
    def texts(self) -> tuple[tuple[float, str, bool], ...]:
        """Each line with its height and whether it is bold; together they stand half way down the card."""
        first = self.middle - LINE * len(self.lines) / 2 + LINE * 0.74
        return tuple((first + LINE * place, line, place < self.bold) for place, line in enumerate(self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A flow from one card to a card of the next column."""

    origin: str
    end: str
    thickness: float
    title: str
    known: bool  # False: drawn hatched, because its thickness means nothing
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Cards and bands with their places, and where they end."""

    cards: tuple[Card, ...]
    bands: tuple[Band, ...]
    bottom: float


def place(cards: Sequence[Sequence[Card]], bands: Sequence[Band]) -> Placed:
    """Every card and band in its place. The second column keeps its order; the others follow what they are tied to.

    >>> one, two = (Card(key=key, lines=("words",), title="", href=None) for key in "ab")
    >>> placed = place([[one], [two]], [Band(origin="a", end="b", thickness=60, title="", known=True)])
    >>> [(card.x, card.y, card.height) for card in placed.cards], placed.bottom
    ([(0.0, 0.0, 60), (312.0, 0.0, 60)], 60.0)
    """
    tall = {card.key: _height(card, bands) for column in cards for card in column}
    settled: dict[str, Card] = {}

    def settle(column: int, wanted: Mapping[Card, float], room: float = 0.0) -> float:
        """Put a column's cards as near to where they are wanted as they can be, and within the room if they fit."""
        ordered, below, tops = sorted(wanted, key=lambda each: wanted[each]), 0.0, []
        for card in ordered:
            tops.append(max(below, wanted[card] - tall[card.key] / 2))
            below = tops[-1] + tall[card.key] + GAP
        above = max(room, sum(tall[card.key] + GAP for card in ordered) - GAP)
        for place in reversed(range(len(ordered))):
            card = ordered[place]
            tops[place] = min(tops[place], above - tall[card.key])
            above = tops[place] - GAP
            settled[card.key] = replace(card, x=COLUMNS[column], y=tops[place], height=tall[card.key])
        return max((top + tall[card.key] for top, card in zip(tops, ordered, strict=True)), default=0.0)

    ties: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for band in bands:
        ties[band.origin].append((band.thickness, band.end))
        ties[band.end].append((band.thickness, band.origin))

    def beside(card: Card) -> float:
        tied = [(thickness, settled[key].middle) for thickness, key in ties[card.key] if key in settled]
        weight = sum(thickness for thickness, _ in tied)
        return sum(thickness * at for thickness, at in tied) / weight if weight else 0.0

    room = settle(_FIRM, dict.fromkeys(cards[_FIRM], 0.0))
    for column in (0, *range(_FIRM + 1, len(cards))):
        settle(column, {card: beside(card) for card in cards[column]}, room)
    placed = tuple(settled[card.key] for column in cards for card in column)
    return Placed(cards=placed, bands=_drawn(bands, settled), bottom=max((c.y + c.height for c in placed), default=0))


def _height(card: Card, bands: Sequence[Band]) -> float:
    inward = sum(band.thickness for band in bands if band.end == card.key)
    outward = sum(band.thickness for band in bands if band.origin == card.key)
    return max(LINE * len(card.lines) + 2 * PADDING, inward, outward)


def _drawn(bands: Sequence[Band], cards: dict[str, Card]) -> tuple[Band, ...]:
    leaving = _stacked(bands, cards, own=lambda band: band.origin, other=lambda band: band.end)
    arriving = _stacked(bands, cards, own=lambda band: band.end, other=lambda band: band.origin)
    return tuple(
        replace(
            band, path=_curve(cards[band.origin].x + WIDTH, leaving[n], cards[band.end].x, arriving[n], band.thickness)
        )
        for n, band in enumerate(bands)
    )


def _stacked(
    bands: Sequence[Band], cards: dict[str, Card], *, own: Callable[[Band], str], other: Callable[[Band], str]
) -> dict[int, float]:
    """The top of each band at the card it is stacked on, in the order of the cards at the bands' other ends."""
    tops: dict[int, float] = {}
    for key, card in cards.items():
        mine = sorted((n for n, band in enumerate(bands) if own(band) == key), key=lambda n: cards[other(bands[n])].y)
        top = card.middle - sum(bands[n].thickness for n in mine) / 2
        for n in mine:
            tops[n] = top
            top += bands[n].thickness
    return tops


def _curve(x0: float, y0: float, x1: float, y1: float, thickness: float) -> str:
    half = (x0 + x1) / 2
    there = f"M{x0:.1f},{y0:.1f}C{half:.1f},{y0:.1f} {half:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    y0, y1 = y0 + thickness, y1 + thickness
    return f"{there}L{x1:.1f},{y1:.1f}C{half:.1f},{y1:.1f} {half:.1f},{y0:.1f} {x0:.1f},{y0:.1f}Z"
