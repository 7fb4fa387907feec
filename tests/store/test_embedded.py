"""A store holds each triple of its named graphs once in its default graph, and equal content has equal fingerprints."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from taxonomy.errors import StoreError
from taxonomy.store.embedded import SealedStore, fingerprint, normal, write

EX = "https://example.org/"
nodes = st.sampled_from([NamedNode(EX + name) for name in "abc"])
values = st.one_of(
    nodes,
    st.integers(0, 2).map(Literal),
    st.sampled_from(["x", "y"]).map(lambda text: Literal(text, language="en")),
)
triples = st.frozensets(st.builds(Triple, nodes, nodes, values), max_size=8)
datasets = st.dictionaries(st.sampled_from([EX + name for name in ("g1", "g2", "g3")]), triples, max_size=3)


@settings(max_examples=15, deadline=None)
@given(datasets)
def test_the_default_graph_is_the_set_of_all_triples(graphs: dict[str, frozenset[Triple]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        write(path, graphs)
        store = SealedStore(path)
        held = list(store.triples())
        assert len(held) == len(set(held))
        assert set(held) == frozenset().union(*graphs.values())
        assert {name: set(store.triples(name)) for name in store.names()} == {k: v for k, v in graphs.items() if v}


def read(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE, rename_blank_nodes=True)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<x:a> <x:b> 1, 2 .", "<x:a> <x:b> 2 . <x:a> <x:b> 1 ."),
        ("<x:a> <x:b> 01 .", "<x:a> <x:b> 1 ."),
        ("<x:a> <x:b> 80000.00 .", "<x:a> <x:b> 80000.0 ."),
        ("<x:a> <x:b> [ <x:c> 1 ], [ <x:c> 2 ] .", "_:q <x:c> 2 . _:p <x:c> 1 . <x:a> <x:b> _:p, _:q ."),
    ],
    ids=["order", "an integer", "an amount", "blank nodes"],
)
def test_the_same_content_has_the_same_fingerprint(one: str, other: str) -> None:
    assert fingerprint(normal(EX + "g", read(one))) == fingerprint(normal(EX + "g", read(other)))


def test_other_content_has_another_fingerprint() -> None:
    assert fingerprint(normal(EX + "g", read("<x:a> <x:b> 1 ."))) != fingerprint(
        normal(EX + "g", read("<x:a> <x:b> 2 ."))
    )


def test_two_graphs_never_share_a_blank_node() -> None:
    same = read("_:x <x:b> 1 .")
    assert not normal(EX + "g1", same) & normal(EX + "g2", same)


def test_what_was_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    graph = normal(
        EX + "g", [*read("<x:a> <x:b> [ <x:c> 1.50 ] ."), Triple(BlankNode(), NamedNode("x:d"), Literal("é\n"))]
    )
    write(tmp_path / "store", {EX + "g": graph})
    assert fingerprint(SealedStore(tmp_path / "store").triples(EX + "g")) == fingerprint(graph)


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        SealedStore(tmp_path / "nowhere")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="could not be written"):
        write(tmp_path / "file" / "store", {})
