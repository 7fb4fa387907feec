"""Rules and HermiT on everything that is curated, one document at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import pytest
from pyoxigraph import NamedNode, Triple

from taxonomy import assets
from taxonomy.namespaces import ID, RDF, SV
from taxonomy.publishing.gathering import gather
from taxonomy.reasoning.documents import decisive, each_document
from taxonomy.reasoning.hermit import Hermit
from taxonomy.reasoning.rules import Rules

TYPE = NamedNode(RDF + "type")
RULES = Rules.from_files(assets.files("ontology", "**/*.ttl"))
DOCUMENTS = sorted({path.parent.name for path in assets.files("data", "sources/*/*.trig")})
AVON_AND_SOMERSET = "avon-somerset-recommissioning-2018"
KNOWN = {
    "service/isva-avon-and-somerset": {"SVSSVService", "ISVAService", "AdvocacyService", "ContractFundedService"},
    "service/sarc-avon-and-somerset": {"SARCService", "CrisisSupportService", "JointlyCommissionedService"},
    "service/lighthouse-avon-and-somerset": {"StatutoryService", "ReferralHubService", "ServiceRefusingSelfReferral"},
    "service/young-victims-avon-and-somerset": {"UnderEighteensService", "GrantFundedService"},
    "organisation/missing-link": {"SVSSVProvider", "LeadProvider", "Provider"},
    "organisation/opcc-avon-and-somerset": {"Commissioner", "LeadCommissioner", "Funder"},
}
Facts = dict[str, set[Triple]]
Reader = Callable[[Iterable[Triple]], set[Triple]]
Judge = Callable[[str], set[Triple]]


@pytest.fixture(scope="module")
def documents() -> Facts:
    """The facts of each document, with what is known of the things that it names."""
    graphs = gather(assets.root()).graphs
    return dict(each_document(graphs, lambda names: {fact for name in names for fact in graphs[name]}))


@pytest.fixture(scope="module")
def by_hermit(documents: Facts, hermit: Hermit) -> Judge:
    """What HermiT finds in the facts of a document that decide the classes of things."""
    return cache(lambda name: hermit.infer(decisive(documents[name], RULES)))


def test_every_document_that_is_curated_is_tried(documents: Facts) -> None:
    assert set(documents) == set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_rules_and_hermit_agree_on_the_facts_that_decide_the_classes(
    documents: Facts, hermit: Hermit, by_hermit: Judge, links: Reader, name: str
) -> None:
    facts = hermit.projection(decisive(documents[name], RULES))
    assert links(RULES.infer(facts)) == by_hermit(name)


@pytest.mark.soak
@pytest.mark.parametrize("name", DOCUMENTS)
def test_rules_and_hermit_agree_on_everything(documents: Facts, hermit: Hermit, links: Reader, name: str) -> None:
    facts = hermit.projection(documents[name])
    assert links(RULES.infer(facts)) == hermit.infer(facts)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_decides_no_class_can_be_left_out(documents: Facts, name: str) -> None:
    def classes(facts: set[Triple]) -> set[Triple]:
        return {t for t in RULES.infer(facts) if t.predicate == TYPE and t.object in RULES.defined}

    assert classes(documents[name]) == classes(decisive(documents[name], RULES))


@pytest.mark.parametrize("thing", KNOWN)
def test_hermit_finds_what_is_known_of_a_thing(by_hermit: Judge, thing: str) -> None:
    found = {t.object.value for t in by_hermit(AVON_AND_SOMERSET) if t.subject == NamedNode(ID + thing)}
    assert {SV + name for name in KNOWN[thing]} <= found
