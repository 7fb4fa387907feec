"""Rows as a tree, by what each is a kind of: for the classes of the ontology and the concepts of a scheme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from taxonomy.questions.results import Answer, Row


@dataclass(frozen=True, slots=True)
class Branch:
    """One row, and the rows that are kinds of it."""

    row: Row
    below: tuple[Branch, ...]


def grow(rows: Iterable[Row], links: Answer) -> tuple[Branch, ...]:
    """The rows as trees, each in the order given; ``links`` are pairs of a thing and what it is a kind of.

    The first column of a row names it. A row whose broader thing is not among the rows is the root of a tree; one with
    several stands under each. A circle, which the tests of the vocabularies rule out, is cut where it closes.
    """
    by_name = {str(row[next(iter(row))]): row for row in rows}
    narrower: dict[str, list[str]] = defaultdict(list)
    rooted = set(by_name)
    above = _pairs(links)
    for name in by_name:
        for broader in above.get(name, ()):
            if broader in by_name and broader != name:
                narrower[broader].append(name)
                rooted.discard(name)
    return tuple(_branch(name, by_name, narrower, ()) for name in by_name if name in rooted)


def every(branches: Iterable[Branch]) -> Iterator[Branch]:
    """Each branch, and each below it."""
    for branch in branches:
        yield branch
        yield from every(branch.below)


def _pairs(links: Answer) -> Mapping[str, list[str]]:
    pairs: dict[str, list[str]] = defaultdict(list)
    narrow, broad = links.columns
    for row in links:
        pairs[str(row[narrow])].append(str(row[broad]))
    return pairs


def _branch(name: str, rows: Mapping[str, Row], narrower: Mapping[str, list[str]], above: tuple[str, ...]) -> Branch:
    below = (each for each in narrower.get(name, ()) if each not in above)
    return Branch(rows[name], tuple(_branch(each, rows, narrower, (*above, name)) for each in below))
