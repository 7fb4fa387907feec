"""Promise 9. Made-up records live under example.org, go only into a practice home, and everything of it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from taxonomy import assets
from taxonomy.namespaces import EXAMPLE
from taxonomy.site import create_app


def test_nothing_that_we_curate_is_made_up() -> None:
    curated = [*assets.files("data", "**/*.ttl"), *assets.files("data", "**/*.trig")]
    assert [path.name for path in curated if EXAMPLE in path.read_text()] == []


@pytest.mark.parametrize(
    "address", ["/", "/areas", "/areas/E23000036", "/services", "/sparql", "/questions", "/validate"]
)
def test_every_page_of_a_practice_home_says_that_it_is_practice(published_practice_home: Path, address: str) -> None:
    body = (
        create_app(published_practice_home)
        .test_client()
        .get(address, headers={"Accept": "text/html"})
        .get_data(as_text=True)
    )
    assert "Practice" in body
    assert "made up" in body.lower() or "made-up" in body.lower()


def test_an_ordinary_home_does_not_say_so(home: Path) -> None:
    assert "practice-banner" not in create_app(home).test_client().get("/").get_data(as_text=True)
