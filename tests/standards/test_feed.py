"""A record written as Open Referral UK 3.0 is valid there, and is checked with the same findings as before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from taxonomy import fields, intake
from taxonomy.context import Context
from taxonomy.drafts import ORGANISATION, RECORD, RULE, SERVICE, field_of
from taxonomy.fields import TYPE, Field
from taxonomy.namespaces import CONCEPT, SV, XSD
from taxonomy.records import Record
from taxonomy.standards import crosswalk, feed, oruk
from taxonomy.validation import Report, examine, rules
from taxonomy.values import Iri

TODAY = date(2026, 11, 23)
WHOLE = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"
OWNER = NamedNode("https://example.org/id/organisation/made-up-centre")
GRAPH = NamedNode("https://w3id.org/svssv/graph/record/made-up-centre")
KNOWN = Context.bundled()


@pytest.fixture(scope="module")
def whole() -> Record:
    return intake.read(WHOLE).only


@pytest.fixture(scope="module")
def valid(reference: Path) -> Draft202012Validator:
    schema = json.loads((reference / "oruk" / "v3-uk-profile" / "schema" / "compiled_service.json").read_text())
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def again(record: Record) -> Record:
    written = json.dumps(feed.page(feed.services(record, KNOWN)))
    return intake.read_bytes(written.encode(), "feed.json", context=KNOWN).only


def test_a_written_record_is_valid_against_the_official_schema(whole: Record, valid: Draft202012Validator) -> None:
    services = feed.services(whole, KNOWN)
    assert len(services) == 2
    assert [error.message for service in services for error in valid.iter_errors(service)] == []


def test_what_is_written_is_read_back_but_for_what_the_standard_cannot_hold(whole: Record) -> None:
    back = set(again(whole).triples)
    assert back <= set(whole.triples)
    kept = {triple.subject for triple in back}
    lost = {
        str(triple.predicate).rpartition("#")[2].strip(">")
        for triple in set(whole.triples) - back
        if triple.subject in kept
    }
    assert lost == {"hasAccreditation", "hasSite", "hasWaitingTime"}  # of what is held, only where it leads on
    assert kept == {NamedNode(iri) for iri in whole.things if _is_held(iri)}


def _is_held(iri: Iri) -> bool:
    return "/rule/" in iri or not any(f"/{word}/" in iri for word in ("agreement", "site", *fields.parts().values()))


def test_identifiers_are_made_from_the_addresses_of_things(whole: Record) -> None:
    (service, _) = feed.services(whole, KNOWN)
    assert UUID(service["id"]) == uuid5(NAMESPACE_URL, "https://example.org/id/service/made-up-counselling")
    assert service["organization_id"] == service["organization"]["id"]


def test_nothing_empty_is_written(whole: Record) -> None:
    assert all(value not in (None, "", [], {}) for value in _values(feed.services(whole, KNOWN)))


def test_of_several_rules_only_what_all_of_them_say_is_written(whole: Record) -> None:
    service = "<https://example.org/id/service/made-up-counselling>"
    more = f"""{service} <{SV}eligibility> <https://example.org/id/service/made-up-counselling/rule/2> .
        <https://example.org/id/service/made-up-counselling/rule/2> a <{SV}EligibilityRule> ;
            <{SV}minimumAge> 13 ; <{SV}genderOffer> <{CONCEPT}gender-offer/all-genders> ;
            <{SV}reportingStatus> <{CONCEPT}reporting-status/reported-only> ."""
    record = intake.read_bytes(WHOLE.read_bytes() + more.encode(), "record.ttl").only
    written = feed.services(record, KNOWN)[0]
    words = {each["taxonomy_term"]["name"] for each in written["attributes"] if each["link_type"] == "eligibility"}
    assert words == {"All genders"}
    assert "minimum_age" not in written


def test_a_service_that_another_organisation_leads_is_left_to_that_one() -> None:
    partner = WHOLE.read_text().replace(
        "sv:leadProvider <https://example.org/id/organisation/made-up-centre>",
        "sv:leadProvider <https://example.org/id/organisation/made-up-lead>",
        1,
    )
    assert len(feed.services(intake.read_bytes(partner.encode(), "record.ttl").only, KNOWN)) == 1


def test_a_place_that_is_secret_stays_known_to_be_secret(whole: Record) -> None:
    refuge = next(each for each in feed.services(whole, KNOWN) if each["name"] == "Made-Up Refuge")
    assert refuge["location_confidential"] is True
    assert "service_at_locations" not in refuge


def _values(value: Any) -> Iterable[Any]:
    yield value
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _values(each)


# The same record in Turtle and as Open Referral UK has the same findings, for all that the standard can hold.


def held() -> list[tuple[Iri, Field, bool]]:
    """The columns that the standard can hold, and whether it can hold several values of them."""
    table = crosswalk.load(oruk.TABLE)
    rows = [row for row in table.rows if row.direction == "both" and row.property and row.about]
    found: dict[tuple[Iri, Iri], tuple[Iri, Field, bool]] = {}
    for row in rows:
        field = field_of(row.about or Iri(), row.property or Iri())
        listed = row.form in {"term", "first", "number"} or "/phones" in row.path
        if field:
            found.setdefault((field.about, field.path), (field.about, field, listed and field.kind != "choice"))
    return list(found.values())


TEXTS: dict[str, list[str]] = {
    "prose": [
        "Made-Up name",
        "Ask for Robin",
        "Ring 01632 960001",
        "Write to robin@made-up.example",
        "Dr Madeup runs it",
    ],
    "address": ["https://made-up-centre.example/", "javascript:alert(1)", "made-up-centre.example"],
    "identifier": ["XI-EXAMPLE-77", "GB-CHC-1234567", "GB-COH-1234567", "charity no. 77"],
    "contactEmail": ["info@made-up-centre.example", "robin@made-up-centre.example", "info at made-up"],
    "contactPhone": ["01632 960001", "07700 900123", "ring the office"],
    "contactTeam": ["Referrals team", "Robin Madeup", "the " * 20 + "team"],
    "integer": ["16", "25", "0", "999", "-1", "sixteen"],
    "date": ["2026-10-05", "2019-03-01", "2999-01-01", "last autumn"],
}


def terms(field: Field) -> st.SearchStrategy[NamedNode | Literal]:
    """Good and bad values of a column, as a record writes them."""
    match field.kind:
        case "name":
            members = sorted({thing for place in field.takes for each in KNOWN.names[place].values() for thing in each})
            wrong = [f"{members[0]}-slip"] if members[0].startswith(CONCEPT) else []
            things = st.sampled_from([*members, *wrong, f"{CONCEPT}harm/rape"]).map(NamedNode)
            words = st.sampled_from(["chats over tea", "nothing on any list"]).map(Literal)
            return st.one_of(things, words)
        case "choice":
            return st.sampled_from(field.choices).map(NamedNode)
        case "prose":
            texts = [f"{text} of {field.about.slug} {field.path.slug}" for text in TEXTS["prose"]]
            return st.sampled_from(texts).map(lambda text: Literal(text, language="en"))
        case "address":
            return st.sampled_from(TEXTS["address"]).map(lambda text: Literal(text, datatype=NamedNode(XSD + "anyURI")))
        case "boolean":
            return st.sampled_from(["true", "false"]).map(
                lambda text: Literal(text, datatype=NamedNode(XSD + "boolean"))
            )
        case "integer" | "date":
            return st.sampled_from(TEXTS[field.kind]).map(lambda text: _typed(text, field.kind))
    return st.sampled_from(TEXTS[field.path.slug]).map(Literal)


def _typed(text: str, kind: str) -> Literal:
    wrong = not any(sign.isdecimal() for sign in text)
    return Literal(text) if wrong else Literal(text, datatype=NamedNode(XSD + kind))


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """A record of an organisation with a service or two, in Turtle."""
    facts: set[Triple] = {Triple(OWNER, NamedNode(TYPE), NamedNode(ORGANISATION))}
    facts |= {Triple(GRAPH, NamedNode(TYPE), NamedNode(RECORD)), Triple(GRAPH, NamedNode(SV + "recordOf"), OWNER)}
    things: list[tuple[Iri, NamedNode]] = [(ORGANISATION, OWNER), (RECORD, GRAPH)]
    for number in range(draw(st.integers(1, 2))):
        service = NamedNode(f"https://example.org/id/service/made-up-{number}")
        rule = NamedNode(f"{service.value}/rule/1")
        facts |= {
            Triple(service, NamedNode(TYPE), NamedNode(SERVICE)),
            Triple(service, NamedNode(SV + "leadProvider"), OWNER),
        }
        things.append((SERVICE, service))
        if draw(st.booleans()):
            facts |= {
                Triple(rule, NamedNode(TYPE), NamedNode(RULE)),
                Triple(service, NamedNode(SV + "eligibility"), rule),
                Triple(rule, NamedNode(SV + "residence"), NamedNode(CONCEPT + "residence/lives-in-area")),
            }
            things.append((RULE, rule))
    for about, field, several in held():
        for kind, thing in things:
            if kind == about and field.path != SV + "residence":
                most = 2 if several and field.many else 1
                for term in draw(st.lists(terms(field), max_size=most, unique_by=str)):
                    facts.add(Triple(thing, NamedNode(field.path), term))
    return serialize(sorted(facts, key=str), format=RdfFormat.TURTLE) or b""


def told(report: Report) -> list[tuple[Any, ...]]:
    """The findings, apart from where they were read and from what the standard has no place for."""
    return sorted(
        (rules()[each.rule].name, each.level, each.record or "", each.path or "", each.value or "", each.how_to_fix)
        for each in report.findings
        if rules()[each.rule].name != "Reading-notCarried"
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_a_record_has_the_same_findings_in_turtle_and_as_open_referral_uk(turtle: bytes) -> None:
    first = intake.read_bytes(turtle, "record.ttl", context=KNOWN)
    second = feed.page(feed.services(first.only, KNOWN))
    other = intake.read_bytes(json.dumps(second).encode(), "feed.json", context=KNOWN)
    assert told(examine(first, context=KNOWN, today=TODAY)) == told(examine(other, context=KNOWN, today=TODAY))


def test_the_columns_that_the_standard_can_hold_are_most_of_those_about_services() -> None:
    kept = {(about, field.path) for about, field, _ in held()}
    missing = {
        field.heading
        for field in fields.fields()
        if field.about in {ORGANISATION, RECORD, SERVICE, RULE} and (field.about, field.path) not in kept
    }
    assert missing == {"Acts for area", "As at", "Lead provider", "Partner providers", "Service"}
