"""Files of the standards come in at the same door as all others, whatever stands in them."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.errors import InputError, NoRecordError, UnknownKindError
from taxonomy.standards import READERS, kind_of, tabular
from taxonomy.validation import check, rules

from .conftest import FILES, Plain

KNOWN = Context.bundled()
DOCUMENTS = {path.stem: json.loads(path.read_text()) for path in sorted(FILES.glob("*.json"))}
KINDS = {"oruk-3": "oruk", "oruk-1": "oruk", "360giving": "360giving", "ocds-releases": "ocds", "ocds-records": "ocds"}


def test_every_made_up_file_is_known_by_what_it_says() -> None:
    assert {name: kind_of(document) for name, document in DOCUMENTS.items()} == KINDS


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_json_file_is_read_as_what_it_is(name: str) -> None:
    read = intake.read(FILES / f"{name}.json")
    assert (read.kind, bool(read.records)) == (KINDS[name], True)
    assert all(place.line and place.pointer for record in read.records for place in record.things.values())


def test_json_of_no_standard_is_refused_in_words() -> None:
    with pytest.raises(UnknownKindError, match="of no standard that we know"):
        intake.read_bytes(b'{"rows": []}', "rows.json")


def test_json_that_is_told_to_be_of_a_standard_and_holds_no_record_is_refused_in_words() -> None:
    for kind in READERS:
        with pytest.raises(NoRecordError):
            intake.read_bytes(b"{}", "file.json", kind=kind)


def test_linked_data_in_a_json_file_is_read_as_rdf() -> None:
    linked = {
        "@id": "https://example.org/id/organisation/made-up-centre",
        "@type": "https://w3id.org/svssv/ontology#VoluntaryOrganisation",
    }
    assert intake.read_bytes(json.dumps(linked).encode(), "record.json").kind == "rdf"


def test_a_name_that_stands_twice_in_an_object_is_said_at_its_place(tmp_path: Path) -> None:
    text = (
        (FILES / "ocds-records.json").read_text().replace('"title": "Made-Up helpline",', '"title": "A", "title": "B",')
    )
    (tmp_path / "notices.json").write_text(text)
    found = check(tmp_path / "notices.json")
    twice = [each for each in found.findings if rules()[each.rule].name == "Reading-memberTwice"]
    assert [each.pointer for each in twice] == ["/records/0/compiledRelease/tender/title"]


def test_grants_may_come_as_csv() -> None:
    headings, grant = "Identifier,Title,Recipient Org:Name,Funding Org:Name", "360G-madeup-1,Made-Up grant,Centre,Fund"
    for kind in (None, "360giving"):
        read = intake.read_bytes(f"{headings}\n{grant}\n".encode(), "grants.csv", kind=kind)
        assert (read.kind, len(read.records)) == ("360giving", 1)


def test_real_grants_in_csv_are_read(reference: Path) -> None:
    read = intake.read(reference / "360giving" / "samples" / "fundingproviders_grants_2_grants.csv")
    assert (read.kind, len(read.records)) == ("360giving", 2)


def test_a_zip_that_is_no_workbook_is_no_grants() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("grants.json", "{}")
    with pytest.raises(InputError):
        intake.read_bytes(packed.getvalue(), "grants.zip", kind="360giving")


def _spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(spot for key, each in inside for spot in _spots(each, (*path, key)))]


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "name", "uri", "ocid", "grants", "services", "organization", "x/y~"]), inner
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_whatever_stands_in_a_place_reading_ends_with_records_or_in_words(name: str, data: st.DataObject) -> None:
    document = copy.deepcopy(DOCUMENTS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([spot for spot in _spots(document) if spot]))
        inside = document
        for step in way:
            inside = inside[step]
        inside[last] = data.draw(ANYTHING)
    try:
        read = READERS[KINDS[name]](Plain(document), KNOWN)
    except NoRecordError:
        return
    for problem in read.problems:
        assert problem.rule_iri in rules()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(READERS)), ANYTHING)
def test_any_document_at_all_ends_with_records_or_in_words(kind: str, value: Any) -> None:
    try:
        READERS[kind](Plain(value), KNOWN)
    except NoRecordError:
        return


@pytest.mark.parametrize("roles", [5, True, {"funder": 1}, [["funder"]], None])
def test_a_party_whose_roles_are_none_pays_for_nothing(roles: Any) -> None:
    party = {"id": "a", "name": "A made-up party", "roles": roles}
    award = {"id": "1", "suppliers": [{"id": "b", "name": "A made-up centre"}]}
    read = READERS["ocds"](Plain({"ocid": "x-1", "parties": [party], "awards": [award]}), KNOWN)
    assert read.records
    assert not [each for record in read.records for each in record.triples if "funder" in each.predicate.value]


HEADINGS = [
    "Identifier",
    "Title",
    "Recipient Org:Name",
    "Recipient Org:Identifier",
    "Recipient Org",
    "Planned Dates:Start Date",
]
MORE = [
    "Planned Dates",
    "Funding Org:Name",
    "recipientOrganization/0/id",
    "Recipient Org:Location:Name",
    "/",
    ":",
    "0",
    "",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.one_of(st.sampled_from(HEADINGS + MORE), st.text(max_size=5)), max_size=8), max_size=6))
def test_any_table_at_all_ends_with_grants_or_in_words(rows: list[list[str]]) -> None:
    sheets = {"grants": [HEADINGS, *rows], "More": rows}
    grants = tabular.Grants(sheets)
    try:
        READERS["360giving"](grants, KNOWN)
    except NoRecordError:
        assert grants.value == {"grants": []}
