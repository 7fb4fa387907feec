"""The pages of gaps, the comparison and the briefing, over the real data."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pyoxigraph import Literal, NamedNode, Store, Triple

from taxonomy.analysis.looking import State
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, EXAMPLE, SV
from taxonomy.site import create_app, reading
from taxonomy.store.releases import Home

GAPS = "/areas/E23000036/gaps"
BRIEFING = "/areas/E23000036/briefing"
COMPARED = "/areas/compare?area=E23000036&area=E23000021"
STATES = ("Recorded", "Looked for and none found", "Not applicable", "Not known")


def words(html: str) -> str:
    """The text of a page, without the spaces that tags leave before a stop."""
    return re.sub(r" ([;:,.])", r"\1", " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()))


def table(html: str, caption: str) -> list[list[str]]:
    """The body of the table with a caption, as text."""
    after = next(part for part in html.split("<caption")[1:] if words(f"<{part}").startswith(caption))
    body = after.partition("<tbody")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr.*?</tr>", body, flags=re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.DOTALL)] for row in rows]


def saved(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).get_data(as_text=True))))


@pytest.fixture(scope="module")
def made_up(made_up_areas: Path) -> Iterator[FlaskClient]:
    """A browser on a site over made-up areas, in which somebody looked and found none."""
    app = create_app(made_up_areas)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    yield client
    with app.app_context():
        reading.current().close()


@pytest.mark.parametrize("query", ["", "?by=need&columns=community", "?by=stage&state=recorded&columns=area"])
def test_the_matrix_holds_the_cells_of_its_download_and_no_blank(
    browser: FlaskClient, client: FlaskClient, query: str
) -> None:
    matrix = re.sub(r'class="sv-matrix"', "", browser.get(GAPS + query).text)
    rows = table(matrix, "Types of service: Avon" if not query else "Needs:" if "need" in query else "Stages")
    shown = [cell for row in rows for cell in row[1:]]
    cells = saved(client, f"{GAPS}.csv{query}")
    assert len(shown) == len(cells) > 0
    for cell, row in zip(shown, cells, strict=True):
        assert cell.startswith(row["state"])
        assert (f"({row['services']})" in cell) == (row["services"] != "0")
        assert all(name in cell for name in row["names"].split("; "))


def test_a_part_that_has_what_the_whole_area_has_says_so_and_folds_it(browser: FlaskClient) -> None:
    [line] = [row for row in table(browser.get(GAPS).text, "Types of service: Avon") if row[0] == "Drop-in"]
    assert all("The same" not in cell for cell in line)
    [line] = [row for row in table(browser.get(GAPS).text, "Types of service: Avon") if row[0] == "Restorative justice"]
    whole, *parts = line[1:]
    assert "The same as for" not in whole
    assert parts
    assert all("The same as for Avon and Somerset" in cell for cell in parts)


def test_the_page_of_gaps_begins_with_the_area_itself_and_leads_to_its_parts(
    browser: FlaskClient, kg: KnowledgeGraph
) -> None:
    [(_, found)] = kg.coverage("E23000036").tallies
    html = browser.get(GAPS).text
    assert f"{found[State.RECORDED]} of {sum(found.values())} types of service are recorded for this area" in words(
        html
    )
    for part in ("counts", "matrix", "printed", "add"):
        assert f'href="#{part}"' in html
        assert f'id="{part}"' in html


def test_the_counts_add_up_to_the_number_of_cells(browser: FlaskClient) -> None:
    page = browser.get(GAPS).text
    tallies = table(page, "How many cells are in each state")
    assert all(sum(map(int, row[1:5])) == int(row[5]) for row in tallies)
    foot = re.findall(r"\d+", words(page.partition("<tfoot>")[2].partition("</tfoot>")[0]))
    assert [str(sum(int(row[place]) for row in tallies)) for place in range(1, 6)] == foot


def test_a_recorded_cell_leads_to_its_service_and_to_the_place_that_states_it(browser: FlaskClient) -> None:
    page = browser.get(f"{GAPS}?columns=area").text
    assert 'href="/services/isva-avon-and-somerset"' in page
    assert 'href="/graphs/citation/avon-somerset-recommissioning-2018/services-table-row-5"' in page


def test_a_cell_says_who_looked_for_what_where_and_when_and_leads_to_it(made_up: FlaskClient) -> None:
    page = made_up.get("/areas/made-up-vale/gaps?columns=area&state=none-found").text
    rows = {row[0]: row[1] for row in table(page, "Types of service")}
    assert rows["Specialist ISVA"] == (
        "Looked for and none found Made-Up Council looked for Advocacy in Made-Up Region: looked for and none found, "
        "as stated on 1 May 2021. own record, as stated on 1 May 2021"
    )


def test_a_recorded_cell_says_too_that_somebody_found_none(made_up: FlaskClient) -> None:
    page = made_up.get("/areas/made-up-shire/gaps?columns=area").text
    [cell] = [row[1] for row in table(page, "Types of service") if row[0] == "Advocacy"]
    assert cell.startswith("Recorded (1) for this area Made-Up ISVA")
    assert "Made-Up Council looked for Advocacy in Made-Up Region: looked for and none found" in cell


def test_an_area_of_which_nothing_is_recorded_has_every_page(made_up: FlaskClient) -> None:
    for tail in ("gaps", "gaps/pathway", "gaps/printed", "briefing"):
        page = made_up.get(f"/areas/made-up-island/{tail}")
        assert 200 == page.status_code, tail
        assert "not known" in words(page.text), tail
    book = load_workbook(io.BytesIO(made_up.get("/areas/made-up-island/briefing.xlsx").data))
    notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows(min_row=4)}
    assert "not the same as none" in notes["Services"]  # a table without a row is no sheet, and is said here


def test_a_cell_of_many_services_folds_them_and_leaves_none_out(
    sealed: Callable[[Mapping[str, frozenset[Triple]]], Path], made_up_areas: Path
) -> None:
    home = sealed(_with_services(made_up_areas, 300))
    app = create_app(home)
    page = app.test_client().get("/areas/made-up-shire/gaps?columns=area", headers={"Accept": "text/html"}).text
    with app.app_context():
        reading.current().close()
    rows = {row[0]: row[1] for row in table(page, "Types of service")}
    assert "Recorded (300) for this area Which" in rows["Drop-in"]
    assert all(f"Made-Up Drop-in {number} " in rows["Drop-in"] for number in range(300))
    assert len(page) < 250_000


def _with_services(home: Path, number: int) -> dict[str, frozenset[Triple]]:
    """The graphs of a home, and a made-up record of many services in them."""
    told: dict[str, set[Triple]] = defaultdict(set)
    for quad in Store.read_only(str(Home.open(home).store_path(1))):
        if isinstance(quad.graph_name, NamedNode):
            told[quad.graph_name.value].add(quad.triple)
    record = told[f"{EXAMPLE}graph/record/made-up-many"]
    for each in range(number):
        service = NamedNode(f"{EXAMPLE}id/service/made-up-drop-in-{each}")
        for name, value in {
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": NamedNode(SV + "Service"),
            "http://www.w3.org/2000/01/rdf-schema#label": Literal(f"Made-Up Drop-in {each}", language="en"),
            SV + "serviceType": NamedNode(CONCEPT + "service-type/drop-in"),
            SV + "coversArea": NamedNode(f"{EXAMPLE}id/area/made-up-shire"),
        }.items():
            record.add(Triple(service, NamedNode(name), value))
    return {name: frozenset(triples) for name, triples in told.items()}


def test_printed_gaps_stand_beside_the_matrix_with_their_place(browser: FlaskClient) -> None:
    page = browser.get(GAPS)
    assert "The more rural areas were generally seen to have less provision." in words(page.text)
    assert "decide no cell" in words(page.text)
    for area in ("E06000066", "E10000027"):  # Somerset as it is now, and the county that it followed
        assert "many saw Somerset as lacking" in words(browser.get(f"/areas/{area}/gaps/printed").text)


@pytest.mark.parametrize("state", STATES)
def test_all_four_states_are_explained(browser: FlaskClient, state: str) -> None:
    legend = browser.get(GAPS).text.partition("sv-legend")[2].partition("</dl>")[0]
    assert state in words(legend)


def test_an_area_with_nothing_of_its_own_explains_itself_and_offers_the_way_in(browser: FlaskClient) -> None:
    page = browser.get("/areas/E23000002/gaps").text
    assert "Most of England is not in them" in words(page)
    assert 'href="/validate"' in page
    assert 'href="/guide"' in page


@pytest.mark.parametrize(
    "query", ["?by=colour", "?columns=colour", "?state=perhaps", "?as_at=yesterday", "?by=need&columns=need"]
)
def test_an_address_that_asks_for_nothing_sensible_is_refused_in_words(browser: FlaskClient, query: str) -> None:
    assert 400 == browser.get(GAPS + query).status_code


@pytest.mark.parametrize("by", ["stage", "need"])
def test_the_checklist_holds_the_rows_of_its_download(browser: FlaskClient, client: FlaskClient, by: str) -> None:
    shown = table(browser.get(f"{GAPS}/pathway?by={by}").text, "Stages" if by == "stage" else "Needs")
    rows = saved(client, f"{GAPS}/pathway.csv?by={by}")
    assert len(shown) == len(rows)
    for line, row in zip(shown, rows, strict=True):
        columns = [name for name in row if not name.endswith("_label")]
        for cell, column in zip(line, columns, strict=True):
            assert cell == (row.get(f"{column}_label") or row[column] or cell)
            assert row[column] or cell in {"Not known", "none"}


def test_the_framework_s_tips_lead_to_their_place(browser: FlaskClient) -> None:
    page = browser.get(f"{GAPS}/pathway").text
    assert 5 == page.count('href="/graphs/citation/csa-commissioning-framework-2019/mapping-tip-')


def test_a_comparison_holds_the_rows_of_its_download(browser: FlaskClient, client: FlaskClient) -> None:
    shown = table(browser.get(COMPARED).text, "Areas side by side")
    rows = saved(client, COMPARED.replace("compare?", "compare.csv?"))
    assert 2 * len(shown) == len(rows)
    for number, line in enumerate(shown):
        for place, cell in enumerate(line[1:]):
            row = rows[2 * number + place]
            assert row["measure"] == line[0]
            assert cell.startswith(row["value"])
            assert all(part in cell for part in (row["detail"], row["stated"], *row["sources"].split("; ")))


def test_a_comparison_says_what_is_not_known(browser: FlaskClient) -> None:
    rows = {row[0]: row[1:] for row in table(browser.get(f"{COMPARED}&area=E23000002").text, "Areas side by side")}
    assert "£3,547,368 per year, awarded or committed" in rows["Sums of published amounts"][0]
    assert "Not known" == rows["Sums of published amounts"][2]
    assert "2 of 9" == " ".join(rows["Agreements with no published amount"][0].split()[:3])


@pytest.mark.parametrize(("query", "says"), [("", "Choose 2 to 4 areas."), ("?area=E23000036", "Choose 2 to 4 areas.")])
def test_too_few_areas_are_asked_for(browser: FlaskClient, query: str, says: str) -> None:
    page = browser.get(f"/areas/compare{query}")
    assert 200 == page.status_code
    assert says in words(page.text)


def test_an_area_that_there_is_not_is_an_error_at_its_field(browser: FlaskClient, client: FlaskClient) -> None:
    page = browser.get("/areas/compare?area=E23000036&area=Avom+and+Somerset").text
    assert "There is a problem" in words(page)
    assert 'href="#area-2"' in page
    assert "<title>Error: Areas side by side" in page
    assert 404 == client.get("/areas/compare.csv?area=E23000036&area=Nowhere").status_code


def test_more_areas_than_a_page_holds_are_refused(browser: FlaskClient) -> None:
    many = "&".join(f"area=E2300002{number}" for number in range(5))
    assert 400 == browser.get(f"/areas/compare?{many}").status_code
    assert 400 == browser.get("/areas/compare/matrix?area=E23000036").status_code


def test_a_briefing_has_every_part_and_each_its_sentence_source_and_day(browser: FlaskClient) -> None:
    page = browser.get(BRIEFING).text
    parts = page.split('<section class="sv-figure-part"')[1:]
    assert 11 == len(parts)
    for part in parts:
        assert re.search(r"<h2[^>]*>\d+\. [A-Z]", part)
        assert re.search(r"<strong>[A-Z0-9][^<]*\.</strong>", part)
    sources = [words(part.rpartition('sv-source">')[2]) for part in parts if "sv-source" in part]
    assert 8 <= len(sources)
    assert all(re.fullmatch(r"Source: .*\(.*\).*\.", source) for source in sources)
    assert "as stated on 12 March 2018" in words(page)
    assert 2 == page.count("<svg") - page.partition("<main")[0].count("<svg")


def test_a_briefing_names_the_contradictions_of_its_area_and_no_others(browser: FlaskClient) -> None:
    shown = table(browser.get(BRIEFING).text, "Where sources differ")
    assert {"The victims grant: two amounts (Avon and Somerset, 2018/19)"} < {row[0] for row in shown}
    assert not [row for row in shown if "Leicester" in row[0]]


def test_a_briefing_as_at_a_day_leaves_out_what_had_ended_and_says_so(made_up: FlaskClient) -> None:
    for day, there in [("2024-03-31", True), ("2024-04-01", False)]:
        page = made_up.get(f"/areas/made-up-shire/briefing?as_at={day}").text
        assert there is ("Made-Up ISVA" in {row[0] for row in table(page, "Services")})
        assert f"As at {int(day[-2:])} " in words(page)
        book = load_workbook(io.BytesIO(made_up.get(f"/areas/made-up-shire/briefing.xlsx?as_at={day}").data))
        assert there is ("Made-Up ISVA" in {cell.value for cell in book["1_services"]["A"]})
        assert any("As at" in str(cell.value) for cell in book["Cover"]["A"])


@pytest.mark.parametrize("area", ["E23000036", "E23000021", "E23000002", "E92000001"])
def test_the_workbook_follows_the_rules_for_statistics_in_spreadsheets(client: FlaskClient, area: str) -> None:
    book = load_workbook(io.BytesIO(client.get(f"/areas/{area}/briefing.xlsx").data))
    assert ["Cover", "Contents", "Notes"] == book.sheetnames[:3]
    assert all(len(name) < 31 and " " not in name for name in book.sheetnames)
    for sheet in book.worksheets[1:]:
        [marked] = sheet.tables.values()
        assert isinstance(sheet["A1"].value, str)
        assert all(cell.value not in (None, "") for row in sheet[marked.ref] for cell in row)
        assert not sheet.merged_cells.ranges
        assert sheet.cell(sheet.max_row, sheet.max_column).coordinate == marked.ref.partition(":")[2]
    meanings = [row[0].value for row in book["Notes"].iter_rows(min_row=4)]
    assert {"[x]", "[z]"} <= set(meanings)


def test_workbook_page_and_csv_hold_the_same_cells(browser: FlaskClient, client: FlaskClient) -> None:
    page = browser.get(BRIEFING).text
    rows = saved(client, f"{BRIEFING}.csv")
    book = load_workbook(io.BytesIO(client.get(f"{BRIEFING}.xlsx").data))
    for sheet in book.worksheets[3:]:
        title = sheet["A1"].value.partition(": ")[2]
        [marked] = sheet.tables.values()
        cells = [[str(cell.value) for cell in row] for row in sheet[marked.ref]][1:]
        shown = table(page, title)
        assert len(cells) == len(shown) == len({row["line"] for row in rows if row["figure"] == title})
        for held, line in zip(cells, shown, strict=True):
            for value, cell in zip(held, line, strict=True):
                plain = {"[x]": "Not known", "[z]": "Not applicable"}.get(value, value)
                assert plain == cell or re.fullmatch(r"[\d.]+|\d{4}-\d\d-\d\d 00:00:00", plain), title


def test_no_missing_amount_becomes_zero_in_a_workbook(client: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(client.get(f"{BRIEFING}.xlsx").data))
    [sheet] = [sheet for sheet in book if sheet.title.endswith("_agreements")]
    [marked] = sheet.tables.values()
    amounts = [row[3].value for row in sheet[marked.ref]][1:]
    assert 2 == amounts.count("[x]")
    assert 0 not in amounts
