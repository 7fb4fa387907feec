"""The area that an address names: what every page of the local map opens with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, abort, redirect, request

from taxonomy.errors import QueryError, TaxonomyError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.pictures import dot
from taxonomy.site import addresses, negotiation, reading


def init_app(app: Flask) -> None:
    """Keep no layout of a picture from a release that is gone."""
    reading.forget_with(app, dot.forget)


@dataclass(frozen=True, slots=True)
class Local:
    """One area of the release that this request reads."""

    kg: KnowledgeGraph
    iri: str

    @property
    def label(self) -> str:
        """Its name."""
        return self.kg.label(self.iri)

    @property
    def heading(self) -> Mapping[str, Any]:
        """What the heading and the tabs of an area's pages need."""
        return {"iri": self.iri, "label": self.label, "base": addresses.page_of(self.iri)}


def opened(area: str, tail: str = "") -> Local:
    """The area by its code, short name or label; ``tail`` is the rest of the page's path.

    Sends the caller to the area's one address, when it was asked for by another of its names.

    Raises:
        NotFoundError: there is no such area; names the nearest.
    """
    kg = reading.pages()
    iri = kg.area(area)
    page = addresses.page_of(iri)
    if page is not None and page != f"/areas/{area}":
        form = negotiation.wanted()
        query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
        abort(redirect(f"{page}{tail}{f'.{form.suffix}' if form else ''}{query}", code=302))
    return Local(kg, iri)


def day(name: str = "as_at") -> date | None:
    """The day that a field of the address names; None where it names none.

    Raises:
        QueryError: it is not a day.
    """
    given = request.values.get(name, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise QueryError(f"{given[:20]!r} is not a day.", hint=f"For example {name}=2018-03-12.") from None


def picture(draw: Callable[[], str]) -> Mapping[str, str]:
    """A picture, or why there is none; text and table hold all of it either way."""
    try:
        return {"picture": draw()}
    except TaxonomyError as error:
        return {"undrawn": str(error)}


def address(iri: str) -> str:
    """Where a box in a picture leads; empty where nowhere."""
    return addresses.link_of(iri) or ""
