from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from taxonomy import assets
from taxonomy.namespaces import BASE, DCTERMS, OWL, RDF, RDFS, SKOS, SV

FILES = assets.files("ontology", "**/*.ttl")
KINDS = {OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
ORDER = ("rdfs:label", "skos:altLabel", "skos:definition", "skos:scopeNote", "skos:example", "dcterms:source")
ACRONYMS = ("GSS", "ODS", "ISVA", "SARC", "SVSSV")


def ours(ontology) -> dict[str, dict[str, list[object]]]:
    return {t.value.removeprefix(SV): said for t, said in ontology.items() if getattr(t, "value", "").startswith(SV)}


def kinds(said: dict[str, list[object]]) -> set[str]:
    return {kind.value for kind in said[RDF + "type"]} & KINDS


def test_each_term_is_one_kind_of_thing(ontology) -> None:
    assert {name for name, said in ours(ontology).items() if len(kinds(said)) != 1} == set()


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"])
def test_each_term_has_one_label_and_one_definition_in_english(ontology, predicate: str) -> None:
    languages = {name: [text.language for text in said[predicate]] for name, said in ours(ontology).items()}
    assert {name for name, found in languages.items() if found != ["en"]} == set()


def test_each_term_has_a_source_and_says_where_it_is_defined(ontology) -> None:
    home = [NamedNode(BASE + "ontology")]
    wrong = {n for n, s in ours(ontology).items() if not s[DCTERMS + "source"] or s[RDFS + "isDefinedBy"] != home}
    assert wrong == set()


def test_classes_are_upper_camel_and_properties_lower_camel(ontology) -> None:
    for name, said in ours(ontology).items():
        assert name[0].isupper() == (kinds(said) == {OWL + "Class"}), name
        assert re.fullmatch(r"[A-Za-z]+", name), name


def test_labels_are_lower_case_but_for_acronyms(ontology) -> None:
    labels = [said[RDFS + "label"][0].value for said in ours(ontology).values()]
    assert [x for x in labels if x.lower() != x and not any(a in x for a in ACRONYMS)] == []


def test_no_two_classes_and_no_two_properties_have_one_label(ontology) -> None:
    labels = Counter((kinds(s) == {OWL + "Class"}, s[RDFS + "label"][0].value) for s in ours(ontology).values())
    assert [label for label, count in labels.items() if count > 1] == []


def test_a_definition_does_not_repeat_its_label(ontology) -> None:
    def repeats(said: dict[str, list[object]]) -> bool:
        label, definition = said[RDFS + "label"][0].value, said[SKOS + "definition"][0].value
        return bool(re.search(rf"\b{re.escape(label)}\b", definition, re.IGNORECASE)) and " " in label

    assert {name for name, said in ours(ontology).items() if repeats(said)} == set()


def test_a_property_has_at_most_one_domain_and_one_range(ontology) -> None:
    said = ours(ontology).items()
    assert {n for n, s in said if len(s[RDFS + "domain"]) > 1 or len(s[RDFS + "range"]) > 1} == set()


def test_each_defined_class_says_in_plain_words_what_its_definition_means(ontology) -> None:
    defined = {name: said for name, said in ours(ontology).items() if OWL + "equivalentClass" in said}
    assert len(defined) >= 20
    assert {name for name, said in defined.items() if len(said[SKOS + "scopeNote"]) != 1} == set()


@pytest.mark.parametrize("predicate", [RDFS + "subClassOf", RDFS + "subPropertyOf"])
def test_no_term_stands_above_itself(ontology, predicate: str) -> None:
    for term in ontology:
        above, waiting = set(), list(ontology[term][predicate])
        while waiting:
            parent = waiting.pop()
            assert parent != term
            if parent not in above:
                above.add(parent)
                waiting += ontology.get(parent, {}).get(predicate, [])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_module_says_what_it_is_whose_and_of_when(path: Path, ontology) -> None:
    name = "" if path.stem == "svssv" else f"/{path.relative_to(assets.folder('ontology')).with_suffix('')}"
    said = ontology[NamedNode(f"{BASE}ontology{name}")]
    assert said[OWL + "versionIRI"] == [NamedNode(f"{BASE}ontology/1.0.0{name}")]
    wanted = [DCTERMS + x for x in ("title", "description", "license", "created", "modified", "creator")]
    assert [x for x in [*wanted, OWL + "versionInfo"] if len(said[x]) != 1] == []


def test_the_whole_imports_each_module(ontology) -> None:
    modules = {term for term, said in ontology.items() if NamedNode(OWL + "Ontology") in said[RDF + "type"]}
    whole = NamedNode(BASE + "ontology")
    assert set(ontology[whole][OWL + "imports"]) == modules - {whole}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_block_keeps_one_order(path: Path) -> None:
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        if block.startswith("sv:"):
            places = [block.find(f"    {predicate} ") for predicate in ORDER]
            found = [place for place in places if place >= 0]
            assert found == sorted(found), block
            assert block.rstrip().endswith("rdfs:isDefinedBy <https://w3id.org/svssv/ontology> ."), block


def test_every_name_of_the_design_is_declared(ontology, shared: Path) -> None:
    design = (shared / "design" / "ontology.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bsv:(\w+)", design)) - set(ours(ontology)) == set()


def test_no_text_is_without_a_language_or_broken(ontology) -> None:
    for name, said in ours(ontology).items():
        for values in said.values():
            texts = [value for value in values if isinstance(value, Literal)]
            assert [x for x in texts if "  " in x.value or x.value != x.value.strip() or not x.value] == [], name
