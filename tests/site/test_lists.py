"""Lists: narrowed by what stands in the address, and nothing else."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, urlencode

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


def offered(html: str) -> list[tuple[str, str, int]]:
    """Every choice of the form over a list: its field, its key and how many things it promises."""
    boxes = re.findall(
        r'name="(\w+)" value="([^"]+)"[^>]*>\s*<label[^>]*>.*?<span class="sv-uses">\(([\d,]+)\)</span>',
        html,
        flags=re.DOTALL,
    )
    return [(name, unescape(key), int(count.replace(",", ""))) for name, key, count in boxes]


@pytest.mark.parametrize(
    "path",
    [
        "/services",
        "/services?area=E23000036&without_type=service-type/advocacy",
        "/services?area=E06000023",
        "/organisations?part=funder&part=commissioner",
        "/agreements?without_area=E23000036&status=agreement-status/awarded",
        "/sources",
    ],
)
def test_each_choice_says_how_many_it_finds(browser: FlaskClient, client: FlaskClient, path: str) -> None:
    html = browser.get(path).text
    choices = offered(html)
    stem, _, query = path.partition("?")
    given = parse_qs(query)
    seen: Counter[str] = Counter()
    for name, key, count in choices:
        seen[name] += 1
        if seen[name] <= 4:
            asked = urlencode({**given, name: [key]}, doseq=True)
            assert count == len(names(client, f"{stem}?{asked}")), (name, key)
            assert count or key in given.get(name, []), "a choice that finds nothing is offered only if it is chosen"
    assert seen


@pytest.mark.parametrize(
    ("path", "field", "one", "other"),
    [
        ("/services", "type", "service-type/isva", "service-type/helpline"),
        ("/services", "area", "E23000036", "E12000008"),
        ("/services", "provider", "organisation/missing-link", "organisation/victim-support"),
        ("/organisations", "part", "funder", "provider"),
        ("/organisations", "sector", "voluntary", "statutory"),
        ("/agreements", "status", "agreement-status/proposed", "agreement-status/awarded"),
    ],
)
def test_several_values_of_a_field_are_alternatives_and_what_is_left_out_is_the_rest(
    client: FlaskClient, path: str, field: str, one: str, other: str
) -> None:
    both = names(client, f"{path}?{field}={one}&{field}={other}")
    assert both == names(client, f"{path}?{field}={one}") | names(client, f"{path}?{field}={other}")
    left = names(client, f"{path}?without_{field}={one}&without_{field}={other}")
    assert left == names(client, path) - both
    assert left
    assert both


def test_what_is_chosen_stands_in_chips_that_can_be_taken_back(browser: FlaskClient) -> None:
    html = browser.get("/services?area=E23000036&type=service-type/advocacy&without_provider=organisation/sari").text
    assert 'aria-label="Remove Area: Avon and Somerset"' in html
    assert (
        'href="/services?area=E23000036&amp;without_provider=organisation/sari#answer" aria-label="Remove Type' in html
    )
    assert "Provider, left out: SARI" in html
    assert '<input type="hidden" name="without_provider" value="organisation/sari">' in html
    assert 'href="/services#answer">Clear all</a>' in html
    assert 'href="/services.csv?area=E23000036&amp;type=service-type/advocacy' in html
    assert re.search(r'value="E23000036" checked', html)


def test_an_area_is_shown_by_its_name_however_the_address_names_it(browser: FlaskClient) -> None:
    for name in ("avon-and-somerset", "Avon and Somerset", "E23000036"):
        html = browser.get("/services", query_string={"area": name}).text
        assert "<span>Area: Avon and Somerset</span>" in html
        assert 'href="/services.csv?area=E23000036"' in html


@pytest.mark.parametrize("sort", ["said", "-said", "types", "-area"])
def test_a_list_is_sorted_by_its_headings_and_its_download_in_the_same_order(
    browser: FlaskClient, client: FlaskClient, sort: str
) -> None:
    html = browser.get(f"/services?sort={sort}").text
    shown = re.findall(r'<th scope="row"[^>]*><a class="govuk-link" href="/services/([\w-]+)"', html)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/services.csv?sort={sort}").text)))
    assert shown == [row["service"].rpartition("/")[2] for row in rows]
    assert f'aria-sort="{"descending" if sort.startswith("-") else "ascending"}"' in html
    assert f'name="sort" value="{sort}"' in html


def test_a_column_or_page_that_there_is_not_is_refused(browser: FlaskClient) -> None:
    for query in ("sort=nothing", "page=2", "page=0", "page=x"):
        assert browser.get(f"/services?{query}").status_code == 400


def test_forty_areas_stay_within_two_thousand_characters(browser: FlaskClient, kg: KnowledgeGraph) -> None:
    codes = dict.fromkeys(str(row["code"]) for row in kg.ask("known-areas").rows if row["code"])
    areas = list(codes)[:40]
    assert len(areas) == 40
    html = browser.get("/services", query_string={"area": areas}).text
    address = unescape(re.findall(r'href="(/services\.csv\?[^"]*)"', html)[0])
    assert parse_qs(address.partition("?")[2]) == {"area": areas}
    assert len(address) <= 2000
    assert 'method="get" class="sv-filters' in html


def test_what_is_too_long_for_an_address_is_asked_by_form(browser: FlaskClient, kg: KnowledgeGraph) -> None:
    providers = [f"organisation/{str(row['organisation']).rpartition('/')[2]}" for row in kg.ask("page-organisations")]
    asked = {"provider": providers, "sort": "-said"}
    page = browser.post("/services", data=asked)
    assert page.status_code == 200
    assert 'method="post" class="sv-filters' in page.text
    assert not re.findall(r'href="/services[^"]{2000,}"', page.text)
    assert '<form action="/services.csv" method="post"' in page.text
    shown = re.findall(r'<th scope="row"[^>]*><a class="govuk-link" href="/services/([\w-]+)"', page.text)
    rows = csv.DictReader(io.StringIO(browser.post("/services.csv", data=asked).text))
    assert shown == [row["service"].rpartition("/")[2] for row in rows]
    assert shown


def test_so_many_values_that_nothing_is_recorded_with_are_too_many(browser: FlaskClient, kg: KnowledgeGraph) -> None:
    things = list(dict.fromkeys(str(row["thing"]) for row in kg.ask("known-things")))[:400]
    assert len(things) == 400
    refused = browser.post("/services", data={"provider": things})
    assert refused.status_code == 400
    assert "that nothing is recorded with" in refused.text


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
    values = [key for _, key, _ in offered(html)]
    assert values
    assert not [value for value in values if value.startswith((GSS, CONCEPT, ID))]
