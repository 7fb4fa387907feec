"""The crosswalks speak of fields that the standards have, and of columns, words and rules that exist here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taxonomy import assets
from taxonomy.context import Context
from taxonomy.drafts import field_of
from taxonomy.errors import CurationError
from taxonomy.namespaces import CONCEPT, SV, SVSH
from taxonomy.standards import crosswalk
from taxonomy.standards.crosswalk import Crosswalk
from taxonomy.validation import rules
from taxonomy.values import Iri

NAMES = ("open-referral-uk", "360giving", "ocds")
NO_COLUMN = {Iri(SV + "currency"), Iri(SV + "eligibility")}  # stated beside a column, or by where a thing stands
every_table = pytest.mark.parametrize("name", NAMES)


@every_table
def test_every_property_is_a_column_of_the_class_that_it_is_said_of(name: str) -> None:
    wrong = {
        (row.path, row.property)
        for row in crosswalk.load(name).rows
        if row.property and row.property not in NO_COLUMN and not (row.about and field_of(row.about, row.property))
    }
    assert wrong == set()


@every_table
def test_every_word_of_ours_and_every_rule_exists(name: str, known: Context) -> None:
    for row in crosswalk.load(name).rows:
        if row.value.startswith(CONCEPT):
            assert Iri(row.value) in known.types, row
        elif row.value.startswith(SVSH):
            assert Iri(row.value) in rules(), row
        elif row.value.startswith(SV):
            assert Iri(row.value) in known.wider, row
        elif row.form == "same":
            assert crosswalk.load(name).at(row.value), row


@every_table
def test_a_field_that_is_not_carried_has_a_title_for_people(name: str) -> None:
    assert [row.path for row in crosswalk.load(name).rows if not row.title] == []


@every_table
def test_no_row_stands_twice(name: str) -> None:
    counts = Counter((row.path, row.code, row.property, row.about) for row in crosswalk.load(name).rows)
    assert [key for key, count in counts.items() if count > 1] == []


@every_table
def test_a_field_has_one_form(name: str) -> None:
    table = crosswalk.load(name)
    forms = {path: {row.form for row in table.at(path)} for path in {row.path for row in table.rows}}
    assert {path: some for path, some in forms.items() if len(some) > 1} == {}


@pytest.mark.parametrize("name", ["open-referral-uk.tsv", "360giving.tsv", "ocds.tsv", "identifier-lists.tsv"])
def test_a_table_says_what_it_is_and_of_which_standard(name: str) -> None:
    text = (assets.folder("data") / "crosswalks" / name).read_text()
    for word in ("title", "description", "version", "license", "standard", "standard_source"):
        assert f"\n#{word}: " in text


def test_a_table_that_breaks_the_form_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crosswalks").mkdir()
    monkeypatch.setattr(assets, "folder", lambda _: tmp_path)
    head = "path\ttitle\tform\tabout\tproperty\tcode\tvalue\tdirection\tnote\n"
    (tmp_path / "crosswalks" / "broken.tsv").write_text(f"#title: Broken\n{head}a/b\tb\tsideways\t\t\t\t\tboth\t\n")
    with pytest.raises(CurationError, match="line 3"):
        crosswalk.load("broken")
    with pytest.raises(CurationError, match="cannot be read"):
        crosswalk.load("missing")


def test_every_field_of_open_referral_uk_3_is_looked_at(reference: Path) -> None:
    folder = reference / "oruk" / "v3-uk-profile" / "schema"
    table = crosswalk.load("open-referral-uk")
    for name in ("service", "organization"):
        schema = json.loads((folder / f"compiled_{name}.json").read_text())
        assert list(_unseen(table, schema, schema, name)) == []


def test_every_field_of_open_referral_uk_1_is_looked_at(reference: Path) -> None:
    schema = json.loads((reference / "oruk" / "v1" / "service.schema.verbose.json").read_text())
    assert list(_unseen(crosswalk.load("open-referral-uk"), schema, schema, "service")) == []


def test_every_field_of_360giving_is_looked_at(reference: Path) -> None:
    schema = json.loads((reference / "360giving" / "schema" / "360-giving-schema.json").read_text())
    assert list(_unseen(crosswalk.load("360giving"), schema, schema, "grant")) == []
    package = json.loads((reference / "360giving" / "schema" / "360-giving-package-schema.json").read_text())
    assert list(_unseen(crosswalk.load("360giving"), package, package, "package")) == []


def test_every_field_of_a_release_is_looked_at(reference: Path) -> None:
    schema = json.loads((reference / "ocds" / "schema" / "release-schema_1.1.5.json").read_text())
    table = crosswalk.load("ocds")
    sections = {
        "planning": "Planning",
        "tender": "Tender",
        "award": "Award",
        "contract": "Contract",
        "party": "Organization",
    }
    assert list(_unseen(table, {"properties": schema["properties"]}, schema, "release")) == []
    for path, name in sections.items():
        assert list(_unseen(table, schema["definitions"][name], schema, path)) == []


def _unseen(table: Crosswalk, node: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    """The fields of a schema that the crosswalk neither reads, nor says that it does not read."""
    for key, field in _whole(node, schema).get("properties", {}).items():
        rows = table.at(f"{path}/{key}")
        if not rows:
            yield f"{path}/{key}"
            continue
        inner = _whole(field, schema)
        inner = _whole(inner["items"], schema) if isinstance(inner.get("items"), dict) else inner
        below = rows[0].value if rows[0].form == "same" else f"{path}/{key}"
        below = below if table.beneath(below) else key
        if rows[0].direction not in {"none", "frame"} and rows[0].form != "address" and table.beneath(below):
            yield from _unseen(table, inner, schema, below)


def _whole(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node and node["$ref"].startswith("#/"):
        found: Any = schema
        for step in node["$ref"][2:].split("/"):
            found = found[step]
        node = found
    return node
