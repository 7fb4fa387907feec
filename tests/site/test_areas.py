"""An area is found, says what followed what, and shows what is recorded for it, in it, around it and beside it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from taxonomy.analysis.looking import State
from taxonomy.knowledge import KnowledgeGraph

LEICESTER_BOARD, BATH_BOARD, FRIMLEY, THAMES_VALLEY = "E54000015", "E54000040", "E54000034", "E54000070"


def words(html: str) -> str:
    """The text of a page as one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


@pytest.mark.parametrize(
    ("sought", "label"),
    [
        ("E23000036", "Avon and Somerset"),
        ("qk1", "NHS Leicester, Leicestershire and Rutland Integrated Care Board"),
        ("E07000187", "Mendip"),
        ("hull", "Kingston upon Hull"),
        ("Somerset County", "Somerset (county until 2023)"),
        ("frimley icb", "NHS Frimley Integrated Care Board"),
        ("lecestershire", "Leicestershire"),
        ("avon & somerset", "Avon and Somerset"),
    ],
)
def test_an_area_is_found_first_by_name_former_name_code_or_nearly(
    client: FlaskClient, sought: str, label: str
) -> None:
    assert rows(client, f"/areas.csv?q={sought.replace('&', '%26')}")[0]["area_label"] == label


def test_the_list_of_what_was_found_says_by_what(client: FlaskClient) -> None:
    assert rows(client, "/areas.csv?q=hull")[0]["found_by"] == "another name: Hull"


def test_words_that_no_area_has_find_nothing_and_the_page_says_what_to_try(
    client: FlaskClient, browser: FlaskClient
) -> None:
    assert rows(client, "/areas.csv?q=xyzzyxyzzy") == []
    assert "Try one word of the name" in words(browser.get("/areas?q=xyzzyxyzzy").text)


def test_what_is_sought_is_shown_as_text(browser: FlaskClient) -> None:
    assert "<script>alert" not in browser.get("/areas?q=<script>alert(1)</script>").text


def test_the_list_can_be_narrowed_to_one_kind_of_area(client: FlaskClient) -> None:
    boards = rows(client, "/areas.csv?of_kind=integrated+care+board")
    assert {row["kind_label"] for row in boards} == {"integrated care board area"}
    assert (len(boards), sum(not row["ended"] for row in boards)) == (49, 36)


def test_a_kind_of_area_that_there_is_not_is_refused(client: FlaskClient) -> None:
    assert client.get("/areas?of_kind=parish").status_code == 400


def test_a_board_finds_the_services_of_its_districts(client: FlaskClient) -> None:
    found = rows(client, f"/areas/{LEICESTER_BOARD}/services.csv")
    assert {"in the area"} == {row["where"] for row in found if "Leicester, which lies in it" in row["recorded_for"]}
    [board] = rows(client, f"/areas.csv?q={LEICESTER_BOARD}")
    assert len([row for row in found if row["where"] == "in the area"]) == int(board["own"]) > 0


def test_a_board_finds_the_services_of_a_police_force_area_that_overlaps_it_and_says_by_how_much(
    client: FlaskClient,
) -> None:
    found = rows(client, f"/areas/{BATH_BOARD}/services.csv")
    shared = [row for row in found if row["recorded_for"] == "Avon and Somerset, of which 11.4% lies in it"]
    assert len(shared) == 9
    assert {row["where"] for row in shared} == {"covers an area that overlaps it"}


def test_the_page_of_services_counts_each_way_in_which_they_touch_the_area(browser: FlaskClient) -> None:
    text = words(browser.get(f"/areas/{FRIMLEY}/services").text)
    places = [text.index(told) for told in ("1 in the area.", "1 for a wider area.", "1 for an area that overlaps it.")]
    assert places == sorted(places)


def test_the_page_of_a_former_board_says_when_it_ended_and_what_followed(browser: FlaskClient) -> None:
    text = words(browser.get(f"/areas/{FRIMLEY}").text)
    assert "This area ended on 31 March 2026. It was followed by" in text
    assert "NHS Thames Valley Integrated Care Board , from 1 April 2026" in text
    assert "56.0% of this area lies in NHS Thames Valley Integrated Care Board" in text


def test_the_page_of_a_new_board_says_what_was_there_before(browser: FlaskClient) -> None:
    text = words(browser.get(f"/areas/{THAMES_VALLEY}").text)
    assert "It took over, after 31 March 2026, from" in text
    assert "Integrated care board since 1 July 2022; clinical commissioning group before, until 30 June 2022." in text


def test_the_page_of_a_police_force_area_says_what_is_announced_for_commissioners_and_who_said_so(
    browser: FlaskClient,
) -> None:
    html = browser.get("/areas/E23000036").text
    assert "announced on 13 November 2025 that police and crime commissioners are to end" in words(html)
    assert 'href="/graphs/curation/validity/police-and-crime-commissioners"' in html


def test_the_page_of_a_split_district_gives_its_share_in_each_board(browser: FlaskClient) -> None:
    text = words(browser.get("/areas/E06000060").text)
    assert "98.8% of this area lies in NHS Thames Valley Integrated Care Board" in text
    assert "1.2% of this area lies in NHS Central East Integrated Care Board" in text
    assert "98.8% of this area lay in NHS Buckinghamshire" in text


def test_an_area_with_something_only_for_a_wider_one_says_so(browser: FlaskClient) -> None:
    text = words(browser.get("/areas/E23000038").text)
    assert "1 service: 1 only for wider areas." in text


def test_the_overview_says_how_much_is_recorded_of_each_page_and_leads_there(
    browser: FlaskClient, kg: KnowledgeGraph
) -> None:
    [(_, found)] = kg.coverage("E23000036").tallies
    html = browser.get("/areas/E23000036").text
    text = words(html)
    assert "10 services: 9 for this area itself and 1 only for wider areas." in text
    assert "Published: £3,547,368 per year, awarded or committed. 2 of 9 agreements have no published amount." in text
    recorded, unknown = found[State.RECORDED], found[State.NOT_KNOWN]
    assert f"Gaps {recorded} of {sum(found.values())} types of service are recorded" in text
    assert f"Of {unknown} nothing is known, which is not the same as none." in text
    cards = html[html.index('<ul class="sv-cards">') : html.index('id="around"')]
    for tail in ("pathways", "services", "funding", "gaps", "briefing"):
        assert f'href="/areas/E23000036/{tail}"' in cards


def test_money_that_is_only_proposed_is_called_so_on_the_overview(browser: FlaskClient) -> None:
    assert "Published: £1,358,500 per year, proposed." in words(browser.get("/areas/E54000015").text)


def test_an_area_of_which_nothing_is_recorded_explains_itself_and_offers_what_to_do(browser: FlaskClient) -> None:
    html = browser.get("/areas/england-and-wales/services").text
    assert "not known, which is not the same as none" in html
    assert 'href="/validate"' in html


@pytest.mark.parametrize(("of", "tail"), [("services", "services"), ("agreements", "funding"), ("ways", "pathways")])
def test_tiles_and_table_lead_to_the_same_pages(browser: FlaskClient, of: str, tail: str) -> None:
    html = browser.get(f"/areas/police-force-areas?of={of}").text
    tiles = re.findall(r'<a class="tile [a-z-]+" href="([^"]+)"', html)
    table = re.findall(r'<th scope="row"[^>]*><a class="govuk-link" href="([^"]+)"', html)
    assert sorted(tiles) == sorted(table)
    assert len(set(table)) == 39
    assert all(link.endswith(f"/{tail}") for link in table)


def test_tiles_say_what_the_table_and_the_download_say(browser: FlaskClient, client: FlaskClient) -> None:
    html = browser.get("/areas/police-force-areas").text
    for row in rows(client, "/areas/police-force-areas.csv"):
        tile = re.search(
            rf'<a class="tile ([a-z-]+)" href="/areas/{row["area"][-9:]}/services" aria-label="([^"]+)"', html
        )
        assert tile is not None
        name, told = tile[2].split(", services: ")
        assert (name, told == "not known") == (row["area_label"], row["state"] == "not known")
        counts = [row[column] for column in ("whole", "part", "wider", "overlapping") if row[column] != "0"]
        assert re.findall(r"\d+", told) == counts


def test_what_tiles_cannot_show_is_refused_with_what_they_can(client: FlaskClient) -> None:
    answer = client.get("/areas/police-force-areas?of=refuges")
    assert answer.status_code == 400
    assert "services, agreements, ways" in answer.text


def test_the_list_of_areas_shows_the_tiles_and_a_narrowed_list_does_not(browser: FlaskClient) -> None:
    assert 'class="tile ' in browser.get("/areas").text
    assert 'class="tile ' not in browser.get("/areas?of_kind=county").text
