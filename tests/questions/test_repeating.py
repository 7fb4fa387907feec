"""Which queries have one answer for a release, and which may give another each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.questions import catalogue, repeating


@pytest.mark.parametrize("name", sorted(catalogue.load()))
def test_every_named_question_can_be_cited(name: str) -> None:
    assert repeating.why_not(catalogue.load()[name].text) == ()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT (RAND() AS ?x) {}", "RAND"),
        ("SELECT (uuid() AS ?x) {}", "uses UUID"),
        ("SELECT (STRUUID() AS ?x) {}", "STRUUID"),
        ("SELECT (NOW() AS ?x) {}", "NOW"),
        ("SELECT * { ?s ?p ?o FILTER (?o < NOW ( )) }", "NOW"),
        ("SELECT (COUNT(DISTINCTNOW()) AS ?x) {}", "NOW"),
        ("SELECT (BNODE() AS ?x) {}", "BNODE"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 3", "LIMIT"),
        ("SELECT ?s { ?s ?p ?o } OFFSET 3", "LIMIT"),
        ("SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s LIMIT 3", "LIMIT"),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3", "LIMIT"),
        ("SELECT ?s { ?s ?p ?o } ORDER BY STRLEN(STR(?s)) LIMIT 3", "LIMIT"),
        ("SELECT (COUNT(*) AS ?n) { { SELECT ?s { ?s ?p ?o } LIMIT 9 } }", "LIMIT"),
        ("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) LIMIT 3", "LIMIT"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", "LIMIT"),
        ("DESCRIBE ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3", "LIMIT"),
        ("SELECT (SAMPLE(?o) AS ?x) { ?s ?p ?o }", "SAMPLE"),
        ("SELECT (GROUP_CONCAT(?o) AS ?x) { ?s ?p ?o }", "GROUP_CONCAT"),
        ("SELECT (GROUP_CONCAT(?o) AS ?x) { { SELECT ?o { ?s ?p ?o } ORDER BY ?o } ?a ?b ?o }", "GROUP_CONCAT"),
        ("SELECT (GROUP_CONCAT(?o) AS ?x) { SELECT ?o ?s { ?s ?p ?o } ORDER BY ?o }", "GROUP_CONCAT"),
    ],
)
def test_what_may_change_each_time_is_said_with_its_reason(query: str, says: str) -> None:
    [reason] = repeating.why_not(query)
    assert says in reason


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s ?p ?o }",
        "SELECT ?s { ?s ?p 'RAND() LIMIT 3' } # NOW() LIMIT 3",
        "SELECT ?now { ?now <https://example.org/limit> ?uuid }",
        "PREFIX ex: <https://example.org/> SELECT ?s { ?s ex:NOW ?o }",
        "SELECT DISTINCT ?s ?p { ?s ?p ?o } ORDER BY ?p DESC(?s) LIMIT 3 OFFSET 2",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT 3",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } LIMIT 1",
        "SELECT (GROUP_CONCAT(?o) AS ?x) { SELECT DISTINCT ?o { ?s ?p ?o } ORDER BY ?o }",
        "SELECT (SAMPLE(?o) AS ?x) { { SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 3 } }",
        "ASK { ?s ?p ?o }",
    ],
)
def test_what_is_decided_can_be_repeated(query: str) -> None:
    assert repeating.why_not(query) == ()


WORDS = ["SELECT", "LIMIT", "ORDER", "BY", "GROUP", "{", "}", "(", ")", "?a", "*", "AS", "SAMPLE", "NOW", "WHERE", "3"]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_heap_of_words_is_read_to_its_end(words: list[str]) -> None:
    assert isinstance(repeating.why_not(" ".join(words)), tuple)
