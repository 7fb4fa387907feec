"""What a record says and its form would not: facts for which a form has no field, so that none is lost unseen."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import fields
from taxonomy.context import Context
from taxonomy.intake import rdf, template
from taxonomy.intake.layout import Layout
from taxonomy.intake.workbook import Read
from taxonomy.records import Record
from taxonomy.values import Iri


def unsaid(record: Record, read: Read, laid: Layout, context: Context) -> tuple[Triple, ...]:
    """The facts of a record that its form, read again, does not say, under whatever number a part has there."""
    again = read.records[0]
    said = rdf.complete(again.places, again.owner, context)
    new: dict[tuple[str, int, Iri], Iri] = {}
    for thing, place in again.things.items():
        for each in again.said(thing, fields.TYPE):
            new[place.sheet or "", place.row or 0, Iri(each.value)] = thing
    called: dict[str, str] = {}
    for sheet, rows in laid.rows.items():
        for number, row in enumerate(rows, start=template.FIRST_ROW):
            for about, thing in row.things.items():
                called.setdefault(thing, new.get((sheet, number, about), thing))
    known = {_key(each, {}) for each in said}
    return tuple(each for each in record.places if _key(each, called) not in known)


def _key(fact: Triple, called: Mapping[str, str]) -> tuple[str, str, str]:
    """A fact as it is compared: its texts, each thing as it is called in the other reading."""
    thing, text = str(fact.subject)[1:-1], _text(fact)  # readers let no blank nodes through
    return called.get(thing, thing), fact.predicate.value, called.get(text, text)


def _text(fact: Triple) -> str:
    """What is said, as it is read again: with one space between words."""
    said = fact.object
    if isinstance(said, NamedNode):
        return said.value
    return " ".join(said.value.split()) if isinstance(said, Literal) else str(said)


def in_words(fact: Triple, record: Record, context: Context) -> str:
    """A fact as a person reads it: of what it is, what it says, and the value."""
    thing, path = Iri(str(fact.subject)[1:-1]), Iri(fact.predicate.value)
    said = fact.object
    value = context.label(Iri(said.value)) if isinstance(said, NamedNode) else _text(fact)
    name = record.names.get(thing) or record.names.get(fields.whole_of(thing)) or thing.slug
    return f"{name}: {context.label(path)}: {value}"
