"""What is refused before a reader sees it, and what must not be."""

from __future__ import annotations

import contextlib
import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.errors import LimitError, QueryError, RefusedQueryError
from taxonomy.store import tokens as reading
from taxonomy.store.screening import screen
from taxonomy.store.tokens import changes_by_itself, from_clauses, tokens

UNREAD = re.compile(r"(?:\s|#[^\r\n]*+)*+")  # white space and comments
FEDERATED = {
    "plain": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "silent": "SELECT * { service silent <http://127.0.0.1/> { ?s ?p ?o } }",
    "a variable": "SELECT * { ?x ?y ?z SERVICE ?x { ?s ?p ?o } }",
    "no space": "SELECT * { SERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
    "after a comment": "SELECT * { # }\n SERVICE # <\n <http://127.0.0.1/> { ?s ?p ?o } }",
    "in EXISTS": "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
    "in a sub-select": "SELECT * { { SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } } }",
    "an escape": "SELECT * { \\u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "an escaped quotation mark": 'SELECT * { FILTER("\\u0022" != "x") SERVICE <http://127.0.0.1/> {} } # """',
    "in what might be an IRI": "SELECT * { BIND(1 AS ?a) FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
    "glued to a boolean": "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1/> { ?s ?p ?o } }",
    "glued to a prefix": "PREFIX ex: <http://127.0.0.1/> SELECT * { SERVICEex:x { ?s ?p ?o } }",
    "an empty prefix": "PREFIX : <http://127.0.0.1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "glued to both": "PREFIX : <http://127.0.0.1/> SELECT * { ?s ?p trueSERVICE:x { ?s ?p ?o } }",
}
HARMLESS = {
    "in a literal": 'SELECT * { ?s ?p "SERVICE <http://127.0.0.1/> {}" }',
    "in a long literal": "SELECT * { ?s ?p '''it's\nSERVICE <x>''' }",
    "in a comment": "SELECT * { ?s ?p ?o } # SERVICE <http://127.0.0.1/>",
    "in an IRI": "SELECT * { <https://w3id.org/svssv/id/service/made-up> ?p ?o }",
    "in a variable": "SELECT ?service { ?service ?p ?o }",
    "in a prefix": "PREFIX service: <https://example.org/> SELECT * { GRAPH service:x { ?s service:y ?o } }",
    "in a local name": "PREFIX sv: <https://example.org/> SELECT * { ?s a sv:Service . ?s sv:p.SERVICE ?o }",
    "as a language": "SELECT * { ?s ?p 'x'@service }",
    "as a blank node": "SELECT * { _:service ?p ?o }",
    "updates in names": "PREFIX add: <https://example.org/> SELECT ?load { ?load add:insert 'DELETE' }",
}
UPDATES = [
    "INSERT DATA { <a:a> <a:b> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "LOAD <http://127.0.0.1/>",
    "load <file:///etc/passwd> into graph <a:b>",
    "CLEAR ALL",
    "DROP DEFAULT",
    "CREATE GRAPH <a:b>",
    "ADD <a:b> TO <a:c>",
    "MOVE <a:b> TO <a:c>",
    "COPY <a:b> TO <a:c>",
    "WITH <a:b> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "PREFIX a: <a:> \\u0049NSERT DATA { a:a a:b 1 }",
]
TOO_COMPLEX = {
    "braces": "ASK " + "{" * 3000 + "}" * 3000,
    "parentheses": "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
    "unions": "ASK { {} " + "UNION {} " * 600 + "}",
    "a path": "ASK { ?s " + "/".join(["<a:b>"] * 100) + " ?o }",
    "alternatives": "ASK { ?s " + "|".join(["<a:b>"] * 100) + " ?o }",
    "patterns": "ASK { " + "".join(f"?s{each} ?p ?o . " for each in range(150)) + "}",
    "values of one property": "ASK { ?s ?p " + ", ".join(f"?o{each}" for each in range(150)) + " }",
    "a list": "ASK { ?s ?p (" + " ".join(str(each) for each in range(60)) + ") }",
    "blank nodes": "ASK { ?s ?p " + ", ".join(["[ ?a ?b ]"] * 60) + " }",
}
LARGE_BUT_HONEST = {
    "many values": "SELECT * { VALUES ?x { " + " ".join(f"'{each}'" for each in range(2000)) + " } ?s ?p ?x }",
    "many alternatives": "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(str(each) for each in range(500)) + ")) }",
    "many optional parts": "SELECT * { ?s ?p ?o "
    + "".join(f"OPTIONAL {{ ?s <a:{i}> ?x{i} }} " for i in range(90))
    + "}",
    "arithmetic": "SELECT * { ?s ?p ?o BIND(?o / 100 / 12 AS ?x) }",
}


@pytest.mark.parametrize("query", FEDERATED.values(), ids=FEDERATED)
def test_every_spelling_of_service_is_refused(query: str) -> None:
    with pytest.raises(RefusedQueryError, match="SERVICE"):
        screen(query, bounded=False)


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS)
def test_words_that_only_look_like_refused_ones_pass(query: str) -> None:
    screen(query)


@pytest.mark.parametrize("query", UPDATES)
def test_every_update_is_refused(query: str) -> None:
    with pytest.raises(RefusedQueryError, match="does not change data"):
        screen(query, bounded=False)


@pytest.mark.parametrize("query", TOO_COMPLEX.values(), ids=TOO_COMPLEX)
def test_a_short_query_that_is_slow_to_plan_is_refused(query: str) -> None:
    with pytest.raises(LimitError, match="Ask it in smaller parts") as caught:
        screen(query)
    assert caught.value.limit == "complexity"


@pytest.mark.parametrize("query", LARGE_BUT_HONEST.values(), ids=LARGE_BUT_HONEST)
def test_an_honest_query_may_be_large(query: str) -> None:
    screen(query)


def test_a_very_long_query_is_refused_with_its_length() -> None:
    with pytest.raises(QueryError, match="70,008 characters; 65,536"):
        screen("ASK {} #" + "x" * 70_000)


@given(st.text(alphabet="SERVICEservice \\u005<>{}?$:#'\"@._-/()[]|^\n;,1a", max_size=60))
def test_the_scan_reads_anything_and_loses_nothing(text: str) -> None:
    query, place = f"#\n{text}", 0
    for token in tokens(query):
        gap = UNREAD.match(query, place)
        assert gap
        place = gap.end()
        assert query.startswith(token.text, place)
        place += len(token.text)
    assert UNREAD.fullmatch(query, place)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="Aa1.:-_<>{}()[]?@\"'\\/ \n", min_size=1, max_size=6))
def test_no_pattern_makes_the_scan_slow(pattern: str) -> None:
    started = time.process_time()
    with contextlib.suppress(LimitError, QueryError):
        screen(pattern * (20_000 // len(pattern)))
    # A linear scan takes milliseconds, on the processor's own clock; one that was not held a core for over 36 s.
    assert time.process_time() - started < 5.0


def test_several_from_clauses_are_read_with_their_prefixes() -> None:
    query = "PREFIX g: <https://example.org/> SELECT * FROM g:a FROM <https://example.org/b> FROM NAMED g:c {}"
    assert from_clauses(query) == (["https://example.org/a", "https://example.org/b"], ["https://example.org/c"])


def test_several_from_clauses_with_a_name_nobody_declared_are_refused() -> None:
    with pytest.raises(RefusedQueryError, match="whole IRI"):
        from_clauses("SELECT * FROM g:a FROM <https://example.org/b> {}")


def test_a_query_that_was_let_through_within_no_bounds_is_still_measured_within_them() -> None:
    query = "ASK { " + "".join(f"?t{each} ?p ?o . " for each in range(150)) + "}"
    screen(query, bounded=False)
    with pytest.raises(LimitError):
        screen(query)


def test_what_was_refused_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(RefusedQueryError):
            screen("CLEAR DEFAULT")


PIECES = st.sampled_from(
    [
        "FROM",
        "from",
        "NAMED",
        "<a:b>",
        "a:b",
        ":b",
        "x",
        "now",
        "NOW",
        "uuid",
        "StrUUID",
        "RAND",
        "(",
        ")",
        "1",
        "?x",
        "'",
        '"',
        "#",
        "_",
        "-",
        ".",
        "é",
        "validFrom",
        "brand:x",
        "{}",
        " ",
        "\n",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_quick_look_misses_nothing_that_the_tokens_say(query: str) -> None:
    """The look alone decides that there is nothing to be found, so it may err on the other side only."""
    words = tokens(query)
    if any(token.keyword in {"NOW", "RAND", "UUID", "STRUUID"} for token in words):
        assert changes_by_itself(query)
    named = [
        token
        for token, after in pairwise(words)
        if token.keyword == "FROM" and (after.kind in {"iri", "name"} or after.keyword == "NAMED")
    ]
    if named:
        assert reading._perhaps(reading._PERHAPS_FROM, query)
