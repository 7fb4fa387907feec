"""People and accounts at the desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.site.desk.conftest import CENTRE, WORDS, Place

from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.people import People, Role, Scope
from taxonomy.publishing.tokens import Tokens

NEW = "kettle meadow saxophone"  # made up
PEOPLE = "/steward/people"


def one(place: Place, name: str) -> str:
    return f"{PEOPLE}/{place.people[name].id}"


def token_on(page: str) -> str:
    found = re.search(r"svssv_[\w-]+", page)
    assert found
    return found[0]


def test_an_administrator_adds_somebody_whose_token_is_shown_once(place: Place) -> None:
    visitor = place.visitor("alex")
    page = visitor.send(PEOPLE, PEOPLE, name="pat", role="contributor", organisations=f"{CENTRE}\n", areas="")
    held = Tokens(place.desk.ledger).holder(token_on(page.text))
    assert (held.name, held.roles, held.organisations) == ("pat", {Role.CONTRIBUTOR}, {CENTRE})
    assert "svssv_" not in visitor.get(PEOPLE).text


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "role": "steward"},
        {"name": "pat", "role": "emperor"},
        {"name": "pat"},
        {"name": "sam", "role": "steward"},
        {"name": "pat", "role": "contributor", "organisations": "javascript:alert(1)"},
    ],
)
def test_what_cannot_be_added_is_said_and_what_was_typed_stays(place: Place, fields: dict[str, str]) -> None:
    page = place.visitor("alex").send(PEOPLE, PEOPLE, **fields)
    assert page.status_code == 400
    assert "There is a problem" in page.text
    assert f'name="name" type="text" spellcheck="false" value="{fields["name"]}"' in page.text or not fields["name"]
    assert len(People(place.desk.ledger).list()) == len(place.people)


def test_roles_are_changed_as_a_whole_and_only_the_forms_fields_count(place: Place) -> None:
    at = one(place, "kim")
    place.visitor("alex").send(
        at, f"{at}/roles", role=["contributor", "steward"], organisations="", id="1", disabled="x"
    )
    kim = People(place.desk.ledger).find("kim")
    assert (kim.roles, kim.organisations, kim.id) == (
        {Role.CONTRIBUTOR, Role.STEWARD},
        set(),
        place.people["kim"].id,
    )
    assert kim.disabled is None


def test_the_last_administrator_stays(place: Place) -> None:
    at = one(place, "alex")
    assert place.visitor("alex").send(at, f"{at}/disable").status_code == 403
    assert place.visitor("alex").send(at, f"{at}/roles", role="steward", organisations="").status_code == 403
    assert People(place.desk.ledger).find("alex").roles == {Role.ADMINISTRATOR}


def test_an_administrator_sets_a_password_and_disables(place: Place) -> None:
    at = one(place, "sam")
    assert place.visitor("alex").send(at, f"{at}/password", new=NEW, again=NEW).status_code == 303
    assert Passwords(place.desk.ledger).shown("sam", NEW).name == "sam"
    sam = place.visitor("sam")
    assert place.visitor("alex").send(at, f"{at}/disable").status_code == 303
    assert sam.get("/steward").status_code == 303


def test_the_list_of_people_is_a_file_too(place: Place) -> None:
    reply = place.visitor("alex").get("/steward/people.csv")
    rows = reply.text.splitlines()
    assert (reply.mimetype, rows[0].split(",")[:4]) == ("text/csv", ["name", "roles", "organisations", "areas"])
    assert [row.split(",")[0] for row in rows[1:]] == sorted(place.people)
    assert place.visitor("sam").get("/steward/people.csv").status_code == 403


def test_an_administrator_lets_somebody_act_again(place: Place) -> None:
    at, alex = one(place, "kim"), place.visitor("alex")
    assert alex.send(at, f"{at}/disable").status_code == 303
    assert "Let kim act again" in alex.get(at).text
    assert alex.send(at, f"{at}/enable").status_code == 303
    assert People(place.desk.ledger).find("kim").disabled is None
    assert place.visitor("kim").get("/steward").status_code == 200


def test_a_token_is_made_with_its_scopes_and_revoked(place: Place) -> None:
    at, visitor = one(place, "sam"), place.visitor("alex")
    page = visitor.send(at, f"{at}/tokens", label="overnight", scope="review", expires="2099-12-31")
    assert Tokens(place.desk.ledger).holder(token_on(page.text)).scopes == {Scope.REVIEW}
    made = next(
        each for each in Tokens(place.desk.ledger).list("sam", by=place.people["sam"]) if each.label == "overnight"
    )
    assert visitor.send(at, f"{at}/tokens/{made.id}/revoke").status_code == 303
    assert "overnight" not in visitor.get(at).text
    assert visitor.send(at, f"{at}/tokens/{made.id}/revoke").status_code == 404


def test_my_password_takes_the_old_one_and_signs_me_out_everywhere_else(with_password: Place) -> None:
    here, there = with_password.visitor("sam"), with_password.visitor("sam")
    at = "/steward/account"
    wrong = here.send(at, f"{at}/password", old="not the words", new=NEW, again=NEW)
    assert wrong.status_code == 403
    assert here.send(at, f"{at}/password", old=WORDS, new=NEW, again=NEW + " ").status_code == 400
    assert here.send(at, f"{at}/password", old=WORDS, new=NEW, again=NEW).status_code == 303
    assert here.get(at).status_code == 200
    assert there.get(at).status_code == 303
    assert Passwords(with_password.desk.ledger).shown("sam", NEW).name == "sam"


def test_a_password_that_was_typed_is_on_no_page_and_in_no_file(with_password: Place) -> None:
    canary = "canary kestrel volcano"
    page = with_password.visitor("sam").send(
        "/steward/account", "/steward/account/password", old=canary, new=canary, again=canary
    )
    assert canary not in page.text
    kept = [path for path in with_password.desk._home.path.rglob("*") if path.is_file() and _holds(path, canary)]
    assert kept == []


def _holds(path: Path, text: str) -> bool:
    return text.encode() in path.read_bytes()


def test_my_own_tokens_are_mine_to_make_and_revoke_and_others_are_not(place: Place) -> None:
    at, visitor = "/steward/account", place.visitor("kim")
    page = visitor.send(at, f"{at}/tokens", label="mine", scope="submit")
    assert Tokens(place.desk.ledger).holder(token_on(page.text)).name == "kim"
    [others] = Tokens(place.desk.ledger).list("sam", by=place.people["sam"])
    assert visitor.send(at, f"{at}/tokens/{others.id}/revoke").status_code == 404
    assert Tokens(place.desk.ledger).holder(place.tokens["sam"]).name == "sam"


@pytest.mark.parametrize("fields", [{"scope": "everything"}, {}, {"scope": "review", "expires": "tomorrow"}])
def test_a_token_that_makes_no_sense_is_refused_in_words(place: Place, fields: dict[str, str]) -> None:
    page = place.visitor("kim").send("/steward/account", "/steward/account/tokens", **fields)
    assert page.status_code == 400
    assert "There is a problem" in page.text


def test_what_was_typed_for_a_token_that_is_refused_stays(place: Place) -> None:
    typed = {"label": "the nightly list", "scope": "review", "expires": "tomorrow"}
    own, others = "/steward/account", one(place, "sam")
    for page in (
        place.visitor("sam").send(own, f"{own}/tokens", **typed),
        place.visitor("alex").send(others, f"{others}/tokens", **typed),
    ):
        assert page.status_code == 400
        assert 'value="the nightly list"' in page.text
        assert re.search(r'value="review" checked', page.text)
        assert 'value="tomorrow"' in page.text


def test_a_program_with_the_right_scope_looks_after_people(place: Place) -> None:
    headers = {"Authorization": f"Bearer {place.tokens['alex']}"}
    client = place.app.test_client()
    found = client.get(PEOPLE, headers=headers).json
    assert found
    assert {each["name"] for each in found["people"]} == set(place.people)
    added = client.post(PEOPLE, data={"name": "pat", "role": "steward"}, headers=headers).json
    assert added
    assert added["name"] == "pat"
    assert client.post(PEOPLE, data={"name": "pat", "role": "steward"}, headers=headers).status_code == 400
