"""No OpenDocument spreadsheet or zip of tables, however hostile, does more than be refused in one clear line."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy import intake
from taxonomy.cli import main
from taxonomy.errors import InputError
from taxonomy.intake import extents, sheets
from taxonomy.intake.extents import Extent

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "table", "text", "manifest"))
TYPE = "application/vnd.oasis.opendocument.spreadsheet"
TEXT = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def content(rows: str) -> str:
    table = f'<table:table table:name="Organisation">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    return f'<?xml version="1.0"?><office:document-content {SPACES}>{body}</office:document-content>'


def ods(rows: str = "", **others: bytes | str) -> bytes:
    manifest = f"<manifest:manifest {SPACES}/>"
    parts = {"mimetype": TYPE, "META-INF/manifest.xml": manifest, "content.xml": content(rows)}
    return zipped({**parts, **{name.replace("__", "/"): text for name, text in others.items()}})


def row(cells: str, said: str = "") -> str:
    return f"<table:table-row{said}>{cells}</table:table-row>"


REPEATED_ROWS, REPEATED_COLUMNS = ' table:number-rows-repeated="{}"', ' table:number-columns-repeated="{}"'
NOTHING = f"<table:table-cell{REPEATED_COLUMNS.format(16384)}/>"
HOSTILE = {
    "a row that stands for a million": row(TEXT.format(""), REPEATED_ROWS.format(1_000_000)),
    "a cell that stands for thousands": row(TEXT.format(REPEATED_COLUMNS.format(16_000))),
    "many cells in many rows": row(TEXT.format(REPEATED_COLUMNS.format(290)), REPEATED_ROWS.format(19_000)),
    "a cell far below": row(NOTHING, REPEATED_ROWS.format(1_000_000)) + row(TEXT.format("")),
    "a cell far right": row(f"<table:table-cell{REPEATED_COLUMNS.format(9_000)}/>" + TEXT.format("")),
    "a number hidden behind a sign": row(TEXT.format(' table:style-name=">"'), REPEATED_ROWS.format(1_000_000)),
    "a number in other quotes": row(TEXT.format(""), " table:number-rows-repeated = '1000000'"),
    "a row in another tag": f"<table:table-row-group>{row(TEXT.format(''), REPEATED_ROWS.format(99_999))}"
    "</table:table-row-group>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sheet_that_reaches_too_far_is_refused_before_room_is_made_for_it(name: str) -> None:
    started = time.perf_counter()
    with pytest.raises(InputError, match="the most is 20,000 rows") as refused:
        intake.read_bytes(ods(HOSTILE[name]), "records.ods")
    assert time.perf_counter() - started < 10
    assert str(refused.value).startswith("records.ods")
    assert refused.value.hint


REFUSED = {
    "repeated how often": (ods(row(TEXT.format(""), REPEATED_ROWS.format("&#49;00000"))), "unreadable number of times"),
    "doctype": (ods(**{"content.xml": '<!DOCTYPE a [<!ENTITY b "b">]>' + content("")}), "declarations"),
    "doctype in utf-16": (ods(**{"content.xml": "<!DOCTYPE a []><a/>".encode("utf-16")}), "declarations"),
    "password": (ods(**{"META-INF__manifest.xml": "<manifest:encryption-data/>"}), "password"),
    "macros": (ods(**{"Basic__Standard__Module1.xml": "<a/>"}), "macros"),
    "way out": (ods(**{"..__..__etc": "root"}), "path that leads out"),
    "bomb": (ods(Pictures__a=bytes(120 * 2**20)), "larger than 50 MB"),
    "another document": (zipped({"mimetype": TYPE.replace("spreadsheet", "text"), "content.xml": "<a/>"}), "no Excel"),
    "damaged": (ods(**{"content.xml": b"<office:document-content"}), "damaged|none of|no Excel"),
    "long cell": (ods(row(TEXT.replace(">x<", f">{'long ' * 3_000}<").format(""))), "longer than 10,000"),
    "zip of tables and more": (zipped({"services.csv": "Name\nA", "run.exe": b"MZ"}), "no Excel"),
    "zip of a broken table": (zipped({"services.csv": b"Name\n\0"}), "NUL"),
    "zip of a table that is too long": (zipped({"services.csv": b"a\n" * 20_100}), "the most is 20,000 rows"),
    "zip that leads out": (zipped({"../services.csv": "Name\nA"}), "path that leads out"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_broken_or_hostile_otherwise_is_refused_in_one_clear_line(name: str) -> None:
    data, said = REFUSED[name]
    with pytest.raises(InputError, match=said) as refused:
        intake.read_bytes(data, "records.ods")
    assert "\n" not in str(refused.value)
    assert refused.value.hint


def test_the_million_empty_rows_at_the_end_of_every_sheet_do_no_harm() -> None:
    rows = row(TEXT.format("") + NOTHING) + row(NOTHING, REPEATED_ROWS.format(1_048_575))
    assert {"Organisation": [["x"]]} == sheets.cells(ods(rows))


def test_the_shell_that_takes_more_rows_than_the_site_still_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "small.ods"
    path.write_bytes(ods(row(TEXT.format(REPEATED_COLUMNS.format(90)), REPEATED_ROWS.format(900_000))))
    said = CliRunner().invoke(main, ["validate", str(path)])
    assert said.exit_code == 1
    assert "more memory" in said.stderr


def test_a_folder_in_a_zip_of_tables_is_no_part_of_their_names() -> None:
    data = zipped({"export/Services.csv": "Name\nA", "__MACOSX/._Services.csv": b"\0"})
    assert {"Services": [["Name"], ["A"]]} == sheets.cells(data)


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=4)),
        min_size=1,
        max_size=6,
    )
)
def test_the_look_at_a_sheet_tells_just_how_far_it_reaches(made: list[tuple[int, list[tuple[int, bool]]]]) -> None:
    cells = [
        "".join((TEXT if full else "<table:table-cell{}/>").format(REPEATED_COLUMNS.format(n)) for n, full in each)
        for _, each in made
    ]
    rows = "".join(row(some, REPEATED_ROWS.format(times)) for (times, _), some in zip(made, cells, strict=True))
    read = sheets.cells(ods(rows))["Organisation"]
    height, width = len(read), max(map(len, read), default=0)
    extents.look_at_ods("content.xml", content(rows).encode(), Extent(rows=height, columns=width))
    if height and width:
        for less in (Extent(rows=height - 1, columns=width), Extent(rows=height, columns=width - 1)):
            with pytest.raises(InputError, match="the most is"):
                extents.look_at_ods("content.xml", content(rows).encode(), less)


SMALL = ods(row(TEXT.format("") * 2))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_changed_bytes_of_a_spreadsheet_are_read_or_refused_and_never_fail_otherwise(data: st.DataObject) -> None:
    book = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(book) - 1))
        book[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    with contextlib.suppress(InputError):
        sheets.cells(bytes(book))
