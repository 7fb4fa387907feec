"""The shapes as they are run say the same as the shapes as they are written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import rdflib

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.records import Record
from taxonomy.validation import engine, graphs

EXAMPLES = Path(__file__).parent.parent / "examples"
TODAY = date(2026, 11, 23)


def results(read: Record, shapes: rdflib.Graph) -> set[engine._Result]:
    return set(engine._run(read, Context.bundled(), TODAY, shapes))


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("**/*.ttl")), ids=lambda path: path.parent.name)
def test_the_lean_shapes_find_in_every_example_what_the_written_ones_find(example: Path) -> None:
    read = intake.read_bytes(example.read_bytes(), example.name).only
    assert results(read, graphs.shapes()) == results(read, graphs.written())
