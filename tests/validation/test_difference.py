"""A second check says what is fixed, what is left and what is new, wherever the rows have gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.errors import InputError
from taxonomy.validation import Finding, Report, check, earlier, outline, rules
from taxonomy.validation.annotate import given_back
from taxonomy.validation.difference import between
from taxonomy.validation.report import FORMATS
from taxonomy.values import Iri

TODAY = date(2026, 11, 23)
Fill = Callable[..., Path]
RULES = [rule for rule in rules().values() if not rule.of_columns]


@pytest.fixture
def faulty(made_up: Mapping[str, Any]) -> dict[str, Any]:
    """A made-up record with three faults, in three rows of one sheet."""
    rule = made_up["Eligibility"][0]
    return {
        **made_up,
        "Eligibility": [{**rule, "Age from": "sixteen"}, {**rule, "Age from": "seventeen"}, {**rule, "Age to": "old"}],
    }


def kept(report: Report, folder: Path) -> Path:
    """A report as the JSON that a person keeps."""
    path = folder / "report.json"
    path.write_text(str(FORMATS["json"](report)), encoding="utf-8")
    return path


def counted(report: Report) -> tuple[int, int, int]:
    assert report.difference is not None
    return len(report.difference.fixed), report.difference.left, len(report.difference.new)


def test_without_an_earlier_report_nothing_is_said(fill: Fill) -> None:
    assert check(fill(), today=TODAY).difference is None


def test_what_is_fixed_left_and_new_is_counted_and_said(fill: Fill, faulty: dict[str, Any], tmp_path: Path) -> None:
    before = kept(check(fill(rows=faulty), today=TODAY), tmp_path)
    faulty["Eligibility"][0] = {**faulty["Eligibility"][0], "Age from": 16}
    faulty["Services"] = [{**faulty["Services"][0], "Covers area": "our patch"}]
    after = check(fill(rows=faulty), today=TODAY, against=before)
    assert (1, 2, 1) == counted(after)
    said = outline.of(after)
    assert said.changes.startswith("1 fixed, 2 left, 1 new since the check on ")
    assert [True] == [
        spot.new for section in said.sections for each in section.faults for spot in each.spots if spot.new
    ]
    assert "The youngest age is not a whole number." in said.fixed[0]


def test_rows_that_were_moved_are_neither_fixed_nor_new(fill: Fill, faulty: dict[str, Any], tmp_path: Path) -> None:
    before = kept(check(fill(rows=faulty), today=TODAY), tmp_path)
    faulty["Eligibility"] = [faulty["Eligibility"][number] for number in (2, 0, 1)]
    assert (0, 3, 0) == counted(check(fill(rows=faulty), today=TODAY, against=before))


def test_a_workbook_that_was_given_back_brings_its_own_report(fill: Fill, faulty: dict[str, Any]) -> None:
    path = fill(rows=faulty)
    path.write_bytes(given_back(path.read_bytes(), check(path, today=TODAY)))
    book = openpyxl.load_workbook(path)
    book["Eligibility"]["B3"] = 16
    book.save(path)
    assert (1, 2, 0) == counted(check(path, today=TODAY))


def test_faults_whose_value_is_withheld_are_counted_and_their_value_is_kept_nowhere(
    fill: Fill, made_up: Mapping[str, Any], tmp_path: Path
) -> None:
    secret = "made.upperson@made-up-centre.example"
    bad = {("Organisation", "Shared e-mail"): secret, ("Services", "About the service"): f"Write to {secret}"}
    path = fill(bad)
    found = check(path, today=TODAY)
    before = kept(found, tmp_path)
    assert "upperson" not in before.read_text()
    carried = tmp_path / "back.xlsx"
    carried.write_bytes(given_back(path.read_bytes(), found))
    book = openpyxl.load_workbook(carried)
    assert "upperson" not in str([cell.value for row in book["SVSSV check"] for cell in row])
    assert "upperson" not in str([cell.value for row in book["Problems"] for cell in row])
    other = {key: value.replace("upperson", "uperson") for key, value in bad.items()}
    assert (0, 2, 0) == counted(check(fill(other), today=TODAY, against=before))
    assert (2, 0, 0) == counted(check(fill(), today=TODAY, against=before))


def test_what_could_not_be_looked_at_is_not_called_fixed(fill: Fill, faulty: dict[str, Any], tmp_path: Path) -> None:
    path = fill(rows=faulty)
    before = kept(check(path, today=TODAY), tmp_path)
    book = openpyxl.load_workbook(path)
    book["Services"]["B1"] = "Typ serv"
    book.save(path)
    after = check(path, today=TODAY, against=before)
    assert after.difference is not None
    assert (0, 3) == (len(after.difference.fixed), after.difference.unseen)
    assert "3 not checked yet" in outline.of(after).changes


def test_other_rules_are_named_as_a_reason_for_what_is_new(fill: Fill, tmp_path: Path) -> None:
    before = kept(replace(check(fill(), today=TODAY), rules_version="older"), tmp_path)
    after = check(fill({("Services", "Covers area"): None}), today=TODAY, against=before)
    assert "The rules have changed" in outline.of(after).changes_note


def finding(rule: int, thing: int, value: str | None) -> Finding:
    broken = RULES[rule % len(RULES)]
    return Finding(
        level=broken.level,
        rule=broken.iri,
        message=broken.message,
        how_to_fix=broken.how_to_fix,
        record=Iri(f"https://example.org/id/service/made-up-{thing}/rule/1"),
        value=value,
    )


FINDINGS = st.lists(
    st.builds(finding, st.integers(0, 3), st.integers(0, 2), st.sampled_from([None, "one", "two"])), max_size=12
)


def report_of(findings: list[Finding]) -> Report:
    return Report(
        file="records.xlsx",
        kind="workbook",
        sha256="",
        records=(),
        findings=tuple(findings),
        checked_on=TODAY,
        rules_version="0",
    )


@given(FINDINGS, FINDINGS)
def test_every_fault_is_fixed_left_or_new_and_none_is_counted_twice(
    before: list[Finding], after: list[Finding]
) -> None:
    changes = between(report_of(before), report_of(after))
    assert len(before) == len(changes.fixed) + changes.left
    assert len(after) == len(changes.new) + changes.left


@given(st.data())
def test_the_order_of_findings_makes_no_difference(data: st.DataObject) -> None:
    before = data.draw(FINDINGS)
    changes = between(report_of(before), report_of(data.draw(st.permutations(before))))
    assert ((), len(before), ()) == (changes.fixed, changes.left, changes.new)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"not a report",
        b"[" * 100_000,
        b'{"rules_version": "0", "findings": 7}',
        b"PK\x03\x04 but no zip",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_report_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        earlier.read(content, "mine.json")
    assert "mine.json" in str(caught.value)
    assert caught.value.hint


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda some: st.lists(some, max_size=3)))
def test_odd_values_in_a_report_are_passed_over(odd: object) -> None:
    rule = RULES[0].iri
    one = dict.fromkeys(earlier.COLUMNS, odd) | {"rule": rule, "level": "must"}
    said = {"rules_version": "0", "checked_at": odd, "stopped": odd, "findings": [odd, one, {"rule": "gone"}]}
    found = earlier._report(json.loads(json.dumps(said)))
    assert found is not None
    assert [rule] == [each.rule for each in found.findings]


def test_a_workbook_without_a_report_is_refused(fill: Fill) -> None:
    with pytest.raises(InputError, match="carries no earlier report"):
        earlier.open_file(fill())
