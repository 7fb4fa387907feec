"""Words as a picture can hold them: only characters that XML allows, in lines that fit."""

from __future__ import annotations

import re
import textwrap

# Control characters and lone surrogates, which no XML document may hold; marks that turn the direction of the text
# around them, which could make one label reorder its neighbours.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""The text on one line, without characters that XML forbids or that turn the direction of other text.

    >>> printable("Made-Up\n\x00 Centre")
    'Made-Up Centre'
    """
    return " ".join(_UNFIT.sub("", text).split())


def wrap(text: str, width: int, *, lines: int = 4) -> tuple[str, ...]:
    """The text in lines of at most ``width`` characters, cut with a mark after ``lines`` lines.

    >>> wrap("Emotional support for victims of crime", 20)
    ('Emotional support', 'for victims of crime')
    >>> wrap("a" * 30, 10, lines=2)
    ('aaaaaaaaaa', '…')
    """
    return tuple(textwrap.wrap(printable(text), width, max_lines=lines, placeholder=" …")) or ("",)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide the text is in Arial or Helvetica, in the units of ``size``; never much less than it will be.

    >>> 50 < width("Refused", 14, bold=True) < 60
    True
    """
    widths = (
        0.3 if c in "iljt.,'|:;!()[] fr" else 0.86 if c in "mwMW@%—…" else 0.7 if c.isupper() else 0.56 for c in text
    )
    return sum(widths) * size * (1.07 if bold else 1)


def short(text: str, within: str) -> str:
    """The text without an area in brackets at its end that the picture's heading says already, and with a capital.

    >>> short("victim support services (Made-Up Shire)", "Made-Up Shire")
    'Victim support services'
    """
    name = printable(text).removesuffix(f" ({within})")
    return name[:1].upper() + name[1:]
