"""Citations of answers: the hash that anybody can compute, and words for a list of references."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import fingerprints, terms
from taxonomy.questions.citation import Citation
from taxonomy.questions.results import Answer, Graph
from taxonomy.store.base import Request

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "researchers.md"
ASKED = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
texts = st.text(st.characters(codec="utf-8"), max_size=12)
cells = st.one_of(
    st.builds(lambda text: {"type": "uri", "value": f"https://example.org/{text}"}, texts),
    st.builds(lambda text: {"type": "literal", "value": text}, texts),
    st.builds(
        lambda text, lang: {"type": "literal", "value": text, "xml:lang": lang}, texts, st.sampled_from(["en", "EN-gb"])
    ),
    st.builds(lambda n: {"type": "literal", "value": str(n), "datatype": "https://example.org/type"}, st.integers()),
)
rows = st.lists(st.dictionaries(st.sampled_from(["a", "b"]), cells, max_size=2), max_size=6)


def outsiders(results: dict[str, Any]) -> str:
    """The hash by the words of the guide, which uses nothing of ours."""
    code = re.search(r"```python\n(import hashlib, json\n.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102  # our own guide
    return str(names["fingerprint"](results))


def body(bindings: list[dict[str, Any]]) -> bytes:
    return json.dumps({"head": {"vars": ["a", "b"]}, "results": {"bindings": bindings}}).encode()


@given(rows)
def test_an_outsider_computes_the_same_hash_with_the_standard_library(bindings: list[dict[str, Any]]) -> None:
    written = body(bindings)
    assert fingerprints.of_table(terms.read(written)) == outsiders(json.loads(written))


@given(rows, st.integers())
def test_the_order_of_rows_does_not_change_the_hash(bindings: list[dict[str, Any]], seed: int) -> None:
    mixed = list(bindings)
    random.Random(seed).shuffle(mixed)  # noqa: S311  # the same order in every run
    assert fingerprints.of_table(terms.read(body(bindings))) == fingerprints.of_table(terms.read(body(mixed)))


def test_every_other_difference_changes_the_hash() -> None:
    one = {"type": "literal", "value": "1"}
    tables = [
        [],
        [{}],
        [{"a": one}],
        [{"b": one}],
        [{"a": one}, {"a": one}],
        [{"a": one | {"xml:lang": "en"}}],
        [{"a": one | {"datatype": "http://www.w3.org/2001/XMLSchema#integer"}}],
        [{"a": {"type": "uri", "value": "1"}}],
        [{"a": {"type": "literal", "value": ""}}],
    ]
    hashes = [fingerprints.of_table(terms.read(body(table))) for table in tables]
    assert len(set(hashes)) == len(tables)


def test_a_release_answers_with_the_hash_that_its_json_has(kg: KnowledgeGraph) -> None:
    answer = kg.ask("money-by-funder", area="E23000036")
    raw = kg.request(Request(query=answer.text)).body
    assert answer.citation.hash == outsiders(json.loads(raw))


def test_a_graph_has_the_hash_of_its_sorted_lines(kg: KnowledgeGraph) -> None:
    query = "DESCRIBE <https://w3id.org/svssv/id/fund/moj-victims-grant>"
    lines = kg.request(Request(query=query)).body.decode().splitlines()
    digest = hashlib.sha256("".join(f"{line}\n" for line in sorted(set(lines))).encode()).hexdigest()
    for syntax in ("application/n-triples", "text/turtle", "application/rdf+xml"):
        graph = kg.sparql(query, graphs=syntax)
        assert isinstance(graph, Graph)
        assert (graph.citation.hash, graph.citation.rows) == (digest, len(set(lines)))


def test_an_answer_with_blank_nodes_has_no_hash_and_says_so(kg: KnowledgeGraph) -> None:
    graph = kg.sparql("CONSTRUCT { [] <https://example.org/p> ?s } { ?s a <https://w3id.org/svssv/ontology#Fund> }")
    assert graph.citation.hash is None
    assert "blank nodes" in str(graph.citation)


def test_an_answer_made_of_other_answers_cannot_be_cited() -> None:
    with pytest.raises(ValueError, match="release"):
        _ = Answer(columns=(), rows=(), text="").citation


def test_a_notebook_shows_the_release_and_the_words_to_cite_the_answer_by(kg: KnowledgeGraph) -> None:
    answer = kg.ask("money-by-funder", area="E23000036")
    shown = answer._repr_html_()
    assert "rows, release 1</caption>" in shown
    assert f"sha256:{answer.citation.hash}" in shown.partition("<tfoot>")[2]


def test_the_id_stands_for_the_query_and_the_release_and_nothing_else() -> None:
    def made(**facts: Any) -> str:
        return Citation(**{"text": "ASK {}", "release": 3, "release_hash": "x", "asked": ASKED, "rows": 1, **facts}).id

    assert made() == made(asked=datetime(2027, 1, 1, tzinfo=UTC), rows=2, question="other")
    assert len({made(), made(text="ASK { }"), made(release=4), made(release_hash="y")}) == 4
    assert re.fullmatch(r"[0-9a-hjkmnp-tv-z]{12}", made())


def test_a_citation_reads_as_a_reference_in_each_form() -> None:
    citation = Citation(
        text="SELECT …",
        release=3,
        release_hash="x",
        asked=ASKED,
        rows=1200,
        hash="f" * 64,
        question="money-by-funder",
        given={"area": ("E23000036",)},
        notice="Made-up records, for practice only.",
    ).at("https://example.org/q/abc")
    for words in (
        "release 3",
        "1,200 rows",
        "f" * 64,
        "30 November 2026",
        "area: E23000036",
        "https://example.org/q/abc",
    ):
        assert words in str(citation)
    assert "Made-up records" in str(citation)
    assert citation.bibtex.startswith(f"@misc{{svssv-{citation.id},\n")
    assert citation.bibtex.count("{") == citation.bibtex.count("}")
    tags = [line[:6] for line in citation.ris.splitlines()]
    assert (tags[0], tags[-1]) == ("TY  - ", "ER  - ")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - ", tag) for tag in tags)
    assert Citation.from_json(citation.to_json()) == citation


@given(st.text(max_size=30))
def test_bibtex_keeps_its_braces_whatever_a_question_was_asked_with(value: str) -> None:
    citation = Citation(
        text="", release=1, release_hash="", asked=ASKED, rows=0, question="sources", given={"x": (value,)}
    )
    bare = citation.bibtex.replace("\\textbackslash{}", "").replace("\\~{}", "").replace("\\{", "").replace("\\}", "")
    depth = list(itertools.accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in bare))
    assert (min(depth), depth[-1]) == (0, 0)
