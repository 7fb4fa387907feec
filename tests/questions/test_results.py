"""Answers: typed values, labels, and the same rows in every form."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taxonomy import namespaces
from taxonomy.errors import InputError, StoreError
from taxonomy.questions import writing
from taxonomy.questions.results import Answer

CENTRE = "https://example.org/id/service/made-up-centre"


def literal(text: str, datatype: str = "") -> dict[str, str]:
    return {"type": "literal", "value": text} | ({"datatype": namespaces.XSD + datatype} if datatype else {})


def answer(*rows: dict[str, dict[str, str]], notice: str = "") -> Answer:
    """An answer as a store gives it, with a label for the made-up centre."""
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["nothing"]
    body = json.dumps({"head": {"vars": columns}, "results": {"bindings": rows}})
    read = Answer.read(body.encode(), text="SELECT …", question="made-up", release=3, notice=notice)
    return read.with_labels({CENTRE: "Made-Up Centre"})


FULL = answer(
    {
        "service": {"type": "uri", "value": CENTRE},
        "amount": literal("342333.00", "decimal"),
        "parts": literal("3", "integer"),
        "starts": literal("2015-04-01", "date"),
        "open": literal("true", "boolean"),
        "says": literal("=1+1"),
    },
    {"says": literal("a, b\n“c”")},
)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (literal("342333.00", "decimal"), Decimal("342333.00")),
        (literal("3", "integer"), 3),
        (literal("3", "nonNegativeInteger"), 3),
        (literal("1.5E2", "double"), Decimal("1.5E2")),
        (literal("NaN", "double"), "NaN"),
        (literal("1", "boolean"), True),
        (literal("2018-03-12", "date"), date(2018, 3, 12)),
        (literal("2018-03-12T09:00:00Z", "dateTime"), datetime(2018, 3, 12, 9, tzinfo=UTC)),
        (literal("-0044-03-15", "date"), "-0044-03-15"),
        (literal("9" * 5000, "integer"), "9" * 5000),
        (literal("2018", "gYear"), "2018"),
        ({"type": "bnode", "value": "b0"}, "_:b0"),
        ({"type": "literal", "value": "x", "xml:lang": "en"}, "x"),
    ],
)
def test_a_value_has_its_own_type(term: dict[str, str], value: object) -> None:
    [row] = answer({"value": term})
    assert row["value"] == value
    assert type(row["value"]) is type(value)


def test_what_is_not_known_is_none_and_never_zero() -> None:
    row = FULL.rows[1]
    assert row["amount"] is None
    assert row.label("amount") == ""
    assert FULL.to_csv().splitlines()[2].startswith(",,,,,,")
    assert json.loads(FULL.to_json())["rows"][1]["amount"] is None


def test_a_thing_has_its_label_and_a_value_is_its_own() -> None:
    row = FULL.rows[0]
    assert row.is_iri("service")
    assert not row.is_iri("says")
    assert [row.label(name) for name in ("service", "amount", "open")] == ["Made-Up Centre", "342333.00", "true"]
    [bare] = answer({"kind": {"type": "uri", "value": namespaces.SV + "Service"}})
    assert bare.label("kind") == "sv:Service"
    with pytest.raises(KeyError):
        row["nowhere"]


def test_an_ask_is_one_row() -> None:
    [row] = Answer.read(b'{"head": {}, "boolean": false}', text="ASK {}")
    assert dict(row) == {"answer": False}


def test_a_broken_reply_is_a_store_error() -> None:
    with pytest.raises(StoreError, match="could not be read"):
        Answer.read(b'{"head": {}', text="SELECT …")


def test_labels_stand_beside_iris_and_can_be_left_out() -> None:
    assert FULL.to_csv().startswith("service,service_label,amount,")
    assert FULL.to_csv(labels=False).startswith("service,amount,")
    assert json.loads(FULL.to_jsonl().splitlines()[0])["service_label"] == "Made-Up Centre"
    assert f"[Made-Up Centre](<{CENTRE}>)" in FULL.to_markdown()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40), min_size=1))
@example(["'=x", "''=x", "=x", " =x", "\t=x", "+44 117", "＝x", "'", "a'b", ""])
def test_a_csv_reads_back_as_it_was(texts: list[str]) -> None:
    told = answer(*({"says": literal(text)} for text in texts))
    read = [line[0] if line else "" for line in csv.reader(io.StringIO(told.to_csv(), newline=""))][1:]
    assert [writing.restored(text) for text in read] == texts


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
@example("=HYPERLINK(1)")
def test_no_cell_of_text_is_a_formula(text: str) -> None:
    told = answer({"says": literal(text)})
    cell = next(csv.reader(io.StringIO(told.to_tsv().splitlines()[1]), delimiter="\t"), [""])
    assert not (cell and cell[0].startswith(("=", "+", "-", "@", "\t", "\r")))


def test_a_workbook_holds_text_as_text_and_figures_as_figures() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FULL.to_xlsx()))
    heading, first, second = book["Answer"].iter_rows()
    assert [cell.value for cell in heading][:3] == ["service", "service_label", "amount"]
    assert [cell.value for cell in first][1:4] == ["Made-Up Centre", 342333, 3]
    assert (first[-1].value, first[-1].data_type, first[-1].quotePrefix) == ("=1+1", "s", True)
    assert second[2].value is None
    assert [row[1].value for row in book["About"].iter_rows()][:3] == ["made-up", 3, 2]


def test_a_workbook_leaves_what_is_not_known_empty_and_says_that_it_is_no_nought() -> None:
    book = openpyxl.load_workbook(io.BytesIO(FULL.to_xlsx()))
    assert {type(row[2].value) for row in list(book["Answer"].iter_rows())[1:]} == {int, type(None)}
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["blank cells"].startswith("Not known")
    assert "Never zero" in about["blank cells"]


def test_a_workbook_refuses_what_it_cannot_hold_whole() -> None:
    with pytest.raises(InputError, match="does not fit"):
        answer({"says": literal("x" * 40_000)}).to_xlsx()
    control = openpyxl.load_workbook(io.BytesIO(answer({"says": literal("a\x0bb")}).to_xlsx()))
    assert control["Answer"]["A2"].value == "a�b"


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**13), max_value=10**13)))
def test_money_is_exact_in_every_form_of_text(amounts: list[Decimal]) -> None:
    told = answer(*({"amount": literal(f"{amount:f}", "decimal")} for amount in amounts))
    rows = json.loads(told.to_json(), parse_float=Decimal, parse_int=Decimal)["rows"]
    assert [row["amount"] for row in rows] == amounts
    assert [Decimal(line) for line in told.to_csv().split()[1:]] == amounts
    if amounts:
        assert told.to_polars()["amount"].to_list() == amounts


def test_data_frames_have_typed_columns() -> None:
    frame = FULL.to_pandas()
    assert [str(frame[name].dtype) for name in ("amount", "parts", "starts", "open", "says")] == [
        "Float64",
        "Int64",
        "datetime64[s]",
        "boolean",
        "string",
    ]
    assert frame["amount"].sum() == 342333
    assert frame["amount"].isna().tolist() == [False, True]
    assert FULL.to_polars().schema["amount"] == pl.Decimal(38, 2)
    assert pl.read_parquet(io.BytesIO(FULL.to_parquet())).equals(FULL.to_polars())


def test_a_column_of_several_types_becomes_text() -> None:
    mixed = answer({"value": literal("3", "integer")}, {"value": literal("three")})
    assert mixed.to_polars()["value"].to_list() == ["3", "three"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_named_with_the_command_that_brings_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputError, match=f"pip install {library}"):
        getattr(FULL, f"to_{library}")()


def test_a_notebook_shows_a_captioned_table_without_markup_from_values() -> None:
    shown = answer({"says": literal("<script>alert(1)</script>")})._repr_html_()
    assert "<caption>made-up: 1 of 1 rows, release 3</caption>" in shown
    assert "<script>" not in shown


def test_every_copy_of_a_made_up_answer_says_so() -> None:
    told = answer({"says": literal("x")}, notice="Made-up.")
    for copy in (told.to_csv(), told.to_tsv(), told.to_json(), told.to_jsonl(), told.to_markdown(), told._repr_html_()):
        assert "Made-up." in copy
    assert "Made-up." in openpyxl.load_workbook(io.BytesIO(told.to_xlsx()))["Answer"]["B2"].value
    assert told.to_polars()["notice"].to_list() == ["Made-up."]


def test_an_empty_answer_has_its_columns_in_every_form() -> None:
    nothing = answer()
    assert nothing.to_csv() == "nothing\n"
    assert json.loads(nothing.to_json()) == {"question": "made-up", "release": 3, "columns": ["nothing"], "rows": []}
    assert nothing.to_jsonl() == ""
    assert nothing.to_polars().columns == ["nothing"]
    assert nothing.to_pandas().empty
