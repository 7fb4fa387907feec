"""A list of three hundred: counted, narrowed, leafed through and taken away whole. Everything in it is made up."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy.namespaces import CONCEPT, EXAMPLE, GSS, RDF, RDFS, SKOS, SV, graph
from taxonomy.site import create_app, reading

MANY = 300
AREAS = ("E23000036", "E23000021", "E23000013")
TYPES = tuple(f"service-type/made-up-{number}" for number in range(30))
PROVIDERS = tuple(f"organisation/made-up-{number}" for number in range(25))
BROWSER = {"Accept": "text/html,*/*;q=0.8"}


def said(subject: str, path: str, value: str | NamedNode) -> Triple:
    term = value if isinstance(value, NamedNode) else Literal(value, language="en")
    return Triple(NamedNode(subject), NamedNode(path), term)


def made_up() -> Iterator[Triple]:
    for code in AREAS:
        yield said(GSS + code, RDF + "type", NamedNode(SV + "PoliceForceArea"))
        yield said(GSS + code, RDFS + "label", f"Made-Up Area {code}")
        yield Triple(NamedNode(GSS + code), NamedNode(SV + "gssCode"), Literal(code))
    for name in TYPES:
        yield said(CONCEPT + name, SKOS + "prefLabel", f"Made-up type {name.rpartition('-')[2]}")
    for name in PROVIDERS:
        yield said(f"{EXAMPLE}id/{name}", RDF + "type", NamedNode(SV + "Organisation"))
        yield said(f"{EXAMPLE}id/{name}", RDFS + "label", f"Made-Up Centre {name.rpartition('-')[2]}")
    for number in range(MANY):
        me = f"{EXAMPLE}id/service/made-up-{number}"
        yield said(me, RDF + "type", NamedNode(SV + "Service"))
        yield said(me, RDFS + "label", f"Made-Up Service {number:03}")
        for path in ("coversArea", "coversAreaWithin"):
            yield said(me, SV + path, NamedNode(GSS + AREAS[number % 3]))
        for path in ("serviceType", "serviceTypeWithin"):
            yield said(me, SV + path, NamedNode(CONCEPT + TYPES[number % 30]))
        for path in ("leadProvider", "providedBy"):
            yield said(me, SV + path, NamedNode(f"{EXAMPLE}id/{PROVIDERS[number % 25]}"))


@pytest.fixture(scope="module")
def crowded(sealed: Callable[[Mapping[str, frozenset[Triple]]], Path]) -> Iterator[Flask]:
    """The site over three hundred made-up services."""
    app = create_app(sealed({graph("record", "made-up"): frozenset(made_up())}))
    yield app
    with app.app_context():
        reading.current().close()


@pytest.fixture
def visitor(crowded: Flask) -> FlaskClient:
    return crowded.test_client()


def shown(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a class="govuk-link" href="/services/([\w-]+)"', html)


def saved(visitor: FlaskClient, query: str) -> list[str]:
    rows = csv.DictReader(io.StringIO(visitor.get(f"/services.csv?{query}").text))
    return [row["service"].rpartition("/")[2] for row in rows]


def test_its_pages_hold_every_row_once_in_the_order_of_the_download(visitor: FlaskClient) -> None:
    pages = [visitor.get(f"/services?sort=-service&page={number}", headers=BROWSER).text for number in (1, 2)]
    assert [name for page in pages for name in shown(page)] == saved(visitor, "sort=-service&page=2")
    assert len(saved(visitor, "")) == MANY
    assert "<title>Services (page 1 of 2) – SVSSV</title>" in pages[0]
    assert "Services 201 to 300 are shown" in pages[1]
    assert 'aria-label="Next page"' in pages[0]


def test_all_of_it_is_shown_on_one_page_where_that_is_asked_for(visitor: FlaskClient) -> None:
    html = visitor.get("/services?page=all", headers=BROWSER).text
    assert shown(html) == saved(visitor, "")
    assert "<title>Services – SVSSV</title>" in html


def test_counts_add_up_and_narrowing_starts_at_the_first_page(visitor: FlaskClient) -> None:
    html = visitor.get("/services?page=2", headers=BROWSER).text
    counts = re.findall(r'name="area" value="(\w+)"[^>]*>\s*<label[^>]*>.*?\((\d+)\)', html)
    assert sorted(counts) == sorted((code, str(MANY // 3)) for code in AREAS)
    narrowed = visitor.get(f"/services?area={AREAS[0]}&type={TYPES[0]}&type={TYPES[3]}", headers=BROWSER).text
    assert set(shown(narrowed)) == {f"made-up-{number}" for number in range(MANY) if number % 30 in {0, 3}}
    assert not re.findall(r'name="page"', html)
    assert 'href="/services?area=' not in html


def test_a_made_up_provider_is_found_by_its_short_name(visitor: FlaskClient) -> None:
    assert saved(visitor, f"provider={PROVIDERS[7]}") == [f"made-up-{number}" for number in range(7, MANY, 25)]
