"""Who runs the site learns how much it does; who visits it is told to nobody."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from taxonomy import journal
from taxonomy.settings import Settings
from taxonomy.site.app import create_app

TOKEN = {"SETTINGS": Settings.read({"SVSSV_METRICS_TOKEN": "counted"})}


@pytest.mark.parametrize("given", ["", "counted", "Bearer", "Bearer wrong", "Bearer cöunted", "Basic counted"])
def test_counts_are_shown_to_nobody_without_the_token(home: Path, given: str) -> None:
    asked = create_app(home, TOKEN).test_client().get("/metrics", headers={"Authorization": given.encode("latin-1")})
    assert asked.status_code == 404


def test_without_a_token_in_the_settings_nobody_sees_counts(home: Path) -> None:
    client = create_app(home).test_client()
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_counts_come_in_the_form_of_prometheus_with_the_release_in_service(home: Path) -> None:
    reply = create_app(home, TOKEN).test_client().get("/metrics", headers={"Authorization": "Bearer counted"})
    assert reply.status_code == 200
    assert reply.content_type.startswith("text/plain; version=0.0.4")
    assert "\nsvssv_release 1.0\n" in reply.text
    assert 'svssv_release_holds{what="triples"}' in reply.text


def test_an_invented_method_is_not_counted_by_its_name(home: Path) -> None:
    client = create_app(home, TOKEN).test_client()
    client.open("/", method="PLANTED")
    assert "PLANTED" not in client.get("/metrics", headers={"Authorization": "Bearer counted"}).text


def test_a_limit_that_was_passed_is_counted(home: Path) -> None:
    client = create_app(home, TOKEN).test_client()
    nested = "SELECT * {" + "{" * 200 + "}" * 200 + "}"
    assert client.get("/sparql", query_string={"query": nested}).status_code == 413
    assert (
        'svssv_limits_total{limit="complexity"}'
        in client.get("/metrics", headers={"Authorization": "Bearer counted"}).text
    )


def test_the_log_tells_where_an_error_arose_and_not_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    kept = logging.getLogger().handlers[:]
    try:
        journal.begin()
        try:
            int("planted words")
        except ValueError:
            logging.getLogger("taxonomy.site").exception("an error that nobody foresaw")
    finally:
        logging.getLogger().handlers[:] = kept
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["level"], told["error"], told["event"]) == ("error", "ValueError", "an error that nobody foresaw")
    assert "test_measuring.py" in told["places"][-1]
    assert "planted" not in line
