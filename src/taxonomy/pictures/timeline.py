"""Agreements as bars along a line of years: how long each runs, by how much it may be extended, and what is not known.

A bar is whole up to the first end, hatched where it is extended, and open with a broken edge where a start or an end is
not known. Where there are too many for one picture, those that are alike share a line that counts them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from taxonomy import assets
from taxonomy.analysis import subtotals
from taxonomy.analysis.agreements import DIFFER
from taxonomy.analysis.money import NOT_STATED
from taxonomy.analysis.rows import Named, listed
from taxonomy.analysis.subtotals import Dimension
from taxonomy.analysis.terms import Term
from taxonomy.analysis.timeline import Span
from taxonomy.days import written
from taxonomy.pictures.lettering import printable, short, wrap

MOST: Final = 40  # lines, with one for each agreement
LABEL, WIDTH, LINE = 388.0, 722.0, 18.0  # of the words at the left; of the years; from one line of words to the next
SIZE, SMALL, BAR, GAP, TOP = 15.0, 13.0, 16.0, 14.0, 34.0
_EDGE: Final = 26.0  # between the ends of the picture and the first and last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A piece of a line."""

    kind: str  # known, extension, or open
    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One agreement, or several that are alike."""

    lines: tuple[tuple[str, bool], ...]  # words, and whether they are bold
    title: str
    href: str | None
    bars: tuple[Bar, ...] = ()
    marks: tuple[tuple[float, str], ...] = ()  # an end of one of several, and its words
    y: float = 0
    height: float = field(default=0)

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Axis:
    """The days that are drawn."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day stands."""
        share = (day.toordinal() - self.first.toordinal()) / max(self.last.toordinal() - self.first.toordinal(), 1)
        return LABEL + _EDGE + share * (WIDTH - 2 * _EDGE)

    @property
    def years(self) -> tuple[tuple[float, int], ...]:
        """The first day of each year, not so many that they would touch."""
        every = max(1, -(-(self.last.year - self.first.year + 1) // 12))
        days = (date(year, 1, 1) for year in range(self.first.year, self.last.year + 1, every))
        return tuple((self.x(day), day.year) for day in days if self.first <= day <= self.last)


def draw(
    some: Sequence[Span],
    address: Callable[[str], str],
    *,
    within: str = "",
    on: date | None = None,
    together_by: Dimension = Dimension.FUNDER,
    opened: Callable[[Dimension, str], str] | None = None,
) -> str:
    """The terms as one ``<svg>`` element for a page; empty where no day is known of any.

    ``on`` is a day to mark, where it lies within the days drawn. Above 40 lines, those that are alike in
    ``together_by`` share one, which ``opened`` links to the page narrowed to them.

    >>> draw([], address=str)
    ''
    """
    days = [day for span in some for day in (span.term.starts, span.term.first_end, span.term.last_end) if day]
    if not days:
        return ""
    axis = Axis(date(min(days).year, 1, 1), max(days))
    if len(some) <= MOST:
        lanes = [_one(span, axis, address, within) for span in some]
    else:
        lanes = _several(some, axis, together_by, opened)
    placed, y = [], TOP
    for lane in lanes:
        height = max(LINE * len(lane.lines), BAR)
        placed.append(_at(lane, y, height))
        y += height + GAP
    marked = on if on and axis.first <= on <= axis.last else None
    return _template().render(
        lanes=placed,
        years=axis.years,
        on=(axis.x(marked), written(marked)) if marked else None,
        width=LABEL + WIDTH,
        height=y,
        label=LABEL,
        line=LINE,
        bar=BAR,
        size=SIZE,
        small=SMALL,
        summary=printable(summary(some)),
    )


def summary(some: Sequence[Span]) -> str:
    """How much is known of the ends, in a sentence.

    >>> summary([])
    'No agreement is recorded.'
    """
    if not some:
        return "No agreement is recorded."
    count = len({span.agreement for span in some})
    unknown = len({span.agreement for span in some if span.term.first_end is None})
    extendable = len({span.agreement for span in some if span.term.extendable})
    of = f"{unknown} of {count} agreement{'s' if count != 1 else ''} {'has' if unknown == 1 else 'have'}"
    return f"{of} an end that is not known, of the whole or a share; {extendable} may be extended after a known end."


def _at(lane: Lane, y: float, height: float) -> Lane:
    return Lane(
        lines=lane.lines, title=lane.title, href=lane.href, bars=lane.bars, marks=lane.marks, y=y, height=height
    )


def _one(span: Span, axis: Axis, address: Callable[[str], str], within: str) -> Lane:
    name, told = short(span.agreement.label, within), _told(span)
    payers = "" if span.whole else f": {'; '.join(span.paying) or 'funder not stated'}"
    lines = [(line, True) for line in _wrapped(f"{name}{payers}", SIZE, bold=True)]
    lines += [(line, False) for line in _wrapped(told, SMALL)]
    return Lane(
        lines=tuple(lines),
        title=printable(f"{span.agreement}{payers}: {told}"),
        href=printable(address(span.agreement.iri)) or None,
        bars=tuple(_bars(span.term, axis, told)),
    )


def _told(span: Span) -> str:
    term = span.term
    starts = f"from {written(term.starts)}" if term.starts else "start not known"
    if DIFFER.format("the start") in span.notes:
        starts = "sources differ on the start"
    ends = f"to {term.ends}" if term.first_end else "end not known"
    printed = f"; printed as “{term.printed}”" if term.printed else ""
    return f"{starts}, {ends}{printed}"


def _bars(term: Term, axis: Axis, told: str) -> list[Bar]:
    if term.starts is None and term.first_end is None:
        return []
    left = LABEL if term.starts is None else axis.x(term.starts)
    if term.first_end is None or term.last_end is None:
        return [Bar(kind="open", x=left, width=LABEL + WIDTH - left, title=told)]
    end = axis.x(term.first_end)
    bars = [Bar(kind="open" if term.starts is None else "known", x=left, width=max(end - left, 2), title=told)]
    if term.extendable:
        bars.append(Bar(kind="extension", x=end, width=max(axis.x(term.last_end) - end, 2), title=told))
    return bars


def _several(
    some: Sequence[Span], axis: Axis, dimension: Dimension, opened: Callable[[Dimension, str], str] | None
) -> list[Lane]:
    groups: dict[tuple[Named, ...], list[Span]] = defaultdict(list)
    for span in some:
        named = {name for flow in span.flows for name in subtotals.values(flow, dimension)}
        groups[tuple(sorted(named)) or (NOT_STATED,)].append(span)
    lanes = []
    for names, spans in sorted(groups.items(), key=lambda item: (NOT_STATED in item[0], -len(item[1]), item[0])):
        known = [span for span in spans if span.term.first_end]
        heading = listed([str(name) for name in names])
        count = len({span.agreement for span in spans})
        lines = [(line, True) for line in _wrapped(heading, SIZE, bold=True)]
        told = f"{count} agreement{'s' if count > 1 else ''}"
        if unknown := {span.agreement for span in spans if span.term.first_end is None}:
            told += f"; {len(unknown)} with an end that is not known"
        if longer := {span.agreement for span in spans if span.term.extendable}:
            told += f"; {len(longer)} may be extended"
        lines += [(line, False) for line in _wrapped(told, SMALL)]
        ends = [(axis.x(day), f"{span.agreement}: {written(day)}") for span in known if (day := span.term.first_end)]
        starts = [span.term.starts for span in spans if span.term.starts]
        lasts = [span.term.last_end for span in spans if span.term.last_end]
        bars = []
        if lasts:
            left = axis.x(min([*starts, *lasts]))
            bars = [Bar(kind="line", x=left, width=max(axis.x(max(lasts)) - left, 2), title=told)]
        lanes.append(
            Lane(
                lines=tuple(lines),
                title=printable(f"{heading}: {told}"),
                href=printable(opened(dimension, subtotals.key(names[0]))) if opened else None,
                bars=tuple(bars),
                marks=tuple((x, printable(words)) for x, words in ends),
            )
        )
    return lanes


def _wrapped(text: str, size: float, *, bold: bool = False) -> tuple[str, ...]:
    return wrap(text, LABEL - 24, size=size, bold=bold, lines=3)


@cache
def _template() -> Template:
    loader = FileSystemLoader(assets.folder("web") / "templates" / "pictures")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("timeline.svg")
