"""Headings are understood as people write them, and what could mean two columns is not guessed."""

from __future__ import annotations

import pytest

from taxonomy import fields
from taxonomy.fields import Field
from taxonomy.intake.headings import Claim, Headings, full_title


def columns(sheet: str | None = None) -> tuple[Field, ...]:
    return tuple(field for field in fields.fields() if (field.sheet == sheet if sheet else not field.inverse))


def read(sheet: str | None, *row: str) -> list[Claim]:
    return Headings(columns(sheet)).read(row, {})


def understood(sheet: str | None, *row: str) -> list[tuple[str, str]]:
    known = Headings(columns(sheet))
    return [(claim.how, known.title(claim.field) if claim.field else "") for claim in known.read(row, {})]


@pytest.mark.parametrize("field", fields.fields(), ids=full_title)
def test_each_of_our_headings_is_itself_with_its_mark_and_in_capitals(field: Field) -> None:
    for heading in (field.heading, f"{field.heading} (required)", field.heading.upper(), f" {field.heading}: *"):
        assert [("same", field.heading)] == understood(field.sheet, heading)


@pytest.mark.parametrize("field", columns(), ids=full_title)
def test_each_of_our_headings_with_its_sheet_is_itself_in_one_table(field: Field) -> None:
    claim = read(None, full_title(field))[0]
    assert (claim.how, claim.field) == ("same", field)


@pytest.mark.parametrize(
    ("sheet", "heading", "means"),
    [
        ("Services", "Service type", "Type of service"),
        ("Services", "What is the name of the service?", "Name of service"),
        ("Services", "Which area does it cover?", "Covers area"),
        ("Services", "Partner provider", "Partner providers"),
        ("Services", "Web site", "Website"),
        ("Services", "Shared email (never a person's)", "Shared e-mail"),
        ("Services", "Is the place of this service confidential?", "Is the place confidential?"),
        ("Services", "Typ of servis", "Type of service"),
        ("Eligibility", "Minimum age", "Age from"),
        ("Eligibility", "Age form", "Age from"),
        ("Eligibility", "Age to\n(in years)", "Age to"),
        ("Funding", "Start date", "Starts"),
        ("Funding", "Amount (£)", "Amount in pounds"),
    ],
)
def test_a_heading_that_looks_like_ours_is_read_and_told_to_be_loose(sheet: str, heading: str, means: str) -> None:
    assert [("loose", means)] == understood(sheet, heading)


@pytest.mark.parametrize(
    ("sheet", "heading"),
    [
        ("Services", "Notes"),
        ("Services", "Service manager"),
        ("Services", "Name of service manager"),
        ("Services", "Service (internal notes)"),
        ("Services", "Column7"),
        ("Organisation", "Last confirmed by"),
        ("Funding", "Ending"),
        (None, "Name"),
        (None, "Website"),
        (None, "Description"),
    ],
)
def test_a_heading_of_another_thing_or_of_two_things_is_not_guessed(sheet: str | None, heading: str) -> None:
    assert [("none", "")] == understood(sheet, heading)


def test_a_heading_of_two_things_says_which() -> None:
    assert ["Organisation: Website", "Services: Website"] == [
        full_title(each) for each in read(None, "Website")[0].fields
    ]


def test_a_surer_heading_takes_the_column_from_one_that_only_looks_alike() -> None:
    assert [("none", ""), ("same", "Age from")] == understood("Eligibility", "Age form", "Age from")


def test_of_two_sure_headings_the_first_is_read() -> None:
    first, second = read("Eligibility", "Age from", "Minimum age")
    assert (first.how, second.how, second.twice) == ("same", "none", True)


def test_of_two_headings_that_look_alike_none_is_read() -> None:
    assert {"none"} == {claim.how for claim in read("Eligibility", "Age form", "Age frm")}


def test_what_the_user_says_of_a_heading_holds() -> None:
    field = columns("Services")[0]
    told = Headings(columns("Services")).read(["Name of service", "What we call it", "Website"], {1: field, 2: None})
    assert [("none", None), ("told", field), ("told", None)] == [(claim.how, claim.field) for claim in told]
