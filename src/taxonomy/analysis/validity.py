"""What holds on a day, and what was only said some time before it (the rule of time of the ontology).

A fact holds on a day unless its stated start is after it or its stated end before it. What carries no dates and was
said more than 24 months before the day is old: it is shown as last stated then, and never called current.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from taxonomy.days import later

STALE_MONTHS: Final = 24


def holds(day: date | None, starts: date | None, ends: date | None) -> bool:
    """Whether something may be in force on a day; with no day, everything that is recorded is.

    >>> holds(date(2018, 4, 1), None, date(2018, 3, 31)), holds(date(2018, 3, 31), None, date(2018, 3, 31))
    (False, True)
    >>> holds(date(2018, 4, 1), None, None), holds(None, date(2030, 1, 1), None)
    (True, True)
    """
    return day is None or ((starts is None or starts <= day) and (ends is None or ends >= day))


def stale(said: date | None, day: date) -> bool:
    """Whether something without dates was said so long before a day that it may no longer be so.

    >>> stale(date(2018, 3, 12), date(2020, 3, 12)), stale(date(2018, 3, 12), date(2020, 3, 13))
    (False, True)
    >>> stale(None, date(2020, 3, 13))
    True
    """
    return said is None or said < later(day, -STALE_MONTHS)
