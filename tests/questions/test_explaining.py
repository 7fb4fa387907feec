"""Queries in words, line by line."""

from __future__ import annotations

import pytest

from taxonomy.questions import catalogue
from taxonomy.questions.explaining import explain

TEXT = """#+ summary: Services
#+ params: {area: {type: area, example: E06000016, help: an area}}
#+ columns: {service: the service}

PREFIX ex: <https://example.org/>

SELECT DISTINCT ?service
WHERE {
  # Services alone.
  VALUES ?area { <https://example.org/area> }
  ?service a ex:Service ; ex:covers/ex:within* ?area .
  OPTIONAL { ?service ex:by ?provider }
  FILTER NOT EXISTS { ?service ex:ended ?day }
  FILTER (
    ?area = ?area
  )
  BIND (STR(?provider) AS ?name)
}
GROUP BY ?service
ORDER BY DESC(?name) ?service
"""


def test_each_line_is_said_with_the_labels_of_its_terms_and_the_words_of_its_header() -> None:
    lines = explain(catalogue.parse("made-up", TEXT), lambda iri: iri.removeprefix("https://example.org/").upper())
    assert {line.text.strip(): line.words for line in lines if line.words} == {
        "PREFIX ex: <https://example.org/>": "Lets the query write ex: for the beginning of an address.",
        "SELECT DISTINCT ?service": "Shows ?service (the service), each row once.",
        "WHERE {": "What has to be true of each row:",
        "# Services alone.": "Services alone.",
        "VALUES ?area { <https://example.org/area> }": (
            "The value that you choose for ?area: an area. Here an example stands."
        ),
        "?service a ex:Service ; ex:covers/ex:within* ?area .": (
            "?service is a SERVICE; COVERS, then WITHIN (any number of times, or none) ?area."
        ),
        "OPTIONAL { ?service ex:by ?provider }": "Where it is known: ?service BY ?provider.",
        "FILTER NOT EXISTS { ?service ex:ended ?day }": "Leaves out where: ?service ENDED ?day.",
        "FILTER (": "Keeps only rows for which this holds.",
        "?area = ?area": "Goes on with the line above.",
        ")": "Ends what a line above began.",
        "BIND (STR(?provider) AS ?name)": "Works out ?name.",
        "GROUP BY ?service": "Makes one row for each ?service.",
        "ORDER BY DESC(?name) ?service": "Sorts by ?name from the end, ?service.",
    }


@pytest.mark.parametrize("name", sorted(catalogue.load()))
def test_every_line_of_every_question_that_says_something_is_explained(name: str) -> None:
    lines = explain(catalogue.load()[name], lambda iri: iri.rsplit("/", 1)[-1])
    assert [line.text for line in lines if not line.words and line.text.strip(" {}.")] == []
    assert "".join(f"{line.text}\n" for line in lines) == catalogue.load()[name].body
