"""A Dask cluster finds what this machine finds."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date

import pytest

from benchmarks.made_up import MadeUp
from taxonomy.errors import InputError
from taxonomy.records import Submission
from taxonomy.validation import examine

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
TODAY = date(2026, 11, 23)
COUNT = 60


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two workers, each a process of its own, on this machine."""
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
    ):
        yield cluster.scheduler_address


def test_a_cluster_finds_what_one_process_finds(scheduler: str) -> None:
    made = MadeUp(share=0.5)
    some = Submission(file="made-up.nt", kind="rdf", sha256="", records=made.records(COUNT))
    told: list[int] = []
    here = examine(some, context=made.context(COUNT), today=TODAY, jobs=1)
    there = examine(
        some,
        context=made.context(COUNT),
        today=TODAY,
        scheduler=scheduler,
        progress=lambda done, _: told.append(done),
    )
    assert here == there
    assert len(here.findings) > COUNT / 4
    assert COUNT == told[-1]


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    made = MadeUp()
    some = Submission(file="made-up.nt", kind="rdf", sha256="", records=made.records(1))
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9"):
        examine(some, today=TODAY, scheduler="tcp://127.0.0.1:9")
