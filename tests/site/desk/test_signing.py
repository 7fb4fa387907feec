"""Signing in and out of the desk."""

from __future__ import annotations

import pytest
from tests.site.desk.conftest import WORDS, Place

from taxonomy.publishing import attempts
from taxonomy.settings import Settings
from taxonomy.site.desk import create_desk

SIGN_IN = "/steward/sign-in"


def test_a_page_of_the_desk_leads_whoever_has_not_signed_in_to_the_form_and_back(with_password: Place) -> None:
    visitor = with_password.visitor()
    away = visitor.get("/steward/help")
    assert (away.status_code, away.headers["Location"]) == (303, "/steward/sign-in?next=/steward/help")
    done = visitor.send(away.headers["Location"], SIGN_IN, name="sam", password=WORDS, next="/steward/help")
    assert (done.status_code, done.headers["Location"]) == (303, "/steward/help")
    page = visitor.get("/steward/help")
    assert page.status_code == 200
    assert "Signed in as" in page.text


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(with_password: Place) -> None:
    given = with_password.visitor().get(SIGN_IN).headers["Set-Cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "Expires" not in given


def test_whoever_was_signed_out_while_they_wrote_is_told_that_it_was_not_taken(with_password: Place) -> None:
    number = with_password.submitted()
    at = f"/steward/submissions/{number}"
    visitor = with_password.visitor("sam")
    mark = visitor.get(at).text.partition('name="mark" value="')[2][:64]
    visitor.client.delete_cookie("svssv-desk", domain="localhost")
    referrer = {"Referer": f"http://localhost{at}"}
    away = visitor.client.post(f"{at}/approve", data={"mark": mark, "seen": "1"}, headers=referrer)
    assert (away.status_code, away.location) == (303, f"{SIGN_IN}?next={at}&ended=yes")
    assert "nothing of it was taken" in visitor.get(away.location).text
    assert len(with_password.desk.history(number)) == 1


@pytest.mark.parametrize("url", ["https://desk.example.org", "http://desk.example.org"])
def test_anywhere_but_on_this_machine_the_cookie_goes_over_tls_alone(with_password: Place, url: str) -> None:
    app = create_desk(with_password.desk._home.path, {"SETTINGS": Settings(desk_url=url)})
    given = app.test_client().get(SIGN_IN, headers={"Host": "desk.example.org", "Accept": "text/html"})
    assert given.headers["Set-Cookie"].startswith("__Host-svssv-desk=")
    assert "; Secure" in given.headers["Set-Cookie"]


def test_signing_in_exchanges_the_word_that_the_browser_held(with_password: Place) -> None:
    visitor = with_password.visitor()
    visitor.client.set_cookie("svssv-desk", "a-word-that-somebody-else-planted", domain="localhost")
    visitor.send(SIGN_IN, SIGN_IN, name="sam", password=WORDS)
    held = visitor.client.get_cookie("svssv-desk", domain="localhost")
    assert held is not None
    assert held.value != "a-word-that-somebody-else-planted"
    assert visitor.get("/steward").status_code == 200


def test_a_wrong_password_keeps_the_name_that_was_typed_and_says_nothing_of_it(with_password: Place) -> None:
    visitor = with_password.visitor()
    pages = [
        visitor.send(SIGN_IN, SIGN_IN, name=name, password="not the words", next="/steward/help")
        for name in ("sam", "nobody")
    ]
    assert [page.status_code for page in pages] == [403, 403]
    assert 'value="sam"' in pages[0].text
    assert "not the words" not in pages[0].text
    assert pages[0].text.replace("sam", "nobody") == pages[1].text


def test_too_many_tries_are_answered_with_when_to_come_back(with_password: Place) -> None:
    visitor = with_password.visitor()
    for _ in range(attempts.MOST_BOTH):
        visitor.send(SIGN_IN, SIGN_IN, name="sam", password="not the words")
    refused = visitor.send(SIGN_IN, SIGN_IN, name="sam", password=WORDS)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "too many tries" in refused.text


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/steward/../x", "/steward//evil", "/x", ""]
)
def test_signing_in_leads_nowhere_but_to_the_desk(with_password: Place, path: str) -> None:
    done = with_password.visitor().send(SIGN_IN, SIGN_IN, name="sam", password=WORDS, next=path)
    assert done.headers["Location"] == "/steward"


def test_signing_out_ends_the_session_in_the_ledger_too(with_password: Place) -> None:
    visitor = with_password.visitor("sam")
    held = visitor.client.get_cookie("svssv-desk", domain="localhost")
    assert held is not None
    assert visitor.send("/steward", "/steward/sign-out").status_code == 303
    again = with_password.visitor()
    again.client.set_cookie("svssv-desk", held.value, domain="localhost")
    assert again.get("/steward").status_code == 303


def test_a_form_without_its_mark_or_with_that_of_another_browser_is_refused(with_password: Place) -> None:
    visitor = with_password.visitor("sam")
    for mark in ("", "0" * 64, "é"):
        assert visitor.client.post("/steward/sign-out", data={"mark": mark}).status_code == 403
    assert visitor.get("/steward").status_code == 200


def test_signing_in_without_the_forms_own_mark_is_refused(with_password: Place) -> None:
    answer = with_password.visitor().client.post(SIGN_IN, data={"name": "sam", "password": WORDS})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_that_another_site_sent_is_refused_even_with_the_right_mark(
    with_password: Place, headers: dict[str, str]
) -> None:
    visitor = with_password.visitor("sam")
    mark = visitor.get("/steward").text.partition('name="mark" value="')[2][:64]
    refused = visitor.client.post("/steward/sign-out", data={"mark": mark}, headers=headers)
    assert refused.status_code == 403
    assert visitor.get("/steward").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "user@localhost", "localhost/x", "", "[::1"]
)
def test_a_desk_asked_for_by_another_name_does_not_answer(with_password: Place, host: str) -> None:
    answer = with_password.app.test_client().get("/steward", headers={"Host": host})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1", "[::1]:9000"])
def test_on_this_machine_the_desk_answers_by_any_of_its_names(with_password: Place, host: str) -> None:
    assert with_password.app.test_client().get("/healthz", headers={"Host": host}).status_code == 200


def test_pages_of_the_desk_are_private_and_run_nothing_of_others(with_password: Place) -> None:
    page = with_password.visitor("sam").get("/steward")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")


def test_a_token_is_asked_for_no_mark_and_is_answered_in_json(with_password: Place) -> None:
    client = with_password.app.test_client()
    answer = client.get("/steward", headers={"Authorization": f"Bearer {with_password.tokens['sam']}"})
    assert answer.status_code == 200
    lists = ("submitted", "returned", "approved", "due", "requests", "failing", "proposals")
    assert answer.json == {name: [] for name in lists}
    assert "Set-Cookie" not in answer.headers


def test_a_token_and_a_cookie_are_never_taken_together(with_password: Place) -> None:
    visitor = with_password.visitor("sam")
    answer = visitor.get("/steward", headers={"Authorization": f"Bearer {with_password.tokens['sam']}"})
    assert answer.status_code == 400


def test_a_token_signs_nobody_in(with_password: Place) -> None:
    bearer = {"Authorization": f"Bearer {with_password.tokens['sam']}"}
    assert with_password.app.test_client().get(SIGN_IN, headers=bearer).status_code == 403
