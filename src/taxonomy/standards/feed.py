"""A record as Open Referral UK 3.0: its services, each with its organisation, over the crosswalk that reads them.

The standard holds less than a record: no agreements, routes or other providers, and one rule at most about who can use
a service. Of several rules it is given what all of them say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import Literal, NamedNode

from taxonomy.context import Context
from taxonomy.drafts import ORGANISATION, RECORD, RULE, SERVICE, field_of
from taxonomy.namespaces import SV
from taxonomy.records import Record
from taxonomy.standards import crosswalk, oruk
from taxonomy.standards.crosswalk import Row, registers
from taxonomy.values import Iri, from_term

Object = dict[str, Any]  # as JSON takes it

_LEAD, _ELIGIBILITY = Iri(SV + "leadProvider"), Iri(SV + "eligibility")
_Facts = Mapping[Iri, Sequence[NamedNode | Literal]]  # what is said of a thing, by property


def identifier(iri: str) -> str:
    """The UUID of a thing, made from its IRI: the same whenever it is asked for.

    >>> identifier("https://example.org/id/service/made-up-counselling")
    '9f496cc1-6d2e-5482-8efe-f80dbc6f5c68'
    """
    return str(uuid5(NAMESPACE_URL, iri))


def services(record: Record, context: Context) -> list[Object]:
    """The services that an organisation leads, each whole, in the order of their IRIs."""
    return _Writer(record, context).services()


def page(entries: Sequence[Object]) -> Object:
    """The one page of a list."""
    return {
        "total_items": len(entries),
        "total_pages": 1,
        "page_number": 1,
        "size": len(entries),
        "first_page": True,
        "last_page": True,
        "empty": not entries,
        "contents": list(entries),
    }


class _Writer:
    def __init__(self, record: Record, context: Context) -> None:
        self._record, self._context = record, context
        self._table = crosswalk.load(oruk.TABLE)
        said: defaultdict[Iri, defaultdict[Iri, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
        for triple in record.triples:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                said[Iri(triple.subject.value)][Iri(triple.predicate.value)].append(triple.object)
        self._said: Mapping[Iri, _Facts] = said

    def services(self) -> list[Object]:
        owner = NamedNode(self._record.owner)
        return [self._service(iri) for iri in sorted(self._said) if owner in self._said[iri].get(_LEAD, ())]

    def _service(self, iri: Iri) -> Object:
        owner, graph = self._record.owner, Iri(self._record.graph_iri)
        about: dict[Iri, _Facts] = {SERVICE: self._said[iri], RECORD: self._said.get(graph, {})}
        about[RULE] = self._shared(
            [self._said.get(Iri(rule.value), {}) for rule in self._said[iri].get(_ELIGIBILITY, ())]
        )
        organisation = self._object("organization", owner, {ORGANISATION: self._said.get(owner, {})})
        organisation.setdefault("description", organisation.get("name", ""))  # the standard demands one
        return {
            **self._object("service", iri, about),
            "organization_id": identifier(owner),
            "organization": organisation,
        }

    @staticmethod
    def _shared(rules: Sequence[_Facts]) -> _Facts:
        """What all of some rules say."""
        first, *others = rules or [{}]
        return {
            path: [each for each in terms if all(each in other.get(path, ()) for other in others)]
            for path, terms in first.items()
        }

    def _object(self, path: str, iri: Iri, about: Mapping[Iri, _Facts]) -> Object:
        """Everything that the crosswalk writes of a thing; nothing empty."""
        made: Object = {"id": identifier(iri)}
        for key in self._table.beneath(path):
            value = self._field(f"{path}/{key}", iri, about)
            if value not in (None, []):
                made[key] = value
        return made

    def _field(self, path: str, iri: Iri, about: Mapping[Iri, _Facts]) -> Any:  # any JSON value
        rows = [row for row in self._table.at(path) if row.direction == "both"]
        if not rows:
            return None
        if rows[0].form == "address":
            return str(iri)
        if rows[0].form == "code":
            return rows[0].code
        if self._table.beneath(path):
            parts = [part for row in rows for part in self._parts(row, about)]
            return [{"id": identifier(f"{iri}/{path}/{number}"), **part} for number, part in enumerate(parts)]
        terms = _terms(rows[0], about)
        return _plain(terms[0]) if terms else None

    def _parts(self, row: Row, about: Mapping[Iri, _Facts]) -> Iterator[Object]:
        """The members of a list, each without its identifier."""
        below = [each for key in self._table.beneath(row.path) for each in self._table.at(f"{row.path}/{key}")]
        match row.form:
            case "term" if row.code:
                yield from (self._word(row, term) for term in _terms(row, about))
            case "first":
                yield from (self._placed(below, term) for term in _terms(row, about))
            case "number":
                yield from (_number(below, term.value) for term in _terms(row, about))
            case "":
                wanted = next((each for each in below if each.direction == "both" and each.property), None)
                if wanted:
                    yield from ({_key(wanted): term.value} for term in _terms(wanted, about))

    def _word(self, row: Row, term: NamedNode | Literal) -> Object:
        """A word from a list of ours; where it is on no list, as it is written."""
        field = field_of(row.about, row.property) if row.about and row.property else None
        scheme = next((each.slug for each in field.takes), "") if field else ""
        name = self._context.label(Iri(term.value)) if isinstance(term, NamedNode) else term.value
        word = {"id": identifier(f"{row.path}/{term.value}"), "name": name, "description": f"{row.title}: {name}"}
        if scheme:
            word["taxonomy"] = scheme
        if isinstance(term, NamedNode):
            word["term_uri"] = term.value
        return {"link_type": row.code, "taxonomy_term": word}

    def _placed(self, below: Sequence[Row], term: NamedNode | Literal) -> Object:
        """An area: its address with its name, or its name alone."""
        named = isinstance(term, NamedNode)
        name = self._context.label(Iri(term.value)) if named else term.value
        made: Object = {_key(each): name for each in below if each.form == "" and each.direction == "both"}
        return made | {
            _key(each): term.value for each in below if named and each.form == "known" and each.direction == "both"
        }


def _number(below: Sequence[Row], written: str) -> Object:
    """An organisation's number, and the register that it is from."""
    register = max((each for each in registers() if written.startswith(f"{each}-")), key=len, default="")
    keys = {row.form: _key(row) for row in below if row.form in {"list", "name"}}
    made: Object = {keys["list"]: register} if register else {}
    return made | {"identifier_type": register or "other", keys["name"]: written.removeprefix(f"{register}-")}


def _terms(row: Row, about: Mapping[Iri, _Facts]) -> Sequence[NamedNode | Literal]:
    terms = about.get(row.about, {}).get(row.property, ()) if row.about and row.property else ()
    field = field_of(row.about, row.property) if row.about and row.property else None
    if field and field.choices:
        return [each for each in terms if each.value in field.choices]
    return terms


def _plain(term: NamedNode | Literal) -> str | int:
    """A value as JSON takes it: a whole number, true or false, else text."""
    value = from_term(term)
    return value if isinstance(value, int) else term.value


def _key(row: Row) -> str:
    return row.path.rpartition("/")[2]
