"""The fields of a form: what a row is asked on a page, with what was typed, and what comes back as its cells.

A value that is on no list stays on the page as it was typed, and stays chosen: nothing is lost, and the rules say what
is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from taxonomy import fields
from taxonomy.context import Context, fold
from taxonomy.drafts import SERVICE
from taxonomy.errors import InputError
from taxonomy.fields import Field
from taxonomy.intake import cells as written
from taxonomy.intake.form import Form
from taxonomy.intake.layout import BETWEEN
from taxonomy.naming import slug
from taxonomy.values import Iri, parse_boolean

Asked = Literal["text", "prose", "address", "number", "date", "radios", "select", "checkboxes", "lookup"]

FEW: Final = 7  # answers that fit on a page as radios
MANY: Final = 60  # answers that fit as check boxes or in one list; beyond that, a name is typed
SPARE: Final = 2  # empty boxes beside the names that were typed

_YES_NO: Final = ("yes", "no")
_OF_CELLS: Final = re.compile(r"[^.;]*\bsemicolon\b[^.;]*\.|;[^.;]*\bsemicolon\b[^.;]*(?=\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field of a form on a page."""

    field: Field
    name: str  # in the address and the page
    asked: Asked
    options: tuple[str, ...] = ()  # what can be chosen, in words
    strange: tuple[str, ...] = ()  # what was typed and is none of them
    values: tuple[str, ...] = ()  # what stands there

    @property
    def help(self) -> str:
        """The help of the field, without what it says of cells: here each value has a place of its own."""
        return _OF_CELLS.sub("", self.field.help).strip()

    @property
    def spare(self) -> int:
        """How many empty boxes stand beside the names that were typed."""
        return SPARE if self.values else SPARE + 1

    @property
    def text(self) -> str:
        """What stands there, as one text."""
        return BETWEEN.join(self.values)


def of(sheet: str, cells: Mapping[str, str], form: Form, context: Context) -> tuple[Control, ...]:
    """The fields of one row of a sheet, filled with its cells."""
    return tuple(_control(each, cells.get(each.heading, ""), form, context) for each in fields.of(sheet))


def cells(sheet: str, sent: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The cells of a row, by heading, from what a form sent back under the names of its fields.

    >>> cells("Eligibility", {"age-from": ["16"], "gender-offer": ["Women only", "Men only"]})
    {'Age from': '16', 'Gender offer': 'Women only; Men only'}
    """
    found = {each.heading: [_typed(text) for text in sent.get(name_of(each), ())] for each in fields.of(sheet)}
    joined = {heading: BETWEEN.join(dict.fromkeys(filter(None, texts))) for heading, texts in found.items()}
    return {heading: text for heading, text in joined.items() if text}


def name_of(field: Field) -> str:
    """What a field is called in an address and in what a form sends: a short form of its heading."""
    return slug(field.heading)


def values(field: Field, text: str, form: Form, context: Context) -> tuple[str, ...]:
    """The values of a cell, each as the list of answers words it, or as it was typed where no answer is meant."""
    offered = options(field, form, context)
    own: frozenset[str] = frozenset(map(fold, form.own(field)))
    pieces = written.pieces(field, text, context, own=own) if field.many else filter(None, [text])
    return tuple(dict.fromkeys(_meant(field, each, offered, context) for each in pieces))


def options(field: Field, form: Form, context: Context) -> tuple[str, ...]:
    """The answers that a field offers, in words; none where anything may be typed."""
    if field.kind == "boolean":
        return _YES_NO
    if field.choices:
        return tuple(context.label(each) for each in field.choices)
    if field.of_these:
        return tuple(context.label(each) for each in field.of_these)
    own = form.own(field)
    if field.takes == (SERVICE,):
        return own
    others = (label for each in field.takes for label in context.members(each))
    return tuple(dict.fromkeys((*own, *others)))


def _typed(text: str) -> str:
    """A text as it was typed, its lines ended as everywhere but in a form, without what no text may hold."""
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text.replace("\r\n", "\n").strip())


def _control(field: Field, text: str, form: Form, context: Context) -> Control:
    offered, said = options(field, form, context), values(field, text, form, context)
    asked = _asked(field, len(offered))
    known = set(offered)
    return Control(
        field=field,
        name=name_of(field),
        asked=asked,
        options=offered,
        strange=tuple(each for each in said if each not in known) if asked != "lookup" and offered else (),
        values=said,
    )


def _asked(field: Field, offered: int) -> Asked:
    if field.kind in {"boolean", "choice", "name"}:
        if offered > MANY or not offered:
            return "lookup"
        if field.many:
            return "checkboxes"
        return "radios" if offered <= FEW else "select"
    plain: dict[str, Asked] = {"integer": "number", "decimal": "number", "date": "date", "address": "address"}
    if field.kind == "prose" and field.path != fields.LABEL:
        return "prose"
    return "lookup" if field.many else plain.get(field.kind, "text")


def _meant(field: Field, text: str, offered: Sequence[str], context: Context) -> str:
    """The answer that a text means, in the words of the list."""
    if text in offered:
        return text
    if field.kind == "boolean":
        try:
            return _YES_NO[0 if parse_boolean(text) else 1]
        except InputError:
            return text
    same = next((each for each in offered if fold(each) == fold(text) and fold(text)), None)
    if same:
        return same
    found = context.choose(text, field.choices) if field.choices else _found(field, text, context)
    words = (context.label(found), context.coded(found)) if found else ()
    return next((each for each in words if each in offered), text)


def _found(field: Field, text: str, context: Context) -> Iri | None:
    found = context.find(text, field.takes)
    return found[0] if len(found) == 1 else None
