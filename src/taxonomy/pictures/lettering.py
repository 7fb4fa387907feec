"""Words as a picture can hold them: only characters that XML allows, in lines that fit."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import east_asian_width

# Control characters and lone surrogates, which no XML document may hold; marks that turn the direction of the text
# around them, which could make one label reorder its neighbours.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_CUT = " …"


def printable(text: str) -> str:
    r"""The text on one line, without characters that XML forbids or that turn the direction of other text.

    >>> printable("Made-Up\n\x00 Centre")
    'Made-Up Centre'
    """
    return " ".join(_UNFIT.sub("", text).split())


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide the text is in Arial or Helvetica, in the units of ``size``; never much less than it will be.

    >>> 50 < width("Refused", 14, bold=True) < 60
    True
    """
    return sum(map(_share, text)) * size * (1.07 if bold else 1)


def wrap(text: str, room: float, *, size: float = 15, bold: bool = False, lines: int = 4) -> tuple[str, ...]:
    """The text in lines no wider than ``room``, cut with a mark after ``lines`` lines; long words are broken.

    >>> wrap("Emotional support for victims of crime", 160)
    ('Emotional support for', 'victims of crime')
    >>> wrap("a" * 30, 100, lines=2)
    ('aaaaaaaaaaa', 'aaaaaaaaa …')
    """

    def fits(line: str) -> bool:
        return width(line, size, bold=bold) <= room

    found = [""]
    for word in printable(text).split(" "):
        longer = f"{found[-1]} {word}".strip()
        if fits(longer):
            found[-1] = longer
            continue
        found.append("")
        for letter in word:
            if not fits(found[-1] + letter):
                found.append("")
            found[-1] += letter
    found = [line for line in found if line] or [""]
    if len(found) > lines:
        last = found[lines - 1]
        while not fits(last + _CUT):
            last = last[:-1]
        found = [*found[: lines - 1], last.rstrip() + _CUT]
    return tuple(found)


def short(text: str, within: str) -> str:
    """The text without an area in brackets at its end that the picture's heading says already, and with a capital.

    >>> short("victim support services (Made-Up Shire)", "Made-Up Shire")
    'Victim support services'
    """
    name = printable(text).removesuffix(f" ({within})")
    return name[:1].upper() + name[1:]


@lru_cache(4096)
def _share(letter: str) -> float:
    """How much of the size of the type a letter is wide."""
    if letter in "iljt.,'|:;!()[] fr":
        return 0.3
    if letter in "mwMW@%—…":
        return 0.9
    if east_asian_width(letter) in "WF":
        return 1.1
    return 0.7 if letter.isupper() else 0.56
