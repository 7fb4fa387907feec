"""A file of many records is split so that each is the same as if it had come alone."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple

from taxonomy import fields
from taxonomy.context import Context
from taxonomy.errors import NoRecordError, TooLargeError
from taxonomy.intake import owners, rdf
from taxonomy.namespaces import SV, SVSH
from taxonomy.records import Place, Problem, Record

EXAMPLES = Path(__file__).parent.parent / "examples"
WHOLE = (EXAMPLES / "shapes" / "valid.ttl").read_text()
PREFIXES = """
@base <https://example.org/id/> .
@prefix sv: <https://w3id.org/svssv/ontology#> .
@prefix graph: <https://w3id.org/svssv/graph/record/> .
"""


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(turtle, format=RdfFormat.TURTLE)]


def read(facts: list[Triple]) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    places = {triple: Place(line=number) for number, triple in enumerate(facts, start=1)}
    return rdf.records(places, Context.bundled())


def of(turtle: str) -> dict[str, set[str]]:
    """The things in each record, by the slugs of its organisation."""
    records, _ = read(triples(PREFIXES + turtle))
    return {
        record.owner.slug: {thing.removeprefix("https://example.org/id/") for thing in record.things}
        for record in records
    }


def named(name: str) -> str:
    return WHOLE.replace("made-up", f"made-up-{name}")


@settings(deadline=None, max_examples=25)
@given(count=st.integers(2, 4), seed=st.integers(0, 1000))
def test_each_record_is_the_same_as_if_it_had_come_alone(count: int, seed: int) -> None:
    alone = {name: triples(named(name)) for name in "abcd"[:count]}
    mixed = [triple for facts in alone.values() for triple in facts]
    random.Random(seed).shuffle(mixed)  # noqa: S311  # no secret
    records, problems = read(mixed)
    assert problems == ()
    assert {record.owner.slug: record.ntriples for record in records} == {
        record.owner.slug: record.ntriples for name in alone for record in read(alone[name])[0]
    }


def test_facts_of_a_record_stay_in_the_order_of_the_file() -> None:
    records, _ = read([*triples(named("a")), *triples(named("b"))])
    for record in records:
        lines = [place.line or 0 for place in record.places.values()][: len(triples(WHOLE))]
        assert lines == sorted(lines)


def test_without_records_each_organisation_described_has_its_own() -> None:
    assert of("<organisation/a> a sv:Organisation . <organisation/b> a sv:VoluntaryOrganisation .").keys() == {"a", "b"}


def test_a_service_is_in_its_lead_s_record_and_where_that_is_elsewhere_in_its_partner_s() -> None:
    found = of("""
        <organisation/a> a sv:Organisation . <organisation/b> a sv:Organisation .
        <service/x> a sv:Service ; sv:partnerProvider <organisation/b> ; sv:leadProvider <organisation/a> .
        <service/y> a sv:Service ; sv:partnerProvider <organisation/b> ; sv:leadProvider <organisation/elsewhere> .
    """)
    assert found["a"] >= {"service/x"}
    assert found["b"] >= {"service/y"}


def test_money_is_in_its_recipient_s_record_and_where_that_is_elsewhere_with_the_service_that_it_pays_for() -> None:
    found = of("""
        <organisation/a> a sv:Organisation . <organisation/b> a sv:Organisation .
        <service/x> a sv:Service ; sv:leadProvider <organisation/a> .
        <agreement/x> a sv:Grant ; sv:funds <service/x> ; sv:recipient <organisation/b> .
        <agreement/x> sv:fundingPart <agreement/x/part/1> .
        <agreement/x/part/1> a sv:FundingPart ; sv:funder <organisation/a> .
        <agreement/y> a sv:Grant ; sv:funds <service/x> ; sv:recipient <organisation/elsewhere> .
    """)
    assert found["b"] >= {"agreement/x", "agreement/x/part/1"}
    assert found["a"] >= {"agreement/y"}


def test_a_route_is_in_the_record_of_the_service_that_it_leads_to() -> None:
    found = of("""
        <service/y/route/1> a sv:OpenRoute ; sv:referralFrom <organisation/a> ; sv:referralTo <service/y> .
        <service/x/route/1> a sv:OpenRoute ; sv:referralFrom <service/x> ; sv:referralTo <service/elsewhere> .
        <service/x> a sv:Service ; sv:leadProvider <organisation/a> .
        <service/y> a sv:Service ; sv:leadProvider <organisation/b> .
        <organisation/a> a sv:Organisation . <organisation/b> a sv:Organisation .
    """)
    assert found["b"] >= {"service/y/route/1"}
    assert found["a"] >= {"service/x/route/1"}


def test_how_a_name_is_printed_goes_to_every_record_that_names_it() -> None:
    records, problems = read(
        triples(
            PREFIXES
            + """
        <organisation/a> a sv:Organisation . <organisation/b> a sv:Organisation .
        <service/x> a sv:Service ; sv:leadProvider <organisation/a> ; sv:partnerProvider <organisation/new> .
        <service/y> a sv:Service ; sv:leadProvider <organisation/b> ; sv:partnerProvider <organisation/new> .
        <organisation/new> sv:nameAsPrinted "Made-Up Newcomer" .
    """
        )
    )
    assert [record.proposals for record in records] == [
        {"https://example.org/id/organisation/new": "Made-Up Newcomer"}
    ] * 2
    assert {problem.rule for problem in problems} == {"nameNew"}


def test_what_belongs_to_nobody_is_told_once_where_it_begins() -> None:
    _, problems = read(
        triples(
            PREFIXES
            + """
        <organisation/a> a sv:Organisation . <organisation/b> a sv:Organisation .
        <service/x> a sv:Service ; sv:eligibility <service/x/rule/1> .
        <service/x/rule/1> a sv:EligibilityRule ; sv:minimumAge 18 .
    """
        )
    )
    assert [(each.rule, each.value, each.place.line) for each in problems] == [
        ("ownerUnknown", "https://example.org/id/service/x", 3)
    ]


def test_things_that_belong_to_each_other_in_a_circle_are_told_and_not_followed_for_ever() -> None:
    _, problems = read(
        triples(
            PREFIXES
            + """
        <organisation/a> a sv:Organisation . <organisation/b> a sv:Organisation .
        <agreement/x> a sv:Grant ; sv:funds <agreement/y> . <agreement/y> a sv:Grant ; sv:funds <agreement/x> .
    """
        )
    )
    assert {each.rule for each in problems} == {"ownerUnknown"}


def test_a_file_of_no_organisation_is_no_record() -> None:
    with pytest.raises(NoRecordError, match="no organisation"):
        read(triples(PREFIXES + "<service/x> a sv:Service ."))


def test_a_record_of_too_many_facts_is_too_large() -> None:
    lines = "\n".join(f'<organisation/a> sv:identifier "{number}" .' for number in range(5_001))
    with pytest.raises(TooLargeError, match="more than 5,000 facts"):
        read(triples(PREFIXES + "<organisation/a> a sv:Organisation ." + lines))


def test_the_shapes_say_through_what_each_kind_of_thing_belongs_to_an_organisation() -> None:
    known = fields.shapes()
    kinds = {about for about in fields.classes() if known.texts(pyoxigraph.NamedNode(about), SVSH + "sheet")}
    assert kinds - {SV + "Organisation"} <= owners.through().keys()
