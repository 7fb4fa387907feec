"""Under load, with everything going wrong at once, answers stay right, refusals are announced, and nothing grows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.soak.soaking import MOMENT, Soaked, soak

SECONDS = float(os.environ.get("SOAK_SECONDS", "3600"))
A_MOMENT = 20.0
LONG = pytest.param(SECONDS, id="long", marks=pytest.mark.soak)
GROWTH = 50  # megabytes, from when the last web process is warm to the end


@pytest.fixture(
    scope="module",
    params=[pytest.param(A_MOMENT, id="a-moment"), LONG],
)
def soaked(
    request: pytest.FixtureRequest,
    three_releases: Path,
    serving: Callable[..., AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Soaked:
    """A run, whose figures are printed whatever becomes of the tests."""
    folder = tmp_path_factory.mktemp("soak")
    home = folder / "home"
    shutil.copytree(three_releases, home, symlinks=True)
    with serving(home) as address:
        found = soak(home, address, folder, request.param)
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{found.told()}")  # noqa: T201  the figures of a run
    return found


def test_every_answer_is_the_one_that_its_release_gives_or_an_announced_refusal(soaked: Soaked) -> None:
    assert soaked.judge.faults == [], soaked.judge.told()
    assert soaked.distinct == soaked.releases  # or a wrong release could not be told
    assert set(soaked.judge.by_release) >= {1, 2, 3}


def test_nearly_all_honest_requests_are_answered_all_the_same(soaked: Soaked) -> None:
    honest = {(kind, status): n for (kind, status), n in soaked.judge.statuses.items() if kind != "hostile query"}
    refused = sum(n for (_, status), n in honest.items() if status == 503)
    most = 0.25 if soaked.seconds < MOMENT else 0.05  # in a moment a reader dies every other second
    assert refused + soaked.judge.cut_off < most * sum(honest.values())


def test_what_should_go_wrong_did_go_wrong(soaked: Soaked) -> None:
    assert soaked.killer.readers >= 5
    assert soaked.killer.back
    assert soaked.service.swaps >= 3
    assert soaked.publisher.built or soaked.seconds < MOMENT
    assert {413, 503} & {status for kind, status in soaked.judge.statuses if kind == "hostile query"}


def test_dead_workers_are_replaced_and_none_outlives_its_server(soaked: Soaked) -> None:
    assert set(soaked.answered_after) <= {200, 503}  # a machine that is busy may start the next a little late
    assert soaked.answered_after[200] > soaked.answered_after[503]
    still_open = 8 if soaked.seconds < MOMENT else 0  # by two earlier releases, and by one that is just leaving
    assert soaked.rested.readers <= soaked.readers_at_first + still_open
    assert soaked.orphans == []


@pytest.mark.parametrize("soaked", [LONG], indirect=True)  # a moment says nothing of growth
def test_memory_does_not_grow(soaked: Soaked) -> None:
    assert soaked.end - soaked.start < GROWTH
