"""At the desk: a public record that no longer conforms is kept, or asked to be mended, and its provider is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.site.desk.conftest import Place

from taxonomy.publishing.ledger import State
from taxonomy.publishing.rechecking import Rechecking

AT = "/steward/submissions/1"
LATER = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
WRONG = {
    "rule": "https://w3id.org/svssv/shapes#MadeUp",
    "message": "It does not say for which ages it is.",
    "how_to_fix": "Say the youngest age.",
    "name": "Made-Up Counselling",
    "field": "youngest age",
}


@pytest.fixture
def lapsed(place: Place) -> Place:
    """The centre's record is public, and the rules ask for more now."""
    number = place.submitted()
    ledger, sam = place.desk.ledger, place.people["sam"]
    place.desk.approve(number, sam)
    ledger.publish([number], by=sam.id, why="In release 1.")
    Rechecking(ledger)._put(ledger.submission(number), conforms=False, findings=[WRONG])
    return place


def test_the_task_list_says_what_is_wrong_and_that_nothing_is_decided(lapsed: Place) -> None:
    page = lapsed.visitor("sam").get("/steward").text
    assert "1 no longer conforms to the rules, 1 to be decided on" in page
    assert "Nothing yet" in page


def test_a_steward_keeps_it_as_it_is_until_a_day(lapsed: Place) -> None:
    sam = lapsed.visitor("sam")
    reply = sam.send(AT, f"{AT}/keep", seen="3", until=LATER, reason="The new rule starts in spring")
    assert reply.status_code == 303
    assert lapsed.desk.show(1).state is State.PUBLISHED
    page = sam.get("/steward").text
    assert "1 no longer conforms to the rules, 0 to be decided on" in page
    assert "Kept as it is until " in page


def test_the_organisation_reads_what_to_mend_and_what_is_public_stays(lapsed: Place) -> None:
    assert lapsed.visitor("sam").send(AT, f"{AT}/ask", seen="3", reason="Please say for whom").status_code == 303
    page = lapsed.visitor("robin").get("/steward/records/made-up-centre").text
    for said in ("Please say for whom", WRONG["message"], WRONG["how_to_fix"], "stays so meanwhile"):
        assert said in page
    assert "Published, and to be mended" in lapsed.visitor("robin").get("/steward/records").text
    assert lapsed.desk.show(1).state is State.PUBLISHED


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2999-01-01"])
def test_a_day_that_will_not_do_is_told_and_what_was_typed_stays(lapsed: Place, until: str) -> None:
    reply = lapsed.visitor("sam").send(AT, f"{AT}/keep", seen="3", until=until, reason="A long and careful text")
    assert reply.status_code == 400
    assert "A long and careful text</textarea>" in reply.text
    assert len(lapsed.desk.history(1)) == 3


def test_the_same_form_sent_twice_decides_once(lapsed: Place) -> None:
    sam = lapsed.visitor("sam")
    for _ in range(2):
        assert sam.send(AT, f"{AT}/ask", seen="3", reason="Please say for whom").status_code == 303
    assert len(lapsed.desk.history(1)) == 4


def test_a_record_that_conforms_offers_no_such_step(place: Place) -> None:
    place.submitted()
    place.desk.approve(1, place.people["sam"])
    place.desk.ledger.publish([1], by=place.people["sam"].id, why="")
    page = place.visitor("sam").get(AT).text
    assert f"{AT}/keep" not in page
    assert place.visitor("sam").send(AT, f"{AT}/ask", seen="3", reason="Mend it").status_code == 409
