"""Where a fact stands and when it was said, in words that never make an old statement look current."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from taxonomy.analysis import rows
from taxonomy.analysis.rows import Label, Named, Row
from taxonomy.days import written


def on(day: date | None) -> str:
    """The day on which something was said.

    >>> on(date(2018, 3, 12))
    'as stated on 12 March 2018'
    >>> on(None)
    'as stated on a day that is not given'
    """
    return f"as stated on {written(day)}" if day else "as stated on a day that is not given"


def places(citations: Iterable[Citation], unknown: str = "no source") -> str:
    """The places where a fact stands, in words; ``unknown`` where there is none."""
    return "; ".join(citation.place for citation in citations) or unknown


def between(days: Iterable[date | None]) -> str:
    """The days on which several things were said.

    >>> between([date(2018, 3, 12), date(2015, 6, 1)])
    'as stated between 1 June 2015 and 12 March 2018'
    """
    known = sorted({day for day in days if day})
    if len(known) < 2:
        return on(known[0] if known else None)
    return f"as stated between {written(known[0])} and {written(known[-1])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One place that states a fact: a place in a document, an organisation's own record, or a curator's judgement."""

    iri: str
    locator: str | None  # None: the source has no places, as a record has none
    document: Named | None  # None: not a document
    as_at: date | None  # None: the source does not say for which day it speaks
    confirmed: bool  # False: a curator's judgement alone

    @property
    def place(self) -> str:
        """The place and the day, as a reader would look it up."""
        where = self.locator or ("curator's judgement" if not self.confirmed else "own record")
        return f"{where}, {on(self.as_at)}"


def of(answer: Iterable[Row], label: Label) -> tuple[Citation, ...]:
    """The citations in the columns ``citation``, ``locator``, ``document``, ``as_at`` and ``confirmed``, each once.

    Raises:
        QueryError: a column is missing or of the wrong kind.
    """
    found: dict[str, Citation] = {}
    for row in answer:
        iri = rows.text(row, "citation")
        if iri is not None and iri not in found:
            document = rows.text(row, "document")
            found[iri] = Citation(
                iri=iri,
                locator=rows.text(row, "locator"),
                document=Named(label(document), document) if document else None,
                as_at=rows.day(row, "as_at"),
                confirmed=bool(rows.flag(row, "confirmed")),
            )
    return tuple(found[iri] for iri in sorted(found))
