"""`svssv validate` and `svssv template`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyoxigraph
import pytest
from click.testing import CliRunner, Result

from taxonomy import intake
from taxonomy.cli import checking, main
from taxonomy.intake import sample
from taxonomy.validation import engines

RECORD = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"


@pytest.fixture
def svssv(practice_home: Path) -> object:
    """The command in a practice home without a release."""

    def run(*words: str | Path) -> Result:
        return CliRunner(env={"SVSSV_HOME": str(practice_home)}).invoke(main, [str(word) for word in words])

    return run


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The made-up record without what kind of service it is about."""
    path = tmp_path / "faulty.ttl"
    lines = RECORD.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "    sv:serviceType " not in line), encoding="utf-8")
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The sample workbook with a slip in one cell."""
    path = tmp_path / "records.xlsx"
    path.write_bytes(sample.workbook())
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["B3"] = "sixteen"
    book.save(path)
    return path


def test_a_sound_record_conforms(svssv) -> None:
    result = svssv("validate", RECORD)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "made-up-centre.ttl" in result.stdout


def test_the_sample_workbook_is_a_sound_practice_record(svssv, tmp_path: Path) -> None:
    path = tmp_path / "sample.xlsx"
    path.write_bytes(sample.workbook())
    result = svssv("validate", path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "must fix: 0, check this: 0" in result.stdout
    assert "This is a practice record" in result.stdout


def test_a_faulty_record_is_answered_no_in_every_form(svssv, faulty: Path) -> None:
    text = svssv("validate", faulty)
    assert (text.exit_code, text.stderr) == (1, "")
    told = json.loads(svssv("validate", faulty, "--report", "json").stdout)
    assert told["conforms"] is False
    assert len(list(csv.DictReader(io.StringIO(svssv("validate", faulty, "--report", "csv").stdout)))) >= 1
    report = svssv("validate", faulty, "--report", "ttl").stdout
    assert any(quad.object.value == "false" for quad in pyoxigraph.parse(report, format=pyoxigraph.RdfFormat.TURTLE))


def test_several_files_are_checked_and_one_fault_is_enough(svssv, faulty: Path) -> None:
    result = svssv("validate", RECORD, faulty)
    assert result.exit_code == 1
    assert result.stdout.index("made-up-centre.ttl") < result.stdout.index("faulty.ttl")
    assert svssv("validate", RECORD, faulty, "--report", "json").exit_code == 2


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("report.txt", b"records.xlsx: 1 thing"),
        ("report.html", b"<!DOCTYPE html>"),
        ("report.json", b"{"),
        ("report.csv", b"level,"),
        ("report.ttl", b"@prefix"),
        ("report.xlsx", b"PK"),
    ],
)
def test_the_suffix_of_the_file_is_the_form_of_the_report(
    svssv, workbook: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    result = svssv("validate", workbook, "-o", tmp_path / name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_suffix_that_names_no_form_is_misuse(svssv, tmp_path: Path) -> None:
    result = svssv("validate", RECORD, "-o", tmp_path / "report.doc")
    assert result.exit_code == 2
    assert ".html" in result.stderr


def test_only_what_is_as_grave_is_told_and_the_rest_is_not_counted_as_nought(svssv, workbook: Path) -> None:
    told = json.loads(svssv("validate", workbook, "--level", "must", "--report", "json").stdout)
    assert {"must": 1, "check": None, "could": None} == told["counts"]


def test_a_workbook_comes_back_with_comments_and_is_compared_when_it_is_checked_again(
    svssv, workbook: Path, tmp_path: Path
) -> None:
    before, back = workbook.read_bytes(), tmp_path / "mend-these.xlsx"
    result = svssv("validate", workbook, "--annotate", back)
    assert result.exit_code == 1
    assert "a copy of records.xlsx" in result.stderr
    assert workbook.read_bytes() == before
    assert openpyxl.load_workbook(back)["Eligibility"]["B3"].comment is not None
    assert "0 fixed, 1 left, 0 new" in svssv("validate", back).stdout
    book = openpyxl.load_workbook(back)
    book["Eligibility"]["B3"] = 16
    book.save(back)
    mended = svssv("validate", back)
    assert mended.exit_code == 0
    assert "1 fixed, 0 left, 0 new" in mended.stdout


def test_a_report_as_json_can_be_compared_with(svssv, workbook: Path, tmp_path: Path) -> None:
    svssv("validate", workbook, "-o", tmp_path / "first.json")
    result = svssv("validate", workbook, "--against", tmp_path / "first.json")
    assert "0 fixed, 1 left, 0 new" in result.stdout
    told = json.loads(svssv("validate", workbook, "--against", tmp_path / "first.json", "--report", "json").stdout)
    assert (0, 1, 0) == tuple(told["difference"][each] for each in ("fixed", "left", "new"))


def test_a_heading_that_was_not_understood_can_be_told(svssv, workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["Eligibility"]["B1"], book["Eligibility"]["B3"] = "Zwölf", 16
    book.save(workbook)
    assert "not read" in svssv("validate", workbook).stdout
    told = svssv("validate", workbook, "--map", "Zwölf=Age from")
    assert told.exit_code == 0
    assert "“Zwölf” read as “Age from” (as you told us)" in told.stdout
    assert svssv("validate", workbook, "--map", "Zwölf=No such field").exit_code == 2
    assert svssv("validate", workbook, "--map", "Zwölf").exit_code == 2


def test_the_kinds_of_files_and_the_engines_are_those_that_there_are() -> None:
    assert intake.KINDS == checking.KINDS
    assert engines.NAMES == checking.ENGINES


def test_every_engine_says_the_same(svssv, faulty: Path) -> None:
    said = [
        json.loads(svssv("validate", faulty, "--engine", each, "--report", "json").stdout) for each in engines.NAMES
    ]
    assert len({json.dumps(each["findings"]) for each in said}) == 1
    assert len({each["engine"] for each in said}) > 1


def test_there_is_no_bar_where_there_is_no_terminal(svssv, faulty: Path) -> None:
    assert svssv("validate", faulty, "--jobs", "1").stderr == ""


@pytest.mark.parametrize(
    "words",
    [
        ("--annotate", "back.txt"),
        ("--annotate", "records.xlsx"),
        ("--against", "nowhere.json"),
        ("--against", "records.xlsx"),
        ("--most-megabytes", "0.001"),
    ],
)
def test_misuse_is_one_line_and_leaves_the_file_alone(svssv, workbook: Path, words: tuple[str, str]) -> None:
    before = workbook.read_bytes()
    name, value = words
    path = workbook.parent / value if name in {"--annotate", "--against"} else value
    result = svssv("validate", workbook, name, path)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert workbook.read_bytes() == before


def test_a_report_goes_into_a_file(svssv, tmp_path: Path) -> None:
    result = svssv("validate", RECORD, "--report", "json", "-o", tmp_path / "report.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["conforms"] is True


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("not-a-workbook.xlsx", b"this is no workbook"),
        ("empty.xlsx", b""),
        ("broken.ttl", b"<https://example.org/a> <"),
        ("record.doc", b"x"),
        ("nowhere.ttl", None),
    ],
)
def test_what_cannot_be_read_is_one_line(svssv, tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = svssv("validate", path)
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    assert name in line


def test_the_template_is_a_workbook_to_fill_in(svssv, tmp_path: Path) -> None:
    path = tmp_path / "records.xlsx"
    result = svssv("template", "-o", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"svssv validate {path}" in result.stderr
    assert len(openpyxl.load_workbook(path).sheetnames) > 1
    assert svssv("validate", path).exit_code in {1, 2}  # nothing is filled in yet
    assert svssv("template", "-o", tmp_path / "records.ods").exit_code == 2
