"""The text of a cell, before it means anything: what a person sees there, and no more than a cell may hold."""

from __future__ import annotations

import re
from typing import Final

from taxonomy.errors import InputError

LONGEST: Final = 10_000  # characters of one cell

_UNSEEN: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")  # characters that take no room
_SPACES: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")  # spaces of other widths


def seen(text: str, where: str) -> str:
    """What a person sees of a text; line breaks stay.

    >>> seen("01632\u00a0960001 ", "row 2")
    '01632 960001'

    Raises:
        InputError: it is longer than a cell may be; says where.
    """
    if len(text) > LONGEST:
        raise InputError(f"A text is longer than {LONGEST:,} characters.", where=where, hint="Shorten it.")
    return text.strip() if text.isascii() else _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()
