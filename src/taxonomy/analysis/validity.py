"""What holds on a day, and what was only said some time before it (the rule of time of the ontology).

A fact holds on a day unless its stated start is after it or its stated end before it. What carries no dates and was
said more than 24 months before the day is old: it is shown as last stated then, and never called current.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

STALE_MONTHS: Final = 24


def holds(day: date | None, starts: date | None, ends: date | None) -> bool:
    """Whether something may be in force on a day; with no day, everything that is recorded is.

    >>> holds(date(2018, 4, 1), None, date(2018, 3, 31)), holds(date(2018, 3, 31), None, date(2018, 3, 31))
    (False, True)
    >>> holds(date(2018, 4, 1), None, None), holds(None, date(2030, 1, 1), None)
    (True, True)
    """
    return day is None or ((starts is None or starts <= day) and (ends is None or ends >= day))


def later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it is shorter; earlier for a negative number.

    >>> later(date(2018, 1, 31), 1), later(date(2018, 3, 12), -24), later(date(2018, 11, 30), 3)
    (datetime.date(2018, 2, 28), datetime.date(2016, 3, 12), datetime.date(2019, 2, 28))

    The calendar begins with the year 1 and ends with 9999; beyond, it is the first or last day that there is.

    >>> later(date(1, 2, 3), -24), later(date(9999, 2, 3), 24)
    (datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stale(said: date | None, day: date) -> bool:
    """Whether something without dates was said so long before a day that it may no longer be so.

    >>> stale(date(2018, 3, 12), date(2020, 3, 12)), stale(date(2018, 3, 12), date(2020, 3, 13))
    (False, True)
    >>> stale(None, date(2020, 3, 13))
    True
    """
    return said is None or said < later(day, -STALE_MONTHS)
