"""The competency questions: every one is listed with what answers it, and the answers are what the documents print."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from taxonomy import assets, namespaces
from taxonomy.errors import CurationError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import catalogue, competency
from taxonomy.questions.results import Answer, Row

AVON_AND_SOMERSET = "E23000036"
LEICESTER, LEICESTERSHIRE, RUTLAND = "E06000016", "E10000018", "E06000017"
LLR = "leicester-leicestershire-and-rutland"
LIGHTHOUSE = "lighthouse-avon-and-somerset"
CONSULTATION = "consultation/leicester-sexual-and-domestic-violence-2015"


def short(value: object) -> str:
    """The last step of an IRI."""
    return str(value).rsplit("/", 1)[-1]


def thing(value: object) -> str:
    """An IRI below the things' own beginning."""
    return str(value).removeprefix(namespaces.ID)


def only(answer: Answer, **values: str) -> list[Row]:
    """Rows whose columns end like this."""
    return [row for row in answer if all(short(row[name]) == value for name, value in values.items())]


# The list itself


def test_every_competency_question_is_listed_once_and_in_order() -> None:
    assert [f"CQ-{number:02}" for number in range(1, 57)] == [each.id for each in competency.load()]


def test_the_list_and_the_headers_of_the_questions_agree() -> None:
    listed = {each.id: set(each.questions) for each in competency.load()}
    stated: dict[str, set[str]] = {each: set() for each in listed}
    for question in catalogue.load().everything:
        for answered in question.answers:
            stated[answered].add(question.name)
    assert stated == listed


def test_every_question_check_and_rule_on_the_list_exists() -> None:
    checks = {path.stem for path in assets.files("queries", "quality/*.rq")}
    shapes = "\n".join(path.read_text(encoding="utf-8") for path in assets.files("shapes", "record/*.ttl"))
    rules = set(re.findall(r"svsh:(\w+-\w+)", shapes))
    for each in competency.load():
        assert set(each.questions) <= set(catalogue.load())
        assert set(each.checks) <= checks
        assert set(each.rules) <= rules


def test_what_is_answered_has_a_question_a_check_or_a_rule() -> None:
    for each in competency.load():
        assert each.questions or each.checks or each.rules, each.id


def test_every_public_question_answers_a_competency_question() -> None:
    assert not [name for name, question in catalogue.load().items() if not question.answers]


def test_questions_that_judge_a_release_say_so() -> None:
    for name, question in catalogue.load().items():
        judged = "as-recorded" in question.tags
        assert judged == question.summary.startswith("As recorded"), name
        assert not judged or "judgement on this release" in question.note, name


def test_no_question_asks_what_day_it_is() -> None:
    assert not [name for name, question in catalogue.load().items() if "NOW(" in question.text.upper()]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"state": "maybe"}, "state is one of"),
        ({"user": "everybody"}, "user is one of"),
        ({"asks": ""}, "has no asks"),
        ({"question": ["sources"]}, "unknown key 'question'"),
        ({"questions": "sources"}, "questions is not a list"),
        ({"state": "partly"}, "does not say what is missing"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_number_and_fault(
    tmp_path: Path, change: dict[str, object], fault: str
) -> None:
    sound = {"id": "CQ-01", "part": "provision", "user": "researcher", "asks": "What is there?", "state": "answered"}
    path = tmp_path / "competency-questions.yaml"
    path.write_text(yaml.safe_dump([sound, sound | change]), encoding="utf-8")
    with pytest.raises(CurationError, match=f"entry 2.*{fault}"):
        competency.read(path)


@pytest.mark.parametrize("text", ["asks: one", "- one", "[unclosed"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "competency-questions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CurationError):
        competency.read(path)


# Provision


def test_cq_01_the_record_of_the_study_names_nine_kinds_of_help(kg: KnowledgeGraph) -> None:
    named = only(kg.ask("types-of-service-in-reports"), statement="prosper-record-service-types")
    assert {
        "crisis-support",
        "counselling-longer-term",
        "helpline",
        "information-and-advice",
        "advocacy",
        "play-and-creative-therapy",
        "practical-support",
        "peer-support",
        "social-and-holistic-activities",
    } == {short(row["type"]) for row in named}


def test_cq_01_a_narrower_type_counts_for_the_wider_one(kg: KnowledgeGraph) -> None:
    [row] = only(kg.ask("types-of-service", area=AVON_AND_SOMERSET), type="advocacy")
    assert (row["services"], row["with_kinds"]) == (0, 3)  # for adults in need; for children; the advisers


def test_cq_02_a_referral_centre_states_crisis_support_and_no_longer_term_therapy(kg: KnowledgeGraph) -> None:
    services = {short(row["service"]) for row in kg.ask("crisis-support-without-longer-term-therapy")}
    assert "sarc-avon-and-somerset" in services
    stated = {short(row["service"]) for row in kg.ask("therapy-and-crisis-support")}
    assert {"letting-the-future-in-nspcc", "imara-nottingham", "rosa-warwickshire"} <= stated


def test_cq_03_five_services_take_people_who_have_not_reported_and_two_are_silent(kg: KnowledgeGraph) -> None:
    rows = kg.ask("reporting-to-the-police", area=AVON_AND_SOMERSET)
    assert {
        "emotional-support-avon-and-somerset",
        "adult-advocacy-avon-and-somerset",
        "young-victims-avon-and-somerset",
        "isva-avon-and-somerset",
        "modern-slavery-support-avon-and-somerset",
    } == {short(row["service"]) for row in rows if row["reporting"] and short(row["reporting"]) == "any"}
    silent = {short(row["service"]) for row in rows if row["reporting"] is None}
    assert {"restorative-approaches-avon-and-somerset"} <= silent


def test_cq_04_the_limits_of_age_are_as_printed(kg: KnowledgeGraph) -> None:
    limits = {
        (short(row["thing"]), row["minimum"], row["maximum"])
        for row in kg.ask("age-limits")
        if row["minimum"] is not None or row["maximum"] is not None
    }
    assert {
        ("rosa-warwickshire", 5, None),
        ("letting-the-future-in-nspcc", 4, 17),
        ("frankie-workers-hampshire", 0, 18),
        ("young-victims-avon-and-somerset", None, 18),
        ("young-victims-avon-and-somerset", 18, 25),
    } <= limits


def test_cq_04_who_takes_a_child_of_four(kg: KnowledgeGraph) -> None:
    four = {short(row["service"]): row["limits"] for row in kg.ask("services-for-an-age", age=4)}
    assert four["letting-the-future-in-nspcc"] == four["frankie-workers-hampshire"] == "both"
    assert four["young-victims-avon-and-somerset"] == "highest only"
    assert "rosa-warwickshire" not in four
    assert "rosa-warwickshire" in {short(row["service"]) for row in kg.ask("services-for-an-age", age=12)}


def test_cq_04_silence_about_age_is_a_judgement_of_its_own(kg: KnowledgeGraph) -> None:
    silent = {short(row["service"]) for row in kg.ask("all-ages-by-silence")}
    assert "rosa-warwickshire" not in silent
    assert LIGHTHOUSE in silent


def test_cq_05_one_service_is_for_men_and_none_is_called_women_only(kg: KnowledgeGraph) -> None:
    rows = {(short(row["offer"]), short(row["service"])) for row in kg.ask("services-for-one-gender")}
    assert rows == {("men-only", "male-survivors-first-step")}
    stated = {(short(row["service"]), short(row["value"])) for row in kg.ask("gender-offers")}
    assert ("rosa-warwickshire", "all-genders") in stated


def test_cq_06_an_area_with_therapy_is_not_among_those_without(kg: KnowledgeGraph) -> None:
    without = {
        short(row["area"])
        for row in kg.ask("areas-without-a-type-of-service", type="service-type/isva", kind="police force area")
    }
    assert AVON_AND_SOMERSET not in without
    assert without


def test_cq_07_three_services_support_families(kg: KnowledgeGraph) -> None:
    services = {short(row["service"]) for row in kg.ask("services-for-family-members")}
    assert {"imara-nottingham", "rosa-warwickshire", "letting-the-future-in-nspcc"} <= services


def test_cq_08_models_have_places_and_the_hubs_reached_35_areas(kg: KnowledgeGraph) -> None:
    models = {(short(row["model"]), short(row["thing"])) for row in kg.ask("service-models")}
    assert {
        ("child-house", "the-lighthouse-london"),
        ("hub-and-spoke", "alexi-services-england"),
        ("in-house-statutory", LIGHTHOUSE),
    } <= models
    figures = {row["value"] for row in only(kg.ask("figures-about-services"), thing="alexi-services-england")}
    assert {Decimal(16), Decimal(3), Decimal(53), Decimal(35)} == figures


def test_cq_09_peer_support_is_stated_by_one_service_and_volunteers_by_findings(kg: KnowledgeGraph) -> None:
    rows = kg.ask("volunteers-and-peer-support")
    assert "rosa-warwickshire" in {short(row["thing"]) for row in rows if row["kind"] == "service"}
    assert {row["kind"] for row in rows} >= {"service", "comment in a consultation", "mitigation"}


def test_cq_09_a_service_whose_teams_have_volunteers_is_named(kg: KnowledgeGraph) -> None:
    [row] = only(kg.ask("volunteers-and-peer-support"), thing=LIGHTHOUSE)
    assert row["kind"] == "service"
    assert "volunteers" in str(row["says"])


def test_cq_10_ways_of_delivery_are_as_stated(kg: KnowledgeGraph) -> None:
    modes = {short(row["mode"]) for row in only(kg.ask("delivery-modes"), service="rosa-warwickshire")}
    assert modes == {"telephone", "online"}


def test_cq_11_a_consortiums_members_are_counted_each_once(kg: KnowledgeGraph) -> None:
    rows = kg.ask("providers-in-area", area=AVON_AND_SOMERSET)
    parts = {short(row["organisation"]): (row["leads"], row["joins"]) for row in rows}
    assert parts["the-care-forum"] == (1, 0)
    assert parts["seap"] == parts["sari"] == parts["bristol-neighbourhood-justice-partnership"] == (0, 1)
    assert len({row["organisation"] for row in rows}) == len(rows)


def test_cq_11_who_leads_or_joins_in_commissioning_is_not_told_a_second_time_as_one_who_commissions(
    kg: KnowledgeGraph,
) -> None:
    rows = kg.ask("organisations-in-area", area=AVON_AND_SOMERSET)
    assert {row["role"] for row in only(rows, organisation="bristol-city-council")} == {"joins in commissioning"}
    commissioner = {row["role"] for row in only(rows, organisation="opcc-avon-and-somerset")}
    assert commissioner >= {"commissions", "leads commissioning", "joins in commissioning"}


def test_cq_11_and_44_53_were_invited_and_27_different_ones_answered(kg: KnowledgeGraph) -> None:
    parts = Counter(row["part"] for row in kg.ask("organisations-in-consultations"))
    assert parts == {"invited": 53, "answered": 27, "ran sessions": 6}


# Money


def test_cq_13_and_22_agreed_and_proposed_money_are_never_added(kg: KnowledgeGraph) -> None:
    totals = {
        (row["standing"], short(row["basis"])): row["total"]
        for row in kg.ask("money-by-standing")
        if row["total"] is not None
    }
    assert totals == {("agreed", "per-year"): Decimal(3547368), ("proposed", "per-year"): Decimal(1358500)}


def test_cq_16_two_contracts_two_grants_one_annual_grant(kg: KnowledgeGraph) -> None:
    scope = only(kg.ask("recommissioning-scope"), exercise="avon-and-somerset-victim-services-2018", scope="in scope")
    in_scope = [row["thing"] for row in scope]
    rows = [row for row in kg.ask("agreements-by-instrument", area=AVON_AND_SOMERSET) if row["service"] in in_scope]
    kinds = Counter(short(row["instrument"]) if row["instrument"] else "not stated" for row in rows)
    assert kinds == {"contract": 2, "grant": 2, "annual-grant": 1, "not stated": 1}
    [annual] = only(kg.ask("instruments", area=AVON_AND_SOMERSET), instrument="annual-grant")
    assert (annual["agreements"], annual["year_or_less"]) == (1, 1)


@pytest.mark.parametrize("name", ["instruments", "agreements-by-instrument"])
def test_cq_16_an_instrument_that_no_source_states_is_blank_however_that_was_recorded(
    kg: KnowledgeGraph, name: str
) -> None:
    kinds = {row["instrument"] for row in kg.ask(name)}
    assert None in kinds
    assert "not-stated" not in {short(kind) for kind in kinds}


def test_cq_17_the_median_first_term_is_three_years_and_four_may_run_one_more(kg: KnowledgeGraph) -> None:
    [row] = [row for row in kg.ask("median-term") if row["standing"] == "agreed"]
    assert row["median_months"] == Decimal(36)
    terms = kg.ask("agreement-terms", area=AVON_AND_SOMERSET)
    four = [row for row in terms if row["initial_months"] == 36 and row["extension_months"] == 12]
    assert len(four) == 4
    assert {short(row["place"]) for row in four} == {f"services-table-row-{number}" for number in range(2, 6)}


def test_cq_18_four_agreements_end_within_a_year_of_a_day(kg: KnowledgeGraph) -> None:
    def ending(day: str, months: int) -> set[str]:
        return {short(row["agreement"]) for row in kg.ask("agreements-ending", day=day, months=months)}

    four = {"emotional-support", "adult-advocacy", "young-victims", "isva"}
    assert ending("2018-03-31", 12) == {f"{name}-avon-and-somerset" for name in four}
    assert ending("2018-03-30", 12) == set()  # the last day is 31 March 2019
    assert "cse-avon-and-somerset" in ending("2019-03-31", 12)
    assert "isva-avon-and-somerset" in ending("2019-03-31", 0)


def test_cq_19_the_advisers_have_two_funders_and_three_shares(kg: KnowledgeGraph) -> None:
    several = {short(row["service"]): row["funders"] for row in kg.ask("funders-of-services", more_than=1)}
    assert several[LIGHTHOUSE] == 2
    assert several["isva-avon-and-somerset"] == 2  # two of the three shares come through the commissioner
    assert several["joint-sexual-and-domestic-violence-llr"] == 4
    single = {short(row["service"]) for row in kg.ask("single-funder-services")}
    assert not single & set(several)
    assert "adult-advocacy-avon-and-somerset" in single


def test_cq_20_the_framework_has_22_pairs(kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.ask("responsibilities-by-commissioner-type") if row["table"]]
    counts = {short(row["commissioner_type"]): row["responsibilities"] for row in rows}
    assert counts == {
        "nhs-england": 6,
        "clinical-commissioning-group": 7,
        "police-and-crime-commissioner": 4,
        "local-authority": 4,
        "ministry-of-justice": 1,
    }
    [ended] = [row for row in rows if row["ended"]]
    assert short(ended["succeeded_by"]) == "integrated-care-board"


def test_cq_21_two_services_are_commissioned_jointly_with_a_lead(kg: KnowledgeGraph) -> None:
    rows = kg.ask("jointly-commissioned-services", area=AVON_AND_SOMERSET)
    exploitation = only(rows, service="cse-avon-and-somerset")
    assert Counter(row["part"] for row in exploitation) == {"leads": 1, "joins": 5}
    centres = {row["part"]: short(row["commissioner"]) for row in only(rows, service="sarc-avon-and-somerset")}
    assert centres == {"leads": "nhs-england", "joins": "opcc-avon-and-somerset"}


def test_cq_21_those_who_join_in_and_are_told_only_by_kind_are_not_lost(kg: KnowledgeGraph) -> None:
    rows = kg.ask("jointly-commissioned-services")
    [workers] = only(rows, service="frankie-workers-hampshire")
    assert (workers["commissioner"], workers["commissioners"]) == (None, 0)
    assert workers["by_kind"] == "Clinical commissioning group; Police and crime commissioner"
    [missing] = only(rows, service="missing-and-child-exploitation-merseyside")
    assert (short(missing["commissioner"]), missing["by_kind"]) == ("opcc-merseyside", "Local authority")
    classed = kg.sparql("SELECT DISTINCT ?service WHERE { ?service a sv:JointlyCommissionedService }")
    assert isinstance(classed, Answer)
    assert {row["service"] for row in classed} <= {row["service"] for row in rows}


def test_cq_21_the_joint_service_of_2015_is_proposed_by_four(kg: KnowledgeGraph) -> None:
    rows = only(kg.ask("jointly-commissioned-services"), service="joint-sexual-and-domestic-violence-llr")
    assert {short(row["commissioner"]): row["part"] for row in rows} == {
        "leicester-city-council": "leads",
        "leicestershire-county-council": "joins",
        "rutland-county-council": "joins",
        "opcc-leicestershire": "joins",
    }
    assert {(row["standing"], row["commissioners"]) for row in rows} == {("proposed", 4)}


def test_cq_22_the_proposals_of_2015_are_as_printed(kg: KnowledgeGraph) -> None:
    rows = list(kg.ask("proposed-money", area=LLR))
    assert [row["amount"] for row in rows] == [Decimal(each) for each in (828500, 160000, 140000, 130000, 100000)]
    assert short(rows[0]["qualifier"]) == "up-to"
    assert sum(row["amount"] for row in rows if row["funders"] == "Leicester City Council") == 430000


def test_cq_23_the_lots_of_each_option_come_to_the_envelope(kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.ask("lots-against-the-envelope") if thing(row["option"]).startswith("consultation/")]
    lines = {option: [row["amount"] for row in rows if short(row["option"]) == option] for option in ("1", "2", "3")}
    assert lines == {
        "1": [Decimal(828500)],
        "2": [Decimal(228500), Decimal(600000)],
        "3": [Decimal(680000), Decimal(148500)],
    }
    assert {(row["sum"], row["printed"], row["adds_up"]) for row in rows} == {(Decimal(828500), Decimal(828500), "yes")}


def test_cq_25_the_fear_of_large_generic_providers_is_a_finding_and_no_count(kg: KnowledgeGraph) -> None:
    findings = {short(row["statement"]) for row in kg.ask("findings-by-subject", subject="theme/competition")}
    assert {
        "prosper-briefing-large-generic-providers-favoured",
        "prosper-record-large-contracts-favour-generic",
    } <= findings


def test_cq_26_two_charitable_funders_are_named_without_a_figure(kg: KnowledgeGraph) -> None:
    rows = kg.ask("charitable-funders")
    assert {short(row["funder"]) for row in rows} == {"comic-relief", "national-lottery"}
    assert all(row["amount"] is None for row in rows)


def test_cq_27_care_boards_took_over_from_commissioning_groups(kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.ask("successors") if row["kind"] == "kind of body"]
    assert {(short(row["thing"]), short(row["successor"]), str(row["ended"])) for row in rows} == {
        ("clinical-commissioning-group", "integrated-care-board", "2022-06-30")
    }


# Ways


def test_cq_28_from_the_police_the_way_goes_through_lighthouse_with_consent(kg: KnowledgeGraph) -> None:
    start = namespaces.CONCEPT + "referral-source/police"
    rows = kg.ask("ways-from-a-source", start=start, area=AVON_AND_SOMERSET)
    assert [(row["step"], short(row["to"])) for row in rows] == [
        (1, LIGHTHOUSE),
        (2, "social-care-health-and-education-avon-and-somerset"),
        (2, "specialist-support-services-avon-and-somerset"),
        (2, "victim-support-services-avon-and-somerset"),
    ]
    assert {short(row["to"]): row["consent"] for row in rows if row["step"] == 2} == {
        "social-care-health-and-education-avon-and-somerset": None,  # safeguarding: the document does not say
        "specialist-support-services-avon-and-somerset": True,
        "victim-support-services-avon-and-somerset": True,
    }


def test_cq_29_by_oneself_and_from_another_area_the_way_is_emotional_support(kg: KnowledgeGraph) -> None:
    def first(source: str) -> set[str]:
        start = f"{namespaces.CONCEPT}referral-source/{source}"
        rows = kg.ask("ways-from-a-source", start=start, area=AVON_AND_SOMERSET)
        return {short(row["to"]) for row in rows if row["step"] == 1 and row["where"] == "in the area"}

    assert first("other-police-area") == {"emotional-support-avon-and-somerset"}
    assert first("self") == {"emotional-support-avon-and-somerset", "victim-support-services-avon-and-somerset"}


def test_cq_30_from_a_referral_centre_to_therapy_is_two_steps_through_an_adviser(kg: KnowledgeGraph) -> None:
    first, *_ = kg.ask("ways-between-types", from_type="service-type/sarc", to_type="service-type/therapeutic-support")
    assert (first["steps"], short(first["first_stop"])) == (2, "isva-services-england")
    ends = {short(row["thing"]) for row in kg.ask("dead-ends")}
    assert "sexual-violence-counselling-england" in ends
    assert "sarcs-england" not in ends


def test_cq_31_a_service_with_a_way_in_is_not_among_those_without(kg: KnowledgeGraph) -> None:
    without = {short(row["service"]) for row in kg.ask("services-without-a-way-in", area=AVON_AND_SOMERSET)}
    assert not without & {LIGHTHOUSE, "emotional-support-avon-and-somerset"}
    assert "restorative-approaches-avon-and-somerset" in without


def test_cq_32_people_come_by_themselves_and_then_through_health_and_social_care(kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.ask("referral-sources") if row["kind"] == "background"]
    assert {short(row["source"]) for row in rows} == {"self", "gp", "health-professional", "social-care"}
    assert "prosper-referral-sources" in {short(row["table"]) for row in kg.ask("figures-awaited")}


def test_cq_33_eighteen_is_an_age_limit_a_way_and_a_piece_of_advice(kg: KnowledgeGraph) -> None:
    rows = kg.ask("turning-eighteen")
    assert {row["kind"] for row in rows} == {"highest age", "way", "advice"}
    assert "adult-services-england" in {short(row["leads_to"]) for row in rows if row["leads_to"]}


def test_cq_34_waiting_is_spoken_of_and_no_service_gives_a_time(kg: KnowledgeGraph) -> None:
    rows = kg.ask("waiting")
    assert "prosper-record-waiting-times" in {short(row["thing"]) for row in rows}
    assert not [row for row in rows if row["kind"] == "waiting time"]


def test_cq_35_two_services_state_therapy_before_a_trial(kg: KnowledgeGraph) -> None:
    services = {short(row["thing"]) for row in kg.ask("pre-trial-therapy") if row["kind"] == "service"}
    assert services == {"rosa-warwickshire", "imara-nottingham"}


# Principles and outcomes


def test_cq_36_no_service_is_said_to_be_feminist_and_studies_speak_of_the_sector(kg: KnowledgeGraph) -> None:
    stated = {short(row["principle"]) for row in kg.ask("principles-of-services")}
    assert not stated & {"feminist", "trauma-informed"}
    assert {"feminist", "trauma-informed"} <= {short(row["principle"]) for row in kg.ask("principles-in-studies")}


def test_cq_37_no_document_names_an_accreditation_of_a_provider(kg: KnowledgeGraph) -> None:
    assert not len(kg.ask("accreditations"))


def test_cq_38_five_principles_beside_ten_and_what_is_akin(kg: KnowledgeGraph) -> None:
    rows = kg.ask("commissioning-principles-side-by-side")
    lists = Counter(thing(row["followed_by"]).split("/")[0] for row in rows)
    assert lists == {"source": 5, "exercise": 10}
    assert [row["number"] for row in rows] == [*range(1, 11), *range(1, 6)]
    akin = {short(row["principle"]) for row in rows if row["akin"]}
    assert {"csa-framework-1-according-to-need", "need-not-offence-type", "partnership-working"} <= akin


def test_cq_39_outcomes_are_as_printed_area_by_area(kg: KnowledgeGraph) -> None:
    percent = {
        (short(row["measured"]), short(row["area"])): row["percent"]
        for row in kg.ask("outcomes-reported")
        if row["area"]
    }
    expected = {
        ("feels-safer", LEICESTER): 89,
        ("feels-safer", LEICESTERSHIRE): 71,
        ("feels-safer", RUTLAND): 81,
        ("reduced-abuse", LEICESTER): 87,
        ("reduced-abuse", LEICESTERSHIRE): 70,
        ("improved-wellbeing", LEICESTER): 85,
        ("improved-wellbeing", LEICESTERSHIRE): 69,
        ("no-further-abuse", RUTLAND): 66,
        ("satisfaction", RUTLAND): Decimal("97.5"),
    }
    assert percent == expected


def test_cq_40_five_of_nine_needs_are_stated_by_no_service(kg: KnowledgeGraph) -> None:
    services = {short(row["need"]): row["services"] for row in kg.ask("needs-and-services")}
    assert len(services) == 9
    assert {
        "criminal-justice-system",
        "drugs-and-alcohol",
        "family-friends-and-children",
        "outlook-and-attitudes",
        "social-interaction",
    } == {need for need, number in services.items() if number == 0}


def test_cq_41_figures_on_outcomes_lack_count_and_base(kg: KnowledgeGraph) -> None:
    [row] = only(kg.ask("percentages-and-their-bases"), statistic="leicester-2015-b2-leicester-safer")
    assert row["lacks"] == "count, base"
    assert row["place"]


# Consultation and need


@pytest.mark.parametrize(
    ("group", "votes"),
    [
        ("organisations", [13, 8, 1, 4]),
        ("in-scope", [2, 5, 3, 0]),
        ("domestic-violence-specialists", [4, 3, 0, 1]),
        ("sexual-violence-specialists", [1, 4, 0, 0]),
    ],
)
def test_cq_42_the_preferred_option_by_kind_of_respondent(kg: KnowledgeGraph, group: str, votes: list[int]) -> None:
    rows = only(kg.ask("votes"), question="5a", group=group)
    counted = {short(row["choice"]): row["votes"] for row in rows}
    assert [counted.get(choice, 0) for choice in ("1", "2", "3", "another-option")] == votes


def test_cq_43_every_percentage_follows_but_those_of_table_3(kg: KnowledgeGraph) -> None:
    rows = kg.ask("percentages-and-their-bases")
    denied = {short(row["statistic"]) for row in rows if row["follows"] == "no"}
    assert denied == {f"leicester-2015-t3-option-{number}" for number in (1, 2, 3)}
    table_3 = [row for row in rows if short(row["statistic"]).startswith("leicester-2015-t3-")]
    by_base = {(row["base"], row["follows"]) for row in table_3}
    assert by_base == {(Decimal(8), "yes"), (Decimal(10), "no")}
    assert sum(row["percent"] for row in table_3 if row["base"] == 8) == 126
    votes = [row for row in rows if short(row["measured"]) == "votes" and row["follows"] == "yes"]
    assert len(votes) >= 19


def test_cq_44_the_response_rate_is_half(kg: KnowledgeGraph) -> None:
    [row] = kg.ask("response-rates")
    assert (row["invited"], row["answered"], row["rate"], row["printed"]) == (53, 27, Decimal("50.9"), "51%")
    assert (row["listed_invited"], row["listed_answered"]) == (53, 27)


def test_cq_45_there_are_23_concerns_in_the_table_each_with_something_to_be_done(kg: KnowledgeGraph) -> None:
    rows = only(kg.ask("concerns-and-mitigations"), table="leicester-2015-table-13")
    assert {row["number"] for row in rows} == set(range(1, 24))
    assert all(row["mitigation"] for row in rows if row["number"] in {1, 3})


def test_cq_46_groups_that_come_too_seldom_by_source(kg: KnowledgeGraph) -> None:
    rows = kg.ask("under-represented-groups")

    def groups(finding: str) -> set[str]:
        return {short(row["group"]) for row in only(rows, finding=finding)}

    assert groups("leicester-2015-under-represented-users") == {"young-people", "lgbtq-people", "older-people"}
    assert groups("leicester-2015-characteristic-age") == {"young-people", "older-people"}
    assert groups("leicester-2015-characteristic-disability") == {"disabled-people"}
    assert groups("leicester-2015-characteristic-race") == {"bme-communities"}
    assert {short(row["about"]) for row in only(rows, finding="leicester-2015-group-at-risk-3")} == {"vulnerable-group"}
    assert groups("avon-somerset-2018-groups-not-seeking-support") == {
        "young-people",
        "people-with-mental-health-problems",
        "bme-communities",
        "men-and-boys",
        "lgbtq-people",
    }


def test_cq_47_estimated_need_stands_beside_the_use_of_services(kg: KnowledgeGraph) -> None:
    rows = kg.ask("need-and-volume", within=LEICESTER)
    [need] = [row for row in only(rows, about="rape-and-sexual-assault") if row["side"] == "estimated need"]
    [use] = [row for row in only(rows, about="isva") if row["side"] == "use of services"]
    assert (need["value"], use["value"]) == (4785, 52)
    rutland = kg.ask("need-and-volume", within=RUTLAND)
    assert {short(row["status"]) for row in rutland if row["value"] is None} == {"unknown", "blank"}


def test_cq_48_the_estimates_of_three_places_add_up(kg: KnowledgeGraph) -> None:
    totals = {short(row["harm"]): (row["total"], row["parts"]) for row in kg.ask("estimated-victims", area=LLR)}
    assert totals == {
        "rape-and-sexual-assault": (14759, 3),
        "domestic-abuse": (32064, 3),
        "stalking": (48656, 3),
    }
    [one] = only(kg.ask("estimated-victims", area=RUTLAND), harm="stalking")
    assert one["total"] == 1788


@pytest.mark.parametrize(
    "contradiction",
    [
        "avon-somerset-2018-nhs-england-isva-start",
        "eight-or-nine-categories-of-need",
        "leicester-2015-ages",
        "leicester-2015-option-3-votes",
        "leicester-2015-period",
        "leicester-2015-start",
        "leicester-2015-table-3-base",
        "leicester-2015-without-contact",
        "prosper-surveys",
    ],
)
def test_cq_49_what_sources_disagree_about_has_both_sides(kg: KnowledgeGraph, contradiction: str) -> None:
    rows = only(kg.ask("contradictions"), contradiction=contradiction)
    assert len({str(row["value"]) for row in rows}) > 1
    assert all(row["place"] for row in rows)


# Quality


def test_cq_50_what_is_not_known_of_a_service_is_listed(kg: KnowledgeGraph) -> None:
    lacks = {row["lacks"] for row in only(kg.ask("services-lacking-facts"), service="young-victims-avon-and-somerset")}
    assert "lead provider" in lacks  # the document prints the service's name where the provider's should stand
    assert "area" not in lacks


def test_cq_53_what_has_no_value_is_never_zero(kg: KnowledgeGraph) -> None:
    rows = kg.ask("figures-without-a-value")
    assert Counter(short(row["status"]) for row in rows) == {"unknown": 2, "blank": 1, "awaiting-source": 11}


def test_cq_54_nothing_of_2018_is_newer_than_two_years_in_2021(kg: KnowledgeGraph) -> None:
    def old(day: str, months: int) -> set[str]:
        return {short(row["service"]) for row in kg.ask("last-said", day=day, longer_than=months)}

    assert LIGHTHOUSE in old("2021-01-01", 24)
    assert LIGHTHOUSE not in old("2018-04-01", 24)
    assert "safe-home-leicester" in old("2018-04-01", 24)


def test_cq_56_one_body_with_two_names_is_one_and_namesakes_are_shown(kg: KnowledgeGraph) -> None:
    shared = {(row["name"], short(row["thing"])) for row in kg.ask("shared-names")}
    assert {("opcc", "opcc-avon-and-somerset"), ("opcc", "opcc-leicestershire")} <= shared
    names = {row["name"] for row in only(kg.ask("names-in-use"), organisation="safelives")}
    assert "CAADA" in names
