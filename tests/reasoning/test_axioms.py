from __future__ import annotations

from pathlib import Path

import pytest

from taxonomy import assets
from taxonomy.errors import CurationError
from taxonomy.reasoning import axioms

HERE = Path(__file__).parent
REFUSED = sorted((HERE / "refused").glob("*.ttl"))


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_an_axiom_that_rules_cannot_follow_is_refused_by_file_and_term(path: Path) -> None:
    with pytest.raises(CurationError, match=r"Wrong: ") as refusal:
        axioms.read([path])
    assert refusal.value.path == path


def test_there_are_refused_axioms_to_try() -> None:
    assert len(REFUSED) > 10


def test_the_refusal_says_which_construct_is_meant() -> None:
    with pytest.raises(CurationError, match=r"owl:complementOf is not in the language of definitions"):
        axioms.read([HERE / "refused" / "negation-deep-inside.ttl"])


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("this is no turtle", encoding="utf-8")
    with pytest.raises(CurationError, match=r"broken\.ttl"):
        axioms.read([broken])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match=r"gone\.ttl"):
        axioms.read([tmp_path / "gone.ttl"])


def test_every_definition_stands_in_the_folder_for_definitions() -> None:
    core = [path for path in assets.files("ontology", "**/*.ttl") if path.parent.name != "defined"]
    assert axioms.read(core).definitions == []


def test_every_axiom_of_the_ontology_is_one_that_rules_follow() -> None:
    assert len(axioms.read(assets.files("ontology", "**/*.ttl")).definitions) >= 20
