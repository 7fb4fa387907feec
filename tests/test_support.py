"""Where the site sends somebody who looks for help: well formed, and never with a number that is old."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyshacl import validate
from rdflib.namespace import RDF, SH

from taxonomy import assets, support
from taxonomy.errors import CurationError
from taxonomy.namespaces import SVSH

WHOLE = """
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/line> a schema:ContactPoint ;
    rdfs:label "Made-Up Line"@en ; dcterms:description "made up"@en ; schema:url <https://example.org/> ;
    schema:position 1 ; schema:telephone "01632 960000" ; dcterms:source <https://example.org/contact> ;
    dcterms:date "2026-11-30"^^xsd:date .
"""
SPOILT = {
    "SupportLineShape-name": ('rdfs:label "Made-Up Line"@en ;', ""),
    "SupportLineShape-about": ('dcterms:description "made up"@en ;', ""),
    "SupportLineShape-link": ("schema:url <https:", "schema:url <http:"),
    "SupportLineShape-place": ("schema:position 1", 'schema:position "first"'),
    "SupportLineShape-number": ('"01632 960000"', '"call 01632 960000"'),
    "SupportNumberShape-source": ("dcterms:source <https://example.org/contact> ;", ""),
    "SupportNumberShape-checked": ('"2026-11-30"^^xsd:date', '"last winter"'),
}


def shapes() -> rdflib.Graph:
    found = rdflib.Graph()
    for path in assets.files("shapes", "support/*.ttl"):
        found.parse(path)
    return found


def broken(text: str) -> set[str]:
    """The rules that a file breaks."""
    _, report, _ = validate(rdflib.Graph().parse(data=text, format="turtle"), shacl_graph=shapes())
    found = (report.value(result, SH.sourceShape) for result in report.subjects(RDF.type, SH.ValidationResult))
    return {str(shape).removeprefix(SVSH) for shape in found}


def test_what_is_shown_on_every_page_breaks_no_rule() -> None:
    for path in assets.files("data", "support/*.ttl"):
        assert broken(path.read_text(encoding="utf-8")) == set()
    assert broken(WHOLE) == set()


def test_every_rule_finds_the_fault_it_is_for() -> None:
    assert set(SPOILT) == {str(rule).removeprefix(SVSH) for rule in shapes().subjects(RDF.type, SH.PropertyShape)}
    for rule, (good, bad) in SPOILT.items():
        assert good in WHOLE
        assert broken(WHOLE.replace(good, bad)) == {rule}


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-400, 800))
def test_a_number_is_shown_for_six_months_from_the_day_it_was_checked(checked: date, later: int) -> None:
    line = support.Line(
        name="x", about="x", link="https://example.org/", place=1, number="1", source="https://e", checked=checked
    )
    assert bool(line.on(checked + timedelta(days=later)).number) == (0 <= later <= 183)
    assert line.on(checked + timedelta(days=later)).link == line.link


def test_a_number_without_its_page_or_day_is_never_shown() -> None:
    for known in ({"source": "https://example.org/"}, {"checked": date(2026, 11, 30)}):
        line = support.Line(name="x", about="x", link="https://example.org/", place=1, number="1", **known)
        assert line.on(date(2026, 12, 1)).number == ""


def test_a_file_that_lacks_a_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "lines.ttl").write_text(WHOLE.replace("schema:url", "schema:image"), encoding="utf-8")
    with pytest.raises(CurationError, match=r"lines\.ttl"):
        support.load(tmp_path)


def test_a_folder_is_read_with_its_numbers(tmp_path: Path) -> None:
    (tmp_path / "lines.ttl").write_text(WHOLE, encoding="utf-8")
    assert [(line.number, line.checked) for line in support.load(tmp_path)] == [("01632 960000", date(2026, 11, 30))]
