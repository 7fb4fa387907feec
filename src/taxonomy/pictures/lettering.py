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
