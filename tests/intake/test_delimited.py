"""CSV is read as people's programs write it."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.errors import InputError
from taxonomy.intake import delimited
from taxonomy.intake.extents import Extent

MOST = Extent(rows=100, columns=20)
TABLE = [["Name", "Amount"], ["Made-Up Café", "£60,000"], ["two\nlines", 'a "quoted" word']]


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_whatever_stands_between_its_cells_and_however_it_is_encoded(
    encoding: str, delimiter: str
) -> None:
    assert (TABLE, "") == delimited.rows(written(TABLE, delimiter).encode(encoding), MOST)


@pytest.mark.parametrize(("encoding", "guess"), [("cp1252", "Windows-1252"), ("latin-1", "Windows-1252")])
def test_an_old_encoding_is_guessed_and_the_guess_is_told(encoding: str, guess: str) -> None:
    assert (TABLE, guess) == delimited.rows(written(TABLE).encode(encoding), MOST)


def test_bytes_that_are_no_windows_letters_are_read_as_latin_1() -> None:
    assert ([["\x81", "é"]], "Latin-1") == delimited.rows(b"\x81,\xe9", MOST)


def test_semicolons_between_the_values_of_a_cell_do_not_part_cells() -> None:
    rows = [["Name", "Types"], ["A", "one; two"], ["B", "three; four"]]
    assert rows == delimited.rows(b"Name,Types\nA,one; two\nB,three; four\n", MOST)[0]


def test_commas_in_amounts_do_not_part_cells_of_a_table_with_semicolons() -> None:
    assert [["Name", "Amount"], ["A, B", "1,000"]] == delimited.rows(b"Name;Amount\nA, B;1,000\n", MOST)[0]


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    rows = delimited.rows(b'Title\n\n"Na\nme",Type\nA,B,C\n', MOST)[0]
    assert [["Title"], [], ["Na\nme", "Type"], ["A", "B", "C"]] == rows


def test_a_first_line_that_names_the_delimiter_is_no_row() -> None:
    assert [["a,b", "c"]] == delimited.rows(b"sep=;\r\na,b;c\r\n", MOST)[0]


def test_a_zero_that_a_formula_keeps_stays() -> None:
    assert [["01234567", "x"]] == delimited.rows(b'="01234567",x\n', MOST)[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"a,b\n1,\0\n", "line 2.*NUL"),
        (b'a,b\n"1,2\n3,4\n', "row 2.*not closed"),
        (b"a," + b"x" * 20_000, "row 1.*longer than 10,000"),
        (b"a\n" * 200, "the most is 100 rows"),
        (b"a," * 50, "20 columns"),
        (b"\xff\xfea", "UTF-16"),
        (b"\xef\xbb\xbf\xff", "UTF-8"),
        ("a,\ufdd0".encode(), "no text may hold"),
    ],
)
def test_what_is_no_table_is_refused_with_the_place(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        delimited.rows(data, MOST)
    assert refused.value.hint


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_and_never_fail_otherwise(data: bytes) -> None:
    with contextlib.suppress(InputError):
        delimited.rows(data, MOST)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Cn"]), min_size=1, max_size=12)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=8))
def test_what_a_csv_program_wrote_is_read_back(rows: list[list[str]]) -> None:
    rows = [["Name", "Type", "Area"], *([cell.replace(";", "") or "x" for cell in row] for row in rows)]
    assert rows == delimited.rows(written(rows).encode(), MOST)[0]
