"""Mappings to other vocabularies: of concepts that exist, to terms that exist, honest about what has no match."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml
from rdflib.namespace import SDO

from taxonomy import assets
from taxonomy.namespaces import CONCEPT, SCHEME, SKOS

FILES = assets.files("data", "crosswalks/*.sssom.tsv")
MATCHES = {"exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"}
NO_MATCH, NO_TERM = "skos:mappingRelation", "sssom:NoTermFound"
WHOLLY_MAPPED = ("service-type", "harm", "community")
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.split(".")[0])

Row = dict[str, str]


def header(path: Path) -> dict[str, Any]:
    lines = path.read_text(encoding="utf-8").splitlines()
    read: dict[str, Any] = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    return read


def rows(path: Path) -> list[Row]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def matched(path: Path) -> list[Row]:
    return [row for row in rows(path) if row["object_id"] != NO_TERM]


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """The preferred label of every concept and scheme."""
    found: dict[str, str] = {}
    for path in assets.files("data", "vocabularies/*.ttl"):
        for quad in ox.parse(path=path):
            if quad.predicate.value == SKOS + "prefLabel" and isinstance(quad.subject, ox.NamedNode):
                assert isinstance(quad.object, ox.Literal)
                found[quad.subject.value] = quad.object.value
    return found


def test_there_is_a_crosswalk_to_each_of_the_three() -> None:
    assert [path.name.split(".")[0] for path in FILES] == ["cpsv-ap", "open-eligibility", "schema-org"]


@every_file
def test_a_mapping_set_says_what_it_is_whose_and_of_when(path: Path) -> None:
    told = header(path)
    wanted = {"title", "description", "version"}
    assert wanted <= {key.removeprefix("mapping_set_") for key in told}
    assert {"license", "creator_label", "mapping_date", "object_source_version", "curie_map"} <= set(told)
    assert told["mapping_set_id"].endswith(path.name.split(".")[0])


@every_file
def test_every_prefix_is_told(path: Path) -> None:
    told = set(header(path)["curie_map"])
    columns = ("subject_id", "predicate_id", "object_id", "mapping_justification", "subject_source", "object_source")
    assert {row[column].split(":")[0] for row in rows(path) for column in columns} <= told


@every_file
def test_every_subject_exists_under_the_label_given(path: Path, names: dict[str, str]) -> None:
    prefixes = header(path)["curie_map"]
    assert {prefixes["concept"], prefixes["scheme"]} == {CONCEPT, SCHEME}
    for row in rows(path):
        prefix, rest = row["subject_id"].split(":", 1)
        assert names[prefixes[prefix] + rest] == row["subject_label"]


@every_file
def test_a_match_is_a_match_of_skos_and_no_match_says_so(path: Path) -> None:
    for row in rows(path):
        expected = {NO_MATCH} if row["object_id"] == NO_TERM else {f"skos:{match}" for match in MATCHES}
        assert row["predicate_id"] in expected, row
        assert bool(row["object_label"]) == (row["object_id"] != NO_TERM), row
        assert 0 < float(row["confidence"]) <= 1, row
        assert row["comment"] or row["predicate_id"] in {"skos:exactMatch", "skos:closeMatch"}, row


@every_file
def test_no_subject_has_both_a_match_and_none(path: Path) -> None:
    none = {row["subject_id"] for row in rows(path) if row["object_id"] == NO_TERM}
    assert none
    assert not none & {row["subject_id"] for row in matched(path)}


@every_file
def test_rows_are_sorted_and_stand_once(path: Path) -> None:
    keys = [(row["subject_id"], row["predicate_id"], row["object_id"]) for row in rows(path)]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("scheme", WHOLLY_MAPPED)
def test_every_concept_of_the_main_schemes_is_looked_up_in_open_eligibility(scheme: str, names: dict[str, str]) -> None:
    (path,) = (each for each in FILES if each.name.startswith("open-"))
    mine = {iri.removeprefix(CONCEPT) for iri in names if iri.startswith(f"{CONCEPT}{scheme}/")} - {
        f"{scheme}/not-stated"
    }
    looked_up = {row["subject_id"].removeprefix("concept:") for row in rows(path)}
    assert mine == {each for each in looked_up if each.startswith(f"{scheme}/")}


def test_terms_of_open_eligibility_have_the_number_and_title_given(shared: Path) -> None:
    (path,) = (each for each in FILES if each.name.startswith("open-"))
    text = (shared / "reference" / "taxonomies" / "openeligibility_v2.xml").read_text(encoding="utf-8")
    level = re.compile(r"""<\w+_level id=['"](\d+)['"] title=["']([^"']*)["']""")
    titles = {number: title.replace("&amp;", "&") for number, title in level.findall(text)}
    for row in matched(path):
        assert titles[row["object_id"].split(":")[1]] == row["object_label"]


def test_terms_of_schema_org_exist() -> None:
    (path,) = (each for each in FILES if each.name.startswith("schema-"))
    assert {row["object_label"] for row in matched(path)} - {str(term).rsplit("/", 1)[1] for term in dir(SDO)} == set()


def test_terms_of_the_public_service_profile_exist(shared: Path) -> None:
    (path,) = (each for each in FILES if each.name.startswith("cpsv-"))
    space = header(path)["curie_map"]["cv"]
    known = {quad.subject for quad in ox.parse(path=shared / "reference" / "vocab" / "cpsv-ap_3.2.0.ttl")}
    assert {ox.NamedNode(space + row["object_id"].split(":")[1]) for row in matched(path)} <= known
    assert "exactMatch" not in {row["predicate_id"].split(":")[1] for row in rows(path)}
