"""What Graphviz is given, and what is said when it cannot draw."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.errors import LimitError, TaxonomyError
from taxonomy.pictures import dot
from taxonomy.pictures.dot import Line
from taxonomy.pictures.lettering import printable


@given(st.text(max_size=40))
def test_any_text_is_one_label_and_comes_back_as_it_was(text: str) -> None:
    shown = printable(text)
    tree = dot.laid_out(f"digraph {{ a {dot.attributes({'label': dot.label([Line(shown)])})} }}")
    [title] = [each.text for each in tree.iter("title") if each.text == "a"]
    assert title == "a"
    assert shown.split() == " ".join(each.text or "" for each in tree.iter("text")).split()


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_any_attribute_is_one_attribute(text: str) -> None:
    tree = dot.laid_out(f"digraph {{ a {dot.attributes({'comment': text, 'id': 'here'})} }}")
    assert [group.get("id") for group in tree.iter("g") if group.get("class") == "node"] == ["here"]


def test_a_graph_that_cannot_be_drawn_is_one_clear_line() -> None:
    with pytest.raises(TaxonomyError, match="could not be laid out") as failure:
        dot.laid_out("digraph { a -> ")
    assert "\n" not in str(failure.value)


def test_a_layout_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(LimitError, match="The table and the text hold all of it") as failure:
        dot.laid_out("digraph { a -> b }", seconds=0)
    assert failure.value.limit == "time"


def test_a_missing_layout_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    with pytest.raises(TaxonomyError, match="Install svssv again"):
        dot.laid_out("digraph { a }")
