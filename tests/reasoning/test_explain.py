"""An explanation is a proof: its facts were stated, and they alone carry the conclusion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets
from taxonomy.errors import NotFoundError
from taxonomy.namespaces import EXAMPLE, RDF, SKOS, SV, XSD
from taxonomy.reasoning.explain import Explainer, How, Proof, explain
from taxonomy.reasoning.rules import Rules

HERE = Path(__file__).parent
CONSTRUCTS = sorted((HERE / "constructs").iterdir())
TYPE = NamedNode(RDF + "type")
RULES = Rules.from_files(assets.files("ontology", "**/*.ttl"))
Reader = Callable[..., set[Triple]]
NODES = [NamedNode(f"{EXAMPLE}{letter}") for letter in "abcde"]
CONCEPTS = [NamedNode(f"https://w3id.org/svssv/concept/service-type/{name}") for name in ("isva", "advocacy")]
LINKS = [
    *(NamedNode(SV + name) for name in ("leadProvider", "providedBy", "serviceType", "funds", "fundingPart", "funder")),
    *(NamedNode(SKOS + name) for name in ("broader", "narrower", "related")),
]
KINDS = [NamedNode(SV + name) for name in ("Service", "VoluntaryOrganisation", "Contract")]
FACTS = st.sets(
    st.one_of(
        st.builds(Triple, st.sampled_from(NODES), st.sampled_from(LINKS), st.sampled_from([*NODES, *CONCEPTS])),
        st.builds(Triple, st.sampled_from(CONCEPTS), st.sampled_from(LINKS[-3:]), st.sampled_from(CONCEPTS)),
        st.builds(Triple, st.sampled_from(NODES), st.just(TYPE), st.sampled_from(KINDS)),
    ),
    max_size=20,
)


def kinds(found: Iterable[Triple]) -> list[Triple]:
    return sorted((t for t in found if t.predicate == TYPE), key=str)


def claims(proof: Proof) -> list[Triple]:
    return [proof.claim, *(claim for part in proof.because for claim in claims(part))]


@pytest.mark.parametrize("folder", CONSTRUCTS, ids=lambda folder: folder.name)
def test_each_construct_is_explained_by_stated_facts_that_alone_carry_it(turtle: Reader, folder: Path) -> None:
    rules, facts = Rules.from_files([folder / "axioms.ttl"]), turtle(folder / "facts.ttl")
    for claim in kinds(turtle(folder / "follows.ttl")):
        why = explain(rules, facts, claim.subject, claim.object)
        assert set(why.facts) <= facts
        assert claim in rules.infer(why.facts)


def test_each_member_of_a_defined_class_is_explained_and_no_link_is_idle(turtle: Reader, in_place: Reader) -> None:
    facts = in_place(turtle(HERE / "taxonomy" / "facts.ttl"))
    explainer = Explainer(RULES, facts)
    for claim in kinds(turtle(HERE / "taxonomy" / "members.ttl")):
        why = explainer.explain(claim.subject, claim.object)
        assert why.proof.how is How.DEFINITION
        assert claim in RULES.infer(why.facts)
        for idle in (fact for fact in why.facts if fact.predicate != TYPE):
            assert claim not in RULES.infer(set(why.facts) - {idle}), (claim, idle)


@settings(max_examples=60, deadline=None)
@given(facts=FACTS)
def test_in_any_world_each_conclusion_has_a_proof_from_stated_facts(facts: set[Triple]) -> None:
    explainer = Explainer(RULES, facts)
    for claim in kinds(RULES.infer(facts)):
        if isinstance(claim.subject, NamedNode):
            why = explainer.explain(claim.subject, claim.object)
            assert set(why.facts) <= facts
            assert claim in RULES.infer(why.facts)


@settings(max_examples=40, deadline=None)
@given(facts=FACTS, chance=st.randoms(use_true_random=False))
def test_the_explanation_does_not_depend_on_the_order_of_facts(facts: set[Triple], chance: object) -> None:
    shuffled = sorted(facts, key=str)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives its own chance
    for claim in kinds(RULES.infer(facts))[:5]:
        one = Explainer(RULES, facts).explain(claim.subject, claim.object)
        assert one == Explainer(RULES, shuffled).explain(claim.subject, claim.object)


def test_of_several_witnesses_the_one_with_the_shortest_proof_is_shown() -> None:
    service, near, far = (NamedNode(EXAMPLE + name) for name in ("service", "z-near", "a-far"))
    led, kind = NamedNode(SV + "leadProvider"), NamedNode(SV + "VoluntaryOrganisation")
    facts = {Triple(service, TYPE, NamedNode(SV + "Service")), Triple(service, led, near), Triple(near, TYPE, kind)}
    facts |= {Triple(service, NamedNode(SV + "partnerProvider"), far), Triple(far, TYPE, kind)}
    why = explain(RULES, facts, service, NamedNode(SV + "VoluntaryLedService"))
    assert set(why.facts) == {fact for fact in facts if far not in (fact.subject, fact.object)}


def test_a_number_that_decides_is_among_the_facts() -> None:
    agreement = NamedNode(EXAMPLE + "agreement")
    months = [Literal(str(n), datatype=NamedNode(XSD + "integer")) for n in (6, 36)]
    facts = [Triple(agreement, TYPE, NamedNode(SV + "Grant"))]
    facts += [Triple(agreement, NamedNode(SV + "initialTermMonths"), number) for number in months]
    why = explain(RULES, facts, agreement, NamedNode(SV + "ShortTermAgreement"))
    assert why.facts == (facts[0], facts[1])


def test_a_proof_never_rests_on_its_own_conclusion() -> None:
    service, (isva, advocacy), broader = NODES[0], CONCEPTS, NamedNode(SKOS + "broader")
    facts = {Triple(isva, broader, advocacy), Triple(advocacy, broader, isva)}
    facts |= {Triple(service, NamedNode(SV + "serviceType"), isva), Triple(service, TYPE, NamedNode(SV + "Service"))}
    why = explain(RULES, facts, service, NamedNode(SV + "AdvocacyService"))
    found = claims(why.proof)
    assert len(found) == len(set(found))


def test_what_does_not_follow_has_no_explanation() -> None:
    with pytest.raises(NotFoundError, match="ISVAService"):
        explain(RULES, [], NODES[0], NamedNode(SV + "ISVAService"))


def test_what_somebody_stated_is_its_own_explanation() -> None:
    fact = Triple(NODES[0], TYPE, NamedNode(SV + "Service"))
    why = explain(RULES, [fact], NODES[0], NamedNode(SV + "Service"))
    assert (why.proof, why.definition) == (Proof(fact, How.STATED), None)
