"""What the README and the guides tell a reader to type does what they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from taxonomy.cli import main

CHECKOUT = Path(__file__).resolve().parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def test_each_command_of_the_readme_runs_in_turn(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [block] = [text for language, text in BLOCKS if language == "sh" and "svssv questions" in text]
    commands = [shlex.split(line, comments=True)[1:] for line in block.splitlines() if line.startswith("svssv ")]
    for command in commands:
        done = CliRunner().invoke(main, command, env={"SVSSV_HOME": str(home)}, prog_name="svssv")
        unfilled = command[0] == "validate"  # the template as it came: "no" is the answer
        assert done.exit_code == (1 if unfilled else 0), f"{command}\n{done.output}"
    assert len(commands) > 10
    assert {"funders.csv", "records.xlsx", "back.xlsx"} <= {path.name for path in tmp_path.iterdir()}


def test_the_python_of_the_readme_runs(home: Path) -> None:
    [block] = [text for language, text in BLOCKS if language == "python"]
    env = {**os.environ, "SVSSV_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", block], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "NHS England 80000" in done.stdout


@pytest.mark.parametrize("page", ["README.md", "docs/researchers.md"])
def test_each_query_sent_over_http_is_answered(site: str, page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8").replace("\\\n", " ")
    queries = [
        each for line in text.splitlines() if "/sparql" in line for each in re.findall(r"curl .*'query=([^']+)'", line)
    ]
    assert queries
    for query in queries:
        with urlopen(f"{site}/sparql", urlencode({"query": query, "format": "csv"}).encode()) as answer:
            assert len(answer.read().splitlines()) > 1, query
