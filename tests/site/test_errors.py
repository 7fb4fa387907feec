"""Bad input gets one clear answer, as a page or as JSON, and never a traceback."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MISSING = [
    "/areas/E99999999",
    "/areas/nowhere/pathways",
    "/services/no-such-service",
    "/organisations/victim-suport",
    "/agreements/none",
    "/sources/none",
    "/things/fund/none",
    "/graphs/citation/none",
    "/taxonomy/none",
    "/taxonomy/service-type/none",
    "/questions/none",
    "/releases/99",
    "/id/service",
    "/no-such-page",
]
HOSTILE = [
    "x> ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } #",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "a\x00b",
    "a\r\nSet-Cookie: x=1",
    "‮evil",
    "é" * 300,
    "%" * 40,
]


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there_is_a_404_in_both_forms(browser: FlaskClient, client: FlaskClient, path: str) -> None:
    page = browser.get(path)
    assert page.status_code == 404
    assert "<h1" in page.text
    assert "Traceback" not in page.text
    told = client.get(path, headers={"Accept": "application/json"})
    assert told.status_code == 404
    assert set(told.json["error"]) == {"title", "detail", "status", "hint"}
    assert told.json["error"]["status"] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=SELEC",
        "/questions/services-in-area?area=nowhere",
        "/oruk/services/none",
        "/graphs?graph=urn:none",
        "/areas/none",
    ],
)
def test_a_program_that_takes_anything_is_told_in_json(client: FlaskClient, path: str) -> None:
    told = client.get(path, headers={"Accept": "*/*"})
    assert told.status_code in {400, 404}
    assert set(told.get_json()["error"]) == {"title", "detail", "status", "hint"}


def test_who_names_a_form_of_data_is_told_in_json_also_in_a_browser(browser: FlaskClient) -> None:
    told = browser.get("/sparql?query=SELEC&format=csv")
    assert told.status_code == 400
    assert told.get_json()["error"]["status"] == 400


def test_who_names_html_is_told_on_a_page_whatever_else_they_take(client: FlaskClient) -> None:
    told = client.get("/sparql?query=SELEC&format=html", headers={"Accept": "*/*"})
    assert told.status_code == 400
    assert told.mimetype == "text/html"


def test_a_question_says_where_the_form_of_its_answer_is_named(client: FlaskClient) -> None:
    told = client.get("/questions/services-in-area?area=E23000036&format=csv")
    assert told.status_code == 400
    assert "services-in-area: one of .csv" in told.get_json()["error"]["detail"]


@pytest.mark.parametrize("path", ["/guide.csv", "/questions.json", "/releases/1.ttl", "/validate.xlsx", "/readyz.csv"])
def test_a_page_that_has_no_such_form_is_not_given_in_its_place(client: FlaskClient, path: str) -> None:
    told = client.get(path)
    assert told.status_code == 404
    assert "form of this page" in told.json["error"]["detail"]
    assert told.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_near_miss_names_what_may_have_been_meant(browser: FlaskClient) -> None:
    assert "victim-support" in browser.get("/organisations/victim-suport").text


def test_a_name_of_two_areas_is_answered_by_both(client: FlaskClient) -> None:
    told = client.get("/areas/essex")
    assert told.status_code == 404
    detail = told.get_json()["error"]["detail"]
    assert "E10000012 (Essex, county) or E23000028 (Essex, police force area)" in detail


def test_an_address_without_a_page_is_told_in_plain_words(browser: FlaskClient) -> None:
    told = browser.get("/no-such-page").text
    assert "There is no page at this address." in told
    assert "URL" not in told


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "place", ["/services/{}", "/areas/{}", "/graphs/{}", "/taxonomy/{}/x", "/things/{}/x", "/id/{}"]
)
def test_a_hostile_address_is_not_found_and_is_not_repeated_as_markup(
    browser: FlaskClient, place: str, text: str
) -> None:
    answer = browser.get(place.format(quote(text, safe="")))
    assert answer.status_code in {302, 303, 308, 404}
    assert "<script>alert" not in answer.text
    assert "Set-Cookie" not in answer.headers


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_whatever_is_given_for_a_parameter_is_refused_politely(browser: FlaskClient, text: str) -> None:
    answer = browser.get("/questions/services-in-area", query_string={"area": text.encode("utf-8", "replace")})
    assert answer.status_code in {200, 400, 404}
    assert "Traceback" not in answer.text


def test_an_unknown_parameter_is_named(client: FlaskClient) -> None:
    answer = client.get("/questions/services-in-area.json?area=E23000036&colour=red")
    assert answer.status_code == 400
    assert "colour" in answer.json["error"]["detail"]


def test_a_bad_value_leaves_the_form_with_its_fault_on_top(browser: FlaskClient) -> None:
    page = browser.get("/questions/services-in-area?area=Nowhereshire")
    assert page.status_code == 404
    assert "There is a problem" in page.text
    assert "<title>Error: " in page.text


def test_a_missing_value_of_a_download_is_a_400(client: FlaskClient) -> None:
    assert client.get("/questions/where-a-fact-stands.csv").status_code == 400


def test_a_file_that_is_no_workbook_is_refused_with_one_clear_line(browser: FlaskClient, client: FlaskClient) -> None:
    sent = {"file": (io.BytesIO(b"this is no workbook"), "record.xlsx")}
    page = browser.post("/validate", data=sent)
    assert page.status_code == 400
    assert "There is a problem" in page.text
    told = client.post("/validate", data=b"<a", content_type="text/turtle", headers={"Accept": "application/json"})
    assert told.status_code == 400
    assert told.json["error"]["detail"]


def test_no_file_and_an_empty_file_are_said_as_such(browser: FlaskClient) -> None:
    assert "Select a file to check" in browser.post("/validate", data={}, content_type="multipart/form-data").text
    empty = {"file": (io.BytesIO(b""), "record.ttl")}
    assert "The selected file is empty" in browser.post("/validate", data=empty).text


def test_a_method_that_an_address_does_not_take_is_refused_by_name(client: FlaskClient) -> None:
    answer = client.delete("/services", headers={"Accept": "application/json"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.json["error"]["status"] == 405
