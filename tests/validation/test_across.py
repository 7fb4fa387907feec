"""Records that are each right alone, and wrong together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from taxonomy import assets, intake
from taxonomy.context import Context
from taxonomy.records import Submission
from taxonomy.validation import examine, rules
from taxonomy.validation.across import clashes

EXAMPLES = Path(__file__).parent.parent / "examples"
PAIRS = sorted((EXAMPLES / "across").iterdir())
TODAY = date(2026, 11, 23)
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.name)


def together(*paths: Path) -> Submission:
    """Files of one record each, as one file with all their records would be read."""
    read = [intake.read(path) for path in paths]
    return replace(
        read[0],
        records=tuple(record for each in read for record in each.records),
        problems=tuple(problem for each in read for problem in each.problems),
    )


@each_pair
def test_two_records_that_are_wrong_together_break_the_rule_they_are_filed_under(pair: Path) -> None:
    report = examine(together(pair / "one.ttl", pair / "two.ttl"), today=TODAY)
    at_each = {(rules()[finding.rule].name, finding.owner) for finding in report.findings}
    owners = {record.owner for record in report.records}
    assert {(pair.name, owner) for owner in owners} == at_each


@each_pair
def test_each_of_them_alone_breaks_no_rule(pair: Path) -> None:
    for path in (pair / "one.ttl", pair / "two.ttl"):
        assert [] == list(clashes(intake.read(path).records, Context.bundled()))


@each_pair
def test_a_clash_stands_at_its_fact_and_names_the_place_of_the_other(pair: Path) -> None:
    records = together(pair / "one.ttl", pair / "two.ttl").records
    found = list(clashes(records, Context.bundled()))
    one, two = (
        next(each for each in found if each.record == number and each.rule.name == pair.name) for number in (0, 1)
    )
    for own, other in ((one, two), (two, one)):
        fact = records[own.record].place_of(own.focus, own.path, own.value, {})
        assert fact.line
        assert (fact,) == other.others


def test_a_record_may_name_what_another_record_of_the_file_describes() -> None:
    one, two = EXAMPLES / "shapes" / "valid.ttl", EXAMPLES / "across" / "Across-leadTwice" / "two.ttl"
    text = one.read_text(encoding="utf-8").replace(
        "sv:referralTo <service/made-up-counselling>", "sv:referralTo <service/made-up-hub>"
    )
    text = text.replace("referral-source:self", "<service/made-up-counselling>")
    partner = text.replace("sv:specialism", "sv:partnerProvider <organisation/made-up-trust> ;\n    sv:specialism", 1)
    naming = intake.read_bytes(partner.encode(), "one.ttl")
    alone = examine(naming, today=TODAY)
    with_other = replace(naming, records=(*naming.records, *intake.read(two).records))
    assert {"RouteShape-toKnown", "Reading-nameNew"} == {rules()[each.rule].name for each in alone.findings}
    assert examine(with_other, today=TODAY).findings == ()


def test_a_link_to_what_another_record_of_the_file_describes_is_no_loose_end() -> None:
    pair = EXAMPLES / "across" / "Across-leadTwice"
    records = together(pair / "one.ttl", pair / "two.ttl").records
    assert "Across-dangling" not in {each.rule.name for each in clashes(records, Context.bundled())}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("service-type:advocacy", "service-type:helpline"),
        ("service-type:advocacy", "service-type:advocacy, service-type:helpline"),
        ("coverage-state:none-found", "coverage-state:not-known"),
        ("area:E23000036", "area:E23000021"),
    ],
)
def test_a_service_of_another_kind_or_area_is_no_clash_with_what_was_not_found(old: str, new: str) -> None:
    pair = EXAMPLES / "across" / "Across-noneFoundButRecorded"
    text = (pair / "two.ttl").read_text(encoding="utf-8")
    assert old in text
    two = intake.read_bytes(text.replace(old, new).encode(), "two.ttl")
    records = (*intake.read(pair / "one.ttl").records, *two.records)
    assert [] == list(clashes(records, Context.bundled()))


def test_many_records_with_one_number_give_one_clash_each() -> None:
    path = EXAMPLES / "across" / "Across-identifierShared" / "one.ttl"
    text = path.read_text()
    records = [
        record
        for number in range(60)
        for record in intake.read_bytes(text.replace("made-up-centre", f"made-up-{number}").encode(), "x.ttl").records
    ]
    found = [each for each in clashes(records, Context.bundled()) if each.rule.name == "Across-identifierShared"]
    assert list(range(60)) == sorted(each.record for each in found)
    assert all(len(each.others) <= 5 for each in found)


def test_every_rule_across_things_has_its_query_or_stands_in_an_example() -> None:
    across = {rule.name for rule in rules().values() if rule.name.startswith("Across-")}
    asked = set()
    for path in assets.files("queries", "quality/*.rq"):
        lines = [line[3:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#+ ")]
        header = yaml.safe_load("\n".join(lines))
        if "rule" in header:
            asked.add(header["rule"])
            assert {"thing", "property", "value"} <= set(header["columns"]) <= {
                "shared", "thing", "property", "value", "graph",
            }  # fmt: skip
    assert across - asked == {"Across-figureGivenBack", "Across-recordTwice"}
    assert across == {path.name for path in (*PAIRS, *(EXAMPLES / "shapes").glob("Across-*"))}
