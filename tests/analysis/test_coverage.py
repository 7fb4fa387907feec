"""The matrix of four states: every cell has a word, and the counts add up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import coverage, gaps
from taxonomy.analysis.cells import Cell
from taxonomy.analysis.coverage import Coverage, Told
from taxonomy.analysis.looking import State
from taxonomy.errors import QueryError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT

STATED = {"citation": None, "locator": None, "document": None, "as_at": None, "confirmed": True}


@pytest.fixture(scope="module")
def made_up(made_up_areas: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph.open(made_up_areas) as kg:
        yield kg


def cell(matrix: Coverage, kind: str, column: str) -> Cell:
    [found] = [
        each for each in matrix.cells if each.kind.iri == CONCEPT + kind and each.column.name.iri.endswith(column)
    ]
    return found


def names(some: Cell) -> list[str]:
    return [each.service.label for each in some.recorded]


def test_a_service_counts_for_its_area_for_what_lies_in_it_and_for_what_contains_it_and_says_which(
    made_up: KnowledgeGraph,
) -> None:
    matrix = made_up.coverage(["made-up-region", "made-up-shire", "made-up-town"])
    reaches = [cell(matrix, "service-type/childrens-isva", column).reach for column in ("region", "shire", "town")]
    assert ["for a part of it", "for this area", "for a wider area"] == reaches


def test_a_service_counts_for_an_area_that_overlaps_its_own(made_up: KnowledgeGraph) -> None:
    assert (
        "for an area that overlaps it"
        == cell(made_up.coverage("made-up-board"), "service-type/childrens-isva", "board").reach
    )


def test_a_service_counts_for_the_broader_kinds_too(made_up: KnowledgeGraph) -> None:
    matrix = made_up.coverage("made-up-shire")
    for kind in ("advocacy", "isva", "childrens-advocacy", "childrens-isva"):
        assert ["Made-Up ISVA"] == names(cell(matrix, f"service-type/{kind}", "shire"))
    assert [] == names(cell(matrix, "service-type/specialist-isva", "shire"))


def test_a_service_for_all_ages_counts_for_each_age_group(made_up: KnowledgeGraph) -> None:
    matrix = made_up.coverage("made-up-shire", by="age-group")
    assert {("Made-Up ISVA",)} == {tuple(names(each)) for each in matrix.cells}


def test_none_found_in_a_region_holds_for_its_parts_and_for_narrower_kinds(made_up: KnowledgeGraph) -> None:
    found = cell(made_up.coverage("made-up-town"), "service-type/specialist-isva", "town")
    assert State.NONE_FOUND is found.state
    assert (
        "Made-Up Council looked for Advocacy in Made-Up Region: looked for and none found" in found.looked[0].sentence
    )


def test_none_found_in_a_part_says_nothing_of_the_whole(made_up: KnowledgeGraph) -> None:
    matrix = made_up.coverage(["made-up-town", "made-up-shire"])
    assert State.NONE_FOUND is cell(matrix, "service-type/drop-in", "town").state
    assert State.NOT_KNOWN is cell(matrix, "service-type/drop-in", "shire").state


def test_not_applicable_holds_for_the_very_area_and_kind_alone(made_up: KnowledgeGraph) -> None:
    matrix = made_up.coverage(["made-up-vale", "made-up-ward"])
    assert State.NOT_APPLICABLE is cell(matrix, "service-type/refuge", "vale").state
    assert State.NOT_KNOWN is cell(matrix, "service-type/refuge", "ward").state


def test_not_known_can_be_stated_and_then_says_by_whom(made_up: KnowledgeGraph) -> None:
    found = cell(made_up.coverage("made-up-shire"), "service-type/practical-support", "shire")
    assert (State.NOT_KNOWN, "Made-Up Council") == (found.state, str(found.looked[0].by))


def test_a_recorded_service_stands_beside_what_somebody_did_not_find(made_up: KnowledgeGraph) -> None:
    found = cell(made_up.coverage("made-up-shire"), "service-type/advocacy", "shire")
    assert State.RECORDED is found.state
    assert [State.NONE_FOUND] == [each.state for each in found.looked]


def test_who_looked_and_when_are_said_also_where_nobody_is_named(made_up: KnowledgeGraph) -> None:
    [looked] = cell(made_up.coverage("made-up-town"), "service-type/drop-in", "town").looked
    assert looked.sentence == (
        "Somebody whom the source does not name looked for Drop-in in Made-Up Town: looked for and none found, "
        "as stated on 1 May 2021."
    )


def test_the_day_on_which_somebody_looked_stands_before_the_day_of_the_record(made_up: KnowledgeGraph) -> None:
    [looked] = cell(made_up.coverage("made-up-vale"), "service-type/befriending-and-mentoring", "vale").looked
    assert looked.sentence.endswith("looked for and none found, on 2 March 2021.")
    assert (date(2021, 3, 2), "own record, as stated on 1 May 2021") == (looked.on, looked.place)


def test_a_day_before_somebody_looked_leaves_out_what_they_said(made_up: KnowledgeGraph) -> None:
    days = (date(2021, 3, 1), date(2021, 3, 2))
    befriending = (
        cell(made_up.coverage("made-up-vale", as_at=day), "service-type/befriending-and-mentoring", "vale")
        for day in days
    )
    assert [State.NOT_KNOWN, State.NONE_FOUND] == [each.state for each in befriending]


def test_two_kinds_that_were_looked_for_together_are_one_service_that_is_both(made_up: KnowledgeGraph) -> None:
    by_group = made_up.coverage("made-up-shire", across="community")
    assert State.NONE_FOUND is cell(by_group, "service-type/group-work", "older-people").state
    assert State.NOT_KNOWN is cell(by_group, "service-type/group-work", "students").state
    assert not cell(made_up.coverage("made-up-shire"), "service-type/group-work", "shire").looked


def test_groups_as_columns_hold_the_services_that_state_them(made_up: KnowledgeGraph) -> None:
    matrix = made_up.coverage("made-up-shire", across="community")
    assert ["Made-Up ISVA"] == names(cell(matrix, "service-type/advocacy", "young-people"))
    assert [] == names(cell(matrix, "service-type/group-work", "young-people"))


def test_a_day_leaves_out_what_had_ended_and_what_was_said_later(made_up: KnowledgeGraph) -> None:
    before, after = (made_up.coverage("made-up-shire", as_at=day) for day in (date(2021, 1, 1), date(2024, 4, 1)))
    assert ["Made-Up ISVA"] == names(cell(before, "service-type/isva", "shire"))
    assert () == cell(before, "service-type/isva", "shire").looked
    assert State.NONE_FOUND is cell(after, "service-type/isva", "shire").state


def test_what_was_said_two_years_before_a_day_is_last_stated_then(made_up: KnowledgeGraph) -> None:
    for day, words in [(date(2021, 1, 1), "as stated on"), (date(2024, 4, 1), "last stated on")]:
        matrix = made_up.coverage("made-up-shire", as_at=day)
        [recorded] = cell(matrix, "service-type/helpline", "shire").recorded
        assert f"{words} 1 March 2020" == recorded.when


def test_parts_are_those_of_today_that_lie_in_no_other_part(made_up: KnowledgeGraph) -> None:
    columns = [column.name.label for column in made_up.coverage("made-up-shire", parts=True).columns]
    assert ["Made-Up Shire", "Made-Up Town", "Made-Up Vale"] == columns


@pytest.mark.parametrize("by", ["service-type", "need", "community", "stage", "age-group"])
def test_the_rows_of_a_download_are_the_cells(made_up: KnowledgeGraph, by: str) -> None:
    matrix = made_up.coverage("made-up-shire", by=by, parts=True)
    rows = list(csv.DictReader(io.StringIO(matrix.answer.to_csv())))
    assert [
        (each.kind.iri, each.column.area.iri, str(each.state), str(len(each.recorded))) for each in matrix.cells
    ] == [(row["kind"], row["area"], row["state"], row["services"]) for row in rows]


def test_lines_can_be_narrowed_to_those_with_a_state(made_up: KnowledgeGraph) -> None:
    whole = made_up.coverage("made-up-vale")
    narrowed = whole.only(State.NOT_APPLICABLE)
    assert ["Refuge or safe accommodation"] == [line.kind.label for line in narrowed.lines]


@pytest.mark.parametrize(
    "asked", [{"by": "colour"}, {"by": "need", "across": "need"}, {"across": "community", "parts": True}]
)
def test_a_matrix_of_nothing_sensible_is_refused(made_up: KnowledgeGraph, asked: dict[str, object]) -> None:
    with pytest.raises(QueryError):
        made_up.coverage("made-up-shire", **asked)


def test_what_a_source_says_of_a_gap_is_found_from_the_area_that_followed(made_up: KnowledgeGraph) -> None:
    [gap] = gaps.of(made_up.ask("coverage-gaps", area="made-up-town"), label=made_up.label)
    assert (gap.name.label, gap.stated_for) == ("Made-up gap", "an area that this one followed")
    assert ["Older people"] == [name.label for name in gap.about]


def test_a_printed_gap_decides_no_cell(made_up: KnowledgeGraph) -> None:
    matrix = made_up.coverage("made-up-shire", by="community")
    assert State.NOT_KNOWN is cell(matrix, "community/older-people", "shire").state


KINDS = st.lists(st.sampled_from("abcdef"), unique=True, min_size=1)


@given(
    kinds=KINDS,
    broader=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")),
    areas=st.lists(st.sampled_from("XYZ"), unique=True, min_size=1),
    services=st.lists(st.tuples(st.sampled_from("XYZ"), st.sampled_from("stuv"), st.sampled_from("abcdef"))),
    looked=st.lists(
        st.tuples(
            st.sampled_from("XYZ"),
            st.sampled_from("abcdef"),
            st.sampled_from(["none-found", "not-known", "not-applicable"]),
        )
    ),
)
def test_every_cell_has_one_of_four_states_and_the_counts_add_up(
    kinds: list[str],
    broader: dict[str, str],
    areas: list[str],
    services: list[tuple[str, str, str]],
    looked: list[tuple[str, str, str]],
) -> None:
    above = {kind: broader[kind] for kind in kinds if broader.get(kind, "") > kind}  # no circles
    matrix = coverage.of(
        Told(
            concepts=[{"concept": kind, "broader": above.get(kind), "position": None} for kind in kinds],
            services=[
                {"area": area, "service": name, "covers": area, "reach": "here", "starts": None, "ends": None, **STATED}
                for area, name, _ in services
            ],
            facets=[{"service": name, "stated": kind, **STATED} for _, name, kind in services],
            statements=[
                {
                    "area": area,
                    "statement": f"{number}",
                    "looked_in": area,
                    "looked_for": kind,
                    "state": f"{CONCEPT}coverage-state/{state}",
                    "looked_by": None,
                    "looked_on": None,
                    "says": None,
                    **STATED,
                }
                for number, (area, kind, state) in enumerate(looked)
            ],
        ),
        areas,
        label=str,
    )
    assert len(matrix.cells) == len(kinds) * len(areas) == sum(matrix.counts.values())
    assert {sum(tally.values()) for _, tally in matrix.tallies} == {len(kinds)}
    assert set(kinds) == {line.kind.iri for line in matrix.lines}
    assert all(each.words for each in matrix.cells)
    for each in matrix.cells:
        assert (each.state is State.RECORDED) == bool(each.recorded)
        assert len(each.recorded) == len({recorded.service for recorded in each.recorded})
    assert str(len(matrix.cells)) in matrix.summary


@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.sampled_from("stuv"), st.sampled_from("abc"))))
def test_rows_that_come_twice_change_no_cell(services: list[tuple[str, str, str]]) -> None:
    def matrix(times: int) -> list[tuple[str, str]]:
        told = Told(
            concepts=[{"concept": kind, "broader": None, "position": None} for kind in "abc"],
            services=[
                {"area": area, "service": name, "covers": area, "reach": "here", "starts": None, "ends": None, **STATED}
                for area, name, _ in services
            ]
            * times,
            facets=[{"service": name, "stated": kind, **STATED} for _, name, kind in services] * times,
            statements=[],
        )
        return [(each.kind.iri, each.words) for each in coverage.of(told, "XYZ", label=str).cells]

    assert matrix(1) == matrix(2)
