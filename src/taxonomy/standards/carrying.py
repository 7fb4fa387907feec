"""Carrying: how a value goes from a document into a draft, by the form in which the crosswalk says that it comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pyoxigraph import Literal, NamedNode

from taxonomy.drafts import Draft, field_of
from taxonomy.fields import Field
from taxonomy.namespaces import CONCEPT, ID, SV
from taxonomy.naming import MADE_UP
from taxonomy.records import Place
from taxonomy.standards.crosswalk import Crosswalk, Row
from taxonomy.standards.leftovers import Leftovers
from taxonomy.standards.nodes import Node, parts
from taxonomy.standards.owners import number
from taxonomy.values import Iri, from_term

_HERE: Final = ZoneInfo("Europe/London")
_OURS: Final = (SV, CONCEPT, ID, MADE_UP)
_ADDRESS: Final = re.compile(r"[A-Za-z0-9:/#._~%-]+")  # as ours are written; others may be no address at all
_END: Final = Iri(SV + "endDate")

About = Mapping[Iri, Iri]  # what the fields of an object describe, by class


class Carrier:
    """Carries the values of one document; what cannot be carried is left over."""

    def __init__(self, crosswalk: Crosswalk, left: Leftovers, place: Callable[[Node], Place]) -> None:
        self._crosswalk, self._left, self._place = crosswalk, left, place

    def value(self, draft: Draft, about: About, node: Node, row: Row) -> None:
        """One value."""
        thing, path = _of(about, row), row.property
        if thing is None or path is None:
            if row.form != "address" or node.text not in about.values():  # the address of the thing itself is kept
                self._left.add(node)
            return
        match row.form:
            case "known":
                self._known(draft, thing, node, row)
            case "months":
                self._months(draft, thing, node, path)
            case _:
                self._plain(draft, thing, node, row)

    def word(self, draft: Draft, about: About, node: Node, row: Row) -> None:
        """A word from a list of the standard; ``row`` is that of the word, or of the field where nobody knows it."""
        thing, path = _of(about, row), row.property
        term = NamedNode(row.value) if row.code else Literal(node.text)
        before = draft.said(thing, path) if thing and path else ()
        if thing and path and (not before or _field(row).many):
            draft.put(thing, path, term, self._place(node))
        elif term not in before:
            self._left.add(node)

    def number(self, draft: Draft, about: About, node: Node, row: Row) -> None:
        """A number in a register; one that was given with its register already is not given again without."""
        said, thing, path = number(node, row, self._crosswalk), _of(about, row), row.property
        before = draft.said(thing, path) if thing and path else ()
        if node.text and any(each.value.endswith(f"-{node.text}") for each in before):
            return
        if said and thing and path:
            draft.put(thing, path, Literal(said), self._place(node))
        else:
            self._left.add(node)

    def first(self, draft: Draft, about: About, node: Node, row: Row) -> None:
        """Fields that say one thing in several ways: the first that has a meaning is taken, else the first words."""
        thing, field = _of(about, row), _field(row)
        known, words = self._ways(node, row)
        for each in (*known, *words) if thing else ():
            if thing and (meant := draft.meant(field, each.text)):
                draft.put(thing, field.path, NamedNode(meant), self._place(each))
                return
        said = next((each for each in (*words, *known) if each.text), None)
        if thing and said:
            draft.put(thing, field.path, Literal(said.text), self._place(said))
        else:
            self._left.add(node)

    def term(self, draft: Draft, about: About, node: Node) -> None:
        """A word from a list of ours: by its address, else by its name.

        One that nobody knows stays where it is said to belong, so that a rule can say so.
        """
        said = parts(node, self._crosswalk)
        addresses, names = said.get("address", []), said.get("name", [])
        rows = self._rows(node, *(_text(said.get(form, ())) for form in ("key", "list")))
        for each in (*addresses, *names):
            for row in rows:
                meant, thing = _meant(draft, each.text, row), _of(about, row)
                if meant and thing and row.property:
                    draft.put(thing, row.property, NamedNode(meant), self._place(each))
                    return
        own = [each for each in addresses if each.text.startswith(_OURS) and _ADDRESS.fullmatch(each.text)]
        unknown = next(iter((*own, *names)), None)
        thing = _of(about, rows[0]) if len(rows) == 1 else None
        if unknown and thing and rows[0].property:
            term = NamedNode(unknown.text) if unknown in own else Literal(unknown.text)
            draft.put(thing, rows[0].property, term, self._place(unknown))
        else:
            self._left.add(node)

    def _known(self, draft: Draft, thing: Iri, node: Node, row: Row) -> None:
        meant = draft.meant(_field(row), node.text)
        if meant and row.property:
            draft.put(thing, row.property, NamedNode(meant), self._place(node))
        else:
            self._left.add(node)

    def _months(self, draft: Draft, thing: Iri, node: Node, path: Iri) -> None:
        """A latest day, as whole months after the end."""
        ends = [day for each in draft.said(thing, _END) if isinstance(day := from_term(each), date)]
        months = _months_between(ends[0], _day(node.text)) if len(ends) == 1 else None
        if months and not draft.said(thing, path):
            draft.state(thing, path, months, self._place(node))
        else:
            self._left.add(node)

    def _plain(self, draft: Draft, thing: Iri, node: Node, row: Row) -> None:
        path = row.property or Iri()
        field, place = field_of(row.about or Iri(), path), self._place(node)
        text = _day(node.text) if field and field.kind == "date" else node.text
        term = draft.term(field, text, place) if field else Literal(text)
        before = draft.said(thing, path)
        if before and row.form == "spare":
            if term not in before:
                self._left.add(node)
            return
        if before and row.form == "oldest":
            if not _is_older(term, before):
                return
            draft.drop(thing, path)
        draft.put(thing, path, term, place)
        if row.direction == "part":
            self._left.add(node)

    def _ways(self, node: Node, row: Row) -> tuple[list[Node], list[Node]]:
        """The fields of an object that say one thing: those that must name something known, and those in words."""
        known: list[Node] = []
        words: list[Node] = []
        order = {key: number for number, key in enumerate(self._crosswalk.beneath(node.path))}
        for key in sorted(node.value, key=lambda each: order.get(each, len(order))):
            child = node.get(key)
            its = next(iter(self._crosswalk.at(child.path)), None) if child else None
            if child and its and its.property == row.property:
                (known if its.form == "known" else words).append(child)
            elif child and (its is None or its.direction != "frame"):
                self._left.add(child)
        return known, words

    def _rows(self, node: Node, kind: str, scheme: str) -> Sequence[Row]:
        """Where a word may belong: by what the document says of it, else anywhere."""
        rows = [each for each in self._crosswalk.at(node.path) if each.property]
        told = [each for each in rows if each.code and each.code == kind]
        named = [each for each in told if scheme in {takes.slug for takes in _field(each).takes}]
        return named or told or rows


def _of(about: About, row: Row) -> Iri | None:
    """The thing that a row is about; None where there is none of its class. The mapping may make it now."""
    try:
        return about[row.about] if row.about else None
    except KeyError:
        return None


def _field(row: Row) -> Field:
    found = field_of(row.about, row.property) if row.about and row.property else None
    if found is None:
        raise LookupError(f"{row.path}: no column has {row.property}")
    return found


def _meant(draft: Draft, text: str, row: Row) -> Iri | None:
    """What a word means in the field of a row, and only what belongs there."""
    field = _field(row)
    if field.kind == "choice":
        return next((each for each in field.choices if each == text), None) or draft.context.choose(text, field.choices)
    meant = draft.meant(field, text)
    kinds = {draft.context.schemes.get(meant), *draft.context.types.get(meant, ())} if meant else set()
    return meant if kinds.intersection(field.takes) else None


def _text(nodes: Sequence[Node]) -> str:
    return next((each.text for each in nodes), "")


def _day(text: str) -> str:
    """A moment as the day that it is in Britain; other text stays.

    >>> _day("2025-03-31T23:30:00Z"), _day("24/07/2014")
    ('2025-04-01', '24/07/2014')
    """
    if "T" not in text:
        return text
    try:
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(_HERE) if moment.tzinfo else moment).date().isoformat()
    except (ValueError, OverflowError):
        return text


def _is_older(term: NamedNode | Literal, before: Sequence[NamedNode | Literal]) -> bool:
    """Whether a day lies before others."""
    day = from_term(term)
    return isinstance(day, date) and all(isinstance(each := from_term(one), date) and day < each for one in before)


def _months_between(first: date, last: str) -> int | None:
    """Whole months from one day to a later one; from the last day of a month to the last day of another, too.

    >>> _months_between(date(2027, 2, 28), "2028-03-31"), _months_between(date(2027, 3, 31), "2028-04-15")
    (13, None)
    """
    try:
        day = date.fromisoformat(last)
    except ValueError:
        return None
    months = (day.year - first.year) * 12 + day.month - first.month
    whole = day.day == first.day or (_is_last(day) and _is_last(first))
    return months if whole and months > 0 else None


def _is_last(day: date) -> bool:
    return day == date.max or (day + timedelta(days=1)).month != day.month
