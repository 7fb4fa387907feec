"""The other cells that a rule over two of them looks at, so that a finding can name both."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from taxonomy.records import Columns, Place, Record
from taxonomy.validation.rules import Rule
from taxonomy.values import Iri


def places(record: Record, thing: Iri, rule: Rule, columns: Columns) -> tuple[Place, ...]:
    """Where the other values stand that a rule looks at, or should stand: at the same thing, or at the one above it."""
    return tuple(place for path in rule.also for place in _places(record, thing, path, columns))


def _places(record: Record, thing: Iri, path: Iri, columns: Columns) -> Iterator[Place]:
    sheet = record.things[thing].sheet if thing in record.things else None
    said = {(triple.subject, triple.predicate) for triple in record.places}
    if (NamedNode(thing), NamedNode(path)) in said or any((sheet, path) == (each, other) for each, _, other in columns):
        yield record.place_of(thing, path, None, columns)
        return
    for triple in record.places:
        if triple.object == NamedNode(thing) and (triple.subject, NamedNode(path)) in said:
            assert isinstance(triple.subject, NamedNode)  # noqa: S101  # readers let no other subjects through
            yield record.place_of(Iri(triple.subject.value), path, None, columns)
