"""The desk in the shell: tables on standard output, words on standard error, and an exit code that says how it went."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from taxonomy.cli import main

CENTRE = "https://example.org/id/organisation/made-up-centre"
RECORD = Path(__file__).parent / "records" / "made-up-centre.ttl"


class Shell:
    """A person at a terminal, with a home and perhaps a token."""

    def __init__(self, home: Path) -> None:
        self.home, self.tokens = home, dict[str, str]()

    def run(self, *words: str, by: str = "") -> Result:
        acting = ["--by", by] if by else []
        environment = {"SVSSV_HOME": str(self.home), "SVSSV_TOKEN": self.tokens.get(by, "")}
        return CliRunner().invoke(main, [*words, *acting], env=environment, prog_name="svssv")

    def ok(self, *words: str, by: str = "") -> str:
        result = self.run(*words, by=by)
        assert result.exit_code == 0, result.output
        return result.stdout

    def add(self, name: str, *roles: str, by: str = "") -> None:
        printed = self.ok("people", "add", name, *(word for role in roles for word in ("--role", role)), by=by)
        self.tokens[name] = printed.strip()


@pytest.fixture
def shell(practice_home: Path) -> Shell:
    made = Shell(practice_home)
    made.add("robin", "contributor")
    made.ok("people", "role", "robin", "--organisation", CENTRE)
    made.add("sam", "steward", "commissioner")
    return made


def test_a_token_stands_alone_on_standard_output(shell: Shell) -> None:
    result = shell.run("people", "add", "kim", "--role", "contributor")
    assert len(result.stdout.split()) == 1
    assert "cannot be shown again" in result.stderr


def test_people_are_listed_with_their_roles_and_without_tokens(shell: Shell) -> None:
    table = shell.ok("people", "list")
    assert "commissioner, steward" in table
    assert not any(token in table for token in shell.tokens.values())
    assert [person["name"] for person in json.loads(shell.ok("people", "list", "--format", "json"))] == ["robin", "sam"]


def test_an_administrator_renews_and_ends(shell: Shell) -> None:
    shell.add("alex", "administrator")
    shell.tokens["robin"] = shell.ok("people", "token", "robin", by="alex").strip()
    shell.ok("submit", str(RECORD), by="robin")
    shell.ok("people", "disable", "robin", by="alex")
    assert shell.run("submit", str(RECORD), by="robin").exit_code == 1
    assert shell.run("people", "disable", "alex", by="sam").exit_code == 1
    assert shell.run("people", "enable", "robin", by="sam").exit_code == 1
    shell.ok("people", "enable", "robin", by="alex")
    assert shell.run("submit", str(RECORD), by="robin").exit_code == 1
    shell.tokens["robin"] = shell.ok("people", "token", "robin", by="alex").strip()
    shell.ok("submit", str(RECORD), by="robin")


def test_a_token_with_fewer_scopes_does_less(shell: Shell) -> None:
    shell.ok("submit", str(RECORD), by="robin")
    shell.tokens["sam"] = shell.ok(
        "people", "token", "sam", "--label", "reading", "--scope", "submit", by="sam"
    ).strip()
    refused = shell.run("review", "approve", "1", by="sam")
    assert refused.exit_code == 1
    assert "scope review" in refused.stderr


def test_a_token_is_listed_and_revoked_by_its_holder(shell: Shell) -> None:
    [held] = json.loads(shell.ok("people", "token", "sam", "--list", "--format", "json", by="sam"))
    assert shell.tokens["sam"] not in str(held)
    shell.ok("people", "token", "sam", "--revoke", held["id"], by="sam")
    assert shell.run("people", "token", "sam", "--list", by="sam").exit_code == 1


def test_a_contributor_submits_for_their_own_organisation_alone(shell: Shell) -> None:
    shell.add("kim", "contributor")
    refused = shell.run("submit", str(RECORD), by="kim")
    assert refused.exit_code == 1
    assert "not theirs" in refused.stderr


def test_roles_are_given_and_taken(shell: Shell) -> None:
    shell.ok("people", "role", "sam", "--give", "administrator", "--take", "commissioner", "--area", "E23000036")
    [sam] = [each for each in json.loads(shell.ok("people", "list", "--format", "json")) if each["name"] == "sam"]
    assert (sam["roles"], sam["areas"]) == (["administrator", "steward"], ["E23000036"])
    assert shell.run("people", "role", "robin", "--give", "steward").exit_code == 1


def test_a_password_comes_from_standard_input_and_is_repeated_nowhere(shell: Shell) -> None:
    words = "lantern gravel orchestra"
    environment = {"SVSSV_HOME": str(shell.home)}
    command = ["people", "password", "sam", "--stdin"]
    done = CliRunner().invoke(main, command, input=f"{words}\n", env=environment, prog_name="svssv")
    assert done.exit_code == 0, done.output
    assert words not in done.output
    refused = CliRunner().invoke(main, command, input="short\n", env=environment, prog_name="svssv")
    assert refused.exit_code == 2
    assert "12 to 200" in refused.stderr


def test_no_password_is_asked_for_somebody_who_is_not_here(shell: Shell) -> None:
    refused = shell.run("people", "password", "nobody")
    assert refused.exit_code == 1
    assert "Password" not in refused.output
    assert "No person has the name 'nobody'" in refused.stderr


def test_a_record_goes_from_a_file_to_the_public(shell: Shell) -> None:
    assert "submitted" in shell.ok("submit", str(RECORD), by="robin")
    assert "made-up-centre" in shell.ok("review", "list", "--state", "submitted")
    assert "https://example.org/id/service/made-up-counselling" in shell.ok("review", "show", "1", "--record")
    shell.ok("review", "approve", "1", "--reason", "Looked at together", by="sam")
    result = shell.run("publish", "1", "--note", "The first record", by="sam")
    assert result.exit_code == 0, result.output
    assert "published" in result.stdout
    assert "Release 1 is in service" in result.stderr
    history = json.loads(shell.ok("history", "1", "--format", "json"))
    assert [entry["what"] for entry in history] == ["submitted", "approved", "published"]
    assert "Made-Up Counselling" in shell.ok("query", "services-in-area", "-p", "area=E23000036")


def test_a_record_that_does_not_conform_is_answered_with_its_report(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(
        RECORD.read_text(encoding="utf-8").replace("sv:minimumAge 16", "sv:minimumAge -1"), encoding="utf-8"
    )
    result = shell.run("submit", str(path), by="robin")
    assert result.exit_code == 1
    assert "youngest age" in result.stdout
    assert "not submitted" in result.stderr
    assert json.loads(shell.ok("review", "list", "--format", "json")) == []


def test_what_the_check_doubted_is_shown_to_the_reviewer(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "old.ttl"
    path.write_text(RECORD.read_text(encoding="utf-8").replace("2026-11-0", "2019-11-0"), encoding="utf-8")
    shell.ok("submit", str(path), by="robin")
    assert "last checked more than 12 months ago" in shell.ok("review", "show", "1")
    shown = json.loads(shell.ok("review", "show", "1", "--format", "json"))
    assert [finding["level"] for finding in shown["report"]["findings"]] == ["check"]


def test_a_returned_record_says_why(shell: Shell) -> None:
    shell.ok("submit", str(RECORD), by="robin")
    shell.ok("review", "return", "1", "--reason", "The grant has ended", by="sam")
    assert "The grant has ended" in shell.ok("history", "1")


@pytest.mark.parametrize(
    ("words", "by", "status", "says"),
    [
        (["submit", str(RECORD)], "nobody", 1, "SVSSV_TOKEN"),
        (["review", "show", "7"], "", 1, "'7'"),
        (["history", "7"], "", 1, "'7'"),
        (["publish", "7"], "sam", 1, "'7'"),
        (["review", "approve", "7"], "robin", 1, "role steward"),
        (["submit", str(RECORD)], "", 2, "--by"),
        (["submit", "no-such-file.ttl"], "robin", 2, "no-such-file.ttl"),
        (["review", "approve", "one"], "sam", 2, "one"),
        (["people", "add", "kim"], "", 2, "--role"),
        (["people", "add", "robin", "--role", "steward"], "", 2, "already"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_an_exit_code(
    shell: Shell, words: list[str], by: str, status: int, says: str
) -> None:
    result = shell.run(*words, by=by)
    assert result.exit_code == status
    assert len(result.stderr.strip().splitlines()) == 1
    assert says in result.stderr
    assert result.stdout == ""


def leaves(*names: str) -> list[click.Command]:
    context = click.Context(main)
    commands = [command for name in names if (command := main.get_command(context, name))]
    assert len(commands) == len(names)
    return [
        leaf
        for command in commands
        for leaf in (command.commands.values() if isinstance(command, click.Group) else [command])
    ]


@pytest.mark.parametrize(
    "command", leaves("submit", "review", "publish", "history", "people"), ids=lambda command: str(command.name)
)
def test_the_help_of_each_command_has_an_example(command: click.Command) -> None:
    assert command.help
    assert "svssv " in command.help.partition("\b")[2]
