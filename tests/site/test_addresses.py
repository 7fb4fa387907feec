"""Every address of the site has an example, so that no page is added that nobody looks at."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

EXAMPLES = Path(__file__).resolve().parents[1]


def examples(name: str) -> list[str]:
    return (EXAMPLES / name).read_text(encoding="utf-8").split()


def rules_of(app: Flask, addresses: list[str]) -> set[str]:
    """The URL rules that some addresses fall under."""
    urls = app.url_map.bind("localhost")
    paths = (address.partition("?")[0].removesuffix(".xlsx") for address in addresses)
    return {str(urls.match(path, return_rule=True)[0]) for path in paths}


def test_every_rule_that_can_be_visited_has_an_example_as_a_page_or_as_data(app: Flask) -> None:
    asked = {str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    pages, data = rules_of(app, examples("pages.txt")), rules_of(app, examples("addresses.txt"))
    assert asked - pages - data == set(), "give an example in tests/pages.txt (a page) or tests/addresses.txt"
    assert pages & data == set()


def test_what_is_no_page_answers_and_keeps_nothing_on_the_device(client: FlaskClient) -> None:
    cited = client.post("/q", data={"question": "sources", "release": "1"}).headers["Location"].rpartition("/")[2]
    for address in examples("addresses.txt"):
        shown = {"Authorization": "Bearer counted"}  # which only the counts look at
        with client.get(address.replace("CITED", cited), headers=shown) as answer:
            assert answer.status_code in {200, 303}, address
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'"), address
