"""A public record that no longer conforms is kept until a day, or asked to be mended; either is on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from taxonomy.context import Context
from taxonomy.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from taxonomy.publishing import standing
from taxonomy.publishing.decisions import ASKED, KEPT, Note
from taxonomy.publishing.ledger import Arrival, Ledger, State
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.rechecking import Rechecking, rules_in_force
from taxonomy.publishing.standing import Step
from taxonomy.publishing.waivers import Waivers

OWNER = "https://example.org/id/organisation/made-up-centre"
GRAPH = "https://w3id.org/svssv/graph/record/made-up-centre"
CONTENT = f"<{GRAPH}> <https://w3id.org/svssv/ontology#recordOf> <{OWNER}> .\n".encode()
TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=90)


def handed_in(ledger: Ledger, by: Person) -> int:
    arrival = Arrival(
        owner=OWNER, graph=GRAPH, file_name="a.nt", sha256="0" * 64, file=CONTENT, content=CONTENT, report="{}"
    )
    return ledger.add(arrival, by=by.id).id


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    """With one public record that says next to nothing, as an earlier version took it; it was checked again."""
    with Ledger(place) as ledger:
        robin = People(ledger).add("robin", [Role.CONTRIBUTOR])[0]
        handed_in(ledger, robin)
        ledger.move(1, State.SUBMITTED, State.APPROVED, by=robin.id)
        ledger.publish([1], by=robin.id, why="")
        Rechecking(ledger).refresh(Context.bundled)
        yield ledger


@pytest.fixture
def sam(ledger: Ledger) -> Person:
    return People(ledger).add("sam", [Role.STEWARD])[0]


def what(ledger: Ledger, today: date = TODAY) -> list[str | None]:
    return [each.decided and each.decided.what for each in Waivers(ledger).list(today=today)]


def test_until_somebody_decides_nothing_is_decided(ledger: Ledger) -> None:
    [lapse] = Waivers(ledger).list()
    assert (lapse.submission.id, lapse.decided) == (1, None)
    assert lapse.findings


def test_a_record_is_kept_as_it_is_until_a_day_and_then_is_to_be_decided_on_again(ledger: Ledger, sam: Person) -> None:
    Waivers(ledger).keep(1, sam, LATER, "The new rule starts in spring")
    assert what(ledger) == [f"kept as it is until {LATER}"]
    assert what(ledger, LATER - timedelta(days=1)) == [f"kept as it is until {LATER}"]
    assert what(ledger, LATER) == [None]


def test_what_was_decided_is_in_the_history_and_leaves_the_record_public(ledger: Ledger, sam: Person) -> None:
    Waivers(ledger).ask(1, sam, "Say for which ages it is")
    last = ledger.history(1)[-1]
    assert (last.what, last.who, last.why) == (ASKED, "sam", "Say for which ages it is")
    assert ledger.submission(1).state is State.PUBLISHED


def test_the_chain_holds_what_was_decided(ledger: Ledger, sam: Person) -> None:
    Waivers(ledger).keep(1, sam, LATER, "For now")
    Waivers(ledger).ask(1, sam, "Say for which ages it is")
    assert list(ledger.faults(seals=[ledger.seal])) == []


def test_under_other_rules_it_is_to_be_decided_on_again(ledger: Ledger, sam: Person) -> None:
    note = Note(kind=KEPT, rules="f" * 64, until=LATER)
    ledger.remark(1, State.PUBLISHED, note, by=sam.id, why="Under rules that are no longer in force")
    assert what(ledger) == [None]


def test_the_last_decision_holds(ledger: Ledger, sam: Person) -> None:
    Waivers(ledger).keep(1, sam, LATER, "For now")
    Waivers(ledger).ask(1, sam, "Say for which ages it is")
    assert what(ledger) == [ASKED]


def test_whoever_speaks_for_the_organisation_is_told_to_mend_it(ledger: Ledger, sam: Person) -> None:
    Waivers(ledger).ask(1, sam, "Say for which ages it is")
    found = standing.of(OWNER, ledger, draft=False, today=TODAY)
    assert found.step is Step.ASKED
    assert found.lapse
    assert found.lapse.asked
    assert found.lapse.asked.why == "Say for which ages it is"


def test_once_a_mended_version_is_handed_in_they_wait(ledger: Ledger, sam: Person) -> None:
    Waivers(ledger).ask(1, sam, "Say for which ages it is")
    handed_in(ledger, People(ledger).find("robin"))
    assert standing.of(OWNER, ledger, draft=False, today=TODAY).step is Step.WAIT


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=367)])
def test_a_day_that_is_past_or_more_than_a_year_away_is_refused(ledger: Ledger, sam: Person, until: date) -> None:
    with pytest.raises(InputError, match=r"Until which day.* not within a year"):
        Waivers(ledger).keep(1, sam, until, "For now")
    assert len(ledger.history(1)) == 3


def test_a_reason_is_asked_for(ledger: Ledger, sam: Person) -> None:
    with pytest.raises(InputError, match="Nothing says why"):
        Waivers(ledger).keep(1, sam, LATER, " ")
    with pytest.raises(InputError, match="Nothing says why"):
        Waivers(ledger).ask(1, sam, "")


def test_it_takes_a_steward(ledger: Ledger) -> None:
    robin = People(ledger).find("robin")
    with pytest.raises(NotAllowedError):
        Waivers(ledger).keep(1, robin, LATER, "For now")
    with pytest.raises(NotAllowedError):
        Waivers(ledger).ask(1, robin, "Mend it")


def test_nobody_lets_what_they_submitted_themselves_stay(ledger: Ledger) -> None:
    both = People(ledger).assign("robin", roles=[Role.CONTRIBUTOR, Role.STEWARD])
    with pytest.raises(NotAllowedError, match="takes a second person"):
        Waivers(ledger).keep(1, both, LATER, "For now")


def test_what_conforms_or_is_not_public_is_not_decided_on(ledger: Ledger, sam: Person) -> None:
    robin = People(ledger).find("robin")
    waiting = handed_in(ledger, robin)
    with pytest.raises(ConflictError, match="submitted, not published"):
        Waivers(ledger).ask(waiting, sam, "Mend it")
    Rechecking(ledger).conformed(ledger.submission(1))
    with pytest.raises(ConflictError, match="nothing to decide"):
        Waivers(ledger).keep(1, sam, LATER, "For now")
    with pytest.raises(NotFoundError):
        Waivers(ledger).ask(99, sam, "Mend it")


def test_whoever_decides_second_is_told(ledger: Ledger, sam: Person) -> None:
    seen = ledger.history(1)[-1].number
    Waivers(ledger).ask(1, sam, "Mend it", seen=seen)
    with pytest.raises(ConflictError, match="meanwhile"):
        Waivers(ledger).keep(1, sam, LATER, "For now", seen=seen)


def test_a_note_is_read_as_it_is_written() -> None:
    for note in (Note(kind=KEPT, rules=rules_in_force()[:16], until=LATER), Note(kind=ASKED, rules="0" * 16)):
        assert Note.read(str(note)) == note
    assert all(Note.read(state) is None for state in State)
