"""A made-up workbook for each test: the real template, filled in as a provider would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taxonomy.intake import template

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
