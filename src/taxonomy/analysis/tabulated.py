"""What an analysis found, as an answer: rows of the kind that a question gives, with release and labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from taxonomy.analysis.rows import Named
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.terms import Value


def answer(
    columns: tuple[str, ...], rows: Sequence[tuple[Value, ...]], source: Answer, *, things: tuple[int, ...]
) -> Answer:
    """Rows that follow from those of another answer; ``things`` are the places of the columns that hold IRIs."""
    named = [frozenset(place for place in things if values[place]) for values in rows]
    return Answer(
        columns=columns,
        rows=tuple(Row(columns, values, iris, source.labels) for values, iris in zip(rows, named, strict=True)),
        text=source.text,
        question=source.question,
        release=source.release,
        milliseconds=source.milliseconds,
        labels=source.labels,
        notice=source.notice,
    )


def names(all_named: Iterable[Named]) -> str | None:
    """Several names in one cell; None where there is none.

    >>> names([Named("a", ""), Named("b", "")]), names([])
    ('a; b', None)
    """
    return "; ".join(name.label for name in all_named) or None
