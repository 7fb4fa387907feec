"""The source shapes: every curated document passes them, and every rule finds the fault it is for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyshacl import validate
from rdflib.namespace import RDF, RDFS, SH

from taxonomy import assets
from taxonomy.namespaces import SV, SVSH, graph
from taxonomy.publishing.gathering import gather

BROKEN = Path(__file__).parent / "broken"
EXPLANATIONS = ("howToFix", "why", "goodExample", "badExample")


@cache
def shapes() -> rdflib.Graph:
    found = rdflib.Graph()
    for path in assets.files("shapes", "source/*.ttl"):
        found.parse(path)
    return found


def rules() -> list[str]:
    named = (str(rule).removeprefix(SVSH) for rule in shapes().subjects(RDF.type, SH.PropertyShape))
    return sorted(named)


def documents() -> list[str]:
    return sorted(path.name for path in assets.folder("data").glob("sources/*") if path.is_dir())


def faults(triples: Iterable[ox.Triple | ox.Quad]) -> set[tuple[str, str]]:
    """The rules that a graph breaks, each with the thing that breaks it."""
    text = "\n".join(f"{each.subject} {each.predicate} {each.object} ." for each in triples)
    _, report, _ = validate(rdflib.Graph().parse(data=text, format="nt"), shacl_graph=shapes())
    return {
        (str(report.value(result, SH.sourceShape)).removeprefix(SVSH), str(report.value(result, SH.focusNode)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.fixture(scope="module")
def context() -> dict[str, frozenset[ox.Triple]]:
    return gather(assets.root()).graphs


@pytest.mark.parametrize("document", documents())
def test_a_curated_document_passes_the_source_shapes(document: str, context: dict[str, frozenset[ox.Triple]]) -> None:
    own = (graph("citation", document, ""), graph("document", document))
    kept = (*own, graph("register", ""), graph("curation", ""))
    kind, claim = ox.NamedNode(RDF.type), ox.NamedNode(SV + "Claim")
    # A contradiction joins claims of several documents.
    claims = {
        each.subject for said in context.values() for each in said if (each.predicate, each.object) == (kind, claim)
    }
    assert set() == faults(
        triple for name, said in context.items() for triple in said if name.startswith(kept) or triple.subject in claims
    )


def test_the_whole_example_breaks_no_rule() -> None:
    assert set() == faults(ox.parse(path=BROKEN / "whole.ttl"))


@pytest.mark.parametrize("rule", rules())
def test_a_broken_example_breaks_only_the_rule_it_is_filed_under(rule: str) -> None:
    store = ox.Store()
    store.load(path=BROKEN / "whole.ttl")
    store.update((BROKEN / f"{rule}.ru").read_text(encoding="utf-8"))
    assert {rule} == {broken for broken, _ in faults(store)}


def test_every_broken_example_belongs_to_a_rule() -> None:
    assert rules() == sorted(path.stem for path in BROKEN.glob("*.ru"))


@pytest.mark.parametrize("rule", rules())
def test_a_rule_says_what_is_wrong_how_to_mend_it_and_why(rule: str) -> None:
    told, found = rdflib.URIRef(SVSH + rule), shapes()
    for wanted in (
        RDFS.label,
        SH.name,
        SH.message,
        SH.severity,
        *(rdflib.URIRef(SVSH + each) for each in EXPLANATIONS),
    ):
        assert str(found.value(told, wanted, default="")), f"{rule} has no {wanted}"
