from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets
from taxonomy.namespaces import EXAMPLE, RDF, SKOS, SV, XSD
from taxonomy.reasoning.hermit import Hermit
from taxonomy.reasoning.rules import Rules

CONSTRUCTS = sorted((Path(__file__).parent / "constructs").iterdir())
ONTOLOGY = assets.files("ontology", "**/*.ttl")
TYPE = NamedNode(RDF + "type")
RULES = Rules.from_files(ONTOLOGY)
Reader = Callable[..., set[Triple]]
INTEGER = NamedNode(XSD + "integer")
NODES = [NamedNode(f"{EXAMPLE}{letter}") for letter in "abcdef"]
CONCEPT = "https://w3id.org/svssv/concept/"
LINKS = [
    NamedNode(SV + name)
    for name in ("leadProvider", "partnerProvider", "serviceType", "funds", "fundingPart", "funder", "referralTo")
] + [NamedNode(SKOS + "broader"), NamedNode(SV + "within"), NamedNode(SV + "coversArea")]
ENDS = [*NODES, NamedNode(CONCEPT + "service-type/isva"), NamedNode(CONCEPT + "service-type/advocacy")]
KINDS = [NamedNode(SV + name) for name in ("Service", "VoluntaryOrganisation", "Contract", "OpenRoute")]
FACTS = st.sets(
    st.one_of(
        st.builds(Triple, st.sampled_from(NODES), st.sampled_from(LINKS), st.sampled_from(ENDS)),
        st.builds(Triple, st.sampled_from(NODES), st.just(TYPE), st.sampled_from(KINDS)),
    ),
    max_size=25,
)


def test_there_are_constructs_to_try() -> None:
    assert len(CONSTRUCTS) > 15


@pytest.mark.parametrize("folder", CONSTRUCTS, ids=lambda folder: folder.name)
def test_each_construct_gives_what_follows_and_nothing_else(turtle: Reader, folder: Path) -> None:
    rules = Rules.from_files([folder / "axioms.ttl"])
    assert turtle(folder / "follows.ttl") == rules.infer(turtle(folder / "facts.ttl"))


def test_hermit_finds_the_same_for_every_construct(turtle: Reader, links: Reader) -> None:
    def every(name: str) -> set[Triple]:
        return turtle(*(folder / name for folder in CONSTRUCTS))

    assert links(every("follows.ttl")) == Hermit(every("axioms.ttl")).infer(every("facts.ttl"))


def test_what_is_given_is_not_given_back(stated: set[Triple]) -> None:
    assert set() == stated & RULES.infer(stated)


def test_nothing_more_follows_from_what_has_followed(stated: set[Triple]) -> None:
    assert set() == RULES.infer(stated | RULES.infer(stated))


def test_nobody_states_a_class_that_is_defined(stated: set[Triple]) -> None:
    assert [t for t in stated if t.predicate == TYPE and t.object in RULES.defined] == []


def test_a_number_that_is_not_whole_or_no_number_fits_no_limit(tmp_path: Path) -> None:
    rules = Rules.from_files([Path(__file__).parent / "constructs" / "facet-at-most" / "axioms.ttl"])
    thing, months = NamedNode(EXAMPLE + "a"), NamedNode("https://example.org/facet-at-most#months")
    values = (Literal("11.5", datatype=NamedNode(XSD + "decimal")), Literal("few"), Literal("x", datatype=INTEGER))
    assert set() == rules.infer(Triple(thing, months, value) for value in values)


def test_eleven_point_nought_is_eleven() -> None:
    rules = Rules.from_files([Path(__file__).parent / "constructs" / "facet-at-most" / "axioms.ttl"])
    thing, months = NamedNode(EXAMPLE + "a"), NamedNode("https://example.org/facet-at-most#months")
    found = rules.infer([Triple(thing, months, Literal("11.0", datatype=NamedNode(XSD + "decimal")))])
    assert {Triple(thing, TYPE, NamedNode("https://example.org/facet-at-most#Short"))} == found


def test_fifty_thousand_facts_take_well_under_two_seconds(stated: set[Triple]) -> None:
    copies = 50_000 // len(stated) + 1

    def copied(term: object, number: int) -> object:
        if isinstance(term, NamedNode) and "/svssv/id/" in term.value:
            return NamedNode(f"{term.value}/copy/{number}")
        return term

    many = [
        Triple(copied(t.subject, number), t.predicate, copied(t.object, number))
        for t in stated
        for number in range(copies)
    ]
    before = time.process_time()
    found = RULES.infer(many)
    assert time.process_time() - before < 2
    assert len(found) > 1000


@settings(max_examples=60, deadline=None)
@given(facts=FACTS, more=FACTS)
def test_more_facts_never_take_a_conclusion_away(facts: set[Triple], more: set[Triple]) -> None:
    assert RULES.infer(facts) <= RULES.infer(facts | more) | more


@settings(max_examples=60, deadline=None)
@given(facts=FACTS)
def test_the_order_of_facts_does_not_matter(facts: set[Triple]) -> None:
    ordered = sorted(facts, key=str)
    assert RULES.infer(ordered) == RULES.infer(reversed(ordered))
