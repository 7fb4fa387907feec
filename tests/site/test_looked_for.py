"""What a commissioner looked for goes the whole way: from its workbook to the pages, and away again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from taxonomy.intake import template
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People, Role
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.site import create_app, reading
from taxonomy.store.releases import Home

COUNCIL = "https://example.org/id/organisation/made-up-council"
AREA, GAPS, BRIEFING = "/areas/E23000006", "/areas/E23000006/gaps", "/areas/E23000006/briefing"
ORGANISATION, RECORD = "/organisations/made-up-council", "/graphs/record/made-up-council"
SENTENCE = (
    "Made-Up Council looked for Refuge or safe accommodation in Cheshire: looked for and none found, on 1 May 2026."
)
ROWS: Mapping[str, Mapping[str, object]] = {
    "Organisation": {
        "Name of organisation": "Made-Up Council",
        "Sector": "Statutory organisation",
        "Last confirmed": date(2026, 10, 5),
    },
    "Looked for": {
        "Area": "Cheshire",
        "Kind of service": "Refuge or safe accommodation",
        "What came of it": "Looked for and none found",
        "Looked on": date(2026, 5, 1),
        "In words": "We asked all providers in the area.",
    },
}
ASK = """PREFIX sv: <https://w3id.org/svssv/ontology#>
SELECT ?kind ?state ?by ?on { ?looked sv:lookedFor ?kind ; sv:coverageState ?state ; sv:lookedBy ?by ; sv:lookedOn ?on }
ORDER BY ?kind"""
Told = Mapping[str, str]  # what stands at some addresses


def filled_in(folder: Path) -> Path:
    """The template, as a council fills it in."""
    template.write(folder / "council.xlsx")
    book = openpyxl.load_workbook(folder / "council.xlsx")
    book["Read me"]["B8"] = "yes"
    for sheet, cells in ROWS.items():
        columns = {str(cell.value).removesuffix(template.REQUIRED): cell.column for cell in book[sheet][1]}
        for heading, value in cells.items():
            book[sheet].cell(template.FIRST_ROW, columns[heading], value)
    book.save(folder / "council.xlsx")
    return folder / "council.xlsx"


def told(home: Path) -> Told:
    """What a site over a home says now."""
    app = create_app(home)
    client: FlaskClient = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    pages = (AREA, GAPS, f"{GAPS}?columns=area", f"{GAPS}/pathway", BRIEFING, ORGANISATION, RECORD)
    asked = {page: client.get(page) for page in (*pages, f"{GAPS}.csv?columns=area", f"{ORGANISATION}.csv")}
    found = {page: answer.text if answer.status_code == 200 else "" for page, answer in asked.items()}
    found["sparql"] = client.get("/sparql", query_string={"query": ASK}, headers={"Accept": "text/csv"}).text
    with app.app_context():
        reading.current().close()
    return found


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Told]:
    """What the site says before the council's record is published, after, and after it is withdrawn."""
    folder = tmp_path_factory.mktemp("looked")
    home = folder / "home"
    with Desk(Home.init(home, practice=True)) as desk:
        people = People(desk.ledger)
        chris = people.add("chris", [Role.COMMISSIONER], organisations=[COUNCIL], areas=["E23000006"])[0]
        sam = people.add("sam", [Role.STEWARD])[0]
        rebuild(Home.open(home))
        before = told(home)
        receipt = desk.submit(filled_in(folder), chris)
        assert receipt.submission is not None, [finding.message for finding in receipt.report.findings]
        desk.approve(receipt.submission.id, sam, "Read together with the council")
        desk.publish([receipt.submission.id], sam)
        after = told(home)
        desk.withdraw([receipt.submission.id], sam, "The council looks again")
        return {"before": before, "after": after, "withdrawn": told(home)}


def words(html: str) -> str:
    """The text of a page."""
    return re.sub(r" ([;:,.])", r"\1", " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()))


def cell(said: Told) -> dict[str, str]:
    """The cell of the kind that was looked for, in the download of the matrix."""
    rows = csv.DictReader(io.StringIO(said[f"{GAPS}.csv?columns=area"]))
    return next(row for row in rows if row["kind"].endswith("service-type/refuge") and "E23000006" in row["area"])


@pytest.mark.parametrize(
    ("when", "state"), [("before", "Not known"), ("after", "Looked for and none found"), ("withdrawn", "Not known")]
)
def test_the_cell_of_what_was_looked_for_follows_the_record(way: Mapping[str, Told], when: str, state: str) -> None:
    assert cell(way[when])["state"] == state


def test_the_download_says_who_looked_and_when_and_where_that_stands(way: Mapping[str, Told]) -> None:
    found = cell(way["after"])
    assert (SENTENCE, "2026-05-01") == (found["looked"], found["looked_on"])
    assert found["place"] == "own record, as stated on 5 October 2026"


@pytest.mark.parametrize("page", [f"{GAPS}?columns=area", BRIEFING])
def test_pages_say_who_looked_for_what_and_on_which_day(way: Mapping[str, Told], page: str) -> None:
    assert SENTENCE in words(way["after"][page])
    assert SENTENCE not in words(way["before"][page]) + words(way["withdrawn"][page])


def test_the_cell_leads_to_the_record(way: Mapping[str, Told]) -> None:
    assert f'href="{RECORD}"' in way["after"][f"{GAPS}?columns=area"]
    assert "We asked all providers in the area." in words(way["after"][RECORD])


def test_the_organisation_s_page_says_what_it_looked_for(way: Mapping[str, Told]) -> None:
    page = words(way["after"][ORGANISATION])
    assert "What it looked for" in page
    assert "Refuge or safe accommodation in Cheshire" in page
    assert 'id="looked-1"' in way["after"][ORGANISATION]
    assert "We asked all providers in the area." in way["after"][f"{ORGANISATION}.csv"]


def test_the_page_of_the_area_names_the_statement_in_words_and_leads_to_it(way: Mapping[str, Told]) -> None:
    assert "Looked in Made up council: looked 1" in words(way["after"][AREA])
    assert f'href="{ORGANISATION}#looked-1"' in way["after"][AREA]


def test_the_organisation_is_gone_when_its_record_is_withdrawn(way: Mapping[str, Told]) -> None:
    assert way["withdrawn"][ORGANISATION] == way["before"][ORGANISATION] == ""


def test_the_statement_is_asked_for_with_sparql(way: Mapping[str, Told]) -> None:
    [row] = csv.DictReader(io.StringIO(way["after"]["sparql"]))
    assert {"by": COUNCIL, "on": "2026-05-01"} == {name: row[name] for name in ("by", "on")}
    assert not list(csv.DictReader(io.StringIO(way["withdrawn"]["sparql"])))


@pytest.mark.parametrize("page", [GAPS, f"{GAPS}/pathway"])
def test_a_page_of_gaps_says_on_which_sheet_a_commissioner_tells_what_it_looked_for(
    way: Mapping[str, Told], page: str
) -> None:
    assert 'href="/rules/fields#looked-for"' in way["before"][page]
