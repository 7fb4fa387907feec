"""A record in a batch is checked as if it stood there alone, whatever the others say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.namespace import SH

from benchmarks.made_up import MadeUp, as_record, organisation
from taxonomy import fields
from taxonomy.context import Context
from taxonomy.namespaces import EXAMPLE, RDFS, SKOS, SV, graph
from taxonomy.records import NOWHERE, Record
from taxonomy.validation import batches, engines
from taxonomy.validation.batches import Batch, cases, pack
from taxonomy.validation.engines import Result
from taxonomy.validation.reach import backwards, backwards_in
from taxonomy.values import Iri

TODAY = date(2026, 11, 23)
CONTEXT = Context.bundled()
REFUGE = next(each for each in CONTEXT.schemes if each.endswith("service-type/refuge"))
WOMEN = next(each for each in CONTEXT.schemes if each.endswith("gender-offer/women-only"))
SELF = next(each for each in CONTEXT.schemes if each.endswith("referral-source/self"))
FUNDER = next(each for each, kinds in sorted(CONTEXT.types.items()) if SV + "Organisation" in kinds)

NAMES = ("a", "b", "c", "d")
THINGS = [
    *(f"{EXAMPLE}id/{kind}/{name}" for kind in ("organisation", "service", "agreement") for name in NAMES),
    *(f"{EXAMPLE}id/service/{name}/rule/1" for name in NAMES),
    *(f"{EXAMPLE}id/service/{name}/route/1" for name in NAMES),
    *(f"{EXAMPLE}id/agreement/{name}/part/1" for name in NAMES),
    *(graph("record", name) for name in NAMES),
]
SHARED = [REFUGE, WOMEN, SELF, FUNDER, CONTEXT.schemes[REFUGE], SV + "Service", SV + "Organisation"]
CLASSES = ["Organisation", "Service", "EligibilityRule", "FundingAgreement", "FundingPart", "ReferralLink", "Record"]
PATHS = sorted(
    {field.path for field in fields.fields()} | backwards() | {Iri(SV + "nameAsPrinted"), Iri(SV + "providedBy")}
)
TEXTS = [
    Literal("Ask for Ms Nobody"),
    Literal("16"),
    Literal("10 Made-Up Road, BS1 4QQ"),
    Literal("Made-Up", language="en"),
]


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    """A few records that say things of one another's things, name them, and point to the same ones."""
    names = [NamedNode(each) for each in (*THINGS, *SHARED)]
    types = st.builds(
        Triple,
        st.sampled_from(names),
        st.just(NamedNode(fields.TYPE)),
        st.sampled_from([NamedNode(SV + each) for each in CLASSES]),
    )
    wider = st.builds(
        Triple,
        st.sampled_from(names[-2:]),
        st.just(NamedNode(RDFS + "subClassOf")),
        st.sampled_from(names[-2:]),
    )
    said = st.builds(
        Triple,
        st.sampled_from(names),
        st.sampled_from([NamedNode(path) for path in PATHS]),
        st.sampled_from([*names, *TEXTS]),
    )
    made = []
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6)):
        own = NamedNode(f"{EXAMPLE}id/organisation/{name}")
        facts = [Triple(own, NamedNode(fields.TYPE), NamedNode(SV + "VoluntaryOrganisation"))]
        facts += (
            draw(st.lists(types, max_size=6)) + draw(st.lists(wider, max_size=1)) + draw(st.lists(said, max_size=25))
        )
        made.append(as_record(Iri(own.value), facts, CONTEXT))
    return made


def results(packed: Sequence[Batch], engine: str = engines.FAST) -> dict[int, list[Result]]:
    found: dict[int, list[Result]] = {}
    for batch in packed:
        said = engines.results(engines.engine(engine).report(batch.ntriples, batch.foci))
        found |= {number: sorted(set(some), key=str) for number, some in batch.share(said).items()}
    return found


def each_alone(some: Sequence[Record]) -> list[Batch]:
    alone = []
    for case in cases(some, CONTEXT, TODAY):
        alone.append(Batch())
        alone[-1].add(case)
    return alone


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_in_a_batch_each_record_has_the_results_that_it_has_alone(some: list[Record]) -> None:
    assert results(each_alone(some)) == results(list(pack(cases(some, CONTEXT, TODAY))))


@pytest.mark.soak
@settings(max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_in_very_many_batches_each_record_has_the_results_that_it_has_alone(some: list[Record]) -> None:
    assert results(each_alone(some)) == results(list(pack(cases(some, CONTEXT, TODAY))))


@settings(max_examples=60, deadline=None)
@given(records())
def test_every_record_is_in_one_batch_and_mentions_nothing_that_another_one_there_touches(some: list[Record]) -> None:
    packed = list(pack(cases(some, CONTEXT, TODAY)))
    assert sorted(case.number for batch in packed for case in batch.cases) == list(range(len(some)))
    for batch in packed:
        for one in batch.cases:
            for other in batch.cases:
                assert one is other or one.touched.isdisjoint(other.mentioned)


def test_records_that_name_the_same_areas_concepts_and_funders_share_a_batch() -> None:
    made = MadeUp(CONTEXT)
    packed = list(pack(cases(made.records(2 * batches.MOST_RECORDS), made.context(2 * batches.MOST_RECORDS), TODAY)))
    assert max(len(batch.cases) for batch in packed) == batches.MOST_RECORDS
    assert len(packed) <= 4


def test_pyshacl_too_finds_in_a_batch_what_it_finds_in_each_record_alone() -> None:
    made = MadeUp(CONTEXT, share=1)
    some = made.records(12)
    packed = list(pack(cases(some, CONTEXT, TODAY)))
    assert len(packed) < len(some)
    assert results(each_alone(some), engines.REFERENCE) == results(packed, engines.REFERENCE)


def test_two_records_about_one_organisation_are_kept_apart() -> None:
    made = MadeUp(CONTEXT, share=0)
    (one,) = made.records(1)
    assert [1, 1] == [len(batch.cases) for batch in pack(cases([one, one], CONTEXT, TODAY))]


@pytest.mark.parametrize(
    ("path", "value", "together"),
    [
        ("referralFrom", NamedNode(SELF), True),  # from a concept no shape walks back
        ("funder", NamedNode(FUNDER), True),  # no shape walks from a funder to its shares
        (
            "referralTo",
            NamedNode(EXAMPLE + "id/service/made-up-5-1"),
            True,
        ),  # nor from a service that neither of them describes
        ("recordOf", NamedNode(EXAMPLE + "id/organisation/made-up-5"), False),
        ("recordOf", Literal("Made-Up Centre"), False),
        ("referralTo", Literal("Made-Up Counselling"), True),
    ],
)
def test_records_that_point_to_the_same_thing_share_a_batch_unless_shapes_walk_back(
    path: str, value: NamedNode | Literal, together: bool
) -> None:
    made = MadeUp(CONTEXT, share=0)
    some = [
        as_record(organisation(number), [*made.facts(number), Triple(about, NamedNode(SV + path), value)], CONTEXT)
        for number in range(2)
        for about in [NamedNode(graph("record", f"made-up-{number}"))]
    ]
    packed = list(pack(cases(some, made.context(9), TODAY)))
    assert ([2] if together else [1, 1]) == [len(batch.cases) for batch in packed]


def test_a_record_that_is_larger_than_a_batch_still_has_one() -> None:
    own = NamedNode(EXAMPLE + "id/organisation/a")
    label = NamedNode(RDFS + "label")
    facts = {Triple(own, label, Literal(str(number))): NOWHERE for number in range(batches.MOST_FACTS + 1)}
    huge = Record(owner=Iri(own.value), places=facts, things={Iri(own.value): NOWHERE})
    small = MadeUp(CONTEXT).records(2)
    packed = list(pack(cases([small[0], huge, small[1]], CONTEXT, TODAY)))
    assert [[0, 2], [1]] == sorted(sorted(case.number for case in batch.cases) for batch in packed)


PREFIXES = "@prefix e: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> ."


@pytest.mark.parametrize(
    ("shapes", "walked"),
    [
        ("e:S sh:targetClass e:C ; sh:path e:p .", ""),
        ("e:S sh:targetClass e:C ; sh:path [ sh:inversePath e:p ] .", ""),
        ("e:S sh:targetClass e:C ; sh:property e:P . e:P sh:path [ sh:inversePath e:p ] .", ""),
        ("e:S sh:targetClass e:C ; sh:path ( e:q [ sh:inversePath e:p ] ) .", "p"),
        ("e:S sh:targetClass e:C ; sh:path ( [ sh:inversePath e:p ] [ sh:inversePath e:q ] ) .", "q"),
        ("e:S sh:targetClass e:C ; sh:path [ sh:alternativePath ( e:q ( [ sh:inversePath e:p ] e:q ) ) ] .", ""),
        ("e:S sh:targetClass e:C ; sh:path [ sh:zeroOrMorePath [ sh:inversePath e:p ] ] .", "p"),
        ("e:S sh:targetClass e:C ; sh:path ( [ sh:zeroOrOnePath e:q ] [ sh:inversePath e:p ] ) .", "p"),
        ("e:S sh:targetClass e:C ; sh:path [ sh:inversePath ( e:p e:q ) ] .", "p q"),
        ("e:S sh:targetClass e:C ; sh:not e:N . e:N sh:property e:P . e:P sh:path [ sh:inversePath e:p ] .", "p"),
        ("e:S sh:targetClass e:C ; sh:or ( e:P ) . e:P sh:path [ sh:inversePath e:p ] .", "p"),
        ("e:S sh:targetNode e:x ; sh:path [ sh:inversePath e:p ] .", ""),
    ],
)
def test_what_shapes_walk_backwards_is_read_from_their_paths(shapes: str, walked: str) -> None:
    found = backwards_in(rdflib.Graph().parse(data=PREFIXES + shapes, format="turtle"))
    assert set(walked.split()) == {each.slug for each in found} - {"nil"}


def test_no_shape_of_a_record_uses_what_the_packing_of_batches_does_not_know() -> None:
    used = {value.value for node in fields.shapes().nodes() for value in fields.shapes().objects(node)}
    assert not used & {SH.sparql, SH.js, SH.rule, SH.expression, SH.targetNode, SH.target}
    assert SKOS + "inScheme" in used
