"""Lists: narrowed by what stands in the address, and nothing else."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, GSS, ID


def names(client: FlaskClient, path: str) -> set[str]:
    stem, mark, query = path.partition("?")
    text = client.get(f"{stem}.csv{mark}{query}").text
    return {next(iter(row.values())).rpartition("/")[2] for row in csv.DictReader(io.StringIO(text))}


def test_services_are_narrowed_by_area_type_and_provider(client: FlaskClient) -> None:
    every = names(client, "/services")
    there = names(client, "/services?area=E23000036")
    advocacy = names(client, "/services?area=E23000036&type=service-type/advocacy")
    assert advocacy < there < every
    assert "isva-avon-and-somerset" in advocacy  # an adviser service is a form of advocacy
    assert names(client, "/services?provider=organisation/missing-link") == {"isva-avon-and-somerset"}


def test_a_service_counts_for_the_areas_in_it_and_around_it(client: FlaskClient) -> None:
    for area in ("E06000023", "E23000036", "E12000009"):  # a city in the force area, the area, the region around it
        assert "isva-avon-and-somerset" in names(client, f"/services?area={area}")


def test_organisations_are_narrowed_by_area_kind_and_part(client: FlaskClient) -> None:
    providers = names(client, "/organisations?area=E23000036&part=provider")
    assert {"missing-link", "victim-support"} <= providers
    assert "nhs-england" not in providers
    assert "nhs-england" in names(client, "/organisations?area=E23000036&part=funder")
    assert "missing-link" not in names(client, "/organisations?kind=organisation-type/police-and-crime-commissioner")


def test_agreements_are_narrowed_by_area_funder_and_status(client: FlaskClient) -> None:
    assert names(client, "/agreements?funder=organisation/nhs-england&area=E23000036") == {"isva-avon-and-somerset"}
    proposed = names(client, "/agreements?status=agreement-status/proposed")
    awarded = names(client, "/agreements?status=agreement-status/awarded")
    assert not proposed & awarded


@pytest.mark.parametrize("kind", ["services", "organisations", "agreements"])
def test_what_the_form_offers_always_finds_something(
    browser: FlaskClient, client: FlaskClient, kg: KnowledgeGraph, kind: str
) -> None:
    html = browser.get(f"/{kind}").text
    for name, options in re.findall(r'<select [^>]*name="(\w+)">(.*?)</select>', html, flags=re.DOTALL):
        keys = [unescape(key) for key in re.findall(r'value="([^"]+)"', options)]
        assert keys, name
        for key in keys[:5]:
            assert names(client, f"/{kind}?{name}={key}"), (name, key)


def test_a_narrowed_list_says_so_and_leads_back_to_all(browser: FlaskClient) -> None:
    html = browser.get("/services?area=E23000036").text
    assert "area Avon and Somerset" in html
    assert '<option value="E23000036" selected>' in html
    assert '<a class="govuk-link" href="/services">Show all</a>' in html
    assert 'href="/services.csv?area=E23000036"' in html


def test_an_empty_field_is_no_filter(client: FlaskClient) -> None:
    assert names(client, "/services?area=&type=&provider=") == names(client, "/services")


@pytest.mark.parametrize("query", ["area=nowhere", "type=service-type/nothing", "provider=organisation/nobody"])
def test_a_value_that_is_not_recorded_is_not_found(browser: FlaskClient, query: str) -> None:
    assert browser.get(f"/services?{query}").status_code == 404


def test_a_hostile_value_reaches_no_query(browser: FlaskClient) -> None:
    for value in ("x} UNION {?s ?p ?o", "<https://example.org/>", "'\"><script>"):
        page = browser.get("/services", query_string={"provider": value})
        assert page.status_code in {400, 404}
        assert "<script>" not in page.text


def test_the_names_in_addresses_are_short(browser: FlaskClient) -> None:
    html = browser.get("/services").text
    values = re.findall(r'<option value="([^"]+)"', html)
    assert values
    assert not [value for value in values if value.startswith((GSS, CONCEPT, ID))]
