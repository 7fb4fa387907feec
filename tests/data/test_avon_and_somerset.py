"""The Avon and Somerset document of 2018: what it prints is what the data say, and what it does not say they do not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from taxonomy import assets
from taxonomy.namespaces import CONCEPT, ID, RDF, RDFS, SV, graph
from taxonomy.publishing.gathering import gather

DOCUMENT = "avon-somerset-recommissioning-2018"
TOTALS = Path(__file__).parent / "totals"
LIGHTHOUSE = ID + "service/lighthouse-avon-and-somerset"
RESTORATIVE = ID + "service/restorative-approaches-avon-and-somerset"
NHS_SHARE = ID + "agreement/isva-avon-and-somerset/part/3"
EXERCISE = ID + "exercise/avon-and-somerset-victim-services-2018"
GRANT = ID + "fund/moj-victims-grant"
STUDY = ID + "study/victims-needs-assessment-avon-and-somerset-2018"
NAMES_IN_THE_DOCUMENT = {
    "2988581306634c1f",
    "05bcab151740fa23",
}

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
PRINTED = {
    "amounts": r"£[\d,]+k?",
    "shares": r"\d[\d.]*%\+?",
    "months": rf"(?:\d+ )?(?:{MONTHS}) \d{{4}}",
    "years": r"\b(?:20)?\d{2}/\d{2}\b|\b20\d{2}-\d{2,4}\b",
}

every_total = pytest.mark.parametrize(
    ("total", "computed", "printed"),
    [
        ("all-services", "3547368", "3547368"),
        ("in-scope-by-service", "1351368", "1351368"),
        ("in-scope-by-subtraction", "1351368", "1351368"),
        ("in-scope-by-budget", "1351368", "1351368"),
        ("isva-service", "342333", None),
        ("allocation", "1953439", "1953439"),
        ("lighthouse", "2196000", "2196000"),
    ],
)


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


class Facts:
    """Named graphs in memory, each triple once more in the default graph."""

    def __init__(self, quads: list[ox.Quad]) -> None:
        self.store = ox.Store()
        self.store.bulk_extend(quads)
        self.store.bulk_extend(ox.Quad(*quad.triple) for quad in quads)

    def values(self, subject: str, predicate: str) -> set[str]:
        found = self.store.quads_for_pattern(node(subject), node(SV + predicate), None, ox.DefaultGraph())
        return {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode | ox.Literal)}

    def subjects(self, predicate: str, value: str) -> set[str]:
        found = self.store.quads_for_pattern(None, node(predicate), node(value), ox.DefaultGraph())
        return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}

    def places(self, subject: str, predicate: str) -> set[str]:
        found = self.store.quads_for_pattern(node(subject), node(SV + predicate), None)
        return {quad.graph_name.value.rsplit("/", 1)[-1] for quad in found if isinstance(quad.graph_name, ox.NamedNode)}

    def total(self, name: str) -> tuple[Decimal, Decimal | None]:
        answer = self.store.query((TOTALS / f"{name}.rq").read_text(encoding="utf-8"))
        assert isinstance(answer, ox.QuerySolutions)
        (row,) = answer
        computed, printed = row["computed"], row["printed"]
        assert isinstance(computed, ox.Literal)
        return Decimal(computed.value), Decimal(printed.value) if isinstance(printed, ox.Literal) else None


@pytest.fixture(scope="module")
def quads() -> list[ox.Quad]:
    """What this document says, with the registers, judgements and words; what other documents say is left out."""
    said = (graph("citation", ""), graph("document", ""))
    gathered = gather(assets.root()).graphs
    kept = {name: triples for name, triples in gathered.items() if DOCUMENT in name or not name.startswith(said)}
    return [ox.Quad(*triple, node(name)) for name, triples in kept.items() for triple in triples]


@pytest.fixture(scope="module")
def facts(quads: list[ox.Quad]) -> Facts:
    return Facts(quads)


@pytest.fixture(scope="module")
def doubled(quads: list[ox.Quad]) -> Facts:
    """The document loaded twice: under a second citation, with every label and every eligibility rule doubled."""
    again: list[ox.Quad] = []
    for quad in quads:
        if not isinstance(quad.graph_name, ox.NamedNode) or f"/{DOCUMENT}" not in quad.graph_name.value:
            continue
        second = node(quad.graph_name.value + "-again")
        again.append(ox.Quad(*quad.triple, second))
        if quad.predicate.value == SV + "eligibility" and isinstance(quad.object, ox.NamedNode):
            again.append(ox.Quad(quad.subject, quad.predicate, node(quad.object.value + "-again"), second))
    labels = [quad for quad in quads if quad.predicate.value == RDFS + "label"]
    again += [ox.Quad(quad.subject, quad.predicate, ox.Literal("again"), quad.graph_name) for quad in labels]
    return Facts(quads + again)


@pytest.fixture(scope="module")
def coverage() -> list[dict[str, Any]]:
    path = assets.folder("data") / "sources" / DOCUMENT / "coverage.yaml"
    sections: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["sections"]
    return sections


@every_total
def test_a_printed_total_is_what_the_facts_come_to(
    total: str, computed: str, printed: str | None, facts: Facts
) -> None:
    assert (Decimal(computed), Decimal(printed) if printed else None) == facts.total(total)


@every_total
def test_no_total_moves_when_document_labels_and_rules_are_doubled(
    total: str, computed: str, printed: str | None, doubled: Facts
) -> None:
    assert (Decimal(computed), Decimal(printed) if printed else None) == doubled.total(total)


def test_a_graph_of_the_document_stands_whole_in_one_file() -> None:
    seen: dict[str, str] = {}
    for path in assets.files("data", f"sources/{DOCUMENT}/*.trig"):
        for quad in ox.parse(path=path):
            assert isinstance(quad.graph_name, ox.NamedNode)
            assert path.name == seen.setdefault(quad.graph_name.value, path.name)


def test_no_node_of_the_data_is_blank() -> None:
    files = (*assets.files("data", "**/*.trig"), *assets.files("data", "register/*.ttl"))
    assert files
    for path in files:
        terms = (term for quad in ox.parse(path=path) for term in quad.triple)
        assert not [term for term in terms if isinstance(term, ox.BlankNode)], path


def test_a_refused_route_is_kept_as_a_fact(facts: Facts) -> None:
    refused = facts.subjects(RDF + "type", SV + "RefusedRoute")
    sources = {source for route in refused for source in facts.values(route, "referralFrom")}
    assert {CONCEPT + "referral-source/self", CONCEPT + "referral-source/external-agency"} == sources
    assert {LIGHTHOUSE} == {end for route in refused for end in facts.values(route, "referralTo")}
    assert {"lighthouse-referral"} == {place for route in refused for place in facts.places(route, "referralTo")}


def test_the_police_are_the_only_open_way_into_lighthouse(facts: Facts) -> None:
    into = facts.subjects(SV + "referralTo", LIGHTHOUSE) & facts.subjects(RDF + "type", SV + "OpenRoute")
    assert {CONCEPT + "referral-source/police"} == {
        one for route in into for one in facts.values(route, "referralFrom")
    }


def test_lighthouse_refers_on_to_support_with_consent_alone(facts: Facts) -> None:
    onward = facts.subjects(SV + "referralFrom", LIGHTHOUSE)
    safeguarding = ID + "group/social-care-health-and-education-avon-and-somerset/route/1"
    assert len(onward - {safeguarding}) == 2
    assert all({"true"} == facts.values(route, "requiresConsent") for route in onward - {safeguarding})
    assert safeguarding in onward
    assert not facts.values(safeguarding, "requiresConsent")  # the document does not say


def test_self_referral_to_a_group_is_not_passed_to_its_members(facts: Facts) -> None:
    own = facts.subjects(SV + "referralFrom", CONCEPT + "referral-source/self")
    opened = own & facts.subjects(RDF + "type", SV + "OpenRoute")
    assert {
        ID + "service/emotional-support-avon-and-somerset",
        ID + "group/victim-support-services-avon-and-somerset",
    } == {end for route in opened for end in facts.values(route, "referralTo")}


def test_five_services_say_that_no_report_is_needed_and_the_silent_stay_silent(facts: Facts) -> None:
    said = {
        service
        for service in facts.subjects(RDF + "type", SV + "Service")
        for rule in facts.values(service, "eligibility")
        if facts.values(rule, "reportingStatus")
    }
    assert {"emotional-support", "adult-advocacy", "young-victims", "isva", "modern-slavery-support"} == {
        service.removeprefix(ID + "service/").removesuffix("-avon-and-somerset") for service in said
    }
    assert facts.values(RESTORATIVE, "eligibility")
    assert not facts.values(ID + "agreement/restorative-approaches-avon-and-somerset", "instrument")


def test_two_start_years_are_two_claims_and_no_plain_date(facts: Facts) -> None:
    claims = facts.subjects(SV + "claimSubject", NHS_SHARE)
    assert not facts.values(NHS_SHARE, "startDate")
    assert {"2017-04-01", "2018-04-01"} == {day for claim in claims for day in facts.values(claim, "claimValue")}
    places = {place for claim in claims for place in facts.places(claim, "claimValue")}
    assert {"services-table-row-5", "funding-asb-and-nhs"} == places
    assert any(
        claims == facts.values(each, "betweenClaims") for each in facts.subjects(RDF + "type", SV + "Contradiction")
    )


def test_a_provider_cell_that_repeats_a_service_names_no_provider(facts: Facts) -> None:
    service = ID + "service/young-victims-avon-and-somerset"
    assert {"Young Victims' Service"} == facts.values(service, "providerAsPrinted")
    assert not facts.values(service, "leadProvider") | facts.values(service, "partnerProvider")
    assert not facts.values(ID + "agreement/young-victims-avon-and-somerset", "recipient")


@pytest.mark.parametrize(
    ("subject", "predicate", "number"),
    [
        (EXERCISE, "inScope", 6),
        (EXERCISE, "followsPrinciple", 10),
        (EXERCISE, "milestone", 15),
        (ID + "consultation/avon-and-somerset-victim-services-2018", "asks", 4),
        (ID + "budget/avon-and-somerset-recommissioning-2018", "budgetLine", 4),
        (GRANT, "measuresNeed", 9),
        (GRANT, "measures", 4),
        (LIGHTHOUSE, "hasSite", 3),
        (ID + "agreement/cse-avon-and-somerset", "coCommissioner", 5),
        (ID + "allocation/police-and-crime-grant-avon-and-somerset", "recipient", 5),
    ],
)
def test_a_list_has_as_many_entries_as_the_document(subject: str, predicate: str, number: int, facts: Facts) -> None:
    assert number == len(facts.values(subject, predicate))


@pytest.mark.parametrize(
    ("kind", "number"), [("Lot", 7), ("Recommendation", 8), ("CommissioningResponsibility", 6), ("ServiceSite", 3)]
)
def test_there_are_as_many_things_of_a_kind_as_the_document_names(kind: str, number: int, facts: Facts) -> None:
    assert number == len(facts.subjects(RDF + "type", SV + kind))


def test_the_grant_has_its_six_conditions_and_its_referral_service_five_features(facts: Facts) -> None:
    stated = {each.rsplit("/", 1)[-1] for each in facts.values(GRANT, "fundingCondition")}
    assert stated >= {
        "in-the-victims-interest",
        "free-of-charge",
        "confidential",
        "non-discriminatory",
        "available-without-report",
        "before-during-after-proceedings",
        "complaints-procedure",
        "data-protection",
    }
    assert len([each for each in stated if each.startswith("referral-service-")]) == 5


def test_the_conditions_of_a_fund_are_not_passed_to_services(facts: Facts) -> None:
    assert not [each for each in facts.subjects(RDF + "type", SV + "Service") if facts.values(each, "fundingCondition")]


def test_a_figure_keeps_its_qualifier_and_its_print(facts: Facts) -> None:
    share = ID + "statistic/avon-somerset-2018-lighthouse-share-of-crime"
    assert {"about 27%+"} == facts.values(share, "asPrinted")
    assert {"2500+"} == facts.values(ID + "statistic/avon-somerset-2018-lighthouse-enhanced-victims", "asPrinted")


def test_every_place_is_covered_once_and_every_omission_has_a_reason(
    coverage: list[dict[str, Any]], facts: Facts
) -> None:
    places = [place for section in coverage for place in section["places"]]
    cited = {each.rsplit("/", 1)[-1] for each in facts.subjects(RDF + "type", SV + "Citation")}
    assert len(places) == len(set(places))
    assert cited == set(places)
    assert all({"what", "why"} == set(left) for section in coverage for left in section.get("left_out", ()))


def test_the_sections_cover_every_line_of_the_document(coverage: list[dict[str, Any]], shared: Path) -> None:
    text = (shared / "sources" / f"{DOCUMENT}.txt").read_text(encoding="utf-8")
    assert [1, len(text.splitlines())] == [coverage[0]["lines"][0], coverage[-1]["lines"][1]]
    assert all(before["lines"][1] + 1 == after["lines"][0] for before, after in pairwise(coverage))


@pytest.mark.parametrize("kind", PRINTED)
def test_everything_printed_of_a_kind_stands_in_the_data(kind: str, quads: list[ox.Quad], shared: Path) -> None:
    text = (shared / "sources" / f"{DOCUMENT}.txt").read_text(encoding="utf-8")
    held = "\n".join(quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))
    text = re.sub(r"<?https?://\S+", "", text)
    printed = set(re.findall(PRINTED[kind], text))
    assert printed
    assert set() == {each for each in printed if each not in held}


def words_of(quads: list[ox.Quad]) -> Iterator[str]:
    for quad in quads:
        for term in quad.triple:
            if isinstance(term, ox.NamedNode | ox.Literal):
                words = re.findall(r"[^\W\d_]+", term.value.casefold())
                yield from (f"{one} {other}" for one, other in pairwise(words))


def test_no_personal_name_of_the_document_is_in_the_data(quads: list[ox.Quad]) -> None:
    found = {hashlib.sha256(pair.encode()).hexdigest()[:16] for pair in set(words_of(quads))}
    assert set() == NAMES_IN_THE_DOCUMENT & found


def test_the_names_that_are_looked_for_are_those_of_the_document(shared: Path) -> None:
    text = (shared / "sources" / f"{DOCUMENT}.txt").read_text(encoding="utf-8")
    pairs = {" ".join(pair) for pair in pairwise(re.findall(r"[^\W\d_]+", text.casefold()))}
    assert not NAMES_IN_THE_DOCUMENT - {hashlib.sha256(pair.encode()).hexdigest()[:16] for pair in pairs}
