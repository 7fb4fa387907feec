"""Days: as people write them, and so many months from one another."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def written(day: date) -> str:
    """A day as people write it.

    >>> written(date(2018, 3, 12))
    '12 March 2018'
    """
    return f"{day.day} {day:%B} {day.year}"


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
