"""The Leicester document of 2015: its tables, totals and lists by query, its contradictions, and no person named."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from taxonomy import assets
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.results import Answer, Row

DOCUMENT = "leicester-consultation-2015"
QUERIES = Path(__file__).parent / "leicester"
APPENDIX_C = "Recipients of the online survey"
PLACE_AMONG_THE_NAMES = "Jasmine House"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
PRINTED = {
    "amounts": r"£[\d,]*\d",
    "shares": r"\d[\d.]*%",
    "big figures": r"\b\d{1,3}(?:,\d{3})+\b|(?<![\w-])\d{3,4}(?= (?:DV|SV|hours|\())",
    "days": r"\b\d{1,2}/\d{1,2}/1\d\b",
}

Rows = list[tuple[Any, ...]]


def iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def answered(kg: KnowledgeGraph, name: str) -> tuple[Row, ...]:
    answer = kg.sparql((QUERIES / f"{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(answer, Answer)
    return answer.rows


def ask(kg: KnowledgeGraph, name: str) -> Rows:
    return [tuple(row.values()) for row in answered(kg, name)]


@pytest.fixture(scope="module")
def source(shared: Path) -> str:
    return (shared / "sources" / f"{DOCUMENT}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def curated() -> list[ox.Quad]:
    """Every statement of the document, and every judgement and register entry made for it."""
    files = [*assets.files("data", f"sources/{DOCUMENT}/*.trig"), *assets.files("data", "curation/*/leicester.trig")]
    files += assets.files("data", f"register/*/{DOCUMENT}.ttl")
    return [quad for path in files for quad in ox.parse(path=path)]


@pytest.fixture(scope="module")
def coverage() -> list[dict[str, Any]]:
    path = assets.folder("data") / "sources" / DOCUMENT / "coverage.yaml"
    sections: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["sections"]
    return sections


# ── Tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("table", "group", "votes"),
    [
        ("table-1", "organisations", {"yes": (24, 86), "no": (3, 11), "dont-know": (1, 4), "no-opinion": (0, None)}),
        (
            "table-2",
            "organisations",
            {"option-1": (13, 50), "option-2": (8, 31), "option-3": (1, 4), "another-option": (4, 15)},
        ),
        (
            "table-3",
            "in-scope",
            {"option-1": (2, 25), "option-2": (5, 63), "option-3": (3, 38), "another-option": (0, None)},
        ),
        (
            "table-4",
            "domestic-violence-specialists",
            {"option-1": (4, 50), "option-2": (3, 38), "option-3": (0, None), "another-option": (1, 13)},
        ),
        (
            "table-4",
            "sexual-violence-specialists",
            {"option-1": (1, 20), "option-2": (4, 80), "option-3": (0, None), "another-option": (0, None)},
        ),
        ("table-5", "organisations", {"support": (20, 74), "against": (1, 4), "dont-know": (6, 22)}),
        ("table-6", "organisations", {"support": (21, 78), "against": (1, 4), "dont-know": (5, 19)}),
        ("table-7", "organisations", {"support": (20, 74), "against": (0, None), "dont-know": (7, 26)}),
    ],
)
def test_a_table_of_votes_is_as_printed(
    kg: KnowledgeGraph, table: str, group: str, votes: dict[str, tuple[int, int | None]]
) -> None:
    found = {row[2]: (row[3], row[4]) for row in ask(kg, "votes") if row[:2] == (table, group)}
    assert found == votes


def test_votes_add_up_to_the_base_that_is_printed_with_them(kg: KnowledgeGraph) -> None:
    votes: defaultdict[tuple[str, str, Decimal | None], Decimal] = defaultdict(Decimal)
    for table, group, _, value, _, base in ask(kg, "votes"):
        votes[table, group, base] += value
    assert {base or 10 for _, _, base in votes} == {28, 26, 10, 8, 5, 27}
    assert all(total == (base or 10) for (_, _, base), total in votes.items())


def test_table_3_keeps_its_wrong_shares_and_has_no_base(kg: KnowledgeGraph) -> None:
    found = [row for row in ask(kg, "votes") if row[0] == "table-3"]
    assert sum(row[4] or 0 for row in found) == 126
    assert {row[5] for row in found} == {None}


def test_four_of_five_sexual_violence_specialists_want_a_service_of_their_own(kg: KnowledgeGraph) -> None:
    votes = {row[1:3]: row[3] for row in ask(kg, "votes")}
    assert votes["sexual-violence-specialists", "option-2"] == 4


def test_option_2_has_nearly_40_per_cent_less_support(kg: KnowledgeGraph) -> None:
    votes = {row[2]: row[3] for row in ask(kg, "votes") if row[0] == "table-2"}
    assert round(100 * (votes["option-1"] - votes["option-2"]) / votes["option-1"], 1) == Decimal("38.5")


BASELINE = {
    "Leicester": {
        "helpline": (1762, "contacts"),
        "idva": (210, "forms"),
        "isva": (52, "people"),
        "outreach": (146, "people"),
        "counselling-domestic": (378, None),
        "counselling-sexual": (1156, "hours"),
        "population": (329900, "people"),
        "police-reports-domestic": (8342, "offences"),
        "police-reports-sexual": (486, "offences"),
        "female-population": (57900, "people"),
        "victims-domestic": (10395, "victims"),
        "victims-sexual-assault": (4785, "victims"),
        "victims-stalking": (15774, "victims"),
        "cost": (31519620, "pounds"),
    },
    "Leicestershire": {
        "helpline": (640, "contacts"),
        "idva": (468, "people"),
        "isva": (122, "people"),
        "outreach": (791, "people"),
        "idva-and-outreach": (921, "people"),
        "counselling-sexual": (330, "sessions"),
        "population": (650500, "people"),
        "police-reports-domestic": (7902, "offences"),
        "police-reports-sexual": (557, "offences"),
        "female-population": (75700, "people"),
        "victims-domestic": (20491, "victims"),
        "victims-sexual-assault": (9432, "victims"),
        "victims-stalking": (31094, "victims"),
        "cost": (62131858, "pounds"),
    },
    "Rutland": {
        "helpline": (None, "contacts"),
        "idva-isva": (81, "people"),
        "outreach": (136, "people"),
        "counselling": (None, None),
        "population": (37400, "people"),
        "police-reports": (None, "offences"),
        "female-population": (15500, "people"),
        "victims-domestic": (1178, "victims"),
        "victims-sexual-assault": (542, "victims"),
        "victims-stalking": (1788, "victims"),
        "cost": (3572224, "pounds"),
    },
}


@pytest.mark.parametrize("area", BASELINE)
def test_the_baseline_keeps_each_cell_with_its_unit(kg: KnowledgeGraph, area: str) -> None:
    prefix = f"b1-{area.lower()}-"
    rows = [row for row in ask(kg, "table-figures") if row[0].startswith(prefix)]
    assert {row[0].removeprefix(prefix): (row[3], row[5]) for row in rows} == BASELINE[area]
    assert {row[1] for row in rows} == {area}


def test_unknown_and_blank_cells_are_neither_zero_nor_left_out(kg: KnowledgeGraph) -> None:
    rows = {row[0]: row for row in ask(kg, "table-figures")}
    unstated = {name: (row[2], row[6]) for name, row in rows.items() if row[6] != "stated"}
    assert unstated == {
        "b1-rutland-helpline": ("Unknown", "unknown"),
        "b1-rutland-counselling": ("Unknown", "unknown"),
        "b1-rutland-police-reports": ("", "blank"),
    }
    assert {rows[name][3] for name in unstated} == {None}


def test_a_unit_that_no_cell_prints_is_a_judgement(curated: list[ox.Quad]) -> None:
    units = [quad for quad in curated if quad.predicate.value.endswith("#unit") and "-b1-" in iri(quad.subject)]
    judged = {iri(quad.subject).rsplit("-b1-", 1)[-1] for quad in units if "/curation/" in iri(quad.graph_name)}
    cited = {iri(quad.subject).rsplit("-b1-", 1)[-1] for quad in units if "/citation/" in iri(quad.graph_name)}
    assert judged == {
        "leicester-helpline",
        "leicestershire-helpline",
        "rutland-helpline",
        "leicester-isva",
        "leicester-outreach",
        "leicestershire-isva",
        "rutland-idva-isva",
        "rutland-outreach",
    }
    assert judged & cited == set()


@pytest.mark.parametrize(
    ("figure", "total"),
    [
        ("population", 1017800),
        ("victims-domestic", 32064),
        ("victims-sexual-assault", 14759),
        ("victims-stalking", 48656),
        ("cost", 97223702),
    ],
)
def test_figures_with_one_unit_add_up_over_the_three_areas(kg: KnowledgeGraph, figure: str, total: int) -> None:
    assert (figure, total) in ask(kg, "three-areas")


def test_what_a_figure_shows_at_work_in_an_area_is_a_service_of_that_area(curated: list[ox.Quad]) -> None:
    said = defaultdict(set)
    for quad in curated:
        said[iri(quad.subject), quad.predicate.value.rsplit("#", 1)[-1]].add(iri(quad.object))
    shown = {
        figure: services
        for (figure, said_of), services in said.items()
        if said_of == "aboutService" and "-b1-" in figure
    }
    assert len(shown) == 10
    for figure, services in shown.items():
        assert all(said[service, "coversArea"] == said[figure, "refersToArea"] for service in services)


def test_outcomes_are_as_printed(kg: KnowledgeGraph) -> None:
    shares = {row[0].removeprefix("b2-"): row[4] for row in ask(kg, "table-figures") if row[0].startswith("b2-")}
    assert shares == {
        "leicester-safer": 89,
        "leicester-reduction": 87,
        "leicester-wellbeing": 85,
        "leicestershire-safer": 71,
        "leicestershire-reduction": 70,
        "leicestershire-wellbeing": 69,
        "rutland-no-abuse": 66,
        "rutland-safer": 81,
        "rutland-sanctuary": Decimal("97.5"),
    }


# ── Figures and lists ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("figure", "value", "percent"),
    [
        ("organisations-invited", 53, None),
        ("responses-received", 29, None),
        ("organisations-responding", 27, None),
        ("response-rate", None, 51),
        ("organisations-in-scope", 10, None),
        ("organisations-domestic-violence", 8, None),
        ("organisations-sexual-violence", 5, None),
        ("people-contacted", 128, None),
        ("sessions", 13, None),
        ("sessions-city", 9, None),
        ("session-attendees", 47, None),
        ("session-attendees-city", 29, None),
        ("review-2011-stakeholders", 100, None),
        ("review-2011-service-users", 70, None),
        ("review-2011-responses", 214, None),
        ("review-2011-currently-affected", None, 30),
        ("review-2011-affected-before", None, 69),
        ("review-2011-white-british", None, 60),
        ("review-2011-male", None, 13),
        ("review-2011-heterosexual", None, 89),
        ("review-2011-disabled", None, 9),
        ("consultation-2013-respondents", 22, None),
        ("consultation-2013-experienced", 7, 32),
        ("consultation-2013-white-british", 16, 73),
        ("consultation-2013-female", 18, 82),
        ("consultation-2013-heterosexual", 14, 64),
        ("equality-answers", 13, None),
        ("dv-victims-with-sv", None, 70),
        ("rapes-by-partners", None, 50),
        ("analyst-post", Decimal("0.5"), None),
        ("main-contracts", 6, None),
        ("county-direct-contracts", 4, None),
        ("district-services", 10, None),
        ("county-providers", 5, None),
        ("contracts-to-monitor", 4, None),
    ],
)
def test_a_figure_is_as_printed(kg: KnowledgeGraph, figure: str, value: int | None, percent: int | None) -> None:
    found = {row[0]: row[2:4] for row in ask(kg, "figures")}
    assert found[figure] == (value, percent)


def test_figures_that_belong_together_agree(kg: KnowledgeGraph) -> None:
    value = {row[0]: row[2] for row in ask(kg, "figures")}
    assert value["city-local-contracts"] + value["city-national-contracts"] == value["city-contracts"] == 8
    assert value["sessions-city"] + value["sessions-county"] == value["sessions"]
    assert value["session-attendees"] - value["session-attendees-city"] == 18
    rate = 100 * value["organisations-responding"] / value["organisations-invited"]
    assert round(rate, 1) == Decimal("50.9")
    for kind, percent in [(row[0], row[3]) for row in ask(kg, "figures") if row[0].startswith("consultation-2013-")]:
        if percent is not None:
            assert round(100 * value[kind] / value["consultation-2013-respondents"]) == percent


def test_each_list_has_as_many_entries_as_the_document(kg: KnowledgeGraph) -> None:
    assert dict(ask(kg, "counts")) == {
        "organisations invited": 53,
        "organisations heard": 27,
        "entries of the list of answers": 28,
        "organisations with sessions": 6,
        "task group members": 7,
        "task group organisations": 5,
        "options": 3,
        "lots": 8,
        "core activities": 12,
        "option 1 for": 7,
        "option 1 against": 4,
        "option 2 for": 4,
        "option 2 against": 3,
        "option 3 for": 6,
        "option 3 against": 2,
        "concerns about option 2": 7,
        "alternatives": 3,
        "reasons": 6,
        "recommendations": 4,
        "concerns with mitigations": 23,
        "themes of service users": 6,
        "sub-themes of agencies": 8,
        "themes in support": 16,
        "themes of concern": 16,
        "positive aspects": 12,
        "areas for improvement": 18,
        "points of consensus 2013": 9,
        "points of difference 2013": 9,
        "groups at risk": 6,
        "characteristics in the survey": 9,
        "characteristics assessed": 9,
        "vulnerable groups": 4,
        "equality actions": 5,
        "numbered tables": 13,
    }


# ── Money ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_option_comes_to_the_printed_total(kg: KnowledgeGraph) -> None:
    assert ask(kg, "options") == [(1, 828500, 1, 828500), (2, 828500, 2, 828500), (3, 828500, 2, 828500)]


def test_proposed_money_comes_to_its_totals_and_options_are_not_added(kg: KnowledgeGraph) -> None:
    rows = ask(kg, "money")
    assert sum(row[3] for row in rows) == 1358500
    assert sum(row[3] for row in rows if row[0].endswith("-leicester-proposed-2015")) == 430000


def test_no_sum_of_the_document_is_awarded(kg: KnowledgeGraph) -> None:
    assert {row[1:3] for row in ask(kg, "money")} == {("proposed", "per-year")}


def test_the_two_integrated_services_began_apart_and_end_together(kg: KnowledgeGraph) -> None:
    days = {row[0]: (str(row[2]), str(row[3])) for row in ask(kg, "agreements")}
    assert days["integrated-domestic-violence-leicester"] == ("2012-09-01", "2015-09-30")
    assert days["integrated-sexual-violence-leicester"] == ("2013-11-01", "2015-09-30")
    assert days["joint-sexual-and-domestic-violence-llr"] == ("None", "None")


# ── Traps ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("contradiction", "values"),
    [
        (
            "period",
            {"2015-2018", "2015-2019 (with a possibility for an extension up to 24 months)", "2015-2020"},
        ),
        ("start", {"2015-10-01", "2015-12-01"}),
        ("ages", {"Adults", "13 years and over", "from age 13 upwards"}),
        ("budget", {"828500", "828000"}),
        ("helpline", {"a core activity", "ideal not essential"}),
        ("table-3-base", {"10", "8"}),
        ("option-3-votes", {"1", "3"}),
        ("without-contact", {"5", "7"}),
        ("perpetrator-harm", {"Domestic abuse", "Sexual violence"}),
        ("eia-date", {"13/1/15", "between 22/1/15 and 4/3/15"}),
        ("earlier-consultation", {"2011", "2012"}),
        ("option-1-extent", {"helpline and face to face through to therapeutic", "helpline and face to face"}),
        (
            "alternatives",
            {"to commission per District area", "helpline as one lot/ support services as a separate lot"},
        ),
    ],
)
def test_a_contradiction_sets_its_claims_side_by_side(kg: KnowledgeGraph, contradiction: str, values: set[str]) -> None:
    assert {row.label("value") for row in answered(kg, "contradictions") if row["slug"] == contradiction} == values


def test_only_the_route_that_the_text_states_is_there(kg: KnowledgeGraph) -> None:
    ends = [tuple(end.rsplit("/", 1)[-1] for end in row) for row in ask(kg, "routes")]
    assert ends == [("helpline-leicestershire", "all-services-leicestershire")]


def test_no_figure_counts_the_children_who_came(kg: KnowledgeGraph) -> None:
    assert min(value for _, value in ask(kg, "people")) > 5
    assert "three" not in {str(row[1]).casefold() for row in ask(kg, "figures")}


def test_the_doubtful_population_is_kept_and_doubted(curated: list[ox.Quad]) -> None:
    doubted = {
        iri(quad.subject).rsplit("/", 1)[-1] for quad in curated if quad.predicate.value.endswith("editorialNote")
    }
    assert doubted >= {f"leicester-2015-b1-{area}-female-population" for area in ("leicester", "leicestershire")}


# ── The whole document, and nobody in it ────────────────────────────────────────────────────────────────────────────


def test_a_graph_of_the_document_stands_whole_in_one_file() -> None:
    seen: dict[str, str] = {}
    for path in assets.files("data", f"sources/{DOCUMENT}/*.trig"):
        for quad in ox.parse(path=path):
            assert isinstance(quad.graph_name, ox.NamedNode)
            assert path.name == seen.setdefault(quad.graph_name.value, path.name)


def test_every_place_is_covered_once_and_every_omission_has_a_reason(
    coverage: list[dict[str, Any]], curated: list[ox.Quad]
) -> None:
    places = [place for section in coverage for place in section["places"]]
    cited = {iri(quad.subject).rsplit("/", 1)[-1] for quad in curated if quad.predicate.value.endswith("#locator")}
    assert len(places) == len(set(places))
    assert cited == set(places)
    assert all({"what", "why"} == set(left) for section in coverage for left in section.get("left_out", ()))


def test_the_sections_cover_every_line_of_the_document(coverage: list[dict[str, Any]], source: str) -> None:
    assert [1, len(source.splitlines())] == [coverage[0]["lines"][0], coverage[-1]["lines"][1]]
    assert all(before["lines"][1] + 1 == after["lines"][0] for before, after in pairwise(coverage))


@pytest.mark.parametrize("kind", PRINTED)
def test_everything_printed_of_a_kind_stands_in_the_data(kind: str, curated: list[ox.Quad], source: str) -> None:
    held = "\n".join(quad.object.value for quad in curated if isinstance(quad.object, ox.Literal))
    printed = set(re.findall(PRINTED[kind], source))
    assert printed
    assert {each for each in printed if each not in held} == set()


def rows_of_appendix_c(source: str) -> list[list[str]]:
    text = source[source.index(APPENDIX_C) : source.index("Appendix D Equality Impact Assessment")]
    return [line.split("\t") for line in text.splitlines()[3:] if line.strip()]


def names_in(source: str, curated: list[ox.Quad]) -> list[str]:
    """Everybody whom Appendix C lists, also where a name slipped into the column of organisations."""
    names = (quad.object for quad in curated if quad.predicate.value.endswith("#nameAsPrinted"))
    printed = {name.value for name in names if isinstance(name, ox.Literal)}
    cells = {cell.strip(): None for row in rows_of_appendix_c(source) for cell in row if cell.strip()}
    return [cell for cell in cells if cell not in printed and cell != PLACE_AMONG_THE_NAMES]


def test_appendix_c_holds_the_128_people_and_the_53_organisations(source: str, curated: list[ox.Quad]) -> None:
    people = names_in(source, curated)
    firsts = [row[0].strip() for row in rows_of_appendix_c(source)]
    assert len(people) == 128
    assert len([cell for cell in firsts if cell and cell not in people]) == 53


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def test_no_personal_name_of_the_document_is_in_the_data(curated: list[ox.Quad], source: str) -> None:
    task_group = source[source.index("Name\tRole\tOrganisation") :].splitlines()[1:8]
    officers = [line.split("\t")[-2] for line in source.splitlines()[-5:]]
    lead = re.findall(r"lead officer completing this assessment\t(.+)", source)
    address = [" ".join(found) for found in re.findall(r"([A-Z][a-z]+)\.([A-Z][a-z]+)@", source)]
    names = [*names_in(source, curated), *(line.split("\t")[0] for line in task_group), *officers, *lead, *address]
    terms = (term for quad in curated for term in quad.triple)
    texts = {term.value for term in terms if isinstance(term, ox.NamedNode | ox.Literal)}
    held = {pair for text in texts for pair in pairwise(words_of(text))}
    sought = {pair for name in names for pair in pairwise(words_of(name))}
    assert len(sought) > 100
    assert sought & held == set()
