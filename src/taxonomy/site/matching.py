"""Questions about headings that were guessed or not known, to be answered with the column that each of them is.

The answers go with the file when it is sent again, since nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from taxonomy import fields
from taxonomy.intake.headings import full_title
from taxonomy.records import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One heading, and the columns to choose from."""

    key: str  # what the heading is called in the answer: its sheet and cell
    heading: str
    where: str
    chosen: str  # the title of the column that it was read as; empty: not read
    groups: Mapping[str, tuple[tuple[str, str], ...]]  # by sheet: the title and heading of each column


def questions(matches: Iterable[Match]) -> tuple[Question, ...]:
    """What to ask of the headings that were not understood as they stand."""
    return tuple(_question(match) for match in matches if match.how != "same")


def _question(match: Match) -> Question:
    own = [field for field in fields.fields() if field.sheet == match.sheet]
    offered = own or fields.fields()
    groups = {
        sheet: tuple((full_title(field), field.heading) for field in some)
        for sheet, some in groupby(offered, key=lambda field: field.sheet)
    }
    titles = [title for some in groups.values() for title, heading in some if match.field in {title, heading}]
    return Question(
        key=f"{match.sheet}!{match.cell}",
        heading=match.heading,
        where=f'Sheet "{match.sheet}", cell {match.cell}',
        chosen=titles[0] if titles else "",
        groups=groups,
    )
