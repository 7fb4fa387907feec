"""No file, however hostile or broken, does more than be refused in one clear line."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taxonomy import intake
from taxonomy.errors import InputError, TooLargeError
from taxonomy.intake import parsing, sheets

RECORD = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"


def workbook(change: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Organisation"
    book.worksheets[0].append(["Name of organisation", "Sector"])
    book.worksheets[0].append(["Made-Up Centre", "Voluntary organisation"])
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes, *, base: bytes | None = None) -> bytes:
    """A workbook with one more part, or another one in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base or workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def far_cell(book: openpyxl.Workbook) -> None:
    book.worksheets[0]["XFD1048576"] = "far away"


SMALL = workbook()
HOSTILE_WORKBOOKS = {
    "empty": (b"", "empty"),
    "no zip": (b"name,sector\nMade-Up Centre,charity\n", "no Excel workbook"),
    "truncated": (workbook()[:-200], "no Excel workbook"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), "password"),
    "zip of something else": (with_part("a.txt", b"a", base=b"PK\x05\x06" + bytes(18)), "no Excel workbook"),
    "bomb": (with_part("xl/media/a.bin", bytes(120 * 2**20)), "larger than 50 MB"),
    "macros": (with_part("xl/vbaProject.bin", b"macro"), "macros"),
    "way out": (with_part("../../etc/passwd", b"root"), "path that leads out"),
    "far cell": (workbook(far_cell), "the most is 20,000 rows"),
    "many rows": (
        workbook(lambda book: [book.worksheets[0].append(["x"]) for _ in range(20_100)]),
        "the most is 20,000 rows",
    ),
    "doctype": (
        with_part("xl/sharedStrings.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><sst>&b;</sst>'),
        "declarations",
    ),
    "no sheet of ours": (workbook(lambda book: setattr(book.worksheets[0], "title", "Sheet1")), "none of the sheets"),
    "long cell": (workbook(lambda book: book.worksheets[0].append(["long " * 3_000])), "longer than 10,000"),
    "damaged sheet": (with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "none of|damaged|cannot"),
}


@pytest.mark.parametrize("name", HOSTILE_WORKBOOKS)
def test_a_hostile_or_broken_workbook_is_refused_in_one_clear_line(name: str) -> None:
    data, said = HOSTILE_WORKBOOKS[name]
    started = time.perf_counter()
    with pytest.raises(InputError, match=said) as refused:
        intake.read_bytes(data, "records.xlsx")
    assert time.perf_counter() - started < 10
    assert str(refused.value).startswith("records.xlsx")
    assert "\n" not in str(refused.value)
    assert refused.value.hint


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(300):
            archive.writestr(f"xl/{number}.xml", b"<a/>")
    with pytest.raises(InputError, match="300 parts"):
        sheets.cells(out.getvalue())


HOSTILE_TURTLE = {
    "empty": (b"", "empty"),
    "spaces": (b" \n\t\n", "empty"),
    "web page": (b"<!DOCTYPE html><html></html>", "XML or a web page"),
    "xml with entities": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a/>', "XML or a web page"),
    "not utf-8": (b'@prefix a: <https://example.org/> .\na:b a:c "\xff" .', "line 2.*UTF-8"),
    "utf-16": ("@prefix a: <https://example.org/> .".encode("utf-16"), "UTF-8"),
    "nul": (b'<https://example.org/a> <https://example.org/b> "\x00" .', "NUL"),
    "deep": (b"<https://example.org/a> <https://example.org/b> " + b"[ <https://example.org/b> " * 10_000, "64 deep"),
    "lists in lists": (b"<https://example.org/a> <https://example.org/b> " + b"(" * 5_000, "64 deep"),
    "blank node": (b"<https://example.org/a> <https://example.org/b> [] .", "blank node"),
    "relative": (b"<a> <b> <c> .", "line 1"),
    "unknown prefix": (b"\n\na:b a:c a:d .", "line 3"),
    "long text": (b'<https://example.org/a> <https://example.org/b> "' + b"x" * 20_000 + b'" .', "longer than 10,000"),
    "no organisation": (b'<https://example.org/a> <https://example.org/b> "c" .', "no organisation"),
    "named graph": (b"<https://example.org/g> { <https://example.org/a> <https://example.org/b> 1 }", "line 1"),
    "lone surrogate": (b'<https://example.org/a> <https://example.org/b> "\\uD800" .', "line 1"),
}


@pytest.mark.parametrize("name", HOSTILE_TURTLE)
def test_hostile_or_broken_turtle_is_refused_in_one_clear_line(name: str) -> None:
    data, said = HOSTILE_TURTLE[name]
    with pytest.raises(InputError, match=said) as refused:
        intake.read_bytes(data, "../../records.ttl")
    assert str(refused.value).startswith("records.ttl")
    assert "\n" not in str(refused.value)


def test_more_facts_than_a_record_can_hold_are_refused() -> None:
    owner = b"<https://example.org/id/organisation/made-up> a <https://w3id.org/svssv/ontology#Organisation> .\n"
    facts = owner + b"".join(b"<https://example.org/%d> <https://example.org/b> 1 .\n" % each for each in range(5_100))
    with pytest.raises(TooLargeError, match="more than 5,000 facts"):
        intake.read_bytes(facts, "records.ttl")


@pytest.mark.parametrize("name", ["records.doc", "records.pdf", "records", "records.ttl.exe"])
def test_a_file_of_another_kind_is_refused_with_the_kinds_that_are_read(name: str) -> None:
    with pytest.raises(InputError, match=r"\.xlsx.*\.ttl.*\.nt"):
        intake.read_bytes(b"hello", name)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.ttl", tmp_path):
        with pytest.raises(InputError, match="cannot be opened"):
            intake.read(path)


def test_a_workbook_with_the_wrong_suffix_is_read_as_what_it_is() -> None:
    assert intake.read_bytes(workbook(), "records.ttl").kind == "workbook"


def test_a_huge_number_is_checked_as_text(tmp_path: Path) -> None:
    path = tmp_path / "records.ttl"
    path.write_text(RECORD.read_text().replace("sv:minimumAge 18", "sv:minimumAge " + "9" * 5_000))
    assert intake.read(path).only.owner


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_changed_bytes_of_a_record_are_read_or_refused_and_never_fail_otherwise(data: st.DataObject) -> None:
    record = bytearray(RECORD.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(record) - 1))
        record[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    with contextlib.suppress(InputError):
        parsing.facts(bytes(record), "turtle")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_changed_bytes_of_a_workbook_are_read_or_refused_and_never_fail_otherwise(data: st.DataObject) -> None:
    book = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(book) - 1))
        book[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    with contextlib.suppress(InputError):
        sheets.cells(bytes(book))
