"""Each rule has an example that breaks it, once, and no other rule with it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from taxonomy.validation import Report, check, rules

EXAMPLES = Path(__file__).parent.parent / "examples"
INVALID = sorted((EXAMPLES / "shapes").glob("*/invalid-*.ttl"))
TODAY = date(2026, 11, 23)
BROKEN_BY_WORKBOOKS = {  # what Turtle has not: sheets, columns and rows; see test_workbook.py and test_sheets.py
    "Reading-columnAmbiguous",
    "Reading-columnMissing",
    "Reading-columnTwice",
    "Reading-columnUnknown",
    "Reading-lettersGuessed",
    "Reading-moreOrganisations",
    "Reading-nameTwice",
    "Reading-ownerMissing",
    "Reading-sheetMissing",
    "Reading-sheetUnknown",
    "Reading-stewardRow",
    "Reading-stewardSheet",
    "Reading-templateOther",
}
BROKEN_BY_PAIRS = {path.name for path in (EXAMPLES / "across").iterdir()}  # of records; see test_across.py
BROKEN_BY_STANDARDS = {  # what only files of others' standards have; see tests/standards
    "Reading-identifierTwice",
    "Reading-memberTwice",
    "Reading-notAwarded",
    "Reading-notCarried",
    "Reading-notOfTheForm",
    "Reading-notRunning",
    "Reading-placeGiven",
    "Reading-providerMissing",
    "Reading-recipientMissing",
}


def broken(report: Report) -> list[str]:
    return [rules()[finding.rule].name for finding in report.findings]


def test_a_whole_made_up_record_breaks_no_rule() -> None:
    assert broken(check(EXAMPLES / "records" / "made-up-centre.ttl", today=TODAY)) == []


def test_the_record_that_all_examples_start_from_breaks_no_rule() -> None:
    assert broken(check(EXAMPLES / "shapes" / "valid.ttl", today=TODAY)) == []


@pytest.mark.parametrize("example", INVALID, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_invalid_example_breaks_the_rule_it_is_filed_under_and_no_other(example: Path) -> None:
    assert broken(check(example, today=TODAY)) == [example.parent.name]


def test_every_rule_has_an_example_that_breaks_it() -> None:
    elsewhere = BROKEN_BY_WORKBOOKS | BROKEN_BY_PAIRS | BROKEN_BY_STANDARDS
    assert {rule.name for rule in rules().values()} - elsewhere == {path.parent.name for path in INVALID}


def test_no_example_names_a_real_provider_as_its_own_or_holds_a_live_number() -> None:
    for example in INVALID:
        text = example.read_text()
        assert "https://example.org/id/" in text
        assert not re.search(r"@(?!made-up-centre\.example|base|prefix|en\b)[a-z]", text), example
