"""The catalogue of rules and the data dictionary, as pages and as data."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from taxonomy import fields
from taxonomy.namespaces import SVSH
from taxonomy.validation import rules


def anchors(html: str) -> set[str]:
    return set(re.findall(r'<section class="sv-section" id="([^"]+)"', html))


def test_every_rule_has_an_anchor_and_all_of_its_words(browser: FlaskClient) -> None:
    html = browser.get("/rules").text
    text = unescape(html)
    assert {rule.name for rule in rules().values()} == anchors(html)
    for rule in rules().values():
        words = (rule.title, rule.message, rule.why, rule.how_to_fix, rule.good_example, rule.bad_example)
        assert [each for each in (*words, rule.can_ignore_when) if each not in text] == []


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("level=check", lambda rule: rule.level == "check"),
        ("sheet=Waiting+times", lambda rule: "Waiting times" in rule.sheets),
        ("sheet=file", lambda rule: not rule.sheets),
        ("level=could&sheet=Funding", lambda rule: rule.level == "could" and "Funding" in rule.sheets),
        ("level=shout", lambda rule: rule.level == "shout"),
    ],
)
def test_rules_are_narrowed_by_level_and_sheet_on_the_page_and_in_the_data(
    browser: FlaskClient, client: FlaskClient, query: str, fits: object
) -> None:
    assert callable(fits)
    expected = {rule.name for rule in rules().values() if fits(rule)}
    rows = csv.DictReader(io.StringIO(client.get(f"/rules.csv?{query}").text))
    assert expected == anchors(browser.get(f"/rules?{query}").text) == {row["rule"] for row in rows}


def test_every_column_is_in_the_dictionary_with_rules_that_are_there(browser: FlaskClient, client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/rules/fields.csv").text)))
    assert [(field.sheet, field.heading) for field in fields.fields()] == [
        (row["sheet"], row["heading"]) for row in rows
    ]
    known = {rule.name for rule in rules().values()}
    assert all(row["rules"] and set(row["rules"].split("; ")) <= known for row in rows)
    html = browser.get("/rules/fields").text
    assert len(rows) == len(anchors(html))
    assert known >= set(re.findall(r'href="/rules#([^"]+)"', html))


def test_the_dictionary_leads_to_the_lists_that_a_column_takes(browser: FlaskClient) -> None:
    html = browser.get("/rules/fields").text
    for path in ("/taxonomy/waiting-status", "/taxonomy/unit/weeks", "/ontology/terms/VoluntaryOrganisation"):
        assert f'href="{path}"' in html
        assert browser.get(path).status_code == 200


def test_the_rules_as_rdf_are_the_shapes(client: FlaskClient) -> None:
    for path in ("/rules.ttl", "/rules/fields.nt"):
        answer = client.get(path)
        found = {quad.subject for quad in parse(answer.data, format=RdfFormat.from_media_type(answer.mimetype))}
        assert {f"<{SVSH}{rule.name}>" for rule in rules().values()} <= set(map(str, found))
