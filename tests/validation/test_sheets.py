"""A record is the same in every form of spreadsheet, and a fault is found at its cell in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from taxonomy import fields, intake
from taxonomy.context import Context
from taxonomy.fields import Field
from taxonomy.intake import tables
from taxonomy.intake.headings import full_title
from taxonomy.namespaces import SV
from taxonomy.records import Submission
from taxonomy.validation import Finding, Report, rules
from taxonomy.validation.engine import examine
from taxonomy.values import Iri

TODAY = date(2026, 11, 23)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Table = list[list[Any]]
Forms = Mapping[str, tuple[str, Callable[[Rows], bytes]]]
NAMES = ("xlsx", "ods", "csv", "wide xlsx", "wide csv")


def read(rows: Rows, forms: Forms, form: str) -> Submission:
    name, write = forms[form]
    return intake.read_bytes(write(rows), name)


def broken(report: Report) -> list[tuple[str, str | None]]:
    return [(rules()[finding.rule].name, finding.cell) for finding in report.findings]


def said(findings: Iterable[Finding]) -> set[tuple[object, ...]]:
    """What findings say, apart from where they were read."""
    return {
        (each.level, each.rule, each.message, each.how_to_fix, each.suggestion, each.record, each.name, each.value)
        for each in findings
    }


def changed(rows: Rows, sheet: str, **cells: Any) -> Rows:
    """The rows with other cells in the first row of a sheet."""
    return {**rows, sheet: [{**rows[sheet][0], **cells}, *rows[sheet][1:]]}


@pytest.mark.parametrize("form", NAMES)
def test_a_record_that_breaks_no_rule_breaks_none_in_any_form(form: str, made_up: Rows, forms: Forms) -> None:
    submission = read(made_up, forms, form)
    assert broken(examine(submission, today=TODAY)) == []
    assert submission.only.owner == "https://example.org/id/organisation/made-up-centre"
    assert submission.only.ntriples == read(made_up, forms, "xlsx").only.ntriples
    assert {match.how for match in submission.matches} == {"same"}


def bad_value(field: Field) -> str:
    """Something that nobody can mean in a column, whatever its rules are."""
    match field.kind:
        case "prose":
            return f"{field.heading}: write to made.upperson@made-up-centre.example"
        case "text" if field.path.endswith("contactPhone"):
            return "ring the office"
        case "text" if field.path.endswith("contactEmail"):
            return "info at our website"
        case "text" if field.path.endswith("contactTeam"):
            return "Made Upperson"
        case "text" if field.path.endswith("placeName"):
            return "12 Made-Up Street"
        case "text":
            return f"no such {field.heading} " * 20
        case _:
            return f"no such {field.heading}, whatever"


@dataclass(frozen=True)
class Spoiled:
    """Rows of which each has one cell changed, and the cells."""

    rows: Rows
    cells: frozenset[tuple[str, str]]


def spoiled(rows: Rows, columns: Iterable[Field], change: Callable[[Field], Any]) -> Spoiled:
    """The record with a further row for each column, in which that column is changed; of the organisation, all are."""
    made: dict[str, list[dict[str, Any]]] = {sheet: [dict(thing) for thing in things] for sheet, things in rows.items()}
    cells = set()
    for field in columns:
        of_sheet = [each for each in fields.fields() if each.sheet == field.sheet]
        if field.sheet != "Organisation":
            names = {each.heading: f"Made-Up {field.heading}" for each in of_sheet if each.path == fields.LABEL}
            made[field.sheet].append({**rows[field.sheet][0], **names})
        made[field.sheet][-1][field.heading] = change(field)
        cells.add((field.sheet, f"{tables.letters(of_sheet.index(field))}{len(made[field.sheet]) + 1}"))
    return Spoiled(made, frozenset(cells))


def found_at(report: Report) -> set[tuple[str | None, str | None]]:
    return {(each.sheet, each.cell) for each in report.findings}


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_a_bad_value_in_any_column_is_found_at_its_cell(form: str, made_up: Rows, forms: Forms) -> None:
    bad = spoiled(made_up, fields.fields(), bad_value)
    assert len(fields.fields()) == len(bad.cells)
    assert set() == bad.cells - found_at(examine(read(bad.rows, forms, form), today=TODAY))


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_an_empty_cell_that_is_needed_is_found_where_it_should_be(form: str, made_up: Rows, forms: Forms) -> None:
    needed = [field for field in fields.fields() if field.required]
    empty = spoiled(made_up, needed, lambda _: None)
    assert set() == empty.cells - found_at(examine(read(empty.rows, forms, form), today=TODAY))


def test_a_bad_value_in_any_column_of_one_wide_table_is_found_at_its_cell(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    columns = [field for field in fields.fields() if not field.inverse]
    header, row = wide(made_up)
    owner = 1 + [full_title(field) for field in columns].index("Organisation: Name of organisation")
    table, cells = [header], set()
    for number, field in enumerate(columns, start=1):
        changed_row = list(row)
        changed_row[owner] = f"Made-Up Centre {number}"
        changed_row[number] = bad_value(field) if number != owner else f"Made-Up Centre, {bad_value(field)}"
        table.append(changed_row)
        cells.add(("records", f"{tables.letters(number)}{number + 1}"))
    submission = intake.read_bytes(as_csv(table), "records.csv")
    assert len(columns) == len(submission.records)
    assert set() == cells - found_at(examine(submission, today=TODAY))


CONTEXT = Context.bundled()
GOOD_OR_BAD = {
    "integer": st.one_of(st.integers(0, 30), st.sampled_from(["sixteen", "16+", "200", "18 and over"])),
    "decimal": st.one_of(st.integers(5, 10**6), st.sampled_from(["60k", "£60,000", "lots", "12.5", "-3"])),
    "date": st.one_of(
        st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.sampled_from(["1/4/2026", "spring", "12/3/18", "46113"])
    ),
    "boolean": st.sampled_from(["yes", "no", "Y", "usually"]),
    "prose": st.sampled_from(["Made-up words.", "Ask for Ms Upperson.", "Write to a.b@made-up.example"]),
    "address": st.sampled_from(["https://made-up-centre.example/", "our site"]),
    "text": st.sampled_from(
        ["info@made-up-centre.example", "01632 960001", "Referrals team", "XI-EXAMPLE-1", "07700 900123"]
    ),
}
FREE = [
    field
    for field in fields.fields()
    if field.path != fields.LABEL and Iri(SV + "Service") not in field.takes  # names hold a record together
]


def values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "choice":
        return st.sampled_from([*(CONTEXT.label(each) for each in field.choices), "none of them"])
    if field.kind != "name":
        return GOOD_OR_BAD[field.kind]
    labels = [label for place in field.takes for label in CONTEXT.members(place)[:40]]
    one = st.sampled_from([*labels, "something else"])
    return one if not field.many else st.lists(one, min_size=1, max_size=3).map("; ".join)


@st.composite
def records(draw: st.DrawFn, rows: Rows) -> Rows:
    """The made-up record with some cells changed or emptied, except those that say which service a row is about."""
    for field in draw(st.lists(st.sampled_from(FREE), min_size=2, max_size=8, unique=True)):
        rows = changed(rows, field.sheet, **{field.heading: draw(st.one_of(st.none(), values(field)))})
    return rows


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failing record is small as it stands
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_record_has_the_same_findings_in_every_form(data: st.DataObject, made_up: Rows, forms: Forms) -> None:
    rows = data.draw(records(made_up))
    first = read(rows, forms, "xlsx")
    expected = said(examine(first, today=TODAY).findings)
    for form in NAMES[1:]:
        assert expected == said(examine(read(rows, forms, form), today=TODAY).findings), form
    turtle = intake.read_bytes(first.only.ntriples, "record.nt")
    assert expected == said(examine(turtle, today=TODAY).findings)
