"""The defined classes on a made-up world: who is in, and who just fails to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from taxonomy import assets
from taxonomy.errors import CurationError
from taxonomy.namespaces import EXAMPLE, RDF, SV
from taxonomy.reasoning.hermit import Hermit
from taxonomy.reasoning.rules import Rules

HERE = Path(__file__).parent / "taxonomy"
ONTOLOGY = assets.files("ontology", "**/*.ttl")
TYPE = NamedNode(RDF + "type")
RULES = Rules.from_files(ONTOLOGY)
Reader = Callable[..., set[Triple]]


def test_each_defined_class_has_a_member_to_try(turtle: Reader) -> None:
    assert {triple.object for triple in turtle(HERE / "members.ttl")} == RULES.defined


def test_each_thing_is_in_the_classes_that_its_facts_give_and_in_no_other(turtle: Reader, in_place: Reader) -> None:
    found = RULES.infer(in_place(turtle(HERE / "facts.ttl")))
    classes = {triple for triple in found if triple.predicate == TYPE and triple.object in RULES.defined}
    assert turtle(HERE / "members.ttl") == classes


def test_hermit_puts_each_thing_in_the_same_classes(turtle: Reader, in_place: Reader, hermit: Hermit) -> None:
    found = hermit.infer(in_place(turtle(HERE / "facts.ttl")))
    classes = {triple for triple in found if triple.predicate == TYPE and triple.object in RULES.defined}
    assert turtle(HERE / "members.ttl") == classes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Service", "Organisation"),
        ("VoluntaryOrganisation", "StatutoryOrganisation"),
        ("OpenRoute", "RefusedRoute"),
        ("FundingAgreement", "Allocation"),
        ("FundingAgreement", "BudgetLine"),
        ("Grant", "Contract"),
        ("Lot", "Service"),
    ],
)
def test_hermit_refuses_a_thing_that_is_two_things_at_once(hermit: Hermit, one: str, other: str) -> None:
    thing = NamedNode(EXAMPLE + "two-at-once")
    facts = {Triple(thing, TYPE, NamedNode(SV + one)), Triple(thing, TYPE, NamedNode(SV + other))}
    with pytest.raises(CurationError, match="contradict the ontology"):
        hermit.infer(facts)
