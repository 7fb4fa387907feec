"""The briefing and the record of the PROSPER study: what they print is what the data say, and nothing is added."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from taxonomy import assets
from taxonomy.namespaces import CONCEPT, DCTERMS, ID, RDF, RDFS, SKOS, SV, graph
from taxonomy.publishing.gathering import gather

BRIEFING, RECORD = "prosper-briefing", "prosper-hta-record"
DOCUMENTS = (BRIEFING, RECORD)
TOTALS = Path(__file__).parent / "totals"
STUDY, REPORT, THEORY = ID + "study/prosper", ID + "study/prosper/output/report", ID + "study/prosper/theory/1"
SERVICES = ID + "group/svssv-services-england"
BACKGROUND, FINDING = SV + "BackgroundStatement", SV + "ReportedFinding"
PERSON_TO_CONTACT = "f921af4a17d4af85"

HEARD = [
    ("participants", 38, None),
    ("victim-survivors", 15, None),
    ("female-victim-survivors", 10, None),
    ("male-victim-survivors", 5, None),
    ("co-researchers", 6, 6),
]


class Facts:
    """Named graphs in memory, each triple once more in the default graph."""

    def __init__(self, graphs: dict[str, frozenset[ox.Triple]]) -> None:
        self.store = ox.Store()
        for name, triples in graphs.items():
            self.store.extend(ox.Quad(*triple, ox.NamedNode(name)) for triple in triples)
            self.store.extend(ox.Quad(*triple) for triple in triples)

    def values(self, subject: str, predicate: str) -> set[str]:
        return {place[0] for place in self.placed(subject, predicate)}

    def placed(self, subject: str, predicate: str) -> set[tuple[str, str]]:
        """The values of a property, each with the graph that it stands in."""
        found = self.store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return {
            (quad.object.value, quad.graph_name.value)
            for quad in found
            if isinstance(quad.object, ox.NamedNode | ox.Literal) and isinstance(quad.graph_name, ox.NamedNode)
        }

    def subjects(self, predicate: str, value: str) -> set[str]:
        found = self.store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), ox.DefaultGraph())
        return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}

    def concepts(self, subject: str, predicate: str, scheme: str) -> set[str]:
        start = f"{CONCEPT}{scheme}/"
        return {each.removeprefix(start) for each in self.values(subject, predicate) if each.startswith(start)}

    def total(self, name: str) -> tuple[Decimal, Decimal | None]:
        answer = self.store.query((TOTALS / f"prosper-{name}.rq").read_text(encoding="utf-8"))
        assert isinstance(answer, ox.QuerySolutions)
        (row,) = answer
        computed, printed = row["computed"], row["printed"]
        assert isinstance(computed, ox.Literal)
        return Decimal(computed.value), Decimal(printed.value) if isinstance(printed, ox.Literal) else None


@pytest.fixture(scope="module")
def graphs() -> dict[str, frozenset[ox.Triple]]:
    """What the two documents and the curators say, with the words."""
    other = (graph("citation", ""), graph("document", ""))
    own = tuple(graph(kind, document) for kind in ("citation", "document") for document in DOCUMENTS)
    every = gather(assets.root()).graphs
    return {name: each for name, each in every.items() if name.startswith(own) or not name.startswith(other)}


@pytest.fixture(scope="module")
def facts(graphs: dict[str, frozenset[ox.Triple]]) -> Facts:
    return Facts(graphs)


def coverage(document: str) -> list[dict[str, Any]]:
    path = assets.folder("data") / "sources" / document / "coverage.yaml"
    sections: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["sections"]
    return sections


def text_of(document: str, shared: Path) -> str:
    return (shared / "sources" / f"{document}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("total", "computed", "printed"), HEARD)
def test_the_people_heard_add_up(total: str, computed: int, printed: int | None, facts: Facts) -> None:
    assert (Decimal(computed), printed) == facts.total(total)


def test_no_total_moves_when_labels_are_doubled_and_figures_stand_twice(
    graphs: dict[str, frozenset[ox.Triple]],
) -> None:
    doubled = dict(graphs)
    for name, triples in graphs.items():
        if name.startswith(graph("citation", BRIEFING)):
            again = {
                ox.Triple(x.subject, ox.NamedNode(RDFS + "label"), ox.Literal("again", language="en")) for x in triples
            }
            doubled[name + "-again"] = triples | again
    facts = Facts(doubled)
    assert [Decimal(computed) for _, computed, _ in HEARD] == [facts.total(total)[0] for total, _, _ in HEARD]


@pytest.mark.parametrize(
    ("subject", "predicate", "number"),
    [
        (STUDY, "workPackage", 5),
        (STUDY, "studyTheme", 6),
        (STUDY, "theoryDomain", 4),
        (STUDY, "studyStage", 3),
        (ID + "study/prosper/stage/1a", "objective", 2),
        (ID + "study/prosper/stage/1b", "survey", 3),
        (STUDY, "studyOutput", 5),
        (THEORY, "namesFeature", 3),
        (REPORT, "subjectHeading", 7),
    ],
)
def test_a_list_has_as_many_entries_as_its_document(subject: str, predicate: str, number: int, facts: Facts) -> None:
    assert number == len(facts.values(subject, SV + predicate))


@pytest.mark.parametrize(
    ("figure", "listed"),
    [
        ("work-packages", "workPackage"),
        ("themes", "studyTheme"),
        ("prominent-themes", "studyTheme"),
        ("theory-domains", "theoryDomain"),
    ],
)
def test_a_printed_number_of_parts_is_the_number_of_parts_listed(figure: str, listed: str, facts: Facts) -> None:
    (value,) = facts.values(f"{ID}statistic/prosper-record-{figure}", SV + "value")
    assert Decimal(value) == len(facts.values(STUDY, SV + listed))


def test_the_eight_objectives_stand_in_short_and_in_full(facts: Facts) -> None:
    named = {f"{STUDY}/objective/{number}" for number in range(1, 9)}
    placed = {
        (objective, place.rsplit("-in-", 1)[-1])
        for objective, place in facts.placed(STUDY, SV + "objective")
        if "/objective-" in place
    }
    assert {(objective, form) for objective in named for form in ("short", "full")} == placed


def test_one_objective_is_a_taxonomy(facts: Facts) -> None:
    assert any("taxonomy" in text for text in facts.values(f"{STUDY}/objective/7", SV + "statedText"))


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (ID + "source/prosper-hta-record", "recordNumber", "32018014021"),
        (REPORT, "yearPublished", "2025"),
        (REPORT, "publicationType", "Full HTA"),
        (REPORT, "publicationCountry", "United Kingdom"),
        (REPORT, "publicationLanguage", "English"),
        (STUDY, "studyStatus", "Completed"),
        (STUDY, "nameMeaning", "sexual violence: suPporting Role Of SPecialist sERvices"),
        (STUDY, "termAsPrinted", "three year"),
        (STUDY, "commissionedBy", ID + "organisation/national-institute-for-health-research"),
        (STUDY, "conductedBy", ID + "organisation/university-of-birmingham"),
    ],
)
def test_a_fact_of_the_study_stands_as_printed(subject: str, predicate: str, value: str, facts: Facts) -> None:
    assert {value} == facts.values(subject, SV + predicate)


def test_authors_are_counted_and_not_named(facts: Facts, shared: Path) -> None:
    (counted,) = facts.values(ID + "statistic/prosper-record-authors", SV + "value")
    names = text_of(RECORD, shared).splitlines()[2].split(", ")
    assert Decimal(counted) == len(names) == 17
    held = {quad.object.value for quad in facts.store if isinstance(quad.object, ox.Literal)}
    surnames = {name.rsplit(" ", 1)[0] for name in names} - {"Scott", "Smith", "Taylor", "Fruin"}
    assert not {surname for surname in surnames for text in held if re.search(rf"\b{surname}\b", text)}


def test_a_figure_keeps_its_qualifier_and_its_print(facts: Facts) -> None:
    people, female = (f"{ID}statistic/prosper-record-{each}" for each in ("people-a-year", "share-female"))
    assert [{"over half a million"}, {"More than 90%"}] == [facts.values(x, SV + "asPrinted") for x in (people, female)]
    assert [{"at-least"}] * 2 == [
        facts.concepts(x, SV + "valueQualifier", "amount-qualifier") for x in (people, female)
    ]
    assert {ID + "area/england-and-wales"} == facts.values(people, SV + "refersToArea")


@pytest.mark.parametrize(
    ("statement", "scheme", "concepts"),
    [
        ("briefing-four-functions", "principle", {"flexible", "enabling", "holding", "mending"}),
        ("briefing-three-unique-features", "principle", {"non-hierarchical", "close-to-community", "mission-led"}),
        ("briefing-independent-and-needs-led", "principle", {"independent", "needs-led"}),
        (
            "briefing-essential-roles",
            "service-type",
            {"crisis-support", "counselling-longer-term", "advocacy", "peer-support"},
        ),
        (
            "record-service-types",
            "service-type",
            {
                "crisis-support",
                "counselling-longer-term",
                "helpline",
                "information-and-advice",
                "advocacy",
                "play-and-creative-therapy",
                "practical-support",
                "peer-support",
                "social-and-holistic-activities",
            },
        ),
        ("record-feminist-and-trauma-informed", "principle", {"feminist", "trauma-informed"}),
        ("record-self-referral", "referral-source", {"self"}),
        ("record-professional-referral", "referral-source", {"gp", "health-professional", "social-care"}),
    ],
)
def test_a_statement_names_what_it_is_about(statement: str, scheme: str, concepts: set[str], facts: Facts) -> None:
    assert concepts == facts.concepts(f"{ID}finding/prosper-{statement}", DCTERMS + "subject", scheme)


def test_what_is_said_of_services_in_general_is_passed_to_no_service(
    facts: Facts, graphs: dict[str, frozenset[ox.Triple]]
) -> None:
    assert not facts.values(SERVICES, SV + "groupMember")
    own = tuple(graph("citation", document) for document in DOCUMENTS)
    named = {quad.predicate.value for name, each in graphs.items() if name.startswith(own) for quad in each}
    assert not named & {SV + "statedPrinciple", SV + "serviceType", SV + "serviceModel", SV + "referralTo"}


def test_the_setting_is_kept_apart_from_what_the_study_found(facts: Facts) -> None:
    background, found = facts.values(STUDY, SV + "givesBackground"), facts.values(STUDY, SV + "reports")
    assert background
    assert found
    assert not background & found
    assert background == facts.subjects(RDF + "type", BACKGROUND)
    assert found <= facts.subjects(RDF + "type", FINDING)


def test_two_names_stand_for_one_group_of_services(facts: Facts) -> None:
    assert {"SVSSV services", "VSS services"} <= facts.values(SERVICES, SKOS + "altLabel")
    printed = facts.placed(SERVICES, SV + "nameAsPrinted")
    assert set(DOCUMENTS) == {place.removeprefix(graph("citation", "")).split("/")[0] for _, place in printed}


def test_five_and_one_are_six_and_no_contradiction(facts: Facts) -> None:
    disputed = {
        each
        for contradiction in facts.subjects(RDF + "type", SV + "Contradiction")
        for claim in facts.values(contradiction, SV + "betweenClaims")
        for each in facts.values(claim, SV + "claimSubject")
    }
    assert f"{ID}statistic/prosper-briefing-co-researchers" not in disputed
    assert STUDY in disputed


def test_the_number_of_surveys_is_two_claims_and_no_plain_value(facts: Facts) -> None:
    claims = facts.values(ID + "contradiction/prosper-surveys", SV + "betweenClaims")
    values = {each for claim in claims for each in facts.placed(claim, SV + "claimValue")}
    assert {("3", f"{BRIEFING}/stage-1b"), ("1", f"{RECORD}/methods-summary")} == {
        (value, place.removeprefix(graph("citation", ""))) for value, place in values
    }
    assert not facts.values(STUDY, SV + "numberOfSurveys")


def test_tables_of_the_survey_await_their_source_and_hold_no_figure(facts: Facts) -> None:
    awaited = facts.subjects(SV + "valueStatus", CONCEPT + "value-status/awaiting-source")
    assert len(awaited) == 11
    assert all({REPORT} == facts.values(table, SV + "expectedIn") for table in awaited)
    assert not {figure for table in awaited for figure in facts.subjects(SV + "inTable", table)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_is_covered_once_and_every_omission_has_a_reason(document: str, facts: Facts) -> None:
    sections = coverage(document)
    places = [place for section in sections for place in section["places"]]
    cited = {each.rsplit("/", 1)[-1] for each in facts.subjects(SV + "inSource", f"{ID}source/{document}")}
    assert len(places) == len(set(places))
    assert cited == set(places)
    assert all({"what", "why"} == set(left) for section in sections for left in section.get("left_out", ()))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_sections_cover_every_line_of_a_document(document: str, shared: Path) -> None:
    sections = coverage(document)
    assert [1, len(text_of(document, shared).splitlines())] == [sections[0]["lines"][0], sections[-1]["lines"][1]]
    assert all(before["lines"][1] + 1 == after["lines"][0] for before, after in pairwise(sections))


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def pair_hashes(text: str) -> set[str]:
    return {hashlib.sha256(f"{one} {other}".encode()).hexdigest()[:16] for one, other in pairwise(words(text))}


def test_the_person_to_contact_is_not_in_the_data(facts: Facts) -> None:
    held = (term.value for quad in facts.store for term in quad.triple if isinstance(term, ox.NamedNode | ox.Literal))
    assert not [text for text in held if PERSON_TO_CONTACT in pair_hashes(text)]


def test_the_name_that_is_looked_for_is_that_of_the_record(shared: Path) -> None:
    assert PERSON_TO_CONTACT in pair_hashes(text_of(RECORD, shared))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_statements_are_in_our_own_words(document: str, graphs: dict[str, frozenset[ox.Triple]], shared: Path) -> None:
    run = 8
    printed = words(text_of(document, shared))
    runs = {tuple(printed[i : i + run]) for i in range(len(printed) - run + 1)}
    copied = [
        triple.object.value
        for name, triples in graphs.items()
        if name.startswith((graph("citation", document), graph("curation", "")))
        for triple in triples
        if triple.predicate.value in {SV + "statedText", SV + "reason"} and isinstance(triple.object, ox.Literal)
        for own in [words(triple.object.value)]
        if {tuple(own[i : i + run]) for i in range(len(own) - run + 1)} & runs
    ]
    assert copied == []
