"""Every address of the desk, asked for by everybody who should not: the table of rights, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, update
from tests.site.desk.conftest import PEOPLE, Place, opened
from werkzeug.routing import AnyConverter, IntegerConverter

from taxonomy.publishing.accounts import SessionRow
from taxonomy.publishing.ledger import State
from taxonomy.publishing.people import People, Role
from taxonomy.publishing.person import Scope
from taxonomy.publishing.sessions import Sessions
from taxonomy.publishing.tokens import Tokens
from taxonomy.site.desk import cookies, rights
from taxonomy.site.desk.rights import Owned, Rule

TEXTS = {"organisation": "made-up-centre", "section": "services", "release": "1"}  # what stands in an address for these
WAITING = 1  # the number of the submission that every address is asked about


@dataclass(frozen=True)
class Case:
    """One rule with an address that falls under it."""

    endpoint: str
    method: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


CASES = [
    Case(endpoint, method, rule)
    for endpoint, rules in sorted(rights.RULES.items())
    for rule in rules
    for method in sorted(rule.methods)
]
GUARDED = [case for case in CASES if not case.rule.open]
each_guarded = pytest.mark.parametrize("case", GUARDED, ids=str)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """With one submission of robin's organisation; for all who are refused, for they change nothing."""
    with opened(tmp_path_factory.mktemp("desk") / "practice") as place:
        assert place.submitted() == WAITING
        yield place
        assert [each.state for each in place.desk.list()] == [State.SUBMITTED]


@pytest.fixture(scope="module")
def newcomers() -> Iterator[str]:
    """Names that nobody has had."""
    return (f"newcomer {number}" for number in count())


def address(place: Place, case: Case) -> str:
    """An address that falls under a rule; every number in it is that of the submission, or of a person who is there."""
    rule = next(place.app.url_map.iter_rules(case.endpoint))
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        match converter:
            case IntegerConverter():
                values[name] = WAITING
            case AnyConverter():
                values[name] = min(converter.items)
            case _:
                values[name] = TEXTS.get(name, "main.css")
    return place.app.url_map.bind("localhost").build(case.endpoint, values, method=case.method)


def by_cookie(place: Place, case: Case, name: str, word: str | None = None) -> int:
    visitor = place.visitor(name)
    if word is not None:
        visitor.client.set_cookie("svssv-desk", word, domain="localhost")
    held = visitor.client.get_cookie("svssv-desk", domain="localhost")
    mark = cookies.mark(held.value) if held and held.value else ""
    return visitor.client.open(address(place, case), method=case.method, data={"mark": mark}).status_code


def by_token(place: Place, case: Case, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return place.app.test_client().open(address(place, case), method=case.method, headers=headers).status_code


def those_without(rule: Rule) -> list[str]:
    """Whoever has none of the roles that a rule names."""
    return [name for name, (roles, _) in PEOPLE.items() if rule.roles and rule.roles.isdisjoint(roles)]


def test_every_address_and_method_of_the_desk_has_a_rule_and_every_rule_an_address(place: Place) -> None:
    asked = {(each.endpoint, method) for each in place.app.url_map.iter_rules() for method in each.methods or ()}
    assert {(case.endpoint, case.method) for case in CASES} == asked


def test_no_rule_lets_everybody_change_something_but_sign_in() -> None:
    assert [str(case) for case in CASES if case.rule.open and case.method in rights.CHANGING] == [
        "POST signing.sign_in"
    ]


def test_an_address_without_a_rule_is_refused_to_everybody(place: Place) -> None:
    place.app.add_url_rule("/steward/forgotten", "forgotten", lambda: "secret")
    for name in PEOPLE:
        answer = place.visitor(name).get("/steward/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.text


@each_guarded
def test_nobody_is_led_to_sign_in(desk: Place, case: Case) -> None:
    assert by_cookie(desk, case, "") == 303


@each_guarded
def test_a_program_without_a_token_is_told_to_show_one(desk: Place, case: Case) -> None:
    answer = desk.app.test_client().open(address(desk, case), method=case.method)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@each_guarded
def test_a_token_that_is_nobodys_or_was_revoked_is_refused(desk: Place, case: Case) -> None:
    sam, tokens = desk.people["sam"], Tokens(desk.desk.ledger)
    before = {each.id for each in tokens.list("sam", by=sam)}
    revoked = tokens.issue("sam", by=sam, scopes=set(Scope))
    [held] = [each for each in tokens.list("sam", by=sam) if each.id not in before]
    tokens.revoke("sam", held.id, by=sam)
    assert {by_token(desk, case, token) for token in (revoked, "svssv_made-up", "")} == {401}


@each_guarded
def test_whoever_is_disabled_is_nobody(desk: Place, case: Case, newcomers: Iterator[str]) -> None:
    people, name = People(desk.desk.ledger), next(newcomers)
    person, token = people.add(name, [Role.STEWARD, Role.ADMINISTRATOR], by=desk.people["alex"])
    word = Sessions(desk.desk.ledger).begin(person)
    people.disable(name, by=desk.people["alex"])
    assert by_cookie(desk, case, "", word) == 303
    assert by_token(desk, case, token) == 401


@each_guarded
def test_a_session_that_is_over_is_nobodys(desk: Place, case: Case) -> None:
    for change in (
        update(SessionRow).values(seen=datetime.now(UTC) - timedelta(minutes=31)),
        update(SessionRow).values(begun=datetime.now(UTC) - timedelta(hours=9)),
        delete(SessionRow),
    ):
        word = desk.visitor("sam").client.get_cookie("svssv-desk", domain="localhost")
        assert word is not None
        with desk.desk.ledger.session() as session:
            session.execute(change)
        assert by_cookie(desk, case, "", word.value) == 303


@pytest.mark.parametrize("case", [case for case in GUARDED if case.rule.roles], ids=str)
def test_a_role_that_the_rule_does_not_name_is_refused(desk: Place, case: Case) -> None:
    without = those_without(case.rule)
    assert without
    for name in without:
        assert by_cookie(desk, case, name) == 403, name
        assert by_token(desk, case, desk.tokens[name]) == 403, name


@pytest.mark.parametrize("case", [case for case in GUARDED if case.rule.scope], ids=str)
def test_a_token_without_the_scope_is_refused(desk: Place, case: Case) -> None:
    assert case.rule.scope
    wanted = case.rule.roles or set(Role)
    name = next(each for each, (roles, _) in PEOPLE.items() if not wanted.isdisjoint(roles))
    person = desk.people[name]
    others = set(type(case.rule.scope)) - {case.rule.scope}
    token = Tokens(desk.desk.ledger).issue(name, by=person, scopes=others)
    assert by_token(desk, case, token) == 403


@pytest.mark.parametrize("case", [case for case in GUARDED if case.rule.owned is Owned.SUBMISSION], ids=str)
def test_anothers_thing_looks_like_one_that_is_not_there(desk: Place, case: Case) -> None:
    for name in ("kim", "jo", "lee"):
        if case.rule.roles and case.rule.roles.isdisjoint(PEOPLE[name][0]):
            continue
        assert by_cookie(desk, case, name) == 404, name
        assert by_token(desk, case, desk.tokens[name]) == 404, name


@pytest.mark.parametrize("case", [case for case in GUARDED if case.rule.owned is Owned.ORGANISATION], ids=str)
def test_the_record_of_an_organisation_that_one_does_not_speak_for_is_not_there(desk: Place, case: Case) -> None:
    for name in ("kim", "jo", "lee"):
        assert by_cookie(desk, case, name) == 404, name


@pytest.mark.parametrize("case", [case for case in GUARDED if not case.rule.by_token], ids=str)
def test_what_takes_a_person_at_the_keyboard_takes_no_token(desk: Place, case: Case) -> None:
    for name in PEOPLE:
        assert by_token(desk, case, desk.tokens[name]) == 403, name


@pytest.mark.parametrize("case", [case for case in GUARDED if case.method in rights.CHANGING], ids=str)
def test_a_change_without_the_forms_mark_is_refused(desk: Place, case: Case) -> None:
    for name in PEOPLE:
        refused = desk.visitor(name).client.open(address(desk, case), method=case.method)
        assert refused.status_code == 403, name
