"""After an upgrade what no longer conforms is listed, and stays as it was published until a steward decides."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.conftest import CHECKOUT, MADE_UP

from taxonomy import assets
from taxonomy.context import Context
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import Arrival, Ledger, State
from taxonomy.publishing.people import People, Role
from taxonomy.publishing.rechecking import Rechecking, rules_in_force
from taxonomy.publishing.tables import RecheckRow
from taxonomy.store.releases import Home

OWNER = "https://example.org/id/organisation/made-up-centre"
GRAPH = "https://w3id.org/svssv/graph/record/made-up-centre"
Run = Callable[..., str]


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    """With one approved record that says next to nothing, as an earlier version took it."""
    with Ledger(place) as ledger:
        robin = People(ledger).add("robin", [Role.CONTRIBUTOR])[0]
        content = f"<{GRAPH}> <https://w3id.org/svssv/ontology#recordOf> <{OWNER}> .\n".encode()
        arrival = Arrival(
            owner=OWNER, graph=GRAPH, file_name="a.nt", sha256="0" * 64, file=content, content=content, report="{}"
        )
        ledger.add(arrival, by=robin.id)
        ledger.move(1, State.SUBMITTED, State.APPROVED, by=robin.id)
        yield ledger


def test_until_it_is_checked_it_is_not_known_whether_a_record_conforms(ledger: Ledger) -> None:
    held = Rechecking(ledger)
    assert (held.waiting(), held.failing()) == (1, ())


def test_what_does_not_conform_is_kept_with_the_words_of_the_rules(ledger: Ledger) -> None:
    held = Rechecking(ledger)
    assert held.refresh(Context.bundled) == 1
    [found] = held.failing()
    assert (found.submission.id, found.conforms, held.waiting()) == (1, False, 0)
    assert all(each["message"] and each["how_to_fix"] for each in found.findings)
    assert found.findings


def test_a_record_is_checked_again_only_where_the_rules_have_changed(ledger: Ledger) -> None:
    held = Rechecking(ledger)
    assert [held.refresh(Context.bundled) for _ in range(2)] == [1, 0]
    with ledger.session() as session:
        session.execute(update(RecheckRow).values(rules="of an earlier version"))
    assert held.waiting() == 1
    assert held.refresh(Context.bundled) == 1


def test_by_hand_everything_is_checked_again(ledger: Ledger) -> None:
    held = Rechecking(ledger)
    assert [held.refresh(Context.bundled, every=True) for _ in range(2)] == [1, 1]


def test_an_erasure_destroys_what_was_found_too(ledger: Ledger) -> None:
    Rechecking(ledger).refresh(Context.bundled)
    ledger.erase([1], by=1)
    with ledger.session() as session:
        assert session.scalars(select(RecheckRow)).all() == []


def test_what_was_returned_is_listed_no_longer(ledger: Ledger) -> None:
    Rechecking(ledger).refresh(Context.bundled)
    ledger.move(1, State.APPROVED, State.RETURNED, by=1)
    assert Rechecking(ledger).failing() == ()


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of a later version, which allows no service for people under 21."""
    checkout = tmp_path_factory.mktemp("later")
    shutil.copytree(CHECKOUT / "src", checkout / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("ontology", "shapes", "data"):
        shutil.copytree(assets.folder(name), checkout / name)
    for name in ("queries", "web"):
        (checkout / name).symlink_to(assets.folder(name))
    rules = checkout / "shapes" / "record" / "eligibility.ttl"
    head, mark, rest = rules.read_text(encoding="utf-8").partition("svsh:EligibilityShape-minimumAgeLikely a ")
    assert "sh:minInclusive 0 ;" in rest
    rules.write_text(head + mark + rest.replace("sh:minInclusive 0 ;", "sh:minInclusive 21 ;", 1), encoding="utf-8")
    return checkout


def test_after_an_upgrade_a_published_record_that_no_longer_conforms_is_listed_and_stays_public(
    practice_home: Path, upgraded: Path
) -> None:
    home = Home.open(practice_home)
    with Desk(home) as desk:
        people = People(desk.ledger)
        robin = people.add("robin", [Role.CONTRIBUTOR], organisations=[OWNER])[0]
        sam = people.add("sam", [Role.STEWARD])[0]
        assert desk.submit(MADE_UP, robin).submission
        desk.approve(1, sam)
        before = desk.publish([1], sam)
        assert (Rechecking(desk.ledger).failing(), Rechecking(desk.ledger).waiting()) == ((), 0)

    def later(*words: str, token: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "taxonomy.cli", "--home", str(practice_home), *words],
            env={**os.environ, "PYTHONPATH": str(upgraded / "src"), "SVSSV_TOKEN": token},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    assert "1 not yet checked" in later("doctor")
    assert "1 no longer conform" in later("release", "build")
    listed = later("review", "recheck")
    assert "1 checked; 1 no longer conform, 1 to be decided on." in listed
    assert "made-up-centre" in listed
    assert "LOOK  records: 1 no longer conform" in later("doctor")
    with Ledger.of(home) as ledger:
        sam_s = People(ledger).renew("sam")
    kept = later("review", "ask", "1", "--by", "sam", "--reason", "Say for whom it is", token=sam_s)
    assert "it stays public as it is" in kept, kept
    assert "ok    records: 1 no longer conform, and on each something was decided" in later("doctor")
    after = home.served()
    assert (after.number, after.graphs[GRAPH]) == (2, before.graphs[GRAPH])
    with KnowledgeGraph.open(home) as kg:
        assert "Made-Up Counselling" in {row.label("service") for row in kg.ask("services-in-area", area="E23000036")}
    with Ledger.of(home) as ledger:
        assert ledger.submission(1).state is State.PUBLISHED


def test_the_mark_of_the_rules_stays_as_long_as_they_do() -> None:
    assert rules_in_force() == rules_in_force.__wrapped__()
    assert len(rules_in_force()) == 64
