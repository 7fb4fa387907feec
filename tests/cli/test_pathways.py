"""``svssv pathways``: the same rows as the page and Python, and an exit code that says whether there is a way."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from taxonomy.cli import main
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app, reading

AREA = "E23000036"
ASKED = [
    ([], "", {}),
    (
        ["--from", "self", "--age", "15", "--reported", "no"],
        "?from=referral-source/self&age=15&reported=no",
        {"start": "self", "age": 15, "reported": False},
    ),
    (
        ["--from", "sarcs-england", "--to", "sexual-violence-counselling-england", "--as-at", "2026-01-31"],
        "?from=sarcs-england&to=sexual-violence-counselling-england&as_at=2026-01-31",
        {"start": "sarcs-england", "end": "sexual-violence-counselling-england", "as_at": date(2026, 1, 31)},
    ),
]


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["pathways", *words, "--home", str(home)])


@pytest.fixture(scope="module")
def client(home: Path) -> FlaskClient:
    app = create_app(home)
    yield app.test_client()
    with app.app_context():
        reading.current().close()


@pytest.mark.parametrize(("words", "query", "said"), ASKED)
def test_shell_page_and_python_give_the_same_rows(
    home: Path, client: FlaskClient, kg: KnowledgeGraph, words: list[str], query: str, said: dict[str, object]
) -> None:
    printed = run(home, AREA, *words, "--format", "csv")
    assert printed.exit_code == 0, printed.output
    answer = kg.pathways(AREA, **said)
    assert printed.stdout == answer.to_csv()
    assert client.get(f"/areas/{AREA}/pathways.csv{query}").text == answer.to_csv()
    assert list(answer.to_pandas(labels=False)["way"]) == [row["way"] for row in answer.rows]


def test_where_no_way_is_open_the_answer_is_no(home: Path) -> None:
    refused = run(home, AREA, "--from", "external-agency")
    assert refused.exit_code == 1
    assert "No way is found" in refused.stderr
    assert run(home, AREA, "--from", "self", "--to", "lighthouse-avon-and-somerset").exit_code == 1


def test_a_place_that_there_is_not_is_not_found_and_names_some(home: Path) -> None:
    unknown = run(home, AREA, "--from", "nowhere")
    assert unknown.exit_code == 1
    assert "Did you mean" in unknown.stderr
    assert unknown.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [["--age", "old"], ["--age", "200"], ["--reported", "maybe"], ["--as-at", "soon"]])
def test_an_answer_that_cannot_be_given_is_misuse(home: Path, words: list[str]) -> None:
    wrong = run(home, AREA, *words)
    assert wrong.exit_code == 2
    assert wrong.stderr.count("\n") == 1


def test_a_file_is_written_in_the_form_of_its_suffix(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ways.json"
    assert run(home, AREA, "--from", "police", "-o", str(file)).exit_code == 0
    saved = json.loads(file.read_text())
    assert {row["for_this_person"] for row in saved["rows"]} == {"open", "not reached"}
