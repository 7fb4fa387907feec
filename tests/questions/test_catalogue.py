"""Question files: what a sound one says, and how a faulty one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from taxonomy.errors import CurationError, NotFoundError
from taxonomy.questions import catalogue
from taxonomy.questions.catalogue import Catalogue, load, parse

SOUND = """#+ summary: Things of a kind
#+ answers: [CQ-01]
#+ tags: [provision]
#+ params:
#+   kind: {type: iri, example: "https://example.org/Kind", help: a kind}
#+   least: {type: integer, help: the least}
#+ columns:
#+   thing: the thing

SELECT ?thing
WHERE {
  VALUES ?kind { <https://example.org/Kind> }
  VALUES ?least { UNDEF }
  ?thing a ?kind .
}
ORDER BY ?thing
"""


def test_a_sound_file_says_what_it_answers_and_takes() -> None:
    question = parse("things-of-a-kind", SOUND)
    assert question.summary == "Things of a kind"
    assert question.answers == ("CQ-01",)
    assert question.columns == {"thing": "the thing"}
    kind, least = question.params
    assert (kind.name, kind.kind, kind.optional, kind.example) == ("kind", "iri", False, ("https://example.org/Kind",))
    assert (least.name, least.optional, least.example) == ("least", True, ())
    assert SOUND[kind.start : kind.end] == "<https://example.org/Kind>"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("#+ summary: Things of a kind\n", ""), "no summary"),
        (("#+ summary: Things of a kind", "#+ summary: [unclosed"), "not YAML"),
        (("#+ tags:", "#+ tgas:"), "unknown key 'tgas'"),
        (("#+ tags: [provision]", "#+ tags: provision"), "tags is not a list"),
        (("type: iri", "type: uri"), "unknown type 'uri'"),
        ((", help: a kind}", ", hlep: a kind}"), "unknown key 'hlep'"),
        (('example: "https://example.org/Kind", ', ""), "kind has no example"),
        (("  VALUES ?least { UNDEF }\n", ""), "least has no line"),
        (("  VALUES ?least { UNDEF }\n", "  VALUES ?least { UNDEF }\n" * 2), "least has 2 lines"),
        (("#+ columns:\n#+   thing: the thing\n", ""), "what the columns are"),
        (("ORDER BY ?thing", ""), "ORDER BY"),
        (("type: integer", "type: choice"), "a choice"),
        (("#+ tags:", "#+ audience: everybody\n#+ tags:"), "audience"),
        (("SELECT", "FIND"), "no SELECT"),
        (("least", "release"), "addresses use"),
        (("#+", "#"), "no header"),
    ],
)
def test_a_faulty_file_is_refused_with_its_name_and_fault(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    path = tmp_path / "things-of-a-kind.rq"
    path.write_text(SOUND.replace(*change), encoding="utf-8")
    with pytest.raises(CurationError, match=fault) as raised:
        catalogue.read(path)
    assert raised.value.path == path


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "not-text.rq"
    path.write_bytes(b"\xff\xfe#+")
    with pytest.raises(CurationError, match="cannot be read"):
        catalogue.read(path)
    with pytest.raises(CurationError, match="cannot be read"):
        catalogue.read(tmp_path / "nowhere.rq")


def test_a_file_name_is_lower_case_words(tmp_path: Path) -> None:
    path = tmp_path / "Things.rq"
    path.write_text(SOUND, encoding="utf-8")
    with pytest.raises(CurationError, match="lower-case words"):
        catalogue.read(path)


def test_two_files_cannot_have_one_name(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "things.rq").write_text(SOUND, encoding="utf-8")
    with pytest.raises(CurationError, match="already taken"):
        load(tmp_path)


def test_quality_queries_are_not_questions_and_page_queries_are_not_listed(tmp_path: Path) -> None:
    for folder, text in (("quality", "nonsense"), ("pages", SOUND.replace("#+ tags", "#+ audience: page\n#+ tags"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"in-{folder}.rq").write_text(text, encoding="utf-8")
    found = load(tmp_path)
    assert list(found) == []
    assert found["in-pages"].audience == "page"
    assert [question.name for question in found.everything] == ["in-pages"]


def test_an_unknown_name_gets_the_nearest() -> None:
    known = Catalogue([parse("services-in-area", SOUND)])
    with pytest.raises(NotFoundError, match="Did you mean services-in-area"):
        known["servces-in-area"]
