"""`svssv funding`: the money of an area, and the tables that its page gives."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from taxonomy.cli import main
from taxonomy.knowledge import KnowledgeGraph

AREA, OPCC = "E23000036", "organisation/opcc-avon-and-somerset"


@pytest.fixture
def svssv(home: Path) -> object:
    """The command on the home of the tests."""

    def run(*words: str) -> Result:
        return CliRunner(env={"SVSSV_HOME": str(home)}).invoke(main, ["funding", *words])

    return run


def test_every_option_gives_the_table_that_python_gives(svssv, kg: KnowledgeGraph) -> None:
    money = kg.funding(AREA)
    supposed = money.supposed(kg.thing(OPCC))
    tables = {
        (): money.shares,
        ("--by", "funder"): money.totals("funder"),
        ("--timeline",): money.timeline,
        ("--ending-within", "12", "--on", "2018-03-12"): money.ending(date(2018, 3, 12), 12),
        ("--dependence", "service"): money.dependence(),
        ("--without", OPCC): money.without(supposed),
        ("--without", OPCC, "--steps"): money.steps(supposed, kg.pathway(AREA)),
        ("--as-at", "2020-06-01"): kg.funding(AREA, as_at=date(2020, 6, 1)).shares,
    }
    for words, table in tables.items():
        result = svssv(AREA, *words, "--format", "csv")
        assert result.exit_code == 0, words
        assert list(csv.reader(io.StringIO(result.stdout))) == list(csv.reader(io.StringIO(table.to_csv()))), words


def test_how_many_amounts_are_not_published_is_always_said(svssv) -> None:
    result = svssv(AREA, "--by", "service")
    assert "2 of 9 agreements have no published amount" in result.stderr


def test_where_nothing_ends_the_answer_is_no_and_a_day_is_offered(svssv) -> None:
    result = svssv(AREA, "--ending-within", "12", "--on", "2026-11-30")
    assert result.exit_code == 1
    assert "--on 2018-03-12" in result.stderr


def test_an_area_without_agreements_is_not_known_which_is_not_none(svssv) -> None:
    result = svssv("E23000002")
    assert result.exit_code == 1
    assert "not known, which is not the same as none" in result.stderr


def test_a_file_has_the_form_of_its_suffix(svssv, tmp_path: Path) -> None:
    file = tmp_path / "sums.md"
    assert svssv(AREA, "--by", "funder", "-o", str(file)).exit_code == 0
    assert "| 2177368 |" in file.read_text()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["Nowhere"], 1, "No area has the name"),
        ([AREA, "--without", "organisation/comic-relief"], 1, "No funder or agreement of this area has the name"),
        ([AREA, "--by", "funder", "--timeline"], 2, "one at a time"),
        ([AREA, "--steps"], 2, "--steps goes with --without or --after"),
        ([AREA, "--on", "yesterday"], 2, "Invalid value for '--on'"),
    ],
)
def test_what_cannot_be_answered_says_why(svssv, words: list[str], status: int, says: str) -> None:
    result = svssv(*words)
    assert result.exit_code == status
    assert says in result.stderr
