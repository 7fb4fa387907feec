"""The shapes as they are run say the same as the shapes as they are written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import rdflib
from tests.thinned import thinned

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.validation import engines, graphs
from taxonomy.validation.batches import Batch, cases

EXAMPLES = Path(__file__).parent.parent / "examples"
TODAY = date(2026, 11, 23)


def results(batch: Batch, shapes: rdflib.Graph) -> list[engines.Result]:
    return sorted(engines.results(engines.Reference(shapes).report(batch.ntriples)), key=str)


FILES = sorted(EXAMPLES.glob("**/*.ttl"))


@pytest.mark.parametrize("example", thinned(FILES, every=4), ids=lambda path: path.parent.name)
def test_the_shapes_as_they_are_run_find_in_every_example_what_the_written_ones_find(example: Path) -> None:
    batch = Batch()
    for case in cases(intake.read(example).records, Context.bundled(), TODAY):
        batch.add(case)
    expected = results(batch, graphs.written())
    assert expected == results(batch, graphs.shapes())
    assert expected == results(batch, graphs.lean())
