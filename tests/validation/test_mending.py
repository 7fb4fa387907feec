"""The template, filled in wrongly in ten ways, is mended from the report alone: no document, no code, no guess."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from taxonomy.validation import check
from taxonomy.validation.report import FORMATS

TODAY = date(2026, 11, 23)
SLIPS = {
    ("Organisation", "Last confirmed"): "last autumn",
    ("Organisation", "Shared e-mail"): "made.upperson@made-up-centre.example",
    ("Services", "Covers area"): None,
    ("Services", "Specialism"): "Sexual violense",
    ("Eligibility", "Age from"): "16+",
    ("Eligibility", "Gender offer"): "mostly women",
    ("Funding", "Amount in pounds"): "about £60k",
    ("Funding", "Starts"): "spring",
    ("Routes", "Consent needed?"): "usually",
}
HEADING = ("Services", "B1", "Typ serv")  # the tenth


def mend(path: Path, report: Mapping[str, Any]) -> int:
    """Do what the report says, as a person would who has nothing else: how many cells were changed."""
    book = openpyxl.load_workbook(path)
    changed = 0
    for finding in report["findings"]:
        asked = re.match(r"Did you mean (.+?)(?: or .+)?\?", finding["how_to_fix"])
        instead = finding["suggestion"] or (asked[1] if asked else report["rules"][finding["rule"]]["good_example"])
        if finding["cell"]:
            book[finding["sheet"]][finding["cell"]] = instead
            changed += 1
    book.save(path)
    return changed


def told(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(FORMATS["json"](check(path, today=TODAY)))
    return found


def test_ten_slips_are_mended_from_the_report_alone(fill: Callable[..., Path]) -> None:
    path = fill(SLIPS)
    book = openpyxl.load_workbook(path)
    book[HEADING[0]][HEADING[1]] = HEADING[2]
    book.save(path)
    first = told(path)
    assert first["stopped"]
    assert 1 == mend(path, first)
    second = told(path)
    assert len(SLIPS) == len(second["findings"]) == mend(path, second)
    third = told(path)
    assert [] == third["findings"]
    assert third["conforms"]
