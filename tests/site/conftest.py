"""The site over the real data, and a client that asks it as a browser does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from taxonomy.settings import Settings
from taxonomy.site import create_app, reading

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="session")
def app(home: Path) -> Iterator[Flask]:
    """The site, over release 1 of the ordinary home; who sends the token may read its counts."""
    app = create_app(home, {"SETTINGS": Settings.read({"SVSSV_METRICS_TOKEN": "counted"})})
    yield app
    with app.app_context():
        reading.current().close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program: it sends no Accept header unless the test says one."""
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser, without script."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = BROWSER
    return client
