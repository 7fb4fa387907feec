"""What of the money of an area an address asks for: a day, the values it is narrowed to, and what it is added up by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote, urlencode

from flask import abort, redirect, request

from taxonomy.analysis import subtotals
from taxonomy.analysis.accounts import Accounts
from taxonomy.analysis.subtotals import Dimension
from taxonomy.errors import QueryError
from taxonomy.questions.results import Answer
from taxonomy.site import dress, local, negotiation, screens
from taxonomy.site.filters import Choice
from taxonomy.site.local import Local
from taxonomy.site.screens import Screen

_MOST_MONTHS: Final = 1200


@dataclass(frozen=True, slots=True)
class Field:
    """One dimension that money can be narrowed by, to any of some values."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: tuple[str, ...]  # what the address says; empty where it says nothing

    @property
    def chosen_labels(self) -> tuple[str, ...]:
        """The chosen values as a person says them; as the address says them where they are none of the choices."""
        labels = {choice.key: choice.label for choice in self.choices}
        return tuple(labels.get(key, key) for key in self.chosen)

    def left(self, key: str) -> tuple[str, ...]:
        """The values that stay when one is taken away."""
        return tuple(each for each in self.chosen if each != key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The money of an area, as an address narrows it."""

    here: Local
    whole: Accounts  # as at the day, before it is narrowed
    accounts: Accounts
    day: date | None
    chosen: Mapping[Dimension, tuple[str, ...]]
    by: Dimension  # what the sums are by
    together: Dimension  # what small agreements are put together by in a picture

    @property
    def base(self) -> str:
        """The path of the area's page on money."""
        return f"{self.here.heading['base']}/funding"

    @property
    def filters(self) -> Sequence[Field]:
        """The fields that narrow it, with the values that are recorded."""
        return [
            Field(
                str(each),
                each.heading,
                tuple(
                    Choice(subtotals.key(name), name.label) for name in subtotals.choices(self.whole.agreements, each)
                ),
                self.chosen.get(each, ()),
            )
            for each in Dimension
        ]

    def address(self, tail: str = "", **changes: object) -> str:
        """Another of the pages on the same money; ``None`` leaves a field out."""
        fields: dict[str, object] = {"as_at": self.day, **{str(name): key for name, key in self.chosen.items()}}
        asked = [
            (name, str(each))
            for name, value in (fields | changes).items()
            for each in (value if isinstance(value, tuple) else (value,))
            if each not in (None, "")
        ]
        return quote(f"{self.base}{tail}") + (f"?{urlencode(asked, safe='/')}" if asked else "")

    def here_without(self, field: Field, key: str) -> str:
        """The page that is shown, without one of the values that it is narrowed to."""
        fields = {name: tuple(values) for name, values in request.args.lists() if name != "page"}
        asked = [(name, each) for name, values in (fields | {field.name: field.left(key)}).items() for each in values]
        return quote(request.path) + (f"?{urlencode(asked, safe='/')}" if asked else "")

    def opened(self, dimension: Dimension, key: str) -> str:
        """The page narrowed to a value; without one, the sums by that dimension."""
        return self.address(**{str(dimension): key}) if key else self.address("/totals", by=dimension)

    def screen(self, answer: Answer) -> Screen:
        """One page of a table, in the order that the address asks for."""
        fields = {name: values for name, values in request.args.lists() if any(values)}
        return screens.of(answer, request.path, fields)


def opened(area: str, tail: str = "") -> Asked:
    """The money that this request asks for.

    Raises:
        NotFoundError: there is no such area; names the nearest.
        QueryError: a day or a dimension is none.
    """
    here = local.opened(area, f"/funding{tail}")
    day = local.day()
    chosen = {each: keys for each in Dimension if (keys := _given(each))}
    whole = here.kg.funding(here.iri, as_at=day)
    by = dimension("by", Dimension.FUNDER)
    together = dimension("by", Dimension.INSTRUMENT)
    accounts = whole.narrowed(chosen)
    return Asked(here=here, whole=whole, accounts=accounts, day=day, chosen=chosen, by=by, together=together)


def _given(field: str) -> tuple[str, ...]:
    """The values that a field of the address gives, each once."""
    return tuple(dict.fromkeys(value for given in request.args.getlist(field) if (value := given.strip())))


def dimension(field: str, usual: Dimension, allowed: Sequence[Dimension] = tuple(Dimension)) -> Dimension:
    """The dimension that a field of the address names.

    Raises:
        QueryError: it is none that may stand there.
    """
    given = request.args.get(field, "").strip() or usual
    if given not in allowed:
        raise QueryError(f"{given[:40]!r} is none of what money is told by here.", hint=f"Use {', '.join(allowed)}.")
    return Dimension(given)


def months(field: str, usual: int) -> int:
    """The number of months that a field of the address names.

    Raises:
        QueryError: it is no number from 1 to 1200.
    """
    given = request.args.get(field, "").strip()
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and len(given) <= 4 and 1 <= int(given) <= _MOST_MONTHS):
        raise QueryError(f"{given[:20]!r} is not a number of months.", hint=f"For example {field}=12.")
    return int(given)


def on() -> date:
    """The day from which to look ahead: as the address says, else today.

    A download has to say its day, so that one address always holds the same rows: it is sent to the address that does.
    """
    if day := local.day("on"):
        return day
    today = dress.today()
    if form := negotiation.wanted():
        fields = {**request.args.to_dict(flat=False), "on": [today.isoformat()]}
        abort(redirect(f"{quote(request.path)}.{form.suffix}?{urlencode(fields, doseq=True, safe='/')}", code=302))
    return today
