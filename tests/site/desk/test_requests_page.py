"""The page of requests: what is asked stands there with its clock, is closed once, and is a task meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.site.desk.conftest import Place

from taxonomy.publishing.requests import Kind, Outcome, Requests

PAGE = "/steward/requests"
TODAY = datetime.now(UTC).date()
SERVICE = "https://example.org/id/service/made-up-counselling"


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def long_ago(place: Place) -> int:
    """A request that should have been answered."""
    day = TODAY - timedelta(days=60)
    return Requests(place.desk.ledger).add(Kind.CORRECTION, SERVICE, place.people["sam"], received=day).id


def test_a_request_is_written_down_by_a_form_and_is_due_in_a_month(place: Place) -> None:
    sam = place.visitor("sam")
    form = {"kind": "erasure", "about": SERVICE, "received": "2026-11-05", "seen": "0"}
    assert sam.send(PAGE, PAGE, **form).status_code == 303
    [kept] = Requests(place.desk.ledger).open()
    assert (kept.kind, kept.about, kept.due) == (Kind.ERASURE, SERVICE, date(2026, 12, 5))
    assert "To erase something 5 November 2026 5 December 2026" in plain(sam.get(PAGE).text)


def test_the_same_form_sent_twice_writes_one_request_down(place: Place) -> None:
    sam = place.visitor("sam")
    form = {"kind": "reply", "about": SERVICE, "received": "", "seen": "0"}
    assert [sam.send(PAGE, PAGE, **form).status_code for _ in range(2)] == [303, 303]
    assert len(Requests(place.desk.ledger).list()) == 1


@pytest.mark.parametrize(
    "wrong", [{"kind": "x"}, {"about": "their service"}, {"received": "2999-01-01"}, {"received": "5 November"}]
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(place: Place, wrong: dict[str, str]) -> None:
    form = {"kind": "reply", "about": SERVICE, "received": "2026-11-05", "seen": "0", **wrong}
    answer = place.visitor("sam").send(PAGE, PAGE, **form)
    assert answer.status_code == 400
    assert f'value="{form["about"]}"' in answer.text
    assert f'value="{form["received"]}"' in answer.text
    assert Requests(place.desk.ledger).list() == ()


def test_a_late_request_is_marked_on_the_task_list_and_leads_to_the_page(place: Place) -> None:
    number = long_ago(place)
    page = place.visitor("sam").get("/steward").text
    assert "1 request to be answered" in page
    assert f'href="{PAGE}#request-{number}"' in page
    assert ">Late</strong>" in page


def test_a_contributor_sees_no_requests_on_the_task_list(place: Place) -> None:
    long_ago(place)
    assert "to be answered" not in place.visitor("robin").get("/steward").text


def test_a_request_is_closed_with_how_it_ended_and_the_same_again_changes_nothing(place: Place) -> None:
    number, sam = long_ago(place), place.visitor("sam")
    for _ in range(2):
        assert sam.send(PAGE, f"{PAGE}/{number}/close", outcome="corrected").status_code == 303
    [kept] = Requests(place.desk.ledger).list()
    assert (kept.outcome, kept.closed) == (Outcome.CORRECTED, TODAY)
    assert "It was corrected" in sam.get(PAGE).text
    assert "0 requests to be answered" in sam.get("/steward").text


def test_a_closed_request_is_not_closed_otherwise(place: Place) -> None:
    number, sam = long_ago(place), place.visitor("sam")
    Requests(place.desk.ledger).close(number, Outcome.REFUSED, place.people["sam"])
    answer = sam.send(PAGE, f"{PAGE}/{number}/close", outcome="corrected")
    assert answer.status_code == 403
    assert "was closed on" in answer.text


def test_a_request_that_is_not_there_is_not_found(place: Place) -> None:
    sam = place.visitor("sam")
    assert sam.send(PAGE, f"{PAGE}/7/close", outcome="corrected").status_code == 404
    assert sam.send(PAGE, f"{PAGE}/99999999999999999999/close", outcome="corrected").status_code == 404


def test_an_outcome_has_to_be_chosen(place: Place) -> None:
    number = long_ago(place)
    assert place.visitor("sam").send(PAGE, f"{PAGE}/{number}/close", outcome="").status_code == 400
    assert Requests(place.desk.ledger).open()


def test_the_list_can_be_saved_and_holds_what_the_screen_shows(place: Place) -> None:
    long_ago(place)
    sam = place.visitor("sam")
    assert f'href="{PAGE}.csv"' in sam.get(PAGE).text
    saved = sam.get(f"{PAGE}.csv").text
    assert f"1,To correct something,{SERVICE},made-up-counselling," in saved
    assert "Late" in saved
    assert sam.get(f"{PAGE}.xlsx").data.startswith(b"PK")
    told = sam.get(f"{PAGE}.json").json
    assert told
    assert [(each["id"], each["received"]) for each in told["requests"]] == [
        (1, (TODAY - timedelta(days=60)).isoformat())
    ]
