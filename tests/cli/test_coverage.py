"""`svssv coverage`: the cells of the page, in the shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from taxonomy.cli import main
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app

Run = Callable[..., Result]


@pytest.fixture
def svssv(home: Path) -> Run:
    """The command on the home of the tests."""

    def run(*words: str) -> Result:
        return CliRunner(env={"SVSSV_HOME": str(home)}).invoke(main, ["coverage", *words])

    return run


@pytest.fixture
def client(home: Path) -> FlaskClient:
    return create_app(home).test_client()


@pytest.mark.parametrize("by", ["service-type", "need", "community", "stage", "age-group"])
def test_page_shell_and_python_give_the_same_cells(
    svssv: Run, kg: KnowledgeGraph, client: FlaskClient, by: str
) -> None:
    shell = svssv("E23000036", "--parts", "--by", by, "--format", "csv")
    assert 0 == shell.exit_code
    assert kg.coverage("E23000036", by=by, parts=True).answer.to_csv() == shell.stdout
    columns = "area" if by == "community" else "parts"
    page = client.get(f"/areas/E23000036/gaps.csv?by={by}&columns={columns}").get_data(as_text=True)
    assert kg.coverage("E23000036", by=by, parts=columns == "parts").answer.to_csv() == page


def test_several_areas_are_columns_in_their_order(svssv: Run) -> None:
    lines = svssv("Leicester", "Avon and Somerset", "--by", "need", "--format", "csv").stdout.splitlines()
    assert ["E06000016", "E23000036"] == [line.split(",")[2].rsplit("/", 1)[-1] for line in lines[1:3]]


def test_the_summary_goes_to_standard_error(svssv: Run) -> None:
    result = svssv("E23000002", "--by", "need", "--format", "csv")
    assert "9 needs and 1 area make 9 cells" in result.stderr
    assert "make" not in result.stdout


def test_an_area_that_there_is_not_ends_with_1_and_misuse_with_2(svssv: Run) -> None:
    assert (1, 2, 2) == (
        svssv("Nowhere").exit_code,
        svssv().exit_code,
        svssv("E23000036", "--by", "need", "--across", "need").exit_code,
    )


def test_a_day_is_a_day(svssv: Run) -> None:
    assert 2 == svssv("E23000036", "--as-at", "yesterday").exit_code
    early = svssv("E92000001", "--as-at", "2010-01-01", "--by", "stage", "--format", "csv").stdout
    assert "Letting the Future In" not in early
    assert "Letting the Future In" in svssv("E92000001", "--by", "stage", "--format", "csv").stdout


def test_a_file_has_the_form_of_its_suffix(svssv: Run, tmp_path: Path) -> None:
    assert 0 == svssv("E23000036", "--by", "need", "-o", str(tmp_path / "gaps.json")).exit_code
    assert '"state"' in (tmp_path / "gaps.json").read_text(encoding="utf-8")
