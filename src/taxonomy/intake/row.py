"""One row of a form, as somebody typed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from taxonomy import fields
from taxonomy.fields import LABEL
from taxonomy.values import Iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a sheet, as typed."""

    id: int  # stays the same while rows before it come and go
    cells: Mapping[str, str]  # by heading
    iri: Iri = field(default=Iri())  # the address of the thing that it names, once it has one

    @property
    def mark(self) -> str:
        """A short mark of what it says, by which a change in another window is noticed."""
        return hashlib.sha256(json.dumps(dict(self.cells), sort_keys=True).encode()).hexdigest()[:16]

    def title(self, sheet: str) -> str:
        """What to call it: its name, else the first thing that it says."""
        headings = (name_column(sheet), *(each.heading for each in fields.of(sheet)))
        return next((text for heading in headings if (text := self.cells.get(heading, ""))), "Nothing filled in")

    def summary(self, sheet: str, most: int = 3) -> tuple[tuple[str, str], ...]:
        """The first things that it says beside its title, each with its heading."""
        title = self.title(sheet)
        said = ((each.heading, self.cells.get(each.heading, "")) for each in fields.of(sheet))
        return tuple((heading, text) for heading, text in said if text and text != title)[:most]


def name_column(sheet: str) -> str:
    """The heading of the column in which the things of a sheet are named; empty where they have no names."""
    return next((each.heading for each in fields.of(sheet) if each.path == LABEL), "")
