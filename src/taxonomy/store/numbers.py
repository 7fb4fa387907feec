"""How releases are numbered: 3, and 3.1 for what took its place when something in it had to be withdrawn."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

ReleaseNumber: TypeAlias = int | str  # 3, or "3.1": a text, since 3.10 is not 3.1

_WRITTEN: Final = re.compile(r"([0-9]{1,9})(?:\.([1-9][0-9]{0,3}))?")


def read(text: str) -> ReleaseNumber:
    """A number as it is written in an address, a command or the name of a folder.

    >>> read("3"), read("3.1")
    (3, '3.1')

    Raises:
        ValueError: it is not the number of a release.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:20]!r} is not the number of a release")
    return joined(int(found[1]), int(found[2] or 0))


def parts(number: ReleaseNumber) -> tuple[int, int]:
    """The number and how often that release was replaced; in this order releases follow one another.

    >>> parts(3) < parts("3.9") < parts("3.10") < parts(4)
    True

    Raises:
        ValueError: it is not the number of a release.
    """
    found = _WRITTEN.fullmatch(str(number))
    if found is None:
        raise ValueError(f"{str(number)[:20]!r} is not the number of a release")
    return int(found[1]), int(found[2] or 0)


def joined(number: int, revision: int) -> ReleaseNumber:
    """The whole number from its two parts.

    >>> joined(3, 0), joined(3, 1)
    (3, '3.1')
    """
    return f"{number}.{revision}" if revision else number


def after(number: ReleaseNumber) -> ReleaseNumber:
    """The number of what would take the place of a release.

    >>> after(3), after("3.1")
    ('3.1', '3.2')
    """
    whole, revision = parts(number)
    return joined(whole, revision + 1)
