"""One record in any syntax is the same record, and each fact knows where it stood."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat

from taxonomy import documents, fields, intake
from taxonomy.errors import InputError
from taxonomy.intake import contexts, parsing
from taxonomy.namespaces import PREFIXES, SV
from taxonomy.records import Record
from taxonomy.validation import check

RECORD = Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl"
FORMATS = {
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
CENTRE, HELPLINE = "https://example.org/id/organisation/made-up", "https://example.org/id/service/made-up-helpline"


def written(suffix: str) -> bytes:
    """The made-up record in another syntax."""
    triples = [quad.triple for quad in pyoxigraph.parse(RECORD.read_bytes(), format=RdfFormat.TURTLE)]
    prefixes = {} if suffix in {".nt", ".nq"} else PREFIXES
    return pyoxigraph.serialize(triples, format=FORMATS[suffix], prefixes=prefixes or None) or b""


def read(content: object, name: str = "records.jsonld") -> Record:
    return intake.read_bytes(json.dumps(content, indent=1).encode(), name).only


@pytest.fixture(scope="module")
def record() -> Record:
    return intake.read(RECORD).only


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_record_in_another_syntax_is_the_same_record(record: Record, suffix: str) -> None:
    again = intake.read_bytes(written(suffix), f"records{suffix}")
    assert again.only.ntriples == record.ntriples
    assert again.problems == ()


@pytest.mark.parametrize("suffix", [".trig", ".nt", ".nq", ".rdf"])
def test_each_fact_stands_at_a_line_that_says_it(suffix: str) -> None:
    data = written(suffix)
    lines = ("", *data.decode().splitlines())
    for triple, place in intake.read_bytes(data, f"records{suffix}").only.places.items():
        if isinstance(triple.object, Literal) and place.line and triple.predicate.value != SV + "asAt":
            assert triple.object.value in lines[place.line], (triple, place)


def test_a_file_without_a_known_ending_is_read_as_what_it_is_when_it_is_said_to_be_rdf(record: Record) -> None:
    for suffix in (".rdf", ".jsonld", ".nt"):
        assert intake.read_bytes(written(suffix), "record", kind="rdf").only.ntriples == record.ntriples


def test_a_default_graph_in_brackets_is_read() -> None:
    trig = f"{{ <{CENTRE}> a <{SV}VoluntaryOrganisation> . }}\n<{CENTRE}> <{SV}identifier> 'XI-1' ."
    assert [place.line for place in intake.read_bytes(trig.encode(), "a.trig").only.places.values()][:2] == [1, 2]


def test_what_json_ld_says_stands_where_its_pointer_leads() -> None:
    content = {
        "@context": contexts.RECORD,
        "@graph": [
            {"id": CENTRE, "type": "VoluntaryOrganisation", "label": "Made-Up", "identifier": ["XI-1", "XI-2"]},
            {"id": HELPLINE, "type": "Service", "leadProvider": CENTRE, "locationConfidential": True},
        ],
    }
    data = json.dumps(content, indent=1).encode()
    document = documents.read(data)
    places = {
        (triple.predicate.value.removeprefix(SV), getattr(triple.object, "value", "")): place
        for triple, place in intake.read_bytes(data, "records.jsonld").only.places.items()
    }
    for said, pointer in {
        ("identifier", "XI-2"): "/@graph/0/identifier/1",
        ("leadProvider", CENTRE): "/@graph/1/leadProvider",
        ("locationConfidential", "true"): "/@graph/1/locationConfidential",
    }.items():
        assert places[said] == document.place(pointer)


def test_amounts_stay_as_they_are_written() -> None:
    typed = {"@value": 1250.75, "@type": "xsd:decimal"}
    content = [
        {"@context": contexts.RECORD, "id": CENTRE, "type": "Organisation"},
        {"@context": contexts.RECORD, "id": f"{CENTRE}/part/1", "amount": 60000.50},
        {"@context": contexts.RECORD, "id": f"{CENTRE}/part/2", "sv:amount": typed},
    ]
    said = read(content).ntriples.decode()
    assert '"1250.75"^^<http://www.w3.org/2001/XMLSchema#decimal>' in said
    assert '"60000.5"^^<http://www.w3.org/2001/XMLSchema#decimal>' in said


def test_the_context_has_a_name_for_all_that_a_record_may_hold() -> None:
    terms = contexts.bundled()[contexts.RECORD]
    meant = {term if isinstance(term, str) else term["@id"] for term in terms.values()}
    allowed = frozenset().union(*map(fields.allowed, fields.classes())) - {fields.TYPE}
    assert allowed | fields.classes() <= meant
    assert terms["leadProvider"] == {"@id": SV + "leadProvider", "@type": "@id"}


def test_a_name_that_no_context_knows_is_found_at_its_place(tmp_path: Path) -> None:
    content = {"@context": contexts.RECORD, "id": CENTRE, "type": "VoluntaryOrganisation", "labell": "Made-Up"}
    path = tmp_path / "records.jsonld"
    path.write_text(json.dumps(content, indent=1))
    found = [each for each in check(path).findings if each.rule.endswith("Reading-termUnknown")]
    assert [(each.value, each.line, each.pointer) for each in found] == [("labell", 5, "/labell")]


NAMED = {"@id": "https://example.org/g", "@graph": [{"@id": CENTRE, "@type": SV + "Organisation"}]}
REFUSED = {
    "a context elsewhere": {"@context": "https://schema.org/", "@id": CENTRE},
    "a file as context": {"@context": "file:///etc/hostname", "@id": CENTRE},
    "a context in a list": {"@context": [contexts.RECORD, "https://schema.org/"], "@id": CENTRE},
    "an imported context": {"@context": {"@import": "https://schema.org/"}, "@id": CENTRE},
    "a context of one term": {
        "@context": {"t": {"@id": SV + "label", "@context": "https://schema.org/"}},
        "@id": CENTRE,
        "t": "a",
    },
    "a context that is a number": {"@context": 3, "@id": CENTRE},
    "a context of fifty": {"@context": [contexts.RECORD] * 50, "@id": CENTRE},
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_context_that_is_not_ours_is_refused_and_ours_is_named(name: str) -> None:
    with pytest.raises(InputError, match=r"line [12]: .*https://w3id\.org/svssv/context"):
        parsing.facts(json.dumps(REFUSED[name], indent=1).encode(), "jsonld")


UNDERSTOOD_BY_NOBODY = {
    "a named graph": (NAMED, "named graph"),
    "a named graph in a graph": ({"@graph": [NAMED]}, "named graph"),
    "a context inside": ({"@id": CENTRE, SV + "x": {"@id": HELPLINE, "@context": {}}}, "@context cannot stand here"),
    "no address": ({"@type": SV + "Organisation", SV + "identifier": "a"}, "no IRI"),
    "a blank node": ({"@id": "_:b", "@type": SV + "Organisation"}, "no IRI"),
    "an address that is not whole": ({"@id": "made-up", "@type": SV + "Organisation"}, "IRI is not whole"),
    "a link that is not whole": ({"@id": CENTRE, SV + "x": {"@id": "made-up"}}, "IRI is not whole"),
    "an address with a space": ({"@id": "https://example.org/a b", "@type": SV + "X"}, "not understood"),
    "a link with a space": ({"@id": CENTRE, SV + "x": {"@id": "https://example.org/a b"}}, "not understood"),
    "a language that is none": (
        {"@id": CENTRE, SV + "x": {"@value": "a", "@language": "not a language"}},
        "not understood",
    ),
    "a list in order": ({"@id": CENTRE, SV + "x": {"@id": HELPLINE, "@list": ["a"]}}, "@list cannot stand here"),
    "a word of no meaning": ({"@id": CENTRE, "@reverse": {}}, "@reverse cannot stand here"),
    "a value that is an object": ({"@id": CENTRE, SV + "x": {"@value": {"a": 1}, "@type": "@json"}}, "says more"),
    "a name that is no IRI": ({"@id": CENTRE, "some name": "a"}, "not understood"),
    "texts alone": (["a", "b"], "curly brackets"),
    "a number alone": (3, "curly brackets"),
}


@pytest.mark.parametrize("name", UNDERSTOOD_BY_NOBODY)
def test_json_ld_that_a_parser_would_pass_over_in_silence_is_refused_with_its_line(name: str) -> None:
    content, said = UNDERSTOOD_BY_NOBODY[name]
    with pytest.raises(InputError, match=rf"line [0-9]+: .*{said}") as refused:
        parsing.facts(json.dumps(content, indent=1).encode(), "jsonld")
    assert "\n" not in str(refused.value)


def test_a_list_of_records_may_name_the_context_in_each() -> None:
    things = [
        {"@context": contexts.RECORD, "id": f"{CENTRE}-{number}", "type": "Organisation", "label": f"Made-Up {number}"}
        for number in range(3)
    ]
    found = intake.read_bytes(json.dumps(things).encode(), "records.jsonld").records
    assert [each.name for each in found] == ["Made-Up 0", "Made-Up 1", "Made-Up 2"]


def test_encodings_that_xml_names_are_read() -> None:
    text = (
        '<?xml version="1.0" encoding="{}"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:sv="{SV}"><sv:Organisation rdf:about="{CENTRE}"><sv:identifier>é</sv:identifier></sv:Organisation>'
        "</rdf:RDF>"
    )
    for encoding in ("UTF-8", "ISO-8859-1", "UTF-16", "windows-1252"):
        record = intake.read_bytes(text.format(encoding).encode(encoding), "records.rdf").only
        assert Literal("é") in {triple.object for triple in record.triples}
    assert NamedNode(CENTRE) in {triple.subject for triple in record.triples}
