"""Keys and what they seal, from the shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.restricted import ADDRESS, workbook

from taxonomy.cli import main
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import People, Role

CENTRE = "https://example.org/id/organisation/made-up-centre"


class Shell:
    """A shell with a practice home, its people and its keys."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.folder, self.env = folder, {"SVSSV_HOME": str(home)}
        with Ledger(home / "ledger.sqlite") as ledger:
            people = People(ledger)
            self.tokens = {
                "robin": people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[1],
                "sam": people.add("sam", [Role.STEWARD])[1],
            }

    def run(self, *words: str, by: str = "", key: str = "") -> Result:
        env = self.env | {"SVSSV_TOKEN": self.tokens.get(by, "")}
        env["SVSSV_RESTRICTED_KEY_FILE"] = str(self.folder / key) if key else ""
        return CliRunner().invoke(main, [*words, *(["--by", by] if by else [])], env=env)


@pytest.fixture
def shell(practice_home: Path, tmp_path: Path) -> Shell:
    made = Shell(practice_home, tmp_path)
    assert made.run("keys", "make", "--out", str(tmp_path / "one.key")).exit_code == 0
    assert made.run("submit", str(workbook(tmp_path / "records.xlsx")), by="robin").exit_code == 0
    return made


def test_a_steward_with_the_key_reads_what_is_sealed_and_is_listed(shell: Shell) -> None:
    assert ADDRESS in shell.run("restricted", "show", "1", by="sam", key="one.key").stdout
    assert "sam" in shell.run("restricted", "openings", "1").stdout


def test_the_file_comes_back_as_it_was_sent(shell: Shell) -> None:
    back = shell.folder / "back.xlsx"
    assert shell.run("restricted", "show", "1", "--file", str(back), by="sam", key="one.key").exit_code == 0
    assert back.read_bytes() == (shell.folder / "records.xlsx").read_bytes()


@pytest.mark.parametrize(("by", "key"), [("robin", "one.key"), ("sam", "")])
def test_without_the_role_or_the_key_nothing_is_shown(shell: Shell, by: str, key: str) -> None:
    refused = shell.run("restricted", "show", "1", by=by, key=key)
    assert refused.exit_code == 1
    assert ADDRESS not in refused.output


def test_a_key_that_others_may_read_is_refused_with_what_to_do(shell: Shell) -> None:
    (shell.folder / "one.key").chmod(0o644)
    refused = shell.run("restricted", "show", "1", by="sam", key="one.key")
    assert refused.exit_code == 2
    assert "chmod 600" in refused.stderr


def test_a_new_key_takes_the_place_of_the_old_one(shell: Shell) -> None:
    new = str(shell.folder / "two.key")
    assert "3 boxes" in shell.run("keys", "rotate", "--out", new, key="one.key").stderr
    assert ADDRESS in shell.run("restricted", "show", "1", by="sam", key="two.key").stdout
    assert shell.run("restricted", "show", "1", by="sam", key="one.key").exit_code == 1


def test_the_doctor_says_how_much_is_sealed_for_which_key(shell: Shell) -> None:
    assert "3 boxes, all sealed for the key" in shell.run("doctor").stdout


def test_neither_review_nor_history_says_what_is_sealed(shell: Shell) -> None:
    for words in (["review", "show", "1"], ["review", "show", "1", "--record"], ["history", "1"], ["review", "list"]):
        assert ADDRESS not in shell.run(*words).output
