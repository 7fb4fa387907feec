"""Where the site sends somebody who looks for help: links, and numbers while they are fresh.

They are in ``data/support/``, and no part of a release: what helps a person must not be as old as a release may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from taxonomy import assets
from taxonomy.errors import CurationError
from taxonomy.namespaces import DCTERMS, RDF, RDFS

FRESH: Final = timedelta(days=183)  # six months
_SCHEMA: Final = "https://schema.org/"
_KIND: Final = _SCHEMA + "ContactPoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One place that helps."""

    name: str
    about: str
    link: str
    place: int  # in the list
    number: str = ""  # empty: none is given
    source: str = ""  # the page that the number was read on
    checked: date | None = None  # the day somebody read it there

    def on(self, day: date) -> Line:
        """The line as it may be shown on a day: without its number once that was checked too long before.

        >>> line = Line(name="Made-Up Line", about="", link="https://example.org/", place=1,
        ...             number="01632 960000", source="https://example.org/", checked=date(2026, 1, 1))
        >>> line.on(date(2026, 7, 3)).number, line.on(date(2026, 7, 4)).number
        ('01632 960000', '')
        """
        fresh = self.checked is not None and self.checked <= day <= self.checked + FRESH
        return self if fresh and self.source else replace(self, number="", source="", checked=None)


@cache
def load(folder: Path | None = None) -> tuple[Line, ...]:
    """Every line below a folder (``data/support`` when none is named), in the order in which they are shown.

    >>> [line.number for line in load()]
    ['', '', '']

    Raises:
        CurationError: a file cannot be read, or a line lacks what every line has; names the file.
    """
    found = []
    for path in sorted((folder or assets.folder("data") / "support").glob("*.ttl")):
        facts: defaultdict[str, dict[str, str]] = defaultdict(dict)
        try:
            for quad in parse(path=path, format=RdfFormat.TURTLE):
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                    facts[quad.subject.value][quad.predicate.value] = quad.object.value
            found += [_line(each) for each in facts.values() if each.get(RDF + "type") == _KIND]
        except (OSError, SyntaxError, KeyError, ValueError) as error:
            raise CurationError(path, f"is no list of support: {error}") from error
    return tuple(sorted(found, key=lambda line: line.place))


def _line(facts: Mapping[str, str]) -> Line:
    checked = facts.get(DCTERMS + "date")
    return Line(
        name=facts[RDFS + "label"],
        about=facts[DCTERMS + "description"],
        link=facts[_SCHEMA + "url"],
        place=int(facts[_SCHEMA + "position"]),
        number=facts.get(_SCHEMA + "telephone", ""),
        source=facts.get(DCTERMS + "source", ""),
        checked=date.fromisoformat(checked) if checked else None,
    )
