"""A steward decides at the desk on what records propose to the register; nobody else does."""

from __future__ import annotations

import pytest
from tests.publishing.test_settling import CALLED, KNOWN, TRUST, WHY, WRITTEN, proposing
from tests.site.desk.conftest import Place, Visitor

from taxonomy.publishing.proposal import Verdict
from taxonomy.publishing.proposals import Proposals
from taxonomy.values import Iri

LIST, ONE = "/steward/proposals", f"/steward/proposals/one?iri={TRUST}"


@pytest.fixture
def sam(place: Place) -> Visitor:
    """A steward's browser, where one record proposes a funder."""
    place.submitted(proposing())
    return place.visitor("sam")


def decide(sam: Visitor, step: str, **fields: str) -> str:
    answer = sam.send(ONE, f"{LIST}/{step}", **{"iri": TRUST, "seen": "0", "reason": WHY, **fields})
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith("/steward/proposals/one?iri=")
    return sam.get(ONE).text


def verdicts(place: Place) -> list[Verdict]:
    return [each.verdict for each in Proposals(place.desk.ledger).history(Iri(TRUST))]


def test_the_task_list_counts_what_is_to_be_decided_and_leads_to_it(sam: Visitor) -> None:
    page = sam.get("/steward").text
    assert "1 proposed to the register, to be decided" in page
    assert WRITTEN in page
    assert "To be decided" in sam.get(LIST).text


def test_a_contributor_has_no_such_task(place: Place, sam: Visitor) -> None:
    assert "proposed to the register" not in place.visitor("robin").get("/steward").text


def test_a_proposal_is_matched_with_a_reason(place: Place, sam: Visitor) -> None:
    page = decide(sam, "match", known=CALLED)
    assert "Matched to a known organisation" in page
    assert WHY in page
    assert "0 proposed to the register" in sam.get("/steward").text
    assert verdicts(place) == [Verdict.MATCHED]


def test_a_proposal_is_accepted_with_a_name_and_a_kind(sam: Visitor) -> None:
    assert "Made-Up Trust (voluntary organisation)" in decide(sam, "accept", label="Made-Up Trust", kind="voluntary")


def test_what_was_decided_is_undone(place: Place, sam: Visitor) -> None:
    decide(sam, "leave")
    number = Proposals(place.desk.ledger).settled()[Iri(TRUST)].number
    decide(sam, "undo", seen=str(number))
    assert verdicts(place) == [Verdict.LEFT, Verdict.UNDONE]


@pytest.mark.parametrize(
    ("step", "fields", "status"),
    [
        ("match", {"known": CALLED, "reason": " "}, 400),
        ("match", {"known": "Nobody of that name"}, 404),
        ("accept", {"label": "Made-Up Trust"}, 400),
        ("leave", {"seen": "9"}, 409),
        ("undo", {}, 409),
    ],
)
def test_what_cannot_be_decided_is_told_and_what_was_typed_stays(
    place: Place, sam: Visitor, step: str, fields: dict[str, str], status: int
) -> None:
    answer = sam.send(ONE, f"{LIST}/{step}", **{"iri": TRUST, "seen": "0", "reason": WHY, **fields})
    assert answer.status_code == status
    assert "There is a problem" in answer.text
    assert step == "undo" or fields.get("known", fields.get("label", WHY)) in answer.text
    assert verdicts(place) == []


def test_a_page_says_what_was_seen_or_decides_nothing(place: Place, sam: Visitor) -> None:
    assert sam.send(ONE, f"{LIST}/leave", iri=TRUST, reason=WHY).status_code == 400
    assert verdicts(place) == []


def test_a_program_sees_the_same_list_and_decides_with_its_token(place: Place, sam: Visitor) -> None:
    client, how = place.app.test_client(), {"Authorization": f"Bearer {place.tokens['sam']}"}
    (found,) = client.get(LIST, headers=how).json["proposals"]
    assert (found["iri"], found["mentions"][0]["name"], found["mentions"][0]["parts"]) == (TRUST, WRITTEN, ["funder"])
    answer = client.post(f"{LIST}/match", headers=how, data={"iri": TRUST, "known": KNOWN, "reason": WHY})
    assert (answer.status_code, answer.json["settled"]["known"]) == (200, KNOWN)


def test_the_list_can_be_saved(sam: Visitor) -> None:
    saved = sam.get(f"{LIST}.csv")
    assert saved.status_code == 200
    assert WRITTEN in saved.text


@pytest.mark.parametrize("iri", ["", KNOWN, "x"])
def test_what_nobody_proposes_is_not_found(sam: Visitor, iri: str) -> None:
    assert sam.get(f"/steward/proposals/one?iri={iri}").status_code == 404
    assert sam.send(ONE, f"{LIST}/leave", iri=iri, seen="0", reason=WHY).status_code == 404
