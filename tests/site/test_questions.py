"""The pages of the questions: found by words, asked by form, sorted, leafed through, taken away as they are seen."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import catalogue, writing
from taxonomy.site import words

LONG = "/questions/findings-of-studies"
EMPTY = {  # words on a column, and what its empty cells then say on a page
    "no area was asked for": "No area was asked for",
    "blank where none states it": "None states it",
    "blank where all are named": "All are named",
}
EXAMPLES = {
    name: {each.name: each.example[0] for each in catalogue.load()[name].params if each.required}
    for name in catalogue.load()
}
SPARQL = "{http://www.w3.org/2005/sparql-results#}"


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def table(html: str) -> list[list[str]]:
    """The cells of a page's table."""
    body = html.partition("<tbody")[2].partition("</tbody>")[0]
    lines = re.findall(r"<tr.*?</tr>", body, flags=re.DOTALL)
    return [[text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, flags=re.DOTALL)] for line in lines]


def as_shown(value: str, datatype: str) -> str:
    """A value of an XML download as the screen shows it, without marks of thousands."""
    if datatype.endswith("date"):
        return words.day(words.date.fromisoformat(value))
    return {"true": "yes", "false": "no"}[value] if datatype.endswith("boolean") else value


def bare(cell: str) -> str:
    """A cell without what is only typography."""
    return re.sub(r"[\s£,]", "", cell).replace("−", "-")


def test_the_catalogue_is_searched_by_words_of_the_questions_files(browser: FlaskClient) -> None:
    everything = browser.get("/questions").text
    found = browser.get("/questions?q=Funder+single").text
    assert everything.count('href="/questions/') > found.count('href="/questions/') > 0
    assert "/questions/single-funder-services" in found
    assert "1 question found" in text(found) or "questions found" in text(found)
    assert "0 questions found" in text(browser.get("/questions?q=zebra").text)
    assert "<b>" not in browser.get("/questions?q=<b>").text


def test_every_question_stands_once_under_a_subject(browser: FlaskClient) -> None:
    page = browser.get("/questions").text.partition("<h2")[2]
    assert sorted(re.findall(r'href="/questions/([a-z-]+)"', page.partition("<footer")[0])) == sorted(catalogue.load())


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("agreements-ending", '<input class="govuk-input govuk-input--width-10" id="day" name="day" type="date"'),
        ("services-for-an-age", 'inputmode="numeric"'),
        ("areas-without-a-type-of-service", '<option value="service-type/therapeutic-support">'),
        ("areas-without-a-type-of-service", '<option value="county">county</option>'),
        ("ways-between-types", '<select class="govuk-select" id="to_type" name="to_type"'),
        ("lots", '<option value="exercise/avon-and-somerset-victim-services-2018">'),
        ("findings-by-subject", '<input class="govuk-input govuk-!-width-one-half" id="subject"'),
        ("where-a-fact-stands", '<input class="govuk-input govuk-!-width-one-half" id="thing"'),
        ("services-in-area", '<option value="E23000036">Avon and Somerset</option>'),
    ],
)
def test_a_form_has_the_field_that_fits_each_value(browser: FlaskClient, question: str, field: str) -> None:
    assert field in " ".join(browser.get(f"/questions/{question}").text.split())


@pytest.mark.parametrize("question", sorted(catalogue.load()))
def test_every_question_shows_its_query_its_codebook_and_its_downloads(browser: FlaskClient, question: str) -> None:
    page = browser.get(f"/questions/{question}", query_string=EXAMPLES[question])
    assert page.status_code == 200
    for meaning in catalogue.load()[question].columns.values():
        assert " ".join((meaning[0].upper() + meaning[1:]).split()) in text(page.text)
    assert "See the query" in page.text
    assert "Cite this answer" in page.text
    for suffix in ("csv", "tsv", "json", "xml", "xlsx"):
        assert f"/questions/{question}.{suffix}" in page.text


@pytest.mark.parametrize(
    ("question", "said"), [("needs-and-services", "None states it"), ("jointly-commissioned-services", "All are named")]
)
def test_an_empty_cell_that_is_known_to_be_empty_is_not_called_unknown(
    client: FlaskClient, question: str, said: str
) -> None:
    cells = {
        cell
        for row in table(client.get(f"/questions/{question}", headers={"Accept": "text/html"}).text)
        for cell in row
    }
    assert said in cells


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a smaller failure would take minutes to find
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_every_download_holds_what_the_screen_shows(
    kg: KnowledgeGraph, client: FlaskClient, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(EXAMPLES)))
    answer = kg.ask(name, **EXAMPLES[name])
    column = data.draw(st.sampled_from(["", *answer.columns]))
    sort = {"sort": data.draw(st.sampled_from(["", "-"])) + column} if column else {}
    asked: dict[str, Any] = EXAMPLES[name] | sort

    def got(suffix: str, **more: str) -> Any:
        answered = client.get(f"/questions/{name}{suffix}", query_string=asked | more)
        assert answered.status_code == 200, answered.text
        return answered

    shown: list[list[str]] = []
    for page in range(1, -(-len(answer) // 200) + 1):
        shown += table(
            client.get(f"/questions/{name}", query_string=asked | {"page": page}, headers={"Accept": "text/html"}).text
        )
    lines = list(csv.reader(io.StringIO(got(".csv").text)))
    saved = [dict(zip(lines[0], map(writing.restored, line), strict=True)) for line in lines[1:]]
    tabbed = list(csv.reader(io.StringIO(got(".tsv").text), delimiter="\t"))
    assert tabbed == lines
    rows = got(".json").json["rows"]
    results = fromstring(got(".xml").text).findall(f".//{SPARQL}result")
    sheet = list(load_workbook(io.BytesIO(got(".xlsx").data))["Answer"].iter_rows(min_row=2, values_only=True))
    assert len(shown) == len(saved) == len(rows) == len(results) == len(sheet) == len(answer)
    for line, row, told, result, cells in zip(shown, saved, rows, results, sheet, strict=True):
        written = {each.attrib["name"]: (each[0].text or "", each[0].attrib.get("datatype", "")) for each in result}
        assert {key for key, value in told.items() if value is not None} == set(written)
        assert {key for key, value in row.items() if value} == {key for key, value in written.items() if value[0]}
        # A figure that a source leaves blank is an empty text, which a worksheet reads back as an empty cell.
        assert [value is None for value in cells] == [told[key] in {None, ""} for key in lines[0]]
        for cell, key in zip(line, answer.columns, strict=True):
            empty = next(
                (said for words, said in EMPTY.items() if words in kg.questions[name].columns[key]), "Not known"
            )
            value, datatype = written.get(key, (empty, ""))
            if row[key].startswith(("http://", "https://")):
                value = written[f"{key}_label"][0]
            assert bare(cell) == bare(as_shown(value, datatype)), (name, key)
            assert row[key] == (written[key][0] if key in written else "") or datatype


def test_rows_are_sorted_on_the_server_and_what_is_not_known_comes_last(client: FlaskClient) -> None:
    def totals(sort: str) -> list[Any]:
        return [row["total"] for row in client.get(f"/questions/money-by-service.json?sort={sort}").json["rows"]]

    up, down = totals("total"), totals("-total")
    known = [value for value in up if value is not None]
    assert known == sorted(known)
    assert [value for value in down if value is not None] == sorted(known, reverse=True)
    assert up[len(known) :] == down[len(known) :] == [None] * (len(up) - len(known))
    assert len(known) < len(up)


def test_a_heading_says_how_it_sorts_and_leads_to_the_other_order(browser: FlaskClient) -> None:
    page = browser.get("/questions/sources?sort=places").text
    assert 'aria-sort="ascending"' in page
    assert 'href="/questions/sources?sort=-places#answer"' in page
    assert 'aria-sort="descending"' in browser.get("/questions/sources?sort=-places").text
    assert browser.get("/questions/sources.csv?sort=places").text in client_csv(page, browser)


def client_csv(page: str, browser: FlaskClient) -> str:
    """The download that a page links to."""
    [address] = re.findall(r'href="(/questions/sources\.csv[^"]*)"', page)
    return browser.get(unescape(address)).text


def test_a_long_answer_has_pages_that_together_hold_every_row_once(browser: FlaskClient, kg: KnowledgeGraph) -> None:
    whole = kg.ask("findings-of-studies")
    assert len(whole) > 400
    first, last = browser.get(LONG).text, browser.get(f"{LONG}?page=3").text
    assert f"{len(whole)} rows in release 1. Rows 1 to 200 are shown" in text(first)
    assert f"Rows 401 to {len(whole)} are shown" in text(last)
    assert "(page 3 of 3)" in last
    every = [line for number in (1, 2, 3) for line in table(browser.get(f"{LONG}?page={number}").text)]
    assert every == table(browser.get(f"{LONG}?page=all").text)
    assert len(every) == len(whole)


@pytest.mark.parametrize(
    "wrong", ["page=4", "page=0", "page=x", "page=-1", "sort=nothing", "sort=-", "page=" + "9" * 30]
)
def test_an_order_or_a_page_that_there_is_not_is_said(browser: FlaskClient, wrong: str) -> None:
    page = browser.get(f"{LONG}?{wrong}")
    assert page.status_code == 400
    assert "There is a problem" in page.text


def test_an_earlier_release_is_chosen_in_the_form_and_kept_in_every_link(three_releases: Any) -> None:
    from taxonomy.site import create_app, reading

    app = create_app(three_releases)
    client = app.test_client()
    try:
        page = client.get("/questions/sources?release=1", headers={"Accept": "text/html"}).text
        assert '<option value="1" selected>1</option>' in page
        assert "/questions/sources?release=1&amp;sort=places#answer" in page
        assert "/questions/sources.csv?release=1" in page
        assert json.loads(client.get("/questions/sources.json?release=1").data)["release"] == 1
    finally:
        with app.app_context():
            reading.current().close()


def test_a_question_may_be_asked_by_form_where_an_address_would_be_too_long(browser: FlaskClient) -> None:
    asked = {"area": "E23000036", "sort": "-total"}
    assert table(browser.post("/questions/money-by-funder", data=asked).text) == table(
        browser.get("/questions/money-by-funder", query_string=asked).text
    )
