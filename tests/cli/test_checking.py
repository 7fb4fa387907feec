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

from taxonomy.cli import main

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


def test_a_sound_record_conforms(svssv) -> None:
    result = svssv("validate", RECORD)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "made-up-centre.ttl" in result.stdout


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
