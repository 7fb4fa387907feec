"""A record of a commissioner without services says what it looked for, in whatever form it comes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from pyoxigraph import RdfFormat, parse, serialize

from taxonomy import intake
from taxonomy.namespaces import CONCEPT, EXAMPLE, SV
from taxonomy.records import Record
from taxonomy.validation import check

COUNCIL = Path(__file__).parent.parent / "examples" / "records" / "made-up-council.ttl"
OWNER = EXAMPLE + "id/organisation/made-up-council"
ASKED = "We asked all providers in the area."
SHEETS = {
    "Organisation": [
        ["Practice record", "Name of organisation", "Sector", "Last confirmed"],
        ["yes", "Made-Up Council", "Statutory organisation", "2026-10-05"],
    ],
    "Looked for": [
        ["Area", "Kind of service", "What came of it", "Looked on", "In words"],
        ["Avon and Somerset", "Refuge or safe accommodation", "none found", "2026-05-01", ASKED],
        ["E23000036", "Group work; Older people", "Not known", "2 May 2026", ""],
    ],
}
Sheets = dict[str, list[list[str]]]


def xlsx(sheets: Sheets) -> bytes:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_zip(sheets: Sheets) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, rows in sheets.items():
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return out.getvalue()


def json_ld(_: Sheets) -> bytes:
    """The record of the example, in expanded JSON-LD."""
    things: dict[str, dict[str, list[object]]] = {}
    for quad in parse(path=COUNCIL, format=RdfFormat.TURTLE):
        said = things.setdefault(quad.subject.value, {})
        value = quad.object
        kind = getattr(value, "datatype", None)
        literal = {"@value": value.value, **({"@language": "en"} if getattr(value, "language", None) else {})}
        if kind is not None and "@language" not in literal:
            literal["@type"] = kind.value
        said.setdefault(quad.predicate.value, []).append({"@id": value.value} if kind is None else literal)
    return json.dumps([{"@id": thing, **said} for thing, said in things.items()]).encode()


def n_triples(_: Sheets) -> bytes:
    return serialize(parse(path=COUNCIL, format=RdfFormat.TURTLE), format=RdfFormat.N_TRIPLES) or b""


FORMS: dict[str, Callable[[Sheets], bytes]] = {
    "council.xlsx": xlsx,
    "council.zip": csv_zip,
    "council.jsonld": json_ld,
    "council.nt": n_triples,
}


def facts(record: Record) -> set[str]:
    return {str(triple) for triple in record.places}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_record_without_services_states_the_same(name: str) -> None:
    read = intake.read_bytes(FORMS[name](SHEETS), name)
    assert () == read.problems
    assert facts(intake.read(COUNCIL).only) == facts(read.only)


@pytest.mark.parametrize("name", FORMS)
def test_a_record_without_services_breaks_no_rule(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FORMS[name](SHEETS))
    assert () == tuple(finding.message for finding in check(tmp_path / name).findings if finding.level != "could")


def test_services_are_needed_where_nothing_was_looked_for() -> None:
    read = intake.read_bytes(xlsx({**SHEETS, "Looked for": SHEETS["Looked for"][:1]}), "council.xlsx")
    assert ["Services"] == [problem.value for problem in read.problems if problem.rule == "sheetMissing"]


def test_who_looked_is_whose_record_it_is() -> None:
    read = intake.read_bytes(xlsx(SHEETS), "council.xlsx").only
    looked = {triple.object.value for triple in read.places if triple.predicate.value == SV + "lookedBy"}  # type: ignore[union-attr]  # it is an IRI
    assert {OWNER} == looked


def test_a_column_of_one_table_says_what_the_organisation_looked_for_and_not_a_service() -> None:
    """A row of one table is about a service; what was looked for on it is not."""
    headings = [
        "Practice record",
        *("Name of organisation", "Sector", "Last confirmed", "Name of service", "Type of service", "Specialism"),
        *("Covers area", "Looked for: Area", "Kind of service", "What came of it", "Looked on"),
    ]
    service = ["Made-Up Helpline", "Helpline", "Sexual violence", "Avon and Somerset"]
    row = ["yes", "Made-Up Council", "Statutory organisation", "2026-10-05", *service]
    row += ["Avon and Somerset", "Refuge or safe accommodation", "none found", "2026-05-01"]
    read = intake.read_bytes(xlsx({"Sheet1": [headings, row]}), "council.xlsx").only
    statement = f"<{OWNER}/looked/1>"
    assert f"{statement} <{SV}lookedBy> <{OWNER}>" in facts(read)
    assert f"{statement} <{SV}lookedFor> <{CONCEPT}service-type/refuge>" in facts(read)


def test_a_name_that_two_lists_have_can_be_picked_from_either() -> None:
    kinds = {"Advocacy": "service-type/advocacy", "Advocacy (pathway stage)": "pathway-stage/advocacy"}
    for name, concept in kinds.items():
        rows = [SHEETS["Looked for"][0], ["E23000036", name, "none found", "2026-05-01", ""]]
        read = intake.read_bytes(xlsx({**SHEETS, "Looked for": rows}), "council.xlsx").only
        assert f"<{OWNER}/looked/1> <{SV}lookedFor> <{CONCEPT}{concept}>" in facts(read)
