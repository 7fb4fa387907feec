"""A figure that is held back stays held back: no sum of others gives it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets, fields
from taxonomy.namespaces import CONCEPT, GSS, RDF, SV, XSD
from taxonomy.records import Place, Record
from taxonomy.validation import suppression
from taxonomy.values import Iri

BASE = "https://example.org/id/"
OWNER = Iri(BASE + "organisation/made-up-centre")
Count = tuple[str | None, str | None, str | None, int | None]  # service, area, group, number (None: held back)


def record(counts: Iterable[Count]) -> Record:
    places: dict[Triple, Place] = {}
    for number, (service, area, group, value) in enumerate(counts, start=1):
        figure = NamedNode(f"{OWNER}/figure/{number}")
        said: list[tuple[str, NamedNode | Literal]] = [
            (RDF + "type", NamedNode(SV + "Statistic")),
            (SV + "measured", NamedNode(CONCEPT + "measure/people-supported")),
            (SV + "aboutService", NamedNode(f"{BASE}service/{service}"))
            if service
            else (SV + "aboutOrganisation", NamedNode(OWNER)),
            (SV + "valueStatus", NamedNode(f"{CONCEPT}value-status/{'suppressed' if value is None else 'stated'}")),
        ]
        said += [(SV + "refersToArea", NamedNode(GSS + area))] if area else []
        said += [(SV + "populationGroup", NamedNode(CONCEPT + group))] if group else []
        said += [(SV + "value", Literal(str(value), datatype=NamedNode(XSD + "decimal")))] if value is not None else []
        places |= {Triple(figure, NamedNode(path), value): Place(row=number) for path, value in said}
    return Record(owner=OWNER, places=places)


def found(*counts: Count) -> list[int]:
    """The positions, from 1, of the figures that are given back."""
    return [int(each.figure.slug) for each in suppression.given_back(record(counts))]


ADULTS, CHILDREN, OLDER = "age-group/adults", "age-group/children", "age-group/older-adults"
YOUNG_ADULTS, EVERYBODY = "age-group/young-adults", "age-group/all-ages"


@pytest.mark.parametrize(
    ("counts", "given_back"),
    [
        ([(None, None, None, 120), (None, None, ADULTS, 117), (None, None, CHILDREN, None)], [3]),
        ([(None, None, EVERYBODY, 120), (None, None, ADULTS, 117), (None, None, CHILDREN, None)], [3]),
        ([(None, None, None, 120), (None, None, ADULTS, 60), (None, None, CHILDREN, None)], [3]),
        ([(None, None, None, None), (None, None, ADULTS, 117), (None, None, CHILDREN, 0)], [1]),
        ([(None, None, None, 120), ("a", None, None, 118), ("b", None, None, None)], [3]),
        ([(None, None, None, 120), (None, "x", None, 118), (None, "y", None, None)], [3]),
        ([(None, None, ADULTS, 50), (None, None, OLDER, 47), (None, None, YOUNG_ADULTS, None)], [3]),
        ([(None, None, None, 9), (None, None, None, None)], [2]),
    ],
    ids=["group", "everybody", "large", "total", "service", "area", "group of a group", "given twice"],
)
def test_a_single_figure_that_a_sum_leaves_is_given_back(counts: Sequence[Count], given_back: list[int]) -> None:
    assert given_back == found(*counts)


def test_two_figures_of_fewer_than_five_people_together_are_given_back() -> None:
    table = [(None, None, None, 120), ("a", None, None, 116), ("b", None, None, None), ("c", None, None, None)]
    assert [3, 4] == found(*table)


def test_two_figures_of_five_people_or_more_are_kept() -> None:
    table = [(None, None, None, 120), ("a", None, None, 115), ("b", None, None, None), ("c", None, None, None)]
    assert [] == found(*table)


@pytest.mark.parametrize(
    "counts",
    [
        [(None, None, ADULTS, 117), (None, None, CHILDREN, None)],
        [(None, None, None, 120), (None, None, CHILDREN, None)],
        [(None, None, None, 120), (None, None, "community/deaf-people", 117), (None, None, "community/children", None)],
        [(None, None, None, 120), (None, None, ADULTS, 150), (None, None, CHILDREN, None)],
        [(None, None, None, 120), (None, None, ADULTS, 100), ("a", None, CHILDREN, None)],
        [(None, None, None, 120), (None, None, ADULTS, 118), (None, None, CHILDREN, 2)],
    ],
    ids=[
        "no total",
        "one part",
        "groups that overlap",
        "parts above the total",
        "of another service",
        "none held back",
    ],
)
def test_what_is_no_sum_gives_nothing_back(counts: Sequence[Count]) -> None:
    assert [] == found(*counts)


def test_a_cell_that_only_rows_and_columns_together_give_back_is_found() -> None:
    """Two blocks of four cells are held back and a cell between them: no single row or column leaves it alone."""
    services, areas = "abcd", ("E1", "E2", "E3", "E4")
    hidden = {("a", "E1"), ("a", "E2"), ("b", "E1"), ("b", "E2"), ("c", "E3"), ("c", "E4"), ("d", "E3"), ("d", "E4")}
    hidden.add(("b", "E3"))
    table: list[Count] = [(None, None, None, 16 * 50)]
    table += [(service, None, None, 200) for service in services]
    table += [(None, area, None, 200) for area in areas]
    cells = [(service, area) for service in services for area in areas]
    table += [(service, area, None, None if (service, area) in hidden else 50) for service, area in cells]
    assert [table.index(("b", "E3", None, None)) + 1] == found(*table)


def determined(equations: Sequence[Mapping[int, int]], unknowns: Sequence[int]) -> set[int]:
    """The unknowns that no change of others can make up for: those at which every solution of the sums to 0 is 0."""
    rows = [[Fraction(equation.get(each, 0)) for each in unknowns] for equation in equations]
    pivots: list[int] = []
    for column in range(len(unknowns)):
        at = next((row for row in range(len(pivots), len(rows)) if rows[row][column]), None)
        if at is None:
            continue
        rows[len(pivots)], rows[at] = rows[at], rows[len(pivots)]
        lead = rows[len(pivots)]
        rows[len(pivots)] = [each / lead[column] for each in lead]
        for other in range(len(rows)):
            if other != len(pivots) and rows[other][column]:
                factor = rows[other][column]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[len(pivots)], strict=True)]
        pivots.append(column)
    free = set(range(len(unknowns))) - set(pivots)
    fixed = [column for row, column in enumerate(pivots) if not any(rows[row][each] for each in free)]
    return {unknowns[column] for column in fixed}


@given(
    hidden=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1),
    numbers=st.lists(st.integers(30, 90), min_size=16, max_size=16),
)
@settings(max_examples=60, deadline=None)
def test_a_table_gives_back_what_its_sums_leave_no_choice_about(
    hidden: set[tuple[int, int]], numbers: list[int]
) -> None:
    cells = {(row, column): numbers[4 * row + column] for row in range(4) for column in range(4)}
    table: list[Count] = [(None, None, None, sum(numbers))]
    table += [(f"s{row}", None, None, sum(cells[row, each] for each in range(4))) for row in range(4)]
    table += [(None, f"E{column}", None, sum(cells[each, column] for each in range(4))) for column in range(4)]
    table += [(f"s{row}", f"E{column}", None, None if (row, column) in hidden else cells[row, column])
              for row, column in cells]  # fmt: skip
    numbered = {cell: 10 + number for number, cell in enumerate(cells)}
    sums = [{numbered[cell]: 1 for cell in hidden if cell[axis] == line} for axis in (0, 1) for line in range(4)]
    assert determined(sums, sorted(numbered[cell] for cell in hidden)) == set(found(*table))


def test_a_large_table_is_looked_through_in_seconds() -> None:
    lines = range(22)
    table: list[Count] = [(None, None, None, 22 * 22 * 50)]
    table += [(f"s{line}", None, None, 22 * 50) for line in lines]
    table += [(None, f"E{line}", None, 22 * 50) for line in lines]
    table += [(f"s{row}", f"E{column}", None, None if row != column else 50) for row in lines for column in lines]
    assert [] == found(*table)


def test_a_finding_names_the_figures_that_give_it_back() -> None:
    counts = [(None, None, None, 120), (None, None, ADULTS, 117), (None, None, CHILDREN, None)]
    [given_back] = suppression.given_back(record(counts))
    assert (Iri(f"{OWNER}/figure/1"),) == given_back.by


ALL_OF_THEM, OLDER, YOUNGER = (None, None, None), (None, None, "age-group/adults"), (None, None, "age-group/children")


def test_a_total_of_an_earlier_version_gives_a_figure_back() -> None:
    earlier = record([(*ALL_OF_THEM, 120), (*OLDER, 60), (*YOUNGER, 60)])
    later = record([(*OLDER, 117), (*YOUNGER, None)])
    assert list(suppression.given_back(later)) == []
    assert [each.figure for each in suppression.given_back_by(later, record([(*ALL_OF_THEM, 120)]))] == [
        f"{OWNER}/figure/2"
    ]
    assert list(suppression.given_back_by(later, earlier)) == []  # it gave the figure itself, which was large enough


def test_a_part_that_a_later_version_adds_gives_back_what_an_earlier_one_held_back() -> None:
    earlier, later = record([(*ALL_OF_THEM, 120), (*OLDER, None), (*YOUNGER, None)]), record([(*OLDER, 117)])
    assert list(suppression.given_back(earlier)) == []
    assert [each.figure for each in suppression.given_back_by(earlier, later)] == [f"{OWNER}/figure/3"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "a", "b"]),
            st.none(),
            st.sampled_from([None, "age-group/adults", "age-group/children"]),
            st.one_of(st.none(), st.integers(5, 200)),
        ),
        max_size=6,
        unique_by=lambda count: count[:3],
    )
)
def test_a_version_beside_itself_gives_back_what_it_gives_back_alone(counts: Sequence[Count]) -> None:
    same = record(counts)
    assert list(suppression.given_back_by(same, same)) == list(suppression.given_back(same))


CALCULATES = re.compile(
    r"\b(SUM|AVG|MIN|MAX|COUNT) *\( *(DISTINCT *)?\?value"
    r"|\?(value|answered|base|sum)\b *[-+*/]"
    r"|[-+*/] *\?(value|base|invited)\b"
)
ASKED = [
    path
    for path in assets.files("queries", "**/*.rq")
    if path.parent.name not in {"quality", "push"} and re.search(r"sv:value\b", path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
def test_no_question_works_a_figure_out_from_counts_of_people_in_records(path: Path) -> None:
    """What a question calculates with is a figure of a document: it has what no record may say of a figure.

    So no total, share or percentage is ever made of submitted counts, and what they hold back stays so.
    """
    text = path.read_text(encoding="utf-8")
    used = {SV + term for term in re.findall(r"\bsv:([a-z]\w+)", text)}
    of_documents = used - set(fields.allowed(Iri(SV + "Statistic")))
    calculated = CALCULATES.search(text)
    if calculated and "sv:hasWaitingTime" not in text:  # a wait is no count of people
        assert of_documents & {SV + term for term in ("aboutHarm", "base", "askedIn", "percent", "inTable", "votes")}
