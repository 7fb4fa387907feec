"""A thing looked up, and read from the rows of the page questions; a template receives records and never a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from taxonomy import namespaces
from taxonomy.errors import NotFoundError
from taxonomy.fields import whole_of
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import GRAPH, shorten
from taxonomy.questions.results import Answer, Graph, Row
from taxonomy.questions.terms import Value
from taxonomy.site import addresses, words
from taxonomy.site.facts import Claim, Fact, Ground, Place, Rivals, Stated, Thing, Why
from taxonomy.values import Iri

_MONEY: Final = frozenset({"sv:amount", "sv:statedAmount", "sv:lineAmount", "sv:statedTotal"})


def look_up(kg: KnowledgeGraph, kind: str, slug: str) -> str:
    """The IRI that an address means in this release.

    Raises:
        NotFoundError: nothing of that kind and name is here; gives the nearest.
    """
    if not addresses.is_slug(f"{kind}/{slug}"):
        raise NotFoundError(kind, slug)
    try:
        return kg.thing(f"{kind}/{slug}")
    except NotFoundError as error:
        near = [each.removeprefix(f"{kind}/") for each in error.near if each.startswith(f"{kind}/")]
        raise NotFoundError(kind, slug, near=near) from None


def facts(kg: KnowledgeGraph, iri: str) -> Answer:
    """Everything said of a thing and its parts, each fact with its place: the page's own data.

    Raises:
        NotFoundError: nothing is said of it.
    """
    answer = kg.ask("page-facts", thing=iri)
    if not answer.rows:
        raise NotFoundError("thing", iri)
    return answer


def read(kg: KnowledgeGraph, answer: Answer, iri: str) -> Thing:
    """The thing in its facts, with its parts and the rival values about it."""
    labels = kg.labels(str(row["subject"]) for row in answer)
    return assembled(answer, iri, {iri: kg.label(iri)} | labels, rivals(kg.ask("page-rivals", thing=iri)))


def assembled(rows: Iterable[Row], iri: str, labels: Mapping[str, str], differing: tuple[Rivals, ...] = ()) -> Thing:
    """A thing with its parts, from rows of the columns of ``page-facts`` about them."""
    by_subject: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_subject[str(row["subject"])].append(row)
    parts = tuple(
        _thing(subject, labels.get(subject) or part_name(subject), some)
        for subject, some in sorted(by_subject.items(), key=lambda pair: _in_order(pair[0]))
        if subject != iri
    )
    whole = _thing(iri, labels.get(iri) or shorten(iri), by_subject[iri])
    return Thing(whole.iri, whole.label, whole.facts, parts, differing)


def mentions(answer: Answer) -> Mapping[str, Fact]:
    """What names a thing, by how it names it, from the rows of ``page-mentions``."""
    by_property: dict[str, list[Row]] = defaultdict(list)
    for row in answer:
        by_property[str(row["property"])].append(row)
    return {shorten(name): _fact(shorten(name), rows, "subject") for name, rows in by_property.items()}


def part_name(iri: str) -> str:
    """What a part is called that nobody named, from its place in the whole.

    >>> part_name("https://example.org/id/service/made-up-counselling/rule/1")
    'Rule 1'
    """
    return words.heading(" ".join(iri.rsplit("/", 2)[-2:]))


def rivals(answer: Answer) -> tuple[Rivals, ...]:
    """The contradictions in the rows of ``page-rivals``, each with its values side by side."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in answer:
        found[str(row["contradiction"])].append(row)
    return tuple(_rivals(iri, rows) for iri, rows in found.items())


def why(kg: KnowledgeGraph, iri: str) -> tuple[Why, ...]:
    """Why a thing is of each defined class that the release says it is of; none where facts alone do not show it."""
    try:
        reasons = kg.explain(iri)
    except NotFoundError:
        return ()
    return tuple(
        Why(
            each.label,
            addresses.page_of(each.cls),
            each.rule,
            each.note,
            tuple(Ground(fact.text, tuple(dict.fromkeys(map(place_of, fact.places)))) for fact in each.facts),
        )
        for each in reasons
    )


def place_of(row: Row) -> Place:
    """The place that a row's fact stands in, from its columns place, locator, source, publisher and said."""
    iri = str(row["place"])
    said = row["said"]
    on = said if isinstance(said, date) else None
    dated = str(row.get("dated") or "")
    day = f", {dated or words.day(on)}" if on else ""
    if row["source"]:
        return Place(iri, "document", f"{row['locator'] or row.label('source')} · {_publisher(row)}{day}", on, dated)
    kind = iri.removeprefix(GRAPH).partition("/")[0]
    text = _PLACES.get(kind, "Recorded in this release")
    if kind == "record" and (confirmed := row.get("confirmed")):
        day += f"; last confirmed {words.plain(confirmed)}"
    if kind == "curation" and (role := row.get("role")):
        text += f" ({role})"
    return Place(iri, kind, text + day, on)


def describe(kg: KnowledgeGraph, iris: Iterable[str], media_type: str) -> str:
    """The description of these things and their parts, in a syntax of RDF."""
    question = kg.questions["page-description"]
    return constructed(kg, kg.bind(question, thing=list(dict.fromkeys(iris)) or [namespaces.BASE]), media_type)


def constructed(kg: KnowledgeGraph, query: str, media_type: str) -> str:
    """The graph that a CONSTRUCT query gives, in a syntax of RDF."""
    graph = kg.sparql(query, graphs=media_type)
    return graph.text if isinstance(graph, Graph) else ""


_PLACES: Final[Mapping[str, str]] = {
    "record": "The organisation’s own record",
    "curation": "A curator’s judgement",
    "document": "This project’s description of the document",
    "register": "The register of this project",
    "vocabulary": "The vocabulary of this project",
    "ontology": "The ontology of this project",
    "inferred": "Worked out from recorded facts by the ontology’s rules",
}


def _publisher(row: Row) -> str:
    return row.label("publisher") if row["publisher"] else row.label("source")


def _thing(iri: str, label: str, rows: Sequence[Row]) -> Thing:
    by_property: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_property[str(row["property"])].append(row)
    return Thing(iri, label, {shorten(name): _fact(shorten(name), some) for name, some in by_property.items()})


def _fact(name: str, rows: Sequence[Row], column: str = "value") -> Fact:
    return Fact(name, words.term(rows[0].label("property")), _values(name, rows, column))


def _values(name: str, rows: Sequence[Row], column: str) -> tuple[Stated, ...]:
    by_value: dict[Value, list[Row]] = defaultdict(list)
    for row in rows:
        by_value[row[column]].append(row)
    return tuple(
        Stated(value, _shown(name, some[0], column), _href(some[0], column), _places(some))
        for value, some in by_value.items()
    )


def _places(rows: Sequence[Row]) -> tuple[Place, ...]:
    """Each place once; what is worked out is said only where nobody stated it."""
    places = tuple(dict.fromkeys(place_of(row) for row in rows))
    return tuple(place for place in places if place.kind != "inferred") or places


def _rivals(iri: str, rows: Sequence[Row]) -> Rivals:
    first = rows[0]
    claims = {
        str(row["claim"]): Claim(
            _shown(shorten(str(row["property"])), row, "value"),
            str(row["printed"]) if row["printed"] else None,
            _href(row, "value"),
            place_of(row),
        )
        for row in rows
    }
    return Rivals(
        iri=iri,
        label=first.label("contradiction"),
        differs=str(first["differs"]) if first["differs"] else None,
        subject=first.label("subject"),
        subject_href=addresses.page_of(str(first["subject"])),
        property=first.label("property"),
        claims=tuple(claims.values()),
        sources=tuple(sorted({row.label("source") for row in rows if row["source"]})),
    )


def spoken(row: Row) -> str:
    """The value of a row with the columns property and value, in words."""
    return _shown(shorten(str(row["property"])), row, "value")


def told(name: str, value: Value) -> str:
    """A value of a property, which is given by its IRI, in words.

    >>> told("https://w3id.org/svssv/ontology#amount", Decimal("12345.00"))
    '£12,345'
    """
    if shorten(name) in _MONEY and isinstance(value, int | Decimal):
        return words.pounds(value)
    return words.plain(value)


def _shown(name: str, row: Row, column: str) -> str:
    value = row[column]
    if row.is_iri(column):
        label, iri = row.label(column), Iri(str(value))
        whole = whole_of(iri)
        nameless = whole != iri and label == shorten(iri)
        return f"{words.heading(whole.slug)}: {part_name(iri).lower()}" if nameless else label
    return told(name, value)


def _href(row: Row, column: str) -> str | None:
    value = row[column]
    is_address = row.is_iri(column) or (isinstance(value, str) and value.startswith(("https://", "http://")))
    return addresses.link_of(str(value)) if is_address else None


def _in_order(iri: str) -> tuple[str, int]:
    """Parts by kind and number, so that part 10 follows part 9."""
    stem, _, number = iri.rpartition("/")
    return (stem, int(number)) if number.isdigit() else (iri, 0)
