"""Where facts come from: why a thing is here, what of a document is recorded, tables as printed, what is missing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from taxonomy import sources
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import competency
from taxonomy.questions.results import Answer
from taxonomy.site.words import plain

DOCUMENTS = [report.document for report in sources.load()]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def box(html: str) -> str:
    return html.partition('class="sv-why"')[2].partition("</section>")[0]


def test_a_service_says_why_it_is_of_each_of_its_kinds(browser: FlaskClient, kg: KnowledgeGraph) -> None:
    why = box(browser.get("/services/isva-avon-and-somerset").text)
    for reason in kg.explain("service/isva-avon-and-somerset"):
        assert reason.rule in unescape(why)
        assert all(fact.places for fact in reason.facts)
    said = text(why)
    assert "lead provider: Missing Link Services table, row 5 · Avon and Somerset Office of the Police" in said
    assert "Missing Link is a voluntary organisation A curator’s judgement (data curator)" in said


@pytest.mark.parametrize("path", ["/organisations/victim-support", "/agreements/isva-avon-and-somerset"])
def test_so_do_organisations_and_agreements(browser: FlaskClient, path: str) -> None:
    assert "What makes it true here:" in text(box(browser.get(path).text))


def test_nothing_is_explained_that_nobody_sorted(browser: FlaskClient) -> None:
    assert box(browser.get("/organisations/tonic").text) == ""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_shows_each_section_with_its_places_and_what_is_left_out(
    browser: FlaskClient, document: str
) -> None:
    page = browser.get(f"/sources/{document}")
    said = text(page.text)
    report = next(each for each in sources.load() if each.document == document)
    for section in report.sections:
        assert " ".join(section.title.split()) in said
        for left in section.left_out:
            assert " ".join(f"{left.what}. Why: {left.why}.".split()) in said
    for place in report.places:
        assert f'href="/graphs/citation/{document}/{place.rpartition("/")[2]}"' in page.text


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_that_states_something_stands_in_a_section(kg: KnowledgeGraph, document: str) -> None:
    report = next(each for each in sources.load() if each.document == document)
    stated = {str(row["place"]) for row in kg.ask("page-places", source=report.iri)}
    assert stated - report.places == set()
    assert report.places - stated == set()


def test_a_printed_table_stands_by_row_as_printed(browser: FlaskClient) -> None:
    html = browser.get("/things/table/avon-somerset-2018-totals").text
    rows = [text(row) for row in re.findall(r"<tr.*?</tr>", html.partition("<tbody")[2], flags=re.DOTALL)]
    assert [re.findall(r"£[\d,]+", row) for row in rows] == [
        ["£3,547,368"],
        ["£906,000"],
        ["£1,290,000"],
        ["£1,351,368"],
    ]
    assert rows[0].startswith("TOTAL ANNUAL SPEND Totals under the services tables, row 1")
    assert rows[3].startswith("TOTAL VALUE OF SERVICES IN-SCOPE FOR RECOMMISSIONING")


def test_a_table_whose_rows_are_services_leads_to_its_rows(browser: FlaskClient) -> None:
    html = browser.get("/things/table/avon-somerset-2018-services").text
    assert 'href="/graphs/citation/avon-somerset-recommissioning-2018/services-table-row-5"' in html


def test_a_table_that_awaits_its_source_says_so_and_shows_no_figure(browser: FlaskClient) -> None:
    html = browser.get("/things/table/prosper-waiting-times").text
    assert "Awaiting source" in text(html)
    assert "<tbody" not in html


def test_a_figure_that_is_not_given_is_said_and_is_no_zero(browser: FlaskClient) -> None:
    html = browser.get("/things/table/leicester-2015-appendix-b-table-1").text
    rutland = html.partition(">Rutland")[2].partition("</tr>")[0]
    assert "Unknown" in text(rutland)
    assert "Blank" in text(rutland)
    assert ">0<" not in rutland


def test_every_question_that_the_product_is_for_stands_on_one_page(browser: FlaskClient) -> None:
    html = browser.get("/questions/coverage").text
    said = text(html)
    for each in competency.load():
        assert f'id="{each.id}"' in html
        assert each.asks in said
        assert each.missing in said
        for name in each.questions:
            assert f'href="/questions/{name}"' in html


def test_what_sources_differ_on_is_said_in_words(browser: FlaskClient) -> None:
    told = re.findall(r"the sources differ on the ([^.]+)\.", browser.get("/contradictions").text)
    assert told
    assert [each for each in told if ":" in each] == []


def test_contradictions_stand_under_the_documents_that_differ(browser: FlaskClient, kg: KnowledgeGraph) -> None:
    html = browser.get("/contradictions").text
    ids = {str(row["contradiction"]).rpartition("/")[2] for row in kg.ask("page-rivals")}
    assert ids == set(re.findall(r'<section class="sv-contradiction" id="([^"]+)"', html))
    assert all(f'href="#{mark}"' in html for mark in ids)


def test_a_document_without_a_printed_day_does_not_look_as_if_it_had_one(
    browser: FlaskClient, kg: KnowledgeGraph
) -> None:
    dated = kg.sparql("SELECT ?source ?words ?day { ?source sv:asAtAsPrinted ?words ; sv:asAt ?day }")
    for row in dated if isinstance(dated, Answer) else ():
        said = text(browser.get(f"/sources/{str(row['source']).rpartition('/')[2]}").text)
        assert str(row["words"]) in said
        assert f"Speaks for {plain(row['day'])}" not in said
