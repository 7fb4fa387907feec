"""Urgent withdrawal at the desk: what it does is said before, it is done once, and what it did is told afterwards."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import canaries
from tests.site.desk.conftest import RECORD, Place, opened, peopled

from taxonomy.errors import ReplacedError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import State
from taxonomy.publishing.people import Person
from taxonomy.store.releases import Home

TEXT = RECORD.read_text(encoding="utf-8")
SAFER = TEXT.replace("Made-Up Counselling", "Quiet Talking").replace("made-up-counselling", "quiet-talking")
TELLING = ("Made-Up Counselling", "made-up-counselling")
Model = tuple[Path, dict[str, tuple[Person, str]]]
PAGE = "/steward/submissions/1/urgent"


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def home(place: Place) -> Home:
    return Home.open(place.desk._home.path)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A home with a record published in release 1, and a version that does not say it any more that is approved."""
    path = tmp_path_factory.mktemp("urgent") / "practice"
    with Desk(Home.init(path, practice=True)) as desk:
        people = peopled(desk)
        sam = people["sam"][0]
        for text in (TEXT, SAFER):
            record = path.parent / "record.ttl"
            record.write_text(text, encoding="utf-8")
            kept = desk.submit(record, people["robin"][0]).submission
            assert kept
            desk.approve(kept.id, sam, "Read together")
            if kept.id == 1:
                desk.publish([1], sam)
    return path, people


@pytest.fixture
def public(model: Model, tmp_path: Path) -> Iterator[Place]:
    path, people = model
    with opened(shutil.copytree(path, tmp_path / "practice", symlinks=True), people) as place:
        yield place


def test_the_page_says_before_what_goes_what_is_made_anew_and_what_it_cannot_reach(public: Place) -> None:
    sam = public.visitor("sam")
    assert f'href="{PAGE}"' in sam.get("/steward/submissions/1").text
    said = plain(sam.get(PAGE).text)
    assert "Release 1 holds the record" in said
    assert "All that submission 1 said is destroyed" in said
    assert "Backups that were made before" in said
    assert "Copies that others took" in said
    assert public.desk.show(1).state is State.PUBLISHED


def test_what_must_go_is_in_no_file_and_the_page_says_which_release_took_the_place_of_which(public: Place) -> None:
    public.desk.return_(2, public.people["sam"], "not yet")
    sam = public.visitor("sam")
    done = sam.send(PAGE, PAGE, seen="3", reason="Asked for by telephone")
    assert (done.status_code, done.headers["Location"]) == (303, f"{PAGE}/done")
    assert canaries.seen(public.desk._home.path, TELLING) == {}
    said = plain(sam.get(f"{PAGE}/done").text)
    assert "Release 1 Release 1.1" in said
    assert "What submission 1 said" in said
    assert "Submission 2 : not public" in said or "Submission 2: not public" in said
    assert "Why: Asked for by telephone" in said
    with pytest.raises(ReplacedError):
        home(public).manifest(1)


def test_the_page_of_a_release_made_anew_is_found_by_its_number(public: Place) -> None:
    public.desk.purge([1], public.people["sam"], "Asked for by telephone")
    sam = public.visitor("sam")
    assert "Release 1.1 is in service" in sam.get("/steward/publish/1.1").text
    assert sam.get("/steward/publish/1").status_code == 410
    assert sam.get("/steward/publish/one").status_code == 404


def test_an_approved_version_takes_its_place(public: Place) -> None:
    sam = public.visitor("sam")
    assert "Submission 2, submitted on" in sam.get(PAGE).text
    assert sam.send(PAGE, PAGE, seen="3", reason="Asked for by telephone", instead="2").status_code == 303
    assert (public.desk.show(1).state, public.desk.show(2).state) == (State.ERASED, State.PUBLISHED)
    assert "Public now Submission 2" in plain(sam.get(f"{PAGE}/done").text)
    with KnowledgeGraph.open(home(public)) as kg:
        assert "Quiet Talking" in {row.label("service") for row in kg.ask("services-in-area", area="E23000036")}
    assert canaries.seen(public.desk._home.path, TELLING) == {}


@pytest.mark.parametrize(
    ("reason", "told"),
    [("  ", "Nothing says why"), ("They know Made-Up Counselling", "repeats what has to go"), ("x" * 2001, "2,001")],
    ids=["none", "repeating", "too long"],
)
def test_a_reason_that_will_not_do_is_still_there_and_nothing_is_done(public: Place, reason: str, told: str) -> None:
    answer = public.visitor("sam").send(PAGE, PAGE, seen="3", reason=reason, instead="2")
    assert answer.status_code == 400
    assert told in answer.text
    assert f"{reason.strip()}</textarea>" in answer.text
    assert '<option value="2" selected>' in answer.text
    assert public.desk.show(1).state is State.PUBLISHED


@pytest.mark.parametrize("instead", ["x", "-1", "99", "1"])
def test_what_cannot_take_its_place_is_refused_before_anything_is_done(public: Place, instead: str) -> None:
    answer = public.visitor("sam").send(PAGE, PAGE, seen="3", reason="Asked for by telephone", instead=instead)
    assert answer.status_code in {400, 404, 409}
    assert public.desk.show(1).state is State.PUBLISHED
    assert home(public).withheld() == ()


@pytest.mark.parametrize(("seen", "status"), [("", 400), ("2", 409)])
def test_whoever_did_not_see_the_last_decision_withdraws_nothing(public: Place, seen: str, status: int) -> None:
    answer = public.visitor("sam").send(PAGE, PAGE, seen=seen, reason="Asked for by telephone")
    assert answer.status_code == status
    assert "Asked for by telephone</textarea>" in answer.text
    assert public.desk.show(1).state is State.PUBLISHED


def test_the_same_form_sent_twice_withdraws_once(public: Place) -> None:
    sam = public.visitor("sam")
    mark = sam.get(PAGE).text.partition('name="mark" value="')[2][:64]
    form = {"mark": mark, "seen": "3", "reason": "Asked for by telephone"}
    assert [sam.client.post(PAGE, data=form).status_code for _ in range(2)] == [303, 303]
    assert [each.what for each in public.desk.history(1)].count(State.ERASED) == 1
    assert sam.get(PAGE).headers["Location"] == f"{PAGE}/done"


def test_where_what_should_take_its_place_is_not_fit_it_has_gone_all_the_same_and_this_is_said(public: Place) -> None:
    place = public
    broken = SAFER.replace("made-up-centre", "made-up-haven").replace("Made-Up Centre", "Made-Up Haven")
    third = place.submitted(broken, by="kim")
    place.desk.approve(third, place.people["sam"])
    place.desk.publish([third], place.people["sam"])  # the same service is public as another organisation's now
    answer = place.visitor("sam").send(PAGE, PAGE, seen="3", reason="Asked for by telephone", instead="2")
    assert answer.status_code in {403, 409}
    assert "The record has gone" in answer.text
    assert (place.desk.show(1).state, place.desk.show(2).state) == (State.ERASED, State.APPROVED)


def test_a_record_that_was_never_public_is_returned_not_withdrawn(place: Place) -> None:
    number = place.submitted()
    page = f"/steward/submissions/{number}/urgent"
    sam = place.visitor("sam")
    assert "No version of this record was ever public" in sam.get(page).text
    headers = {"Authorization": f"Bearer {place.tokens['sam']}"}
    asked = place.app.test_client().post(page, data={"reason": "Asked for by telephone"}, headers=headers)
    assert asked.status_code == 403
    assert place.desk.show(number).state is State.SUBMITTED


def test_a_program_withdraws_with_its_token_and_is_told_the_same(public: Place) -> None:
    headers = {"Authorization": f"Bearer {public.tokens['sam']}"}
    answer = public.app.test_client().post(PAGE, data={"reason": "Asked for by telephone"}, headers=headers)
    assert answer.status_code == 200
    assert answer.json
    assert (answer.json["erased"], answer.json["kept"]) == ([1], [2])
    assert [(each["release"], each["by"]) for each in answer.json["replaced"]] == [("1", "1.1")]
