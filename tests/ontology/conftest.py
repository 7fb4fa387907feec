"""The ontology and the vocabularies as files say them, read once."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from taxonomy import assets

Statements = dict[object, dict[str, list[object]]]


def quads(path: Path) -> list[Quad]:
    """The statements of one Turtle or TriG file."""
    return list(parse(path=str(path), format=RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE))


def statements(*paths: Path) -> Statements:
    """What some files say, by subject and property."""
    said: Statements = defaultdict(lambda: defaultdict(list))
    for path in paths:
        for quad in quads(path):
            said[quad.subject][quad.predicate.value].append(quad.object)
    return said


@pytest.fixture(scope="session")
def ontology() -> Statements:
    return statements(*assets.files("ontology", "**/*.ttl"))


@pytest.fixture(scope="session")
def vocabularies() -> dict[str, Statements]:
    """What each file of ``data/vocabularies`` says, by its name."""
    return {path.stem: statements(path) for path in assets.files("data", "vocabularies/*.ttl")}


@pytest.fixture(scope="session")
def facts() -> dict[Path, list[Quad]]:
    """What each file of ``data/`` and ``shapes/`` says."""
    files = [*assets.files("data", "**/*.ttl"), *assets.files("data", "**/*.trig"), *assets.files("shapes", "**/*.ttl")]
    return {path: quads(path) for path in files}
