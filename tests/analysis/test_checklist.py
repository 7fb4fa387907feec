"""What is missing along the pathway, over the real release: open questions, and never an answer that nobody gave."""

from __future__ import annotations

import csv
import io

import pytest

from taxonomy.analysis import checklist, pathways, tips
from taxonomy.analysis.checklist import Checklist, Offer
from taxonomy.analysis.looking import State
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, ID

AREA = "E23000036"


@pytest.fixture(scope="module")
def stages(kg: KnowledgeGraph) -> Checklist:
    return kg.checklist(AREA)


def offer(listed: Checklist, service: str) -> Offer:
    return next(each for step in listed.steps for each in step.offers if each.service.iri == f"{ID}service/{service}")


def test_every_stage_of_the_scheme_is_a_step_in_its_order(kg: KnowledgeGraph, stages: Checklist) -> None:
    scheme = kg.ask("coverage-concepts", by="stage")
    by_position = [row["concept"] for row in sorted(scheme, key=lambda row: int(str(row["position"])))]
    assert by_position == [step.kind.iri for step in stages.steps if step.kind]
    assert len(by_position) == 18


def test_every_service_of_the_area_stands_in_the_list(kg: KnowledgeGraph, stages: Checklist) -> None:
    listed = {each.service.iri for step in stages.steps for each in step.offers}
    assert {row["service"] for row in kg.ask("pathway-nodes", area=AREA)} == listed


def test_a_service_of_which_no_stage_is_stated_comes_last(stages: Checklist) -> None:
    last = stages.steps[-1]
    assert last.kind is None
    assert "Restorative Approaches (Avon and Somerset)" in {each.service.label for each in last.offers}


def test_a_stated_way_in_is_no_open_question_and_a_refused_one_is_told_apart(stages: Checklist) -> None:
    lighthouse = offer(stages, "lighthouse-avon-and-somerset")
    assert ("Police", "External agency and The person themselves") == (lighthouse.ways_in, lighthouse.ways_refused)
    assert "how people get in" not in lighthouse.questions


def test_silence_is_an_open_question(stages: Checklist) -> None:
    assert {"for which ages it is", "for which genders it is", "how people get in"} <= {
        *offer(stages, "restorative-approaches-avon-and-somerset").questions
    }


def test_how_long_a_service_is_paid_for_is_said_with_its_agreement(stages: Checklist) -> None:
    isva = offer(stages, "isva-avon-and-somerset")
    assert "until 31 March 2019, term printed as" in isva.funding
    assert "until when it is paid for" not in isva.questions
    assert "until when it is paid for" in offer(stages, "lighthouse-avon-and-somerset").questions


def test_a_stage_without_a_service_asks_whether_there_is_one(stages: Checklist) -> None:
    rows = list(csv.DictReader(io.StringIO(checklist.table(stages).to_csv())))
    report = [row for row in rows if row["step"] == CONCEPT + "pathway-stage/report-and-investigation"]
    assert [("Not known", "", "whether there is a service")] == [
        (row["state"], row["service"], row["not_known"]) for row in report
    ]


def test_the_summary_counts_the_steps_with_a_service(stages: Checklist) -> None:
    assert stages.summary == (
        "A service is recorded for 5 of 18 stages of the pathway. "
        "For 7 of 10 services no stage of the pathway is stated."
    )


def test_a_checklist_of_nothing_says_that_it_is_not_known(kg: KnowledgeGraph) -> None:
    nothing = kg.coverage(AREA, by="need").only(State.NONE_FOUND)
    empty = checklist.of(nothing, pathways.of([], [], label=str), [], [], label=str)
    assert "not the same as none" in empty.summary


def test_the_five_mapping_tips_are_the_frameworks_and_each_says_what_is_recorded(
    kg: KnowledgeGraph, stages: Checklist
) -> None:
    found = tips.of(
        kg.ask("coverage-tips"),
        kg.ask("coverage-figures", area=AREA),
        types=kg.coverage(AREA),
        stages=stages,
        pathway=kg.pathway(AREA),
        label=kg.label,
    )
    assert 5 == len(found)
    assert all(tip.citations and tip.recorded for tip in found)
    assert "13 have no service recorded" in found[1].recorded
    assert "A waiting time is recorded for 0 of 10 services" in found[2].recorded
    assert "population" in found[3].recorded
