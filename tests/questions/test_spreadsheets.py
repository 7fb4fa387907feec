"""A workbook by the rules for statistics in spreadsheets: structure first, then what stands in the cells."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from taxonomy.errors import InputError
from taxonomy.questions.spreadsheets import Book, Sheet, write

SHEET = Sheet(
    tab="1_made_up",
    title="Table 1: Made-up services",
    lines=("This worksheet contains one table.", "Source: a made-up plan."),
    heads=("Service", "Sum in pounds (£)", "Last day"),
    rows=(("Made-Up Helpline", Decimal("80000.50"), date(2018, 3, 31)), ("=1+1", "[x]", "[z]")),
    figures=frozenset({1}),
)
BOOK = Book(title="Made-up book", about=("Release 1.",), notes=(("[x]", "Not known."),), sheets=(SHEET,))


def opened(book: Book) -> Workbook:
    return load_workbook(io.BytesIO(write(book)))


def test_cover_contents_and_notes_come_before_the_tables() -> None:
    assert ["Cover", "Contents", "Notes", "1_made_up"] == opened(BOOK).sheetnames


def test_the_title_stands_in_the_first_cell_of_each_sheet() -> None:
    firsts = [sheet["A1"].value for sheet in opened(BOOK)]
    assert ["Made-up book", "Contents", "Notes", "Table 1: Made-up services"] == firsts


def test_each_sheet_but_the_cover_has_one_marked_up_table_from_the_first_column_to_its_last_row() -> None:
    for sheet in opened(BOOK).worksheets[1:]:
        [table] = sheet.tables.values()
        assert table.ref.startswith("A")
        assert table.ref.endswith(f"{sheet.cell(sheet.max_row, sheet.max_column).coordinate}")


def test_no_cell_of_a_table_is_blank_and_none_is_joined_with_another() -> None:
    for sheet in opened(BOOK).worksheets[1:]:
        [table] = sheet.tables.values()
        assert all(cell.value not in (None, "") for row in sheet[table.ref] for cell in row)
        assert not sheet.merged_cells.ranges


def test_contents_lead_to_each_sheet() -> None:
    contents = opened(BOOK)["Contents"]
    targets = [row[0].hyperlink.location or row[0].hyperlink.target for row in contents.iter_rows(min_row=4)]
    assert ["'Notes'!A1", "'1_made_up'!A1"] == [target.lstrip("#") for target in targets]


def test_figures_and_days_are_figures_and_days_and_text_is_never_a_formula() -> None:
    sheet = opened(BOOK)["1_made_up"]
    assert [("Made-Up Helpline", 80000.5), ("=1+1", "[x]")] == [(row[0].value, row[1].value) for row in sheet["A5:B6"]]
    assert "s" == sheet["A6"].data_type
    assert date(2018, 3, 31) == sheet["C5"].value.date()


@pytest.mark.parametrize(
    "change",
    [
        {"tab": "a tab that is longer than a tab may be"},
        {"tab": "Notes"},
        {"rows": ()},
        {"rows": (("a", "", "b"),)},
        {"rows": (("a", "b"),)},
        {"heads": ("Service", "Service", "Last day")},
        {"heads": ("Service", "", "Last day")},
    ],
)
def test_a_table_that_breaks_the_rules_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        write(replace(BOOK, sheets=(replace(SHEET, **change),)))


@settings(deadline=None, max_examples=25)  # each example writes a file and reads it
@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_any_text_comes_back_as_text(text: str) -> None:
    printable = all(char.isprintable() for char in text)
    sheet = opened(replace(BOOK, sheets=(replace(SHEET, rows=((text, "[x]", "[z]"),)),)))["1_made_up"]
    assert "f" != sheet["A5"].data_type
    assert not printable or sheet["A5"].value == text


def test_the_same_tables_make_the_same_file() -> None:
    assert write(BOOK) == write(BOOK)
