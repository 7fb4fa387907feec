"""Definitions as sentences, in the ontology's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode, Triple

from taxonomy import assets
from taxonomy.namespaces import RDFS, SKOS, SV, shorten
from taxonomy.reasoning import axioms
from taxonomy.reasoning.axioms import And, Expression, Facet, Named, Or, Property, Some, Value
from taxonomy.reasoning.wording import Wording, listed

Reader = Callable[..., set[Triple]]
FILES = assets.files("ontology", "**/*.ttl")
AXIOMS = axioms.read(FILES)
DEFINITIONS = {term.value.removeprefix(SV): said for term, said in AXIOMS.definitions}


@pytest.fixture(scope="module")
def wording(turtle: Reader) -> Wording:
    said = turtle(*FILES, *assets.files("data", "vocabularies/*.ttl"))
    labels = {
        t.subject.value: t.object.value for t in said if t.predicate.value in (RDFS + "label", SKOS + "prefLabel")
    }
    return Wording(AXIOMS, said, lambda iri: labels.get(iri, shorten(iri)))


def paths(said: Expression) -> set[Property]:
    match said:
        case And(parts) | Or(parts):
            return {path for part in parts for path in paths(part)}
        case Some(path, filler):
            return {path} | paths(filler)
        case Value(path, _):
            return {path}
        case Facet(iri):
            return {Property(iri)}
        case _:
            return set()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "SVSSVService",
            (
                "a service whose specialism is, or is a form of, “Sexual violence” "
                "and whose lead provider is a voluntary organisation"
            ),
        ),
        ("ContractFundedService", "a service that is paid for by a contract"),
        ("SVSSVProvider", "an organisation that is the lead provider of an SVSSV service"),
        ("ShortTermAgreement", "a funding agreement whose first term in months is 12 or less"),
        (
            "OpenWithoutPoliceReportService",
            (
                "a service with an eligibility rule for the reporting status "
                "“Whether or not reported” or “Not reported to the police”"
            ),
        ),
    ],
)
def test_a_definition_reads_as_a_sentence(wording: Wording, name: str, sentence: str) -> None:
    assert sentence == wording.noun(DEFINITIONS[name])


def test_every_way_that_definitions_walk_has_its_words(wording: Wording, turtle: Reader) -> None:
    said = turtle(*FILES)
    reads = {t.subject: {} for t in said}
    for triple in said:
        reads[triple.subject][triple.predicate.value.removeprefix(SV)] = triple.object
    used = {path for definition in DEFINITIONS.values() for path in paths(definition)}
    name = {True: "readsBackwards", False: "readsForwards"}
    assert {shorten(path.iri.value) for path in used if name[path.inverse] not in reads[path.iri]} == set()


def test_words_for_reading_have_one_gap(turtle: Reader) -> None:
    words = [
        t.object.value for t in turtle(*FILES) if t.predicate.value in (SV + "readsForwards", SV + "readsBackwards")
    ]
    assert [text for text in words if text.count("…") != 1] == []


def test_a_property_without_words_is_read_by_its_label() -> None:
    has = Property(NamedNode("https://example.org/colour"))
    plain = Wording(axioms.Axioms(), [], lambda iri: iri.rpartition("/")[2])
    red = Value(has, NamedNode("https://example.org/red"))
    assert plain.clause(red) == "whose colour is “red”"
    assert (
        plain.clause(Some(has.turned(), Named(NamedNode("https://example.org/door")))) == "that is the colour of a door"
    )
    assert (
        plain.noun(And((red, Facet(has.iri, 3, None))))
        == "a something whose colour is “red” and whose colour is 3 or more"
    )


def test_no_sentence_has_a_gap_or_a_shortened_name_left_in_it(wording: Wording) -> None:
    sentences = [wording.noun(definition) for definition in DEFINITIONS.values()]
    assert [text for text in sentences if "…" in text or "sv:" in text or "  " in text] == []


def test_three_alternatives_have_one_or() -> None:
    assert listed(["a", "b", "c"], "or") == "a, b or c"
