"""The running site and a real browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from taxonomy.site import create_app, reading

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of the site, served over release 1."""
    app = create_app(home)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        reading.current().close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium. Where it is missing the tests are skipped by name, and fail where CI=true."""
    if not CHROMIUM.exists():
        missing = f"Chromium is not at {CHROMIUM}; name it in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A visit: a browser that remembers nothing of earlier ones, and can reach nothing but the site."""
    visit = chromium.new_context()
    yield visit
    visit.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab at desktop width."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    return page
