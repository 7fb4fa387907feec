"""Cells as people and spreadsheet programs write them, taken apart into the values that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from taxonomy.context import Context, fold
from taxonomy.fields import Field
from taxonomy.values import Iri

_APOSTROPHE: Final = re.compile(r"^'(?=[0-9+=@£-])")  # typed to keep a program from changing what follows


def plain(text: str) -> str:
    """A text with one space between words, and without an apostrophe that a program was told by.

    >>> plain("'01632   960001")
    '01632 960001'
    """
    return _APOSTROPHE.sub("", " ".join(text.split()), count=1) if text else ""


def pieces(field: Field, text: str, context: Context, *, own: Set[str] = frozenset()) -> Iterator[str]:
    """The values in one cell, with semicolons or line breaks between them; where no name has a comma, also commas.

    ``own`` are names of the record's own that the field may take, as names are compared.
    """
    if not field.many:
        yield from filter(None, [plain(text)])
        return
    for part in map(plain, re.split(r"[;\n\r]", text)):
        between = [plain(each) for each in part.split(",")]
        if len(between) > 1 and field.takes and fold(part) not in own and not context.find(part, field.takes):
            known = all(fold(each) in own or context.find(each, field.takes) for each in between)
            if known or not _with_commas(context, field.takes):
                yield from filter(None, between)
                continue
        yield from filter(None, [part])


def _with_commas(context: Context, takes: tuple[Iri, ...]) -> bool:
    """Whether a comma may belong to one name."""
    return any(
        "," in context.labels.get(thing, "")
        for place in takes
        for things in context.names.get(place, {}).values()
        for thing in things
    )
