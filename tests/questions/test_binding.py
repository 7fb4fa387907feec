"""Values into questions: each is one term in one place, and never anything else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taxonomy.errors import QueryError
from taxonomy.questions.binding import Given, bind
from taxonomy.questions.catalogue import Question, parse

READABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


def question(kind: str, *, optional: bool = False, **more: object) -> Question:
    """A question with one parameter, which gives back what was put into it."""
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    return parse(
        "echo",
        f"""#+ summary: Gives back what it is given
#+ params:
#+   value: {{type: {kind}, example: x{extra}}}
#+ columns: {{value: the value}}
SELECT ?value ?beside WHERE {{
  VALUES ?value {{ {"UNDEF" if optional else '"x"'} }}
  VALUES ?beside {{ "untouched" }}
}} ORDER BY ?value""",
    )


def echoed(asked: Question, value: Given) -> list[pyoxigraph.QuerySolution]:
    """What the engine makes of the bound text."""
    solutions = pyoxigraph.Store().query(bind(asked, {"value": value}))
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return list(solutions)


@given(READABLE)
@example('x" } UNION { ?s ?p ?o } #')
@example("\\")
@example('"""')
@example("\u2028")
@example("{ UNDEF }")
@example("?value")
def test_no_text_escapes_its_place(value: str) -> None:
    asked = question("text")
    [row] = echoed(asked, value)
    assert row["value"] == pyoxigraph.Literal(value)
    assert row["beside"] == pyoxigraph.Literal("untouched")


@given(READABLE)
def test_only_the_text_in_the_braces_changes(value: str) -> None:
    asked = question("text")
    [parameter] = asked.params
    bound = bind(asked, {"value": value})
    assert bound.startswith(asked.text[: parameter.start])
    assert bound.endswith(asked.text[parameter.end :])


@given(st.sampled_from(["iri", "thing", "concept", "area"]), st.text(max_size=60))
@example("iri", "https://example.org/x> ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } #")
@example("thing", "service/x> ?p ?o } #")
def test_a_name_becomes_one_iri_or_is_refused(kind: str, value: str) -> None:
    try:
        rows = echoed(question(kind), [value])
    except QueryError:
        return
    assert isinstance(rows[0]["value"], pyoxigraph.NamedNode)
    assert len(rows) == 1


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_money_goes_in_exactly(value: Decimal) -> None:
    [row] = echoed(question("decimal"), value)
    assert Decimal(row["value"].value) == value


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("area", "e23000036", "<http://statistics.data.gov.uk/id/statistical-geography/E23000036>"),
        ("area", "made-up-county", "<https://w3id.org/svssv/id/area/made-up-county>"),
        ("thing", "service/made-up", "<https://w3id.org/svssv/id/service/made-up>"),
        ("thing", "service/made-up/rule/1", "<https://w3id.org/svssv/id/service/made-up/rule/1>"),
        ("concept", "harm/any-crime", "<https://w3id.org/svssv/concept/harm/any-crime>"),
        ("iri", "https://example.org/x", "<https://example.org/x>"),
        ("integer", " 18 ", '"18"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("integer", 18, '"18"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("decimal", "1351368.00", '"1351368.00"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("date", date(2018, 3, 12), '"2018-03-12"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("boolean", "Yes", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("boolean", False, '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    ],
)
def test_a_value_is_read_by_its_type(kind: str, value: Given, term: str) -> None:
    assert f"VALUES ?value {{ {term} }}" in bind(question(kind), {"value": value})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", "not an iri"),
        ("iri", "javascript:alert(1)"),
        ("iri", "file:///etc/passwd"),
        ("area", "Avon & Somerset"),
        ("integer", "3.5"),
        ("integer", "١٨"),
        ("integer", True),
        ("integer", "9" * 31),
        ("decimal", "NaN"),
        ("decimal", "1e400"),
        ("date", "12/03/2018"),
        ("date", "2018-02-30"),
        ("boolean", "perhaps"),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", "x" * 5000),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: Given) -> None:
    with pytest.raises(QueryError, match="value"):
        bind(question(kind), {"value": value})


def test_a_refusal_names_the_nearest_choice_or_parameter() -> None:
    asked = question("choice", choices="[grant, contract]")
    with pytest.raises(QueryError, match="Did you mean contract"):
        bind(asked, {"value": "contrat"})
    with pytest.raises(QueryError, match="Did you mean value"):
        bind(asked, {"vlaue": "grant"})
    with pytest.raises(QueryError, match="needs a value for 'value'"):
        bind(asked, {})


def test_several_values_stand_side_by_side_only_where_that_is_allowed() -> None:
    rows = echoed(question("integer", many="true"), [1, 2, 3])
    assert [row["value"].value for row in rows] == ["1", "2", "3"]
    with pytest.raises(QueryError, match="takes one value"):
        bind(question("integer"), {"value": [1, 2]})


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_may_be_left_out_stays_open(nothing: Given) -> None:
    asked = question("integer", optional=True)
    assert "VALUES ?value { UNDEF }" in bind(asked, {"value": nothing})
    assert "VALUES ?value { UNDEF }" in bind(asked, {})
