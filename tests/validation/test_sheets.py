"""A record is the same in every form of spreadsheet, and a fault is found at its cell in each of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from taxonomy import fields, intake
from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.fields import Field
from taxonomy.intake import marks, tables
from taxonomy.intake.headings import full_title
from taxonomy.namespaces import SV, SVSH
from taxonomy.records import Submission
from taxonomy.settings import Bounds
from taxonomy.validation import Finding, Report, rules
from taxonomy.validation.engine import examine
from taxonomy.values import Iri

TODAY = date(2026, 11, 23)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Table = list[list[Any]]
Forms = Mapping[str, tuple[str, Callable[[Rows], bytes]]]
NAMES = ("xlsx", "ods", "csv", "wide xlsx", "wide csv")
NEW = Iri(SVSH + "Reading-nameNew")


def read(rows: Rows, forms: Forms, form: str) -> Submission:
    name, write = forms[form]
    return intake.read_bytes(write(rows), name)


def broken(report: Report) -> list[tuple[str, str | None]]:
    return [(rules()[finding.rule].name, finding.cell) for finding in report.findings]


def said(findings: Iterable[Finding]) -> set[tuple[object, ...]]:
    """What findings say, apart from where they were read; RDF names an organisation that is new by its address."""
    return {
        (each.level, each.rule, each.message, each.how_to_fix, each.suggestion, each.record, each.name, value)
        for each in findings
        for value in [each.name if each.rule == NEW else each.value]
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


def test_each_organisation_of_one_table_is_a_record_of_its_own(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    other = changed(made_up, "Organisation", **{"Name of organisation": "Made-Up Neighbour"})
    table = [*wide(made_up), *wide(other)[1:], *wide(made_up)[1:]]
    submission = intake.read_bytes(as_csv(table), "services.csv")
    assert ["made-up-centre", "made-up-neighbour"] == [record.owner.slug for record in submission.records]
    assert submission.records[0].ntriples == intake.read_bytes(as_csv(table[:2]), "services.csv").only.ntriples
    assert {3} == {place.row for place in submission.records[1].places.values()}


def test_a_service_in_several_rows_of_one_table_is_one_with_all_that_they_say(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    first = made_up["Funding"][0]
    rows = {**made_up, "Funding": [first, {**first, "Funder": "Home Office", "Amount in pounds": 5000}]}
    table = wide(rows)
    full = [[cell if cell is not None else below for cell, below in zip(row, table[1], strict=True)] for row in table]
    facts = intake.read_bytes(as_csv(full), "services.csv").only.ntriples.decode()
    kinds = ("Service", "EligibilityRule", "FundingAgreement", "FundingPart", "ReferralLink")
    assert [1, 1, 1, 2, 1] == [facts.count(f"#type> <{SV}{kind}>") for kind in kinds]


def test_a_row_that_names_no_organisation_is_told_and_not_given_to_another(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    table = wide(made_up)
    nobodys = [None if "Organisation:" in heading else cell for heading, cell in zip(table[0], table[1], strict=True)]
    report = examine(intake.read_bytes(as_csv([*table, nobodys]), "services.csv"), today=TODAY)
    assert [("Reading-ownerMissing", "B3")] == broken(report)


def test_headings_of_two_things_are_not_read_until_the_user_says_which(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    table = wide(made_up)
    table[0] = ["Website" if heading == "Organisation: Website" else heading for heading in table[0]]
    report = examine(intake.read_bytes(as_csv(table), "services.csv"), today=TODAY)
    cell = f"{tables.letters(table[0].index('Website'))}1"
    assert [("Reading-columnAmbiguous", cell)] == broken(report)
    assert report.findings[0].how_to_fix.startswith("Did you mean Organisation: Website or Services: Website?")
    for key in ("Website", cell, f"services!{cell}"):
        told = intake.read_bytes(as_csv(table), "services.csv", mapping={key: "Organisation: Website"})
        assert broken(examine(told, today=TODAY)) == []
        assert {("told", "Organisation: Website")} == {
            (match.how, match.field) for match in told.matches if match.cell == cell
        }
    left = intake.read_bytes(as_csv(table), "services.csv", mapping={"website": ""})
    assert broken(examine(left, today=TODAY)) == []


def test_a_column_that_there_is_not_is_refused_with_the_likely_one(made_up: Rows, forms: Forms) -> None:
    name, write = forms["xlsx"]
    with pytest.raises(InputError, match="Did you mean Organisation: Website"):
        intake.read_bytes(write(made_up), name, mapping={"Notes": "Websit"})


def test_missing_and_unread_headings_are_told_side_by_side(made_up: Rows, forms: Forms) -> None:
    book = openpyxl.load_workbook(io.BytesIO(forms["xlsx"][1](made_up)))
    book["Services"]["B1"] = "What we do"
    out = io.BytesIO()
    book.save(out)
    submission = intake.read_bytes(out.getvalue(), "records.xlsx")
    missing = next(each for each in submission.problems if each.rule == "columnMissing")
    assert (missing.value, missing.hint) == ("Type of service", 'These headings were not read: "What we do".')


def test_one_sheet_of_csv_is_told_by_its_name_or_its_headings_and_what_is_missing_is_told(
    made_up: Rows, as_csv: Callable[[Table], bytes]
) -> None:
    headings = [field.heading for field in fields.fields() if field.sheet == "Services"]
    table = [headings, [made_up["Services"][0].get(heading) for heading in headings]]
    for name in ("services.csv", "export-7.csv"):
        report = examine(intake.read_bytes(as_csv(table), name), today=TODAY)
        assert [("Reading-sheetMissing", "Organisation")] == [
            (rule, finding.value) for (rule, _), finding in zip(broken(report), report.findings, strict=True)
        ]


def test_titles_above_the_headings_blank_rows_and_short_rows_do_no_harm(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    table: Table = [["Our services"], [], ["made for the county"], *wide(made_up), [], []]
    table = [row[: max((number for number, cell in enumerate(row, 1) if cell is not None), default=0)] for row in table]
    submission = intake.read_bytes(as_csv(table), "services.csv")
    assert broken(examine(submission, today=TODAY)) == []
    assert {5} == {place.row for place in submission.only.places.values()}


def test_letters_that_were_guessed_are_told(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    rows = changed(made_up, "Organisation", **{"About the organisation": "A café for £0."})
    data = as_csv(wide(rows)).decode().encode("cp1252")
    report = examine(intake.read_bytes(data, "services.csv"), today=TODAY)
    assert [("Reading-lettersGuessed", "could", "Windows-1252")] == [
        (rule, finding.level, finding.value) for (rule, _), finding in zip(broken(report), report.findings, strict=True)
    ]


def test_a_file_from_another_version_of_the_template_says_so(made_up: Rows, forms: Forms) -> None:
    for version, rules_broken in ((marks.version(), []), ("0000old0", [("Reading-templateOther", None)])):
        book = openpyxl.load_workbook(io.BytesIO(forms["xlsx"][1](made_up)))
        book["Read me"].append([marks.VERSION, version])
        out = io.BytesIO()
        book.save(out)
        assert rules_broken == broken(examine(intake.read_bytes(out.getvalue(), "records.xlsx"), today=TODAY))


@pytest.mark.parametrize(
    ("sheet", "heading", "written", "stated"),
    [
        ("Funding", "Starts", "46113", '"2026-04-01"'),
        ("Funding", "Starts", "2026-04-01T09:30:00", '"2026-04-01"'),
        ("Funding", "Starts", "1/4/2026 00:00", '"2026-04-01"'),
        ("Funding", "Starts", "1 Apr 2026", '"2026-04-01"'),
        ("Funding", "Amount in pounds", "£60,000", '"60000"'),
        ("Funding", "Amount in pounds", "60k", '"60k"'),
        ("Eligibility", "Age from", "'16", '"16"'),
        ("Eligibility", "Age from", "16.0", '"16"'),
        ("Eligibility", "Age from", "16+", '"16+"'),
        ("Routes", "Consent needed?", " Y ", '"true"'),
        ("Organisation", "Public phone line", "01632\u00a0960001\u200b", '"01632 960001"'),
        ("Services", "How it is delivered", "In person, Telephone", "delivery-mode/telephone"),
        ("Services", "How it is delivered", "In person\nTelephone", "delivery-mode/telephone"),
        ("Services", "Type of service", "Counselling or therapy, longer-term", "counselling-longer-term"),
    ],
)
def test_a_cell_is_read_as_a_person_means_it_or_stays_text(
    sheet: str, heading: str, written: str, stated: str, made_up: Rows, forms: Forms
) -> None:
    assert stated in read(changed(made_up, sheet, **{heading: written}), forms, "csv").only.ntriples.decode()


def test_an_amount_in_short_form_is_told_with_the_amount_written_out(made_up: Rows, forms: Forms) -> None:
    submission = read(changed(made_up, "Funding", **{"Amount in pounds": "60k"}), forms, "ods")
    found = examine(submission, today=TODAY).findings
    assert [("60k", "60000")] == [(each.value, each.suggestion) for each in found]


TWO_CELLS = {
    "AgreementShape-datesInOrder": ("Funding", {"Starts": date(2027, 5, 1)}, ("Starts", "Ends")),
    "EligibilityShape-agesInOrder": ("Eligibility", {"Age to": 12}, ("Age from", "Age to")),
}


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("name", TWO_CELLS)
def test_a_rule_over_two_cells_names_both(name: str, form: str, made_up: Rows, forms: Forms) -> None:
    sheet, cells, headings = TWO_CELLS[name]
    report = examine(read(changed(made_up, sheet, **cells), forms, form), today=TODAY)
    found = next(each for each in report.findings if rules()[each.rule].name == name)
    wide = form.startswith("wide")
    columns = [each for each in fields.fields() if (not each.inverse if wide else each.sheet == sheet)]
    expected = {
        f"{tables.letters(int(wide) + number)}2"
        for number, each in enumerate(columns)
        if each.sheet == sheet and each.heading in headings
    }
    assert expected == {found.cell, *(other.cell for other in found.others)}


def test_how_many_records_and_rows_a_table_may_have_is_a_bound(
    made_up: Rows, wide: Callable[[Rows], Table], as_csv: Callable[[Table], bytes]
) -> None:
    header, row = wide(made_up)
    owner = header.index("Organisation: Name of organisation")
    many = [[*row[:owner], f"Made-Up Centre {number}", *row[owner + 1 :]] for number in range(60)]
    data = as_csv([header, *many])
    assert len(intake.read_bytes(data, "services.csv", bounds=Bounds(records=60, rows=61)).records) == 60
    with pytest.raises(InputError, match="60 records; the most is 50"):
        intake.read_bytes(data, "services.csv", bounds=Bounds(records=50))
    with pytest.raises(InputError, match="the most is 60 rows"):
        intake.read_bytes(data, "services.csv", bounds=Bounds(rows=60))
