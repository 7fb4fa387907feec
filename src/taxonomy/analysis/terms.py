"""How long an agreement runs: its first term, what it may be extended by, and what of that no source says.

A stated end is the last possible day. Whether that day already counts an extension follows from the first term where a
source prints one; where it does not follow, it is said to be open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from taxonomy.days import later, written

_DAY: Final = timedelta(days=1)
_NEAR: Final = timedelta(days=31)  # a term in months and an end in print may differ by how a month is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """When money starts and ends, as far as sources say."""

    starts: date | None = None  # None: not stated
    stated_end: date | None = None  # the last possible day as a source gives it
    first_end: date | None = None  # the last day unless it is extended; None: not known
    last_end: date | None = None  # the last day if it is extended as far as it may be; None: not known
    initial_months: int | None = None
    extension_months: int | None = None  # None: not stated, which is not the same as none
    printed: str | None = None
    worked_out: bool = False  # an end follows from the start and the months, and no source prints it
    open_whether: bool = False  # whether the stated end already counts the extension is not stated

    @property
    def extendable(self) -> bool:
        """Whether there is a known first end, and a later one if it is extended."""
        return self.first_end is not None and self.last_end is not None and self.first_end < self.last_end

    @property
    def ends(self) -> str:
        """When it ends, in words.

        >>> of(starts=date(2015, 4, 1), ends=date(2019, 3, 31), initial_months=36, extension_months=12).ends
        '31 March 2018, or 31 March 2019 if it is extended'
        >>> of(ends=date(2020, 3, 31)).ends, of(initial_months=12).ends
        ('31 March 2020', 'not known')
        """
        if self.first_end is None:
            return "not known"
        longer = f", or {written(self.last_end)} if it is extended" if self.extendable and self.last_end else ""
        return f"{written(self.first_end)}{longer}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know before trusting these days."""
        notes = []
        if self.starts is None:
            notes.append("The start is not known")
        if self.first_end is None:
            notes.append("The end is not known")
        if self.worked_out:
            notes.append("The end is worked out from the months of the term")
        if self.open_whether:
            notes.append("Whether the stated end already counts the extension is not stated")
        return tuple(notes)


def of(
    *,
    starts: date | None = None,
    ends: date | None = None,
    initial_months: int | None = None,
    extension_months: int | None = None,
    printed: str | None = None,
) -> Term:
    """The term that a start, an end and months in print make together.

    >>> of(starts=date(2020, 1, 1), initial_months=12, extension_months=6).last_end
    datetime.date(2021, 6, 30)
    >>> of(ends=date(2020, 12, 31), extension_months=12).open_whether
    True
    """
    first = _end(starts, initial_months) if starts and initial_months else None
    extension = extension_months or 0
    worked_out, open_whether = False, False
    if ends is None:
        first_end = first
        last_end = _longer(first, extension) if first else None
        worked_out = first is not None
    elif not extension:
        first_end = last_end = ends
    elif first is None or ends < first - _NEAR:
        first_end, last_end, open_whether = ends, _longer(ends, extension), True
    elif ends <= first + _NEAR:
        first_end, last_end, worked_out = ends, _longer(ends, extension), True
    else:
        first_end, last_end, worked_out = first, ends, True
    return Term(
        starts=starts,
        stated_end=ends,
        first_end=first_end,
        last_end=last_end,
        initial_months=initial_months,
        extension_months=extension_months,
        printed=printed,
        worked_out=worked_out,
        open_whether=open_whether,
    )


def _end(starts: date, months: int) -> date:
    following = later(starts, months)
    return following if following == date.max else following - _DAY


def _longer(end: date, months: int) -> date:
    return end if end == date.max else _end(end + _DAY, months)
