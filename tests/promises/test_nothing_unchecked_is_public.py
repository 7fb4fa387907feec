"""Promise 3. A record is published only after it conforms and a second person agrees."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path

import openpyxl
import pytest

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import create_app

CENTRE = "https://example.org/id/organisation/made-up-centre"
MADE_UP = Path(__file__).resolve().parents[1] / "publishing" / "records" / "made-up-centre.ttl"

SVSSV = Path(sysconfig.get_path("scripts")) / "svssv"
SERVICE = "https://example.org/id/service/made-up-counselling"


class Shell:
    """The command as people run it, in one practice home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.tokens: dict[str, str] = {}
        self("init", str(home), "--practice")

    def __call__(self, *words: str, by: str = "", code: int = 0) -> str:
        env = {**os.environ, "SVSSV_HOME": str(self.home), "SVSSV_TOKEN": self.tokens.get(by, "")}
        done = subprocess.run(
            [SVSSV, *words, *(["--by", by] if by else [])], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def person(self, name: str, role: str, *more: str) -> None:
        printed = self("people", "add", name, "--role", role, *more)
        self.tokens[name] = max(re.findall(r"[\w-]{20,}", printed), key=len)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("desk") / "home")
    shell.person("robin", "contributor", "--organisation", CENTRE)
    shell.person("sam", "steward")
    return shell


def test_a_record_goes_from_a_file_to_the_area_page_and_to_sparql_by_two_people(shell: Shell) -> None:
    shell("submit", str(MADE_UP), by="robin")
    assert "made-up" in shell("review", "list").lower()
    shell("publish", "1", by="sam", code=1)  # not approved yet
    shell("review", "approve", "1", "--reason", "I run it myself", by="robin", code=1)
    shell("review", "approve", "1", "--reason", "Read together with the provider", by="sam")
    shell("publish", "1", by="sam")
    with KnowledgeGraph.open(shell.home) as kg:
        found = kg.sparql(f"SELECT ?graph WHERE {{ GRAPH ?graph {{ <{SERVICE}> a ?type }} }} ORDER BY ?graph")
        assert any("/graph/record/" in str(row["graph"]) for row in found)
    page = create_app(shell.home).test_client().get("/areas/E23000036/services").get_data(as_text=True)
    assert "Made-Up" in page


def test_a_record_that_breaks_a_rule_is_answered_with_the_rule_and_not_kept(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(re.sub(r"\n    sv:serviceType <[^>]+> ;", "", MADE_UP.read_text()))
    before = shell("review", "list")
    assert "must" in shell("submit", str(broken), by="robin", code=1).lower()
    assert shell("review", "list") == before


def test_a_workbook_that_is_no_workbook_gets_one_clear_line(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "records.xlsx"
    path.write_text("not a workbook")
    assert len(shell("validate", str(path), code=2).strip().splitlines()) == 1


def test_a_finding_names_the_sheet_and_the_cell(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "records.xlsx"
    shell("template", "-o", str(path))
    book = openpyxl.load_workbook(path)
    assert {"Organisation", "Services"} <= set(book.sheetnames)
    printed = shell("validate", str(path), code=1)
    assert "Organisation" in printed
