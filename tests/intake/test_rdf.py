"""Turtle and N-Triples come in with their lines, and with what follows at once."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import NamedNode

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.intake import parsing
from taxonomy.namespaces import RDF, SV
from taxonomy.records import Record
from taxonomy.values import Iri

RECORD = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"
COUNSELLING = Iri("https://example.org/id/service/made-up-counselling")


@pytest.fixture(scope="module")
def record() -> Record:
    return intake.read(RECORD).only


def test_each_fact_stands_at_the_line_where_it_is_written(record: Record) -> None:
    lines = ("", *RECORD.read_text().splitlines())
    for triple, place in record.places.items():
        if place.line and isinstance(triple.object, pyoxigraph.Literal):
            assert triple.object.value in lines[place.line], (triple, place)


def test_a_fact_over_several_lines_stands_where_its_object_begins() -> None:
    turtle = b'<https://example.org/a>\n  <https://example.org/b> "c"@en ,\n\n   """d\ne"""\n  .\n'
    found = parsing.facts(turtle, "turtle")
    assert found.lines == [2, 4]
    assert [str(triple.object) for triple in found.triples] == ['"c"@en', '"d\\ne"']


def test_the_order_of_facts_and_the_way_of_writing_change_no_fact(record: Record) -> None:
    again = intake.read_bytes(record.ntriples, "records.nt").only
    assert again.ntriples == record.ntriples
    assert again.owner == record.owner


def test_wider_properties_and_classes_that_shapes_name_are_written_out(record: Record) -> None:
    owner = NamedNode("https://example.org/id/organisation/made-up-centre")
    said = {(triple.subject, triple.predicate.value, triple.object) for triple in record.triples}
    assert (NamedNode(COUNSELLING), SV + "providedBy", owner) in said
    assert (owner, RDF + "type", NamedNode(SV + "Organisation")) in said
    assert not any(path == SV + "serviceTypeWithin" for _, path, _ in said)


def test_a_record_goes_into_a_graph_named_for_its_organisation(record: Record) -> None:
    assert record.graph_iri == "https://w3id.org/svssv/graph/record/made-up-centre"
    assert record.practice


def test_a_file_without_a_record_node_gets_one() -> None:
    turtle = b"<https://example.org/id/organisation/made-up> a <https://w3id.org/svssv/ontology#PrivateOrganisation> ."
    facts = intake.read_bytes(turtle, "records.ttl").only.ntriples.decode()
    assert "<https://w3id.org/svssv/graph/record/made-up> <https://w3id.org/svssv/ontology#recordOf>" in facts


def test_a_name_of_two_areas_has_two_meanings_and_its_code_has_one() -> None:
    rows = [
        {"thing": f"https://example.org/id/area/{slug}", "type": SV + "Area", "label": "Made-Up Shire", "scheme": None}
        for slug in ("one", "two")
    ]
    context = Context.from_rows(rows)
    assert len(context.find("made up shire", [Iri(SV + "Area")])) == 2
    assert context.members(Iri(SV + "Area")) == ("Made-Up Shire (one)", "Made-Up Shire (two)")
    assert context.find("Made-Up Shire (two)", [Iri(SV + "Area")]) == ("https://example.org/id/area/two",)


def test_not_stated_is_understood_in_every_list_that_has_it() -> None:
    context = Context.bundled()
    for scheme, names in context.names.items():
        concept = next(
            (each for each, its in context.schemes.items() if its == scheme and each.slug == "not-stated"), None
        )
        if concept:
            assert context.find("Not stated", [scheme]) == (concept,), names


def test_a_link_that_is_not_of_the_web_is_a_fault() -> None:
    turtle = RECORD.read_text().replace("area:E23000036", "<javascript:alert(1)>", 1)
    rules = [problem.rule for problem in intake.read_bytes(turtle.encode(), "records.ttl").problems]
    assert rules == ["addressForm"]


def test_a_record_speaks_for_the_day_it_was_confirmed_unless_it_names_another() -> None:
    named = RECORD.read_bytes()
    silent = named.replace(b'    sv:asAt "2026-10-05"^^xsd:date ;\n', b"")
    assert silent != named
    assert (
        intake.read_bytes(silent, "records.ttl").only.ntriples == intake.read_bytes(named, "records.ttl").only.ntriples
    )
