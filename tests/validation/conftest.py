"""A made-up workbook for each test: the real template, filled in as a provider would."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import pytest

from taxonomy import fields
from taxonomy.intake import template
from taxonomy.intake.headings import full_title

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

MADE_UP: Rows = {
    "Organisation": [
        {
            "Name of organisation": "Made-Up Centre",
            "Sector": "Voluntary organisation",
            "Kind of organisation": "Registered charity",
            "Charity or company number": "XI-EXAMPLE-1",
            "Website": "https://made-up-centre.example/",
            "Shared e-mail": "info@made-up-centre.example",
            "Public phone line": "01632 960001",
            "Team to ask for": "Referrals team",
            "Last confirmed": date(2026, 10, 5),
        }
    ],
    "Services": [
        {
            "Name of service": "Made-Up Counselling",
            "Type of service": "Counselling or therapy, longer-term; Emotional support",
            "Specialism": "Sexual violence",
            "Covers area": "Avon and Somerset",
            "How it is delivered": "In person; Telephone",
        }
    ],
    "Eligibility": [
        {
            "Service": "Made-Up Counselling",
            "Age from": 16,
            "Age to": 25,
            "Gender offer": "All genders",
            "Report to the police": "any",
        }
    ],
    "Funding": [
        {
            "Name of agreement": "Made-Up grant",
            "Kind of agreement": "Grant",
            "Services it pays for": "Made-Up Counselling",
            "Funder": "Ministry of Justice",
            "Amount in pounds": "£60,000",
            "Amount is": "per year",
            "Status": "awarded",
            "Starts": "1 April 2026",
            "Ends": date(2027, 3, 31),
        }
    ],
    "Routes": [
        {
            "From": "self",
            "To": "Made-Up Counselling",
            "Open or refused": "open",
            "How": "Self-referral",
            "Consent needed?": "yes",
        }
    ],
    "Waiting times": [
        {
            "Service": "Made-Up Counselling",
            "Can people start?": "open, wait stated",
            "How long": 12,
            "Days, weeks or months": "weeks",
            "Wait until": "Therapy",
            "As measured on": date(2026, 10, 5),
        }
    ],
    "Accreditations": [
        {
            "Held by": "Made-Up Counselling",
            "Standard": "Helplines Standard",
            "How sure": "Verified",
            "Verified by": "LimeCulture",
            "Since": date(2025, 4, 1),
            "Until": date(2028, 3, 31),
        }
    ],
    "Figures": [
        {
            "Service": "Made-Up Counselling",
            "What is counted": "People supported",
            "How many": 120,
            "From": date(2025, 4, 1),
            "To": date(2026, 3, 31),
        }
    ],
    "Sites": [{"Service": "Made-Up Counselling", "Name of site": "Made-Up North hub", "Town or city": "Bristol"}],
    "Replies": [
        {
            "What you reply about": "Made-Up Counselling",
            "Your reply": "This service is open again since May.",
            "Day of your reply": date(2026, 10, 5),
        }
    ],
    "Looked for": [
        {
            "Area": "Avon and Somerset",
            "Kind of service": "Refuge or safe accommodation; Older people",
            "What came of it": "none found",
            "Looked on": date(2026, 10, 5),
            "In words": "We asked all providers in the area.",
        }
    ],
}


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    template.write(path)
    return path


@pytest.fixture
def made_up() -> Rows:
    """The rows of a made-up record that breaks no rule, by sheet."""
    return MADE_UP


@pytest.fixture
def fill(blank: Path, tmp_path: Path) -> Callable[..., Path]:
    """Fill in the template; ``cells`` changes some cells of the first row of a sheet."""

    def filled(
        cells: Mapping[tuple[str, str], Any] | None = None, rows: Rows = MADE_UP, name: str = "records.xlsx"
    ) -> Path:
        book = openpyxl.load_workbook(blank)
        book["Read me"]["B8"] = "yes"
        for sheet, things in rows.items():
            columns = {str(cell.value).removesuffix(template.REQUIRED): cell.column for cell in book[sheet][1]}
            for number, thing in enumerate(things, start=template.FIRST_ROW):
                for heading, value in thing.items():
                    book[sheet].cell(number, columns[heading], value)
            for (where, heading), value in (cells or {}).items():
                if where == sheet:
                    book[sheet].cell(template.FIRST_ROW, columns[heading]).value = value
        book.save(tmp_path / name)
        return tmp_path / name

    return filled


Grid = Mapping[str, Sequence[Sequence[Any]]]
_ODF: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_ODS_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"


def grid(rows: Rows) -> dict[str, list[list[Any]]]:
    """The sheets of a record without any help, as somebody would type them who knows the headings."""
    sheets: dict[str, list[list[Any]]] = {"Read me": [["Practice record", "yes"]]}
    for sheet, things in rows.items():
        headings = [field.heading for field in fields.fields() if field.sheet == sheet]
        sheets[sheet] = [list(headings), *([thing.get(heading) for heading in headings] for thing in things)]
    return sheets


def wide_grid(rows: Rows) -> list[list[Any]]:
    """The same as one table: each row is a service, with all that is about it beside."""
    columns = [field for field in fields.fields() if not field.inverse]
    table: list[list[Any]] = [["Practice record", *map(full_title, columns)]]
    names = {
        "Funding": "Services it pays for",
        "Routes": "To",
        "Accreditations": "Held by",
        "Replies": "What you reply about",
    }
    names = {sheet: names.get(sheet, "Service") for sheet in fields.SHEETS[2:]}
    for service in rows["Services"]:
        about = {
            sheet: [thing for thing in rows.get(sheet, ()) if thing.get(heading) == service["Name of service"]]
            for sheet, heading in names.items()
        }
        if service is rows["Services"][0]:  # what is about no service stands beside any
            about["Looked for"] = list(rows.get("Looked for", ()))
        for number in range(max(1, *map(len, about.values()))):
            beside = {sheet: things[number] if number < len(things) else {} for sheet, things in about.items()}
            said = {"Organisation": rows["Organisation"][0], "Services": service, **beside}
            table.append(["yes", *(said.get(field.sheet, {}).get(field.heading) for field in columns)])
    return table


def xlsx(sheets: Grid) -> bytes:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(sheets: Grid) -> bytes:
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}{_ods_nothing(name)}</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    listed = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {spaces}>{listed}</manifest:manifest>")
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return out.getvalue()


def _ods_row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    match value:
        case None | "":
            return "<table:table-cell/>"
        case bool():
            said = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case int() | float():
            said = f'office:value-type="float" office:value="{value}"'
        case date():
            said = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case _:
            lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
            return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
    return f"<table:table-cell {said}/>"


def _ods_nothing(name: str) -> str:
    """The million empty rows that every sheet ends in."""
    cells = '<table:table-cell table:number-columns-repeated="16384"/>'
    return f'<table:table-row table:number-rows-repeated="1048500">{cells}</table:table-row>'


def csv_text(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(
        [str(cell).lower() if isinstance(cell, bool) else cell for cell in row] for row in rows
    )
    return out.getvalue()


def csv_zip(sheets: Grid) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in sheets.items():
            archive.writestr(f"{name}.csv", csv_text(rows))
    return out.getvalue()


FORMS: Final[Mapping[str, tuple[str, Callable[[Rows], bytes]]]] = {
    "xlsx": ("records.xlsx", lambda rows: xlsx(grid(rows))),
    "ods": ("records.ods", lambda rows: ods(grid(rows))),
    "csv": ("records.zip", lambda rows: csv_zip(grid(rows))),
    "wide xlsx": ("records.xlsx", lambda rows: xlsx({"Sheet1": wide_grid(rows)})),
    "wide csv": ("records.csv", lambda rows: csv_text(wide_grid(rows)).encode()),
}


@pytest.fixture(scope="session")
def forms() -> Mapping[str, tuple[str, Callable[[Rows], bytes]]]:
    """Every form of spreadsheet: the name of such a file, and how to write a record as one."""
    return FORMS


@pytest.fixture(scope="session")
def wide() -> Callable[[Rows], list[list[Any]]]:
    """How to lay a record out as one table."""
    return wide_grid


@pytest.fixture(scope="session")
def as_csv() -> Callable[[Sequence[Sequence[Any]]], bytes]:
    """How to write a table as CSV."""
    return lambda rows: csv_text(rows).encode()
