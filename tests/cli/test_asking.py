"""`svssv query`, `questions` and `question`: data on standard output, one line on standard error, honest exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result

from taxonomy.cli import main
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import catalogue
from taxonomy.questions.results import Answer

MADE_UP_FILE = """#+ summary: Services of one kind
#+ params:
#+   kind: {type: concept, example: service-type/isva}
#+ columns: {service: the service}
SELECT ?service WHERE {
  VALUES ?kind { <https://w3id.org/svssv/concept/service-type/isva> }
  ?service <https://w3id.org/svssv/ontology#serviceType> ?kind .
} ORDER BY ?service
"""


@pytest.fixture
def svssv(home: Path) -> object:
    """The command on the home of the tests."""

    def run(*words: str, stdin: str | bytes = "") -> Result:
        return CliRunner(env={"SVSSV_HOME": str(home)}).invoke(main, words, input=stdin)

    return run


@pytest.mark.parametrize("name", sorted(catalogue.load()))
def test_shell_python_and_sparql_give_the_same_rows(svssv, kg: KnowledgeGraph, name: str) -> None:
    question = kg.questions[name]
    given = {parameter.name: list(parameter.example) for parameter in question.params}
    options = [word for key, values in given.items() for value in values for word in ("-p", f"{key}={value}")]
    expected = kg.ask(name, **given)
    form = "json" if len(name) % 2 else "csv"  # each form for half of the questions
    written = expected.to_json() if form == "json" else expected.to_csv()
    assert svssv("query", name, *options, "--format", form).stdout == written
    by_text = kg.sparql(kg.bind(question, **given))
    assert isinstance(by_text, Answer)
    assert by_text.to_csv() == expected.to_csv()


def test_the_query_that_would_run_is_shown_and_runs(svssv, kg: KnowledgeGraph) -> None:
    shown = svssv("query", "services-in-area", "-p", "area=Avon and Somerset", "--show").stdout
    assert "VALUES ?area { <http://statistics.data.gov.uk/id/statistical-geography/E23000036> }" in shown
    expected = kg.ask("services-in-area", area="E23000036").to_csv()
    assert svssv("query", "-e", shown, "--format", "csv").stdout == expected


def test_a_text_runs_as_it_stands_when_no_value_is_given(svssv, kg: KnowledgeGraph) -> None:
    question = kg.questions["where-a-fact-stands"]
    result = svssv("query", "-", "--format", "csv", stdin=question.text)
    assert result.exit_code == 0
    assert result.stdout == kg.ask(question.name, thing=question.params[0].example[0]).to_csv()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["query", "servces-in-area"], 1, "Did you mean services-in-area"),
        (["query", "xyzzy"], 1, "List them with: svssv questions"),
        (["query", "services-in-area", "-p", "area=Bristl"], 1, "Did you mean E06000023 (Bristol, local authority)?"),
        (["query", "services-in-area", "-p", "area=xyzzy"], 1, "List them with: svssv query known-areas"),
        (["query", "services-in-area", "-p", "aera=E23000036"], 2, "Did you mean area?"),
        (["query", "services-in-area", "-p", "area"], 2, "is not KEY=VALUE"),
        (["query", "where-a-fact-stands"], 2, "For example thing=service/isva-avon-and-somerset."),
        (["query", "sources", "--release", "9"], 1, "No release has the name '9'."),
        (["query"], 2, "Name a question, a file"),
        (["query", "sources", "-e", "ASK {}"], 2, "Name a question, a file"),
        (["query", "-e", "SELECT * WHERE { ?s"], 2, "line 1, column"),
        (["query", "-e", "ASK {}", "-p", "area=x"], 2, "takes no values"),
        (["query", "sources", "--as-at", "2018-03-12"], 2, "takes no parameter 'as_at'"),
        (["query", "annual-spend", "--as-at", "12/3/2018"], 2, "It is a day written year-month-day"),
        (["query", "-e", "SELECT * { SERVICE <http://127.0.0.1/> {} }"], 1, "SERVICE"),
        (["query", "-e", "INSERT DATA { <urn:a> <urn:b> 1 }"], 1, ""),
        (["query", "nowhere.rq"], 2, "nowhere.rq: cannot be read"),
        (["query", "sources", "-o", "answer.doc"], 2, "'answer.doc' has no suffix"),
        (["query", "sources", "-o", "nowhere/answer.csv"], 2, "Cannot be written"),
        (["query", "sources", "--format", "ttl"], 2, "rows, which have no ttl form"),
        (["query", "-e", "DESCRIBE <urn:a>", "--format", "csv"], 2, "a graph, which has no csv form"),
        (["query", "sources", "--frob"], 2, "No such option '--frob'"),
        (["frob"], 2, "No such command 'frob'"),
        (["question", "servces-in-area"], 1, "Did you mean services-in-area"),
        (["questions", "--tag", "xyzzy"], 2, "The tags are"),
    ],
)
def test_a_mistake_is_one_line_and_an_exit_code(svssv, words: list[str], status: int, says: str) -> None:
    result = svssv(*words)
    assert (result.exit_code, result.stdout) == (status, "")
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_traceback_is_shown_only_when_asked_for(svssv) -> None:
    assert "Traceback" in svssv("query", "xyzzy", "--debug").stderr
    assert "Traceback" in svssv("--debug", "query", "xyzzy").stderr


def test_a_query_comes_from_a_file_with_or_without_a_header(svssv, tmp_path: Path) -> None:
    bare, headed = tmp_path / "bare.rq", tmp_path / "services-of-kind.rq"
    bare.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    headed.write_text(MADE_UP_FILE, encoding="utf-8")
    assert json.loads(svssv("query", str(bare), "--format", "json").stdout)["rows"] == [{"answer": True}]
    result = json.loads(svssv("query", str(headed), "-p", "kind=service-type/sarc", "--format", "json").stdout)
    assert result["question"] == "services-of-kind"
    assert "sarc-avon-and-somerset" in [row["service"].rsplit("/", 1)[-1] for row in result["rows"]]
    headed.write_text(MADE_UP_FILE.replace("type: concept", "type: concpet"), encoding="utf-8")
    result = svssv("query", str(headed))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "unknown type 'concpet'" in result.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"   "])
def test_a_file_that_holds_no_query_is_refused(svssv, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.rq"
    path.write_bytes(content)
    result = svssv("query", str(path))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert svssv("query", "-", stdin=content).exit_code == 2


def test_the_suffix_of_a_file_is_the_form_of_the_answer(svssv, kg: KnowledgeGraph, tmp_path: Path) -> None:
    expected = kg.ask("budget-lines")
    for suffix in ("csv", "tsv", "json", "jsonl", "md", "xlsx", "parquet", "txt"):
        result = svssv("query", "budget-lines", "-o", str(tmp_path / f"answer.{suffix}"))
        assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert (tmp_path / "answer.csv").read_bytes().decode() == expected.to_csv()
    assert (tmp_path / "answer.md").read_text(encoding="utf-8") == expected.to_markdown()
    assert openpyxl.load_workbook(tmp_path / "answer.xlsx")["Answer"].max_row == len(expected) + 1
    assert pl.read_parquet(tmp_path / "answer.parquet").height == len(expected)
    assert "£807,542" in (tmp_path / "answer.txt").read_text(encoding="utf-8")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == sorted(
        [".csv", ".tsv", ".json", ".jsonl", ".md", ".xlsx", ".parquet", ".txt"]
    )


def test_a_graph_has_graph_forms(svssv, tmp_path: Path) -> None:
    query = "CONSTRUCT WHERE { ?s a <https://w3id.org/svssv/ontology#Fund> }"
    assert "a sv:Fund" in svssv("query", "-e", query).stdout
    for suffix, has in (("nt", " ."), ("jsonld", '"@id"'), ("rdf", "<rdf:RDF"), ("trig", "sv:Fund"), ("nq", " .")):
        path = tmp_path / f"funds.{suffix}"
        assert svssv("query", "-e", query, "-o", str(path)).exit_code == 0
        assert has in path.read_text(encoding="utf-8")


def test_labels_can_be_left_out(svssv) -> None:
    plain = svssv("query", "sources", "--format", "csv", "--no-labels").stdout
    assert "document_label" in svssv("query", "sources", "--format", "csv").stdout
    assert "label" not in next(csv.reader(io.StringIO(plain)))
    assert "https://w3id.org/svssv/id/source/" in svssv("query", "sources", "--no-labels").stdout


def test_the_catalogue_is_listed_and_each_question_explained(svssv) -> None:
    listed = svssv("questions").stdout
    assert all(name in listed for name in catalogue.load())
    assert "labels " not in listed
    assert "services-in-area" not in svssv("questions", "--tag", "money").stdout
    names = [each["name"] for each in json.loads(svssv("questions", "--format", "json").stdout)]
    assert names == list(catalogue.load())
    told = svssv("question", "where-a-fact-stands").stdout
    assert "Try: svssv query where-a-fact-stands -p thing=service/isva-avon-and-somerset" in told
    assert json.loads(svssv("question", "lots", "--format", "json").stdout)["params"][0]["optional"] is True
