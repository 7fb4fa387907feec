"""Areas found by what people call them: names, other names, former names, codes, and nearly so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis import gazetteer
from taxonomy.analysis.gazetteer import Gazetteer, How
from taxonomy.namespaces import EXAMPLE


def row(slug: str, label: str, name: str = "", **known: object) -> dict[str, object]:
    blank = {"code": None, "ods": None, "kind": "county", "ended": None}
    return {"area": f"{EXAMPLE}id/area/{slug}", "label": label, "name": name or label, **blank, **known}


AREAS = (
    row("north", "North Made-Up", code="X01"),
    row("north", "North Made-Up", "Madeup & the North", code="X01"),
    row("board", "Made-Up Care Board", code="X02", ods="QQ1"),
    row("shire", "Invented Shire", code="X03"),
    row("old", "Invented Shire", code="X04", ended=date(2020, 3, 31)),
)


@pytest.fixture(scope="module")
def areas() -> Gazetteer:
    return gazetteer.of(AREAS)


def found(areas: Gazetteer, words: str) -> list[tuple[str, How]]:
    return [(match.place.name.iri.rpartition("/")[2], match.how) for match in areas.search(words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("x01", [("north", How.CODE)]),
        ("qq1", [("board", How.CODE)]),
        ("X04", [("old", How.CODE)]),
        ("north made-up", [("north", How.NAME)]),
        ("Madeup and the north", [("north", How.OTHER_NAME)]),
        ("care", [("board", How.NAME)]),
        ("boart", [("board", How.NEARLY)]),
        ("xyzzyx", []),
        ("  ", []),
        ("&&&", [("north", How.OTHER_NAME)]),
    ],
)
def test_an_area_is_found_by(areas: Gazetteer, words: str, expected: list[tuple[str, How]]) -> None:
    assert found(areas, words) == expected


def test_of_two_areas_with_one_name_the_one_in_force_comes_first(areas: Gazetteer) -> None:
    assert [slug for slug, _ in found(areas, "invented")] == ["shire", "old"]


def test_a_key_of_two_areas_means_the_one_in_force(areas: Gazetteer) -> None:
    assert [place.codes for place in areas.named("Invented Shire")] == [("X03",)]


def test_another_name_means_an_area_where_no_label_does(areas: Gazetteer) -> None:
    assert [place.codes for place in areas.named("madeup & the north")] == [("X01",)]


def test_the_nearest_areas_are_named_with_code_and_kind(areas: Gazetteer) -> None:
    assert areas.near("invented-shyre")[0].startswith("X0")
    assert "Invented Shire, county" in areas.near("invented-shyre")[0]


@given(st.sampled_from([str(each["name"]) for each in AREAS]), st.data())
def test_a_name_is_found_by_any_beginnings_of_its_words(name: str, data: st.DataObject) -> None:
    words = [word[: data.draw(st.integers(2, len(word)))] for word in name.replace("&", "and").split() if len(word) > 1]
    assert name in {match.by for match in gazetteer.of(AREAS).search(" ".join(words))}


@given(st.text(max_size=60))
def test_any_words_give_areas_each_once_or_none(words: str) -> None:
    slugs = [match.place.name.iri for match in gazetteer.of(AREAS).search(words)]
    assert len(slugs) == len(set(slugs))
