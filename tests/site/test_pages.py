"""What the pages say, over the real data."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

ISVA = "/agreements/isva-avon-and-somerset"
PAGES = (Path(__file__).resolve().parents[1] / "pages.txt").read_text(encoding="utf-8").split()
TABLES = ["/services", "/organisations", "/agreements", "/sources", "/taxonomy", "/taxonomy/service-type"]
TABLES += ["/areas/E23000036/services", "/areas/E23000036/pathways", "/areas/E23000036/funding"]
TABLES += [
    "/areas/E23000036/funding?as_at=2020-06-01",
    "/areas/E23000036/funding?funder=organisation/nhs-england&sort=-amount",
    "/areas/E23000021/funding/totals?by=funder",
    "/areas/E23000036/funding/totals?by=service",
    "/areas/E23000036/funding/timeline",
    "/areas/E23000036/funding/ending?on=2018-03-12",
    "/areas/E23000036/funding/dependence?of=recipient",
    "/areas/E23000036/funding/without?without=organisation/nhs-england",
    "/areas/E23000036/funding/steps?without=organisation/opcc-avon-and-somerset",
]
TABLES += [
    "/areas/E54000040/services",
    "/services?area=E23000036",
    "/organisations?part=commissioner",
    "/agreements?funder=organisation/nhs-england",
]
DATA = [*TABLES, "/areas", "/areas/E23000036", "/services/isva-avon-and-somerset", ISVA, "/contradictions"]
DATA += ["/ontology", "/ontology/terms/Service", "/things/table/avon-somerset-2018-totals"]
BLANKS = {"Not known", "top of the scheme", "Not judged yet", "none", "in use"}
RDF = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
}


def words(html: str) -> str:
    """The text of a page, without what is marked as an identifier or a query."""
    kept = re.sub(r"<(code|pre|textarea|script)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", kept)).split())


def suffixed(path: str, suffix: str) -> str:
    """The address of a page's data."""
    stem, mark, query = path.partition("?")
    return f"{stem}.{suffix}{mark}{query}"


def triples(data: bytes, media_type: str) -> frozenset[str]:
    """What RDF says, however it is written and whatever its blank nodes are called."""
    syntax = RdfFormat.from_media_type(media_type)
    graph = Dataset(parse(data, format=syntax, base_iri="https://example.org/"))
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, graph))


def cells(html: str) -> list[list[str]]:
    """The body of a page's last table, as text."""
    body = html.rpartition("<tbody")[2].partition("</tbody>")[0]
    lines = re.findall(r"<tr.*?</tr>", body, flags=re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, flags=re.DOTALL)] for line in lines]


@pytest.mark.parametrize("path", PAGES)
def test_every_kind_of_page_is_whole_and_safe_to_have_open(browser: FlaskClient, path: str) -> None:
    page = browser.get(path)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert "Set-Cookie" not in page.headers
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Accept" in page.headers["Vary"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert 'rel="nofollow noreferrer"' in page.text
    assert "In danger, call 999." in words(page.text)
    assert page.text.count("<h1") == 1
    assert " style=" not in page.text
    assert "<script>" not in page.text


# The rules say in words how an address begins; everything else shows labels.
@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/rules")])
def test_no_bare_iri_stands_in_the_words_of_a_page(browser: FlaskClient, path: str) -> None:
    assert re.findall(r"\bhttps?://\S+", words(browser.get(path).text)) == []


@pytest.mark.parametrize("path", TABLES)
def test_a_download_holds_what_the_screen_shows(browser: FlaskClient, client: FlaskClient, path: str) -> None:
    shown = cells(browser.get(path).text)
    rows = list(csv.DictReader(io.StringIO(client.get(suffixed(path, "csv")).text)))
    columns = [name for name in rows[0] if not name.endswith("_label")]
    assert len(rows) == len(shown)
    for line, row in zip(shown, rows, strict=True):
        for cell, column in zip(line, columns, strict=True):
            saved = row.get(f"{column}_label") or row[column]
            plain = re.sub(r"[£,]", "", cell)
            assert saved == "" or saved in {cell, plain} or re.fullmatch(r"\d{4}-\d\d-\d\d|\d+(\.\d+)?", saved), column
            assert (saved == "") == (cell in BLANKS), column


@pytest.mark.parametrize("path", DATA)
def test_every_list_and_thing_offers_its_data_by_suffix_and_by_accept(client: FlaskClient, path: str) -> None:
    for suffix, kind in [("csv", "text/csv"), ("json", "application/json"), *RDF.items()]:
        by_suffix, by_accept = client.get(suffixed(path, suffix)), client.get(path, headers={"Accept": kind})
        assert by_suffix.mimetype == by_accept.mimetype == kind
        assert by_suffix.data
        assert by_suffix.headers["ETag"] == by_accept.headers["ETag"]
        again = client.get(suffixed(path, suffix), headers={"If-None-Match": by_suffix.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert load_workbook(io.BytesIO(client.get(suffixed(path, "xlsx")).data)).sheetnames == ["Answer", "About"]


@pytest.mark.parametrize("path", DATA)
def test_rdf_is_the_same_graph_in_every_syntax(client: FlaskClient, path: str) -> None:
    graphs = [triples(client.get(suffixed(path, suffix)).data, kind) for suffix, kind in RDF.items()]
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)


def test_a_page_says_where_its_other_forms_are(browser: FlaskClient) -> None:
    linked = browser.get("/services?area=E23000036").headers["Link"]
    assert '</services.ttl?area=E23000036>; rel="alternate"; type="text/turtle"' in linked


def test_a_fact_is_shown_with_its_place_and_its_day(browser: FlaskClient) -> None:
    text = words(browser.get("/services/emotional-support-avon-and-somerset").text)
    assert (
        "Services table, row 2 · Avon and Somerset Office of the Police and Crime Commissioner, 12 March 2018" in text
    )
    assert "as stated on 12 March 2018; nothing newer is recorded" in text


def test_the_two_start_years_of_one_share_stand_side_by_side(browser: FlaskClient) -> None:
    for path in (ISVA, "/contradictions"):
        html = browser.get(path).text.partition('id="avon-somerset-2018-nhs-england-isva-start"')[2]
        rivals = html.partition("</ul>")[0]
        assert {"1 April 2017", "1 April 2018"} == set(re.findall(r"1 April \d{4}", words(rivals)))
        assert "Services table, row 5" in rivals


def test_an_agreement_gives_the_sum_of_its_shares_only_as_such(browser: FlaskClient) -> None:
    text = words(browser.get(ISVA).text)
    assert "£342,333" in text
    assert "the sum of the shares below" in text
    for share in ("£194,580", "£67,753", "£80,000"):
        assert share in text


def test_a_refused_way_is_shown_as_refused(browser: FlaskClient) -> None:
    text = words(browser.get("/services/lighthouse-avon-and-somerset").text)
    assert "Self-referral to Lighthouse: not accepted Refused" in text


def test_silence_is_not_made_into_open_to_all(browser: FlaskClient) -> None:
    text = words(browser.get("/services/restorative-approaches-avon-and-somerset").text)
    assert "no source recorded here states a way in" in text


def test_an_unknown_amount_is_said_and_never_a_zero(browser: FlaskClient) -> None:
    text = words(browser.get("/areas/E23000036/funding").text)
    assert "£3,547,368" in text
    assert "2 of 9 agreements have no published amount" in text
    assert "£0" not in text


def test_picture_steps_and_table_show_the_same_ways(browser: FlaskClient) -> None:
    html = browser.get("/areas/E23000036/pathways").text
    drawn = set(re.findall(r'id="way-(\d+)"', html))
    told = set(re.findall(r"Way (\d+) ·", html))
    listed = {line[0] for line in cells(html)}
    assert drawn
    assert drawn == told == listed


def test_a_place_shows_everything_that_stands_there(browser: FlaskClient) -> None:
    path = "/graphs/citation/avon-somerset-recommissioning-2018/services-table-row-5"
    text = words(browser.get(path).text)
    assert "Contract for the Independent Sexual Violence Advisor Service" in text
    assert "£67,753 p.a." in text


def test_an_area_has_one_address(client: FlaskClient) -> None:
    moved = client.get("/areas/avon-and-somerset/funding.csv")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/areas/E23000036/funding.csv")


@pytest.mark.parametrize(
    ("iri", "page"),
    [
        ("/id/service/isva-avon-and-somerset", "/services/isva-avon-and-somerset"),
        ("/id/agreement/isva-avon-and-somerset/part/2", "/agreements/isva-avon-and-somerset#part-2"),
        ("/id/fund/moj-victims-grant", "/things/fund/moj-victims-grant"),
        ("/concept/service-type/isva", "/taxonomy/service-type/isva"),
        ("/scheme/service-type", "/taxonomy/service-type"),
        ("/graph/citation/avon-somerset-recommissioning-2018/services-table-row-5", None),
    ],
)
def test_an_iri_leads_to_its_page_or_its_data(client: FlaskClient, iri: str, page: str | None) -> None:
    page = page or iri.replace("/graph/", "/graphs/")
    seen = client.get(iri)
    assert (seen.status_code, seen.headers["Location"]) == (303, page)
    data = client.get(iri, headers={"Accept": "text/turtle"})
    assert data.headers["Location"] == page.partition("#")[0] + ".ttl"


def test_machines_can_ask_whether_it_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"alive": True}
    ready = client.get("/readyz").json
    assert ready["ready"] is True
    assert ready["release"] == 1
    assert ready["triples"] > 5000


def test_fixed_names_answer_as_text(client: FlaskClient) -> None:
    assert "Disallow: /sparql" in client.get("/robots.txt").text
    assert "Expires: " in client.get("/.well-known/security.txt").text
