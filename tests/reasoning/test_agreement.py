"""Rules and HermiT on worlds that nobody thought of: random facts of the right kinds in the right places."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets
from taxonomy.namespaces import EXAMPLE, RDF, SCHEME, SKOS, SV, XSD
from taxonomy.reasoning.hermit import Hermit
from taxonomy.reasoning.rules import Rules

ONTOLOGY = assets.files("ontology", "**/*.ttl")
RULES = Rules.from_files(ONTOLOGY)
TYPE, INTEGER = NamedNode(RDF + "type"), NamedNode(XSD + "integer")
Reader = Callable[..., set[Triple]]

KINDS = {
    "agreement": ("FundingAgreement", "Grant", "Contract", "InHouseBudget", "SpotPurchase"),
    "organisation": ("Organisation", "VoluntaryOrganisation", "StatutoryOrganisation", "Partnership"),
    "part": ("FundingPart",),
    "route": ("OpenRoute", "RefusedRoute"),
    "rule": ("EligibilityRule",),
    "service": ("Service",),
}
LINKS = (
    *(
        ("agreement", name, "organisation")
        for name in ("commissioner", "leadCommissioner", "coCommissioner", "recipient")
    ),
    ("agreement", "funds", "service"),
    ("agreement", "fundingPart", "part"),
    ("agreement", "leadCommissioner", "organisation"),
    ("agreement", "recipient", "organisation"),
    ("part", "funder", "organisation"),
    ("route", "referralFrom", "organisation"),
    ("route", "referralTo", "service"),
    ("service", "eligibility", "rule"),
    ("service", "leadProvider", "organisation"),
    ("service", "partnerProvider", "organisation"),
)
CONCEPTS = (
    ("agreement", "agreementStatus", "agreement-status"),
    ("organisation", "organisationType", "organisation-type"),
    ("route", "referralMechanism", "referral-mechanism"),
    ("rule", "ageGroup", "age-group"),
    ("rule", "reportingStatus", "reporting-status"),
    ("service", "serviceModel", "service-model"),
    ("service", "serviceType", "service-type"),
    ("service", "serviceWideGenderOffer", "gender-offer"),
    ("service", "specialism", "specialism"),
    ("service", "statedPrinciple", "principle"),
)
NUMBERS = (
    ("agreement", "initialTermMonths", 36),
    ("agreement", "extensionMonths", 3),
    ("rule", "minimumAge", 30),
    ("rule", "maximumAge", 30),
)


def world(chance: Random, concepts: dict[str, list[NamedNode]]) -> set[Triple]:
    """Twelve things of each kind, linked, described and counted at random."""
    things = {kind: [NamedNode(f"{EXAMPLE}id/{kind}/{n}") for n in range(12)] for kind in KINDS}
    facts = {
        Triple(thing, TYPE, NamedNode(SV + chance.choice(KINDS[kind]))) for kind in KINDS for thing in things[kind]
    }
    ends = [(kind, name, things[end]) for kind, name, end in LINKS]
    ends += [(kind, name, concepts[scheme]) for kind, name, scheme in CONCEPTS]
    ends += [(k, n, [Literal(str(i), datatype=INTEGER) for i in range(top + 1)]) for k, n, top in NUMBERS]
    for kind, name, choices in ends:
        some = chance.sample(things[kind], chance.randint(0, 10))
        facts |= {Triple(thing, NamedNode(SV + name), chance.choice(choices)) for thing in some}
    return facts


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(chance=st.randoms(use_true_random=True))
def test_rules_and_hermit_agree_on_worlds_that_nobody_thought_of(
    turtle: Reader, in_place: Reader, links: Reader, hermit: Hermit, chance: Random
) -> None:
    said = turtle(*assets.files("data", "vocabularies/*.ttl"))
    concepts: dict[str, list[NamedNode]] = {}
    for triple in sorted((t for t in said if t.predicate.value == SKOS + "inScheme"), key=str):
        concepts.setdefault(triple.object.value.removeprefix(SCHEME), []).append(triple.subject)
    facts = hermit.projection(in_place(world(chance, concepts)))
    ours = links(RULES.infer(facts))
    assert ours == hermit.infer(facts)
    assert len({t.object for t in ours if t.predicate == TYPE} & RULES.defined) > 15
