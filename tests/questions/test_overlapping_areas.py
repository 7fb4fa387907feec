"""A question about an area finds what is recorded for areas that overlap it, and says that it is recorded for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from taxonomy import assets
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import catalogue

BATH_BOARD, AVON_AND_SOMERSET, OUTSIDE = "E54000040", "E23000036", "E06000023"  # a board, a police force area, a city
PLACED = sorted(
    name
    for name, question in catalogue.load().items()
    if "where" in question.columns and {param.name for param in question.params} in ({"area"}, {"area", "as_at"})
)
MAP = assets.folder("queries") / "map"  # the pages of the map say how a place lies to the area in their own way


def test_there_are_questions_that_say_where() -> None:
    assert len(PLACED) > 25


@pytest.mark.parametrize("name", PLACED)
def test_nothing_of_an_area_that_overlaps_a_board_counts_as_in_the_board(kg: KnowledgeGraph, name: str) -> None:
    assert "in the area" not in {row["where"] for row in kg.ask(name, area=BATH_BOARD)}


def test_an_area_that_overlaps_a_board_brings_its_money_and_says_so(kg: KnowledgeGraph) -> None:
    told = {row["where"] for row in kg.ask("money-by-service", area=BATH_BOARD)}
    assert told == {"covers an area that overlaps it"}


def test_a_city_of_an_overlapping_area_that_lies_outside_a_board_brings_nothing_to_it(kg: KnowledgeGraph) -> None:
    around = {str(row["other"]).rsplit("/", 1)[-1]: row["relation"] for row in kg.ask("page-area-around", area=OUTSIDE)}
    assert around[AVON_AND_SOMERSET] == "lies in"
    assert BATH_BOARD not in around


@pytest.mark.parametrize(
    "path", [path for path in assets.files("queries", "**/*.rq") if path.parent != MAP], ids=lambda path: path.name
)
def test_a_question_that_looks_up_and_down_looks_sideways_too(path: Path) -> None:
    text = re.sub(r"\s+", "", path.read_text(encoding="utf-8"))
    assert "(sv:within*|(^sv:within)*)" not in text
