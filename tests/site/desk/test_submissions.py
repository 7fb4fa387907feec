"""A submission at the desk: what it changes, what the public will see, and what is decided about it, once."""

from __future__ import annotations

import re

import pytest
from tests.site.desk.conftest import CENTRE, RECORD, Place

from taxonomy.errors import NotAllowedError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing.confirmations import due
from taxonomy.publishing.ledger import State

TEXT = RECORD.read_text(encoding="utf-8")
CHANGED = TEXT.replace("12345.00", "23456.00").replace("sv:minimumAge 16 ;\n", "")


def bearer(place: Place, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {place.tokens[name]}"}


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def public(place: Place) -> Place:
    """With the made-up centre's record published, and a changed one that waits."""
    first = place.submitted()
    place.desk.approve(first, place.people["sam"], "Read together")
    place.desk.publish([first], place.people["sam"])
    place.submitted(CHANGED)
    return place


def test_the_task_list_says_what_waits_and_leads_to_it(place: Place) -> None:
    number = place.submitted()
    page = place.visitor("sam").get("/steward").text
    assert "1 waiting for a steward" in page
    assert f'href="/steward/submissions/{number}"' in page


def test_a_contributor_sees_their_own_organisations_submissions_and_no_others(place: Place) -> None:
    place.submitted()
    lists = {name: place.visitor(name).get("/steward/submissions").text for name in ("robin", "kim", "jo", "sam")}
    assert {name for name, page in lists.items() if "made-up-centre" in page} == {"robin", "sam"}


def test_a_submission_stands_beside_what_is_public_with_each_change_in_words(public: Place) -> None:
    said = plain(public.visitor("sam").get("/steward/submissions/2").text)
    assert "Part 1 of Made-up grant for Made-Up Counselling Changed" in said
    assert "Amount Changed £12,345 £23,456" in said
    assert "Minimum age Gone 16 nothing" in said
    assert "Made-Up Centre Changed" not in said


def test_what_the_public_will_see_is_all_that_the_record_says(public: Place) -> None:
    said = plain(public.visitor("robin").get("/steward/submissions/2/preview").text)
    for fact in ("Made-Up Counselling", "£23,456", "Avon and Somerset", "All genders", "31 March 2028"):
        assert fact in said
    assert "last confirmed 2 November 2026" in said


def test_before_the_first_release_all_of_a_record_is_new(place: Place) -> None:
    number = place.submitted()
    said = plain(place.visitor("sam").get(f"/steward/submissions/{number}").text)
    assert "so all of it is new" in said
    assert "Made-Up Counselling New" in said


def test_a_steward_approves_with_a_reason_and_the_history_says_so(place: Place) -> None:
    number = place.submitted()
    at = f"/steward/submissions/{number}"
    done = place.visitor("sam").send(at, f"{at}/approve", seen="1", reason="Read it with the provider")
    assert done.status_code == 303
    assert place.desk.show(number).state is State.APPROVED
    assert place.desk.history(number)[-1].why == "Read it with the provider"


def test_a_return_takes_a_reason_and_says_where_it_is_missing(place: Place) -> None:
    number = place.submitted()
    at = f"/steward/submissions/{number}"
    refused = place.visitor("sam").send(at, f"{at}/return", seen="1", reason="  ")
    assert refused.status_code == 400
    assert "There is a problem" in refused.text
    assert place.desk.show(number).state is State.SUBMITTED
    assert place.visitor("sam").send(at, f"{at}/return", seen="1", reason="The grant has ended").status_code == 303
    assert "The grant has ended" in place.visitor("robin").get(at).text


def test_nobody_approves_their_own_by_any_route(place: Place) -> None:
    number = place.submitted(by="sam")
    at = f"/steward/submissions/{number}"
    visitor = place.visitor("sam")
    assert "another person has to approve it" in visitor.get(at).text
    assert visitor.send(at, f"{at}/approve", seen="1").status_code == 403
    client = place.app.test_client()
    assert client.post(f"{at}/approve", headers=bearer(place, "sam")).status_code == 403
    with pytest.raises(NotAllowedError):
        place.desk.approve(number, place.people["sam"])
    assert place.desk.show(number).state is State.SUBMITTED


def test_whoever_decides_second_is_told_and_loses_nothing_that_they_typed(place: Place) -> None:
    number = place.submitted()
    at = f"/steward/submissions/{number}"
    place.desk.approve(number, place.people["sam"], "first")
    place.people["pat"], _ = _add_steward(place, "pat")
    refused = place.visitor("pat").send(at, f"{at}/return", seen="1", reason="A long and careful text")
    assert refused.status_code == 409
    assert "A long and careful text</textarea>" in refused.text
    assert "decided on submission 1 meanwhile" in plain(refused.text)
    assert place.desk.show(number).state is State.APPROVED


def _add_steward(place: Place, name: str) -> tuple[object, str]:
    from taxonomy.publishing.people import People, Role

    return People(place.desk.ledger).add(name, [Role.STEWARD], by=place.people["alex"])  # type: ignore[return-value]  # it gives the person and a token


def test_what_was_typed_is_shown_even_where_nothing_is_left_to_decide(place: Place) -> None:
    number = place.submitted()
    at = f"/steward/submissions/{number}"
    visitor = place.visitor("sam")
    page = visitor.get(at).text
    mark = page.partition('name="mark" value="')[2][:64]
    place.desk.return_(number, place.people["sam"], "first")
    typed = {"mark": mark, "seen": "1", "reason": "All is well with it"}
    refused = visitor.client.post(f"{at}/approve", data=typed)
    assert refused.status_code == 409
    assert "All is well with it" in refused.text


def test_the_same_form_sent_twice_decides_once(place: Place) -> None:
    number = place.submitted()
    at = f"/steward/submissions/{number}"
    visitor = place.visitor("sam")
    for _ in range(2):
        assert visitor.send(at, f"{at}/approve", seen="1", reason="once").status_code == 303
    assert len(place.desk.history(number)) == 2


@pytest.mark.parametrize("seen", ["", "x", "１", "-1", "99999999999"])
def test_a_page_says_what_was_seen_or_decides_nothing(place: Place, seen: str) -> None:
    number = place.submitted()
    at = f"/steward/submissions/{number}"
    assert place.visitor("sam").send(at, f"{at}/approve", seen=seen).status_code == 400
    assert place.desk.show(number).state is State.SUBMITTED


def test_several_are_published_at_once_and_twice_is_once(place: Place) -> None:
    number = place.submitted()
    place.desk.approve(number, place.people["sam"])
    visitor = place.visitor("sam")
    nothing = visitor.send("/steward", "/steward/publish", note="A note that was typed")
    assert nothing.status_code == 400
    assert "A note that was typed" in nothing.text
    done = visitor.send("/steward", "/steward/publish", number=str(number), note="The first record")
    assert (done.status_code, done.headers["Location"]) == (303, "/steward/publish/1")
    assert "Release 1 is in service" in visitor.get("/steward/publish/1").text
    again = visitor.send("/steward", "/steward/publish", number=str(number))
    assert again.status_code == 303
    assert [each.number for each in place.desk._home.releases()] == [1]
    with KnowledgeGraph.open(place.desk._home) as kg:
        assert kg.release.note == "The first record"
        assert "Made-Up Counselling" in {row.label("service") for row in kg.ask("services-in-area", area="E23000036")}


def test_what_is_not_approved_is_not_published_and_the_ticks_stay(place: Place) -> None:
    first, second = place.submitted(), place.submitted(CHANGED)
    place.desk.approve(first, place.people["sam"])
    refused = place.visitor("sam").send("/steward", "/steward/publish", number=[str(first), str(second)])
    assert refused.status_code == 409
    assert f'value="{first}" checked' in refused.text
    assert place.desk._home.current() is None


def test_a_note_is_shown_again_where_nothing_is_approved_any_more(place: Place) -> None:
    first = place.submitted()
    place.desk.approve(first, place.people["sam"])
    sam = place.visitor("sam")
    sam.get("/steward")
    place.desk.return_(first, place.people["sam"], "Somebody was faster")
    refused = sam.send("/steward", "/steward/publish", number=str(first), note="What I had to say")
    assert refused.status_code == 409
    assert "What I had to say" in refused.text


def test_what_is_public_is_withdrawn_with_a_reason(public: Place) -> None:
    at = "/steward/submissions/1"
    assert public.visitor("sam").send(at, f"{at}/withdraw", seen="3", reason="").status_code == 400
    assert public.visitor("sam").send(at, f"{at}/withdraw", seen="3", reason="It has closed").status_code == 303
    assert public.desk.show(1).state is State.WITHDRAWN
    assert public.desk.history(1)[-1].why == "It has closed"


def test_a_program_sees_the_same_lists_and_decides_with_its_token(place: Place) -> None:
    number = place.submitted()
    client, at = place.app.test_client(), f"/steward/submissions/{number}"
    found = client.get("/steward/submissions", headers=bearer(place, "sam")).json
    assert found
    assert [(each["id"], each["owner"], each["state"]) for each in found["submissions"]] == [(1, CENTRE, "submitted")]
    assert client.get("/steward/submissions", headers=bearer(place, "kim")).json == {"submissions": []}
    shown = client.get(at, headers=bearer(place, "sam")).json
    assert shown
    assert [each["what"] for each in shown["history"]] == ["submitted"]
    done = client.post(f"{at}/approve", data={"reason": "by a program"}, headers=bearer(place, "sam")).json
    assert done
    assert done["submission"]["state"] == "approved"
    again = client.post(f"{at}/approve", headers=bearer(place, "sam"))
    assert again.status_code == 409
    assert again.json
    assert again.json["error"]["title"] == "Somebody was faster"


def test_the_list_can_be_saved_and_holds_what_the_screen_shows(place: Place) -> None:
    place.submitted()
    visitor = place.visitor("sam")
    assert 'href="/steward/submissions.csv?state=submitted"' in visitor.get("/steward/submissions?state=submitted").text
    saved = visitor.get("/steward/submissions.csv?state=submitted")
    assert saved.headers["Content-Type"].startswith("text/csv")
    assert f"1,{CENTRE},made-up-centre,robin" in saved.text
    assert "Waiting for a steward" in saved.text
    assert visitor.get("/steward/submissions.csv?state=approved").text.count("\n") == 1
    assert visitor.get("/steward/submissions.xlsx").data.startswith(b"PK")
    assert visitor.get("/steward/submissions.json").json["submissions"][0]["id"] == 1  # type: ignore[index]  # the answer is an object
    assert CENTRE not in place.visitor("kim").get("/steward/submissions.csv").text


@pytest.mark.parametrize("path", ["/steward.csv", "/steward/submissions.ttl", "/steward/help.xlsx"])
def test_what_is_no_table_is_not_had_as_one(place: Place, path: str) -> None:
    assert place.visitor("sam").get(path).status_code == 404


def test_a_published_record_is_due_eleven_months_after_it_was_confirmed(public: Place) -> None:
    from datetime import date

    assert due(public.desk, date(2027, 10, 2)) == ()
    [late] = due(public.desk, date(2027, 10, 3))
    assert (late.submission.id, late.confirmed) == (1, date(2026, 11, 2))
    assert due(public.desk, date(2027, 10, 3), to=public.people["kim"]) == ()


def test_what_was_erased_still_has_its_history(place: Place) -> None:
    number = place.submitted()
    place.desk.ledger.erase([number], by=place.people["sam"].id, why="asked for by the organisation")
    page = place.visitor("sam").get(f"/steward/submissions/{number}")
    assert page.status_code == 200
    assert "was erased" in page.text
    assert place.visitor("sam").get(f"/steward/submissions/{number}/preview").status_code == 410


@pytest.mark.parametrize(
    "path", ["/steward/submissions/99", "/steward/submissions/99999999999999999999999", "/steward/submissions?state=x"]
)
def test_what_is_not_there_is_not_found(place: Place, path: str) -> None:
    assert place.visitor("sam").get(path).status_code == 404


@pytest.mark.parametrize("path", ["/services/%0d%0aX-Evil:%20yes", "/services//evil.example", "/areas/../steward"])
def test_a_link_leads_to_the_public_site_and_nowhere_else(place: Place, path: str) -> None:
    away = place.visitor().get(path)
    assert "X-Evil" not in away.headers
    assert away.status_code in {303, 308, 404}
    assert away.headers.get("Location", "/").startswith(("http://127.0.0.1:8000/", "/", "http://localhost/"))


def test_a_link_to_a_thing_leads_to_the_public_site(place: Place) -> None:
    away = place.visitor("sam").get("/taxonomy/service-type/isva")
    assert (away.status_code, away.headers["Location"]) == (303, "http://127.0.0.1:8000/taxonomy/service-type/isva")
