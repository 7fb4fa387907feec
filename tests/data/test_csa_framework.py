"""The commissioning framework of 2019: what it prints is what the data say, and what it leaves open stays open."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from taxonomy import assets
from taxonomy.namespaces import CONCEPT, ID, OWL, RDF, RDFS, SV, graph
from taxonomy.publishing.gathering import gather

DOCUMENT = "csa-commissioning-framework-2019"
SOURCE = ID + "source/" + DOCUMENT
ADVICE = ID + "recommendation/csa-framework-2019-"
STATISTIC = ID + "statistic/csa-framework-2019-"
TOTALS = Path(__file__).parent / "totals"

ROSA = "rosa-warwickshire"
THERAPY = "letting-the-future-in-nspcc"
FRANKIE = "frankie-workers-hampshire"
ESSEX = "sexual-abuse-support-essex"
LONDON = "the-lighthouse-london"
AVON_LIGHTHOUSE = "lighthouse-avon-and-somerset"


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def slug(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


class Facts:
    """What this document says, with registers, judgements and words, each triple once more in the default graph."""

    def __init__(self) -> None:
        said = (graph("citation", ""), graph("document", ""))
        self.graphs = {
            name: triples
            for name, triples in gather(assets.root()).graphs.items()
            if DOCUMENT in name or not name.startswith(said)
        }
        self.store = ox.Store()
        for name, triples in self.graphs.items():
            self.store.bulk_extend(ox.Quad(*triple, node(name)) for triple in triples)
            self.store.bulk_extend(ox.Quad(*triple) for triple in triples)

    def values(self, subject: str, predicate: str) -> set[str]:
        found = self.store.quads_for_pattern(node(subject), node(SV + predicate), None, ox.DefaultGraph())
        return {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode | ox.Literal)}

    def slugs(self, subject: str, predicate: str) -> set[str]:
        return {slug(value) for value in self.values(subject, predicate)}

    def subjects(self, predicate: str, value: str) -> set[str]:
        found = self.store.quads_for_pattern(None, node(predicate), node(value), ox.DefaultGraph())
        return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}

    def here(self, kind: str) -> set[str]:
        """The things of a class that the citations of this document describe."""
        found = self.store.quads_for_pattern(None, node(RDF + "type"), node(SV + kind))
        return {
            quad.subject.value
            for quad in found
            if isinstance(quad.graph_name, ox.NamedNode)
            and f"/{DOCUMENT}" in quad.graph_name.value
            and isinstance(quad.subject, ox.NamedNode)
        }

    def places(self, subject: str, predicate: str) -> set[str]:
        found = self.store.quads_for_pattern(node(subject), node(SV + predicate), None)
        return {slug(quad.graph_name.value) for quad in found if isinstance(quad.graph_name, ox.NamedNode)}

    def points(self, advice: str) -> set[str]:
        return self.subjects(SV + "pointOf", ADVICE + advice)

    def rules(self, service: str) -> set[str]:
        return self.values(f"{ID}service/{service}", "eligibility")

    def routes(self) -> set[tuple[str, str]]:
        return {
            (slug(start), slug(end))
            for route in self.here("OpenRoute")
            for start in self.values(route, "referralFrom")
            for end in self.values(route, "referralTo")
        }


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    return (shared / "sources" / f"{DOCUMENT}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def coverage() -> list[dict[str, Any]]:
    path = assets.folder("data") / "sources" / DOCUMENT / "coverage.yaml"
    sections: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["sections"]
    return sections


# ── The matrix of responsibilities ─────────────────────────────────────────────────────────────────────────────────


def test_the_matrix_gives_twenty_two_pairs_of_commissioner_and_service(facts: Facts) -> None:
    query = (TOTALS / "csa-framework-responsibilities.rq").read_text(encoding="utf-8")
    answer = facts.store.query(query)
    assert isinstance(answer, ox.QuerySolutions)
    counted = {slug(row["kind"].value): int(row["pairs"].value) for row in answer}
    assert counted == {
        "nhs-england": 6,
        "clinical-commissioning-group": 7,
        "police-and-crime-commissioner": 4,
        "local-authority": 4,
        "ministry-of-justice": 1,
    }
    assert sum(counted.values()) == 22


def test_each_block_of_the_matrix_is_one_statement_in_its_own_place(facts: Facts) -> None:
    blocks = facts.here("CommissioningResponsibility")
    assert len(blocks) == 22
    assert all(len(facts.places(block, "responsibleFor")) == 1 for block in blocks)
    assert all(facts.values(block, "statedText") for block in blocks)


def test_what_is_shared_or_limited_in_the_matrix_says_so(facts: Facts) -> None:
    sarc = ID + "responsibility/csa-framework-nhs-england-1"
    assert {"police-and-crime-commissioner", "police-force"} == facts.slugs(sarc, "togetherWith")
    assert {"in some areas"} == facts.values(ID + "responsibility/csa-framework-ccg-7", "limitAsPrinted")
    assert {"In some forces"} == facts.values(ID + "responsibility/csa-framework-pcc-4", "limitAsPrinted")
    assert {"children-and-young-people"} == facts.slugs(ID + "responsibility/csa-framework-ccg-5", "limitedTo")


def test_clinical_commissioning_groups_have_an_end_and_a_successor(facts: Facts) -> None:
    group = CONCEPT + "commissioner-type/clinical-commissioning-group"
    assert {"2022-06-30"} == facts.values(group, "validTo")
    assert {"integrated-care-board"} == facts.slugs(group, "succeededBy")
    assert not [
        block
        for block in facts.here("CommissioningResponsibility")
        if "board" in str(facts.slugs(block, "commissionerType"))
    ]


# ── Lists and figures ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("advice", "number"),
    [
        ("joint-commissioning", 8),
        ("advisory-group", None),
        ("data-sources", 15),
        ("mapping", 5),
        ("checklist", 9),
        ("outcome-points", 5),
        ("outcome-factors", 4),
        ("review", 3),
        ("collaborate", 3),
        ("joint-commissioning-advisory-group", 4),
    ],
)
def test_a_list_of_advice_has_as_many_points_as_the_document(advice: str, number: int | None, facts: Facts) -> None:
    points = facts.points(advice)
    assert len(points) == (number or 0)
    placed = sorted(int(place) for point in points for place in facts.values(point, "position"))
    assert placed == list(range(1, len(points) + 1))


def test_there_are_five_principles_in_their_order(facts: Facts) -> None:
    stated = facts.slugs(SOURCE, "followsPrinciple")
    assert len(stated) == 5
    assert ["1", "2", "3", "4", "5"] == sorted(one.split("-")[2] for one in stated)
    assert {f"principle-{n}" for n in range(1, 6)} == facts.places(SOURCE, "followsPrinciple")


def test_there_are_eight_needs_here_and_nine_in_the_scheme(facts: Facts) -> None:
    here = facts.slugs(ADVICE + "checklist-8", "addressesNeed")
    scheme = {
        slug(each)
        for each in facts.subjects("http://www.w3.org/2004/02/skos/core#inScheme", ID.replace("/id/", "/scheme/need"))
    }
    assert (len(here), len(scheme)) == (8, 9)
    assert {"criminal-justice-system"} == scheme - here


def test_eight_against_nine_needs_is_a_contradiction_between_two_documents() -> None:
    everything = gather(assets.root()).graphs
    claimed = {
        (triple.subject.value, name)
        for name, triples in everything.items()
        for triple in triples
        if triple.predicate.value == SV + "claimValue" and "needs" in str(triple.subject)
    }
    assert {"csa-framework-2019-eight-needs", "avon-somerset-2018-nine-needs"} == {slug(claim) for claim, _ in claimed}
    assert len({name.split("/")[-2] for _, name in claimed}) == 2
    joined = {
        slug(triple.object.value)
        for triples in everything.values()
        for triple in triples
        if triple.predicate.value == SV + "betweenClaims" and "eight-or-nine" in str(triple.subject)
    }
    assert {slug(claim) for claim, _ in claimed} == joined


def test_two_outcomes_seven_measures_and_eleven_statements_for_children(facts: Facts) -> None:
    assert {"cope", "recover"} == facts.slugs(ADVICE + "adult-outcomes", "seeksOutcome")
    assert len(facts.values(ADVICE + "adult-measures", "measures")) == 7
    assert len(facts.values(ADVICE + "child-outcomes", "seeksOutcome")) == 11


@pytest.mark.parametrize(
    ("figure", "numbers", "printed", "qualifier"),
    [
        ("prevalence-adults", {"percent": "7"}, "7%", "exact"),
        ("prevalence-children", {"percent": "5", "value": "1", "base": "20"}, "5%", "exact"),
        ("children-offences", {"value": "1", "base": "3"}, "At least one third", "at-least"),
        ("ltfi-cost", {"value": "2300"}, "£2,300 per case", "exact"),
        ("camhs-cost", {"value": "5000"}, "almost £5,000", "about"),
        ("ltfi-centres", {"value": "20"}, "20 NSPCC service centres", "exact"),
        ("alexi-services", {"value": "16"}, "16 CSE services", "exact"),
        ("alexi-years", {"value": "3"}, "three years each", "exact"),
        ("alexi-workers", {"value": "53"}, "53 spoke workers", "exact"),
        ("alexi-areas", {"value": "35"}, "35 new local authorities", "exact"),
        ("phoenix-districts", {"value": "10"}, "each of the 10 districts", "exact"),
        ("merseyside-missing", {"value": "2", "base": "5"}, "two of the five", "exact"),
        ("merseyside-aftercare", {"value": "3", "base": "5"}, "three of the five", "exact"),
        ("essex-lots", {"value": "2"}, "two lots", "exact"),
        ("rosa-years", {"value": "27"}, "27 years ago", "exact"),
        ("lighthouse-pilot", {"value": "2"}, "two-year pilot project", "exact"),
        ("needs", {"value": "8"}, "eight categories of need", "exact"),
    ],
)
def test_a_figure_stands_as_printed(
    figure: str, numbers: dict[str, str], printed: str, qualifier: str, facts: Facts, text: str
) -> None:
    subject = STATISTIC + figure
    for part in ("value", "base", "percent"):
        assert {Decimal(each) for each in facts.values(subject, part)} == {
            Decimal(number) for key, number in numbers.items() if key == part
        }
    (words,) = facts.values(subject, "asPrinted")
    assert printed in words
    assert {qualifier} == facts.slugs(subject, "valueQualifier")
    plain = re.sub(r"<sup>\d+</sup>|\*", "", text)
    assert words.removeprefix("each of ") in plain


def test_every_figure_of_the_document_is_tested(facts: Facts) -> None:
    assert len(facts.here("Statistic")) == 17


def test_five_words_are_defined(facts: Facts) -> None:
    defined = facts.here("TermDefinition")
    assert {
        "child sexual abuse",
        "child sexual exploitation",
        "harmful sexual behaviour",
        "support services",
        "joint commissioning",
    } == {word for each in defined for word in facts.values(each, "definedTerm")}


def test_annex_b_names_seventeen_works(facts: Facts) -> None:
    places = {name for name in facts.graphs if re.search(r"/annex-b-\d+$", name)}
    works = {
        triple.object
        for name in places
        for triple in facts.graphs[name]
        if triple.predicate.value.endswith("terms/references")
    }
    assert len(places) == len(works) == 17


def test_annex_c_lists_posts_and_no_people(facts: Facts, text: str) -> None:
    posts = facts.here("StakeholderPost")
    printed = re.findall(r"^<b>(.*?)</b>\t(.*)$", text, re.MULTILINE)
    held = {
        (sector, title)
        for post in posts
        for sector in facts.values(post, "sectorAsPrinted")
        for title in facts.values(post, "statedRole")
    }
    rows = [(sector, title) for sector, title in printed if not title.startswith("<p>")]
    assert len(posts) == len(rows) == 35
    assert held == set(rows)
    sectors = Counter(sector for sector, _ in rows)
    assert (sectors["Health – CCG"], sectors["Police"], sectors["Other stakeholders"]) == (8, 5, 3)


# ── Named examples ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("thing", "area", "provider"),
    [
        ("service/rosa-warwickshire", "E10000031", {"rosa"}),
        ("service/letting-the-future-in-nspcc", "E92000001", {"nspcc"}),
        ("service/imara-nottingham", "E06000018", {"imara"}),
        ("service/engage-slough", "E06000039", {"slough-borough-council"}),
        (
            "service/the-lighthouse-london",
            "E12000007",
            {"university-college-london-hospitals", "tavistock-and-portman", "nspcc"},
        ),
        ("service/sexual-abuse-support-essex", "E23000028", set()),
        ("service/frankie-workers-hampshire", "E10000014", {"ypi-counselling"}),
        ("service/kingfisher-team-oxfordshire", "E10000025", set()),
        ("service/child-exploitation-merseyside", "E23000004", {"catch22"}),
        ("service/missing-and-child-exploitation-merseyside", "E23000004", set()),
        ("service/aftercare-and-isva-merseyside", "E23000004", {"rasa-merseyside", "rasasc-merseyside"}),
        ("programme/licensing-splinter-group-slough", "E06000039", set()),
        ("programme/alexi-project", "E92000001", set()),
        ("programme/contextual-safeguarding-hackney", "E09000012", set()),
        ("programme/project-phoenix-greater-manchester", "E23000005", set()),
        ("group/csa-hubs-london", "E12000007", set()),
    ],
)
def test_a_named_example_has_its_area_and_its_providers(
    thing: str, area: str, provider: set[str], facts: Facts
) -> None:
    assert {area} == facts.slugs(ID + thing, "coversArea")
    assert provider == {
        each for role in ("leadProvider", "partnerProvider", "providedBy") for each in facts.slugs(ID + thing, role)
    }


@pytest.mark.parametrize(
    ("service", "lowest", "highest"), [(ROSA, {"5"}, set()), (THERAPY, {"4"}, {"17"}), (FRANKIE, {"0"}, {"18"})]
)
def test_ages_are_as_printed_and_a_missing_limit_is_not_filled_in(
    service: str, lowest: set[str], highest: set[str], facts: Facts
) -> None:
    rules = facts.rules(service)
    assert lowest == {age for rule in rules for age in facts.values(rule, "minimumAge")}
    assert highest == {age for rule in rules for age in facts.values(rule, "maximumAge")}


def test_all_ages_are_stated_in_essex_alone(facts: Facts) -> None:
    said = {
        slug(service)
        for service in facts.subjects(RDF + "type", SV + "Service")
        for rule in facts.values(service, "eligibility")
        if "all-ages" in facts.slugs(rule, "ageGroup") and slug(service) != AVON_LIGHTHOUSE
    }
    assert {ESSEX} == said


def test_therapy_before_a_trial_is_offered_by_two_named_services(facts: Facts) -> None:
    offer = facts.subjects(SV + "serviceType", CONCEPT + "service-type/pre-trial-therapy")
    assert {ROSA, "imara-nottingham"} == {slug(each) for each in offer if "/service/" in each}
    rule = ID + "group/pre-trial-therapy-england/rule/1"
    assert {"adults", "children"} == facts.slugs(rule, "ageGroup")


@pytest.mark.parametrize(
    ("thing", "model"),
    [
        ("service/the-lighthouse-london", "child-house"),
        ("service/sexual-abuse-support-essex", "wrap-around-with-isva"),
        ("service/kingfisher-team-oxfordshire", "co-located-team"),
        ("group/alexi-services-england", "hub-and-spoke"),
        ("group/csa-hubs-london", "csa-hub"),
        ("group/sarc-hubs-england", "managed-clinical-network"),
    ],
)
def test_a_model_is_where_the_document_states_one(thing: str, model: str, facts: Facts) -> None:
    assert {model} == facts.slugs(ID + thing, "serviceModel")


def test_no_model_is_given_to_a_service_whose_model_is_not_stated(facts: Facts) -> None:
    assert not facts.values(f"{ID}service/{ROSA}", "serviceModel") | facts.values(
        f"{ID}service/{FRANKIE}", "serviceModel"
    )


def test_the_two_lighthouses_are_two(facts: Facts) -> None:
    assert {f"{ID}service/{LONDON}"} == facts.subjects(OWL + "differentFrom", f"{ID}service/{AVON_LIGHTHOUSE}")
    labels = {
        quad.object.value
        for one in (LONDON, AVON_LIGHTHOUSE)
        for quad in facts.store.quads_for_pattern(
            node(f"{ID}service/{one}"), node(RDFS + "label"), None, ox.DefaultGraph()
        )
        if isinstance(quad.object, ox.Literal)
    }
    assert any("London" in label for label in labels)
    assert any("Avon and Somerset" in label for label in labels)


def test_the_adviser_has_two_names_in_one_document(facts: Facts) -> None:
    assert {
        "Independent Sexual Violence Advisers (ISVAs)",
        "Independent Sexual Violence Advocates (ISVAs)",
    } == facts.values(ID + "group/isva-services-england", "nameAsPrinted")


def test_lots_are_plans_without_numbers_and_never_services(facts: Facts) -> None:
    lots = facts.here("Lot")
    assert len(lots) == 2
    assert not [
        lot for lot in lots if facts.values(lot, "lotNumber") or lot in facts.subjects(RDF + "type", SV + "Service")
    ]


def test_money_is_awarded_without_amounts_and_the_unnamed_stay_unnamed(facts: Facts) -> None:
    agreements = facts.here("FundingAgreement")
    assert {
        ESSEX,
        FRANKIE,
        "child-exploitation-merseyside",
        "missing-and-child-exploitation-merseyside",
        "aftercare-and-isva-merseyside",
    } == {slug(each) for each in agreements}
    assert all({"awarded"} == facts.slugs(each, "agreementStatus") for each in agreements)
    assert not [each for each in agreements if facts.values(each, "statedAmount")]
    frankie = f"{ID}agreement/{FRANKIE}"
    assert not facts.values(frankie, "commissioner") | facts.values(frankie, "coCommissioner")
    assert {"police-and-crime-commissioner", "clinical-commissioning-group"} == facts.slugs(frankie, "commissionerType")
    assert not facts.values(f"{ID}agreement/{ESSEX}", "recipient")


# ── Ways between services ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_ways_that_the_document_states_are_there_and_no_others(facts: Facts) -> None:
    assert facts.routes() == {
        ("isva-services-england", "police-reporting-england"),
        ("isva-services-england", "sarcs-england"),
        ("isva-services-england", "pre-trial-therapy-england"),
        ("isva-services-england", "sexual-violence-counselling-england"),
        ("sarcs-england", "isva-services-england"),
        ("sarcs-england", "child-advocates-england"),
        ("sarc-hubs-england", "local-paediatric-services-england"),
        ("csa-hubs-london", "long-term-support-london"),
        ("victim-referral-hubs-england", "victims-services-england"),
        ("self", "voluntary-sector-services-england"),
        ("youth-services-england", "adult-services-england"),
        ("imara-nottingham", "appropriate-support-nottingham"),
        ("professional", "kingfisher-team-oxfordshire"),
    }


def test_ways_stated_in_general_lead_to_groups_and_groups_have_no_members(facts: Facts) -> None:
    ends = {end for route in facts.here("OpenRoute") for end in facts.values(route, "referralTo")}
    assert {"kingfisher-team-oxfordshire"} == {slug(end) for end in ends if "/group/" not in end}
    assert not [each for each in facts.here("ServiceGroup") if facts.values(each, "groupMember")]


def test_pooled_budgets_have_their_legal_ground_and_their_limit(facts: Facts) -> None:
    assert {"Sec 75"} == facts.values(ID + "source/nhs-act-2006/provision/section-75", "clauseNumber")
    limit = SOURCE + "/provision/no-statute-for-wider-pooling"
    assert len(facts.values(limit, "commissionerType")) == 4


# ── The whole document ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_document_says_its_day_and_its_licence(facts: Facts) -> None:
    assert {"2019-07-31"} == facts.values(SOURCE, "asAt")
    said = {
        triple.predicate.value: triple.object.value
        for triple in facts.graphs[graph("document", DOCUMENT)]
        if triple.subject == node(SOURCE)
    }
    assert "open-government-licence" in said["http://purl.org/dc/terms/license"]
    assert "Crown copyright 2019" in said["http://purl.org/dc/terms/rights"]


def test_every_place_is_covered_once_and_every_omission_has_a_reason(
    coverage: list[dict[str, Any]], facts: Facts
) -> None:
    places = [place for section in coverage for place in section["places"]]
    assert len(places) == len(set(places))
    assert {slug(each) for each in facts.here("Citation")} == set(places)
    assert all({"what", "why"} == set(left) for section in coverage for left in section.get("left_out", ()))


def test_the_sections_cover_every_line_of_the_document(coverage: list[dict[str, Any]], text: str) -> None:
    assert [1, len(text.splitlines())] == [coverage[0]["lines"][0], coverage[-1]["lines"][1]]
    assert all(before["lines"][1] + 1 == after["lines"][0] for before, after in pairwise(coverage))


@pytest.mark.parametrize("pattern", [r"£[\d,]+", r"\d+%", r"\b(?:19|20)\d\d\b"], ids=["amounts", "shares", "years"])
def test_everything_printed_of_a_kind_stands_in_the_data(pattern: str, facts: Facts, text: str) -> None:
    held = "\n".join(
        triple.object.value
        for name, triples in facts.graphs.items()
        if DOCUMENT in name or "/register/" in name
        for triple in triples
        if isinstance(triple.object, ox.Literal)
    )
    printed = set(re.findall(pattern, re.sub(r"\]\([^)]*\)|<?(?:https?://|www\.)\S+", "", text)))
    assert printed
    assert set() == {each for each in printed if each not in held}


def test_what_is_told_is_told_in_our_own_words(facts: Facts, text: str) -> None:
    run = 9

    def words(told: str) -> list[str]:
        return re.findall(r"[a-z']+", told.casefold())

    printed = words(text)
    runs = {tuple(printed[i : i + run]) for i in range(len(printed) - run + 1)}
    told = [
        triple.object.value
        for name, triples in facts.graphs.items()
        if f"/citation/{DOCUMENT}/" in name
        for triple in triples
        if triple.predicate.value in {SV + "statedText", SV + "routeCondition", "http://purl.org/dc/terms/description"}
    ]
    copied = [
        each for each in told if {tuple(words(each)[i : i + run]) for i in range(len(words(each)) - run + 1)} & runs
    ]
    assert copied == []


def test_nobody_is_named(facts: Facts, text: str) -> None:
    """Pairs of capitalised words before a work or after a title are names: none of the authors' stands in the data."""
    authors = re.search(r"knowledge review, (.*?), Centre of expertise", text)
    assert authors
    names = {name.strip().casefold() for name in re.split(r",| and ", authors[1])}
    assert len(names) == 3
    held = "\n".join(
        str(term).casefold()
        for name, triples in facts.graphs.items()
        if DOCUMENT in name
        for triple in triples
        for term in triple
    )
    assert not [name for name in names if name in held or name.replace(" ", "-") in held]
