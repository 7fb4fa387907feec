"""The catalogue of rules is complete, plain, and safe to run on a stranger's text."""

from __future__ import annotations

import re
import time

import pyoxigraph
import pytest
import textstat

from taxonomy import assets
from taxonomy.namespaces import SH, SVSH
from taxonomy.shapes import shapes
from taxonomy.validation import Rule, rules

ALL = tuple(rules().values())
PATTERNS = sorted(
    {
        value.value
        for node in shapes().nodes()
        for value in shapes().all(node, SH + "pattern")
        if isinstance(value, pyoxigraph.Literal)
    }
)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_rule_says_what_why_and_how_with_a_good_and_a_bad_example(rule: Rule) -> None:
    assert all((rule.title, rule.heading, rule.message, rule.why, rule.how_to_fix, rule.good_example, rule.bad_example))
    assert rule.level == "must" or rule.can_ignore_when
    assert "invalid" not in rule.message.lower()


def test_the_words_of_the_rules_can_be_read_at_eleven() -> None:
    words = {rule.name: f"{rule.message} {rule.why} {rule.how_to_fix}" for rule in ALL}
    grades = {name: textstat.automated_readability_index(text) for name, text in words.items()}
    assert textstat.automated_readability_index(" ".join(words.values())) <= 6  # sixth grade: eleven years old
    assert {name: grade for name, grade in grades.items() if grade > 8} == {}  # short texts jump about


def test_every_shape_that_can_be_broken_is_in_the_catalogue() -> None:
    known = shapes()
    guarded = {
        value.value
        for node in known.nodes()
        if known.all(node, SH + "targetClass")
        for value in known.all(node, SH + "property")
        if isinstance(value, pyoxigraph.NamedNode)
    }
    assert guarded <= set(rules())


def test_every_shape_has_a_name_and_runs_without_sparql() -> None:
    for path in assets.files("shapes", "record/*.ttl"):
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            assert quad.predicate.value != SH + "sparql"
            if quad.predicate.value == SH + "property":
                assert isinstance(quad.object, pyoxigraph.NamedNode)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(
    "near",
    [
        *["a", "A", "0", " ", "a ", "A ", "a.", "a@a.", "info.", "0 7", "99.999", "Ms Aa ", "/aa."],
        *[
            "near ",
            "near a",
            "opposite the ",
            "w3w.",
            "w3w/aa.",
            "UPRN ",
            "22CC+",
            "google.a",
            "9 min ",
            "9-",
            "GB-COH-0",
        ],
    ],
)
def test_no_pattern_takes_long_on_a_near_miss(pattern: str, near: str) -> None:
    text = (near * 5000)[:5000] + "\x00"
    started = time.process_time()
    re.search(pattern, text, re.IGNORECASE)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "mailbox",
    ["info@x.example", "referrals@x.example", "isva.team@x.example", "helpline-north@x.example", "INFO@x.example"],
)
def test_shared_mailboxes_pass(mailbox: str) -> None:
    assert re.search(_pattern("ContactShape-emailIsShared"), mailbox, re.IGNORECASE)


@pytest.mark.parametrize(
    "team", ["Referrals team", "Duty worker", "ISVA manager", "Reception", "Front desk", "ISVA team"]
)
def test_teams_and_roles_pass(team: str) -> None:
    assert re.search(_pattern("ContactShape-teamIsNotAPerson"), team)


@pytest.mark.parametrize(
    "text",
    [
        "A safe place to stay for women.",
        "We stand beside you at the police station and in court.",
        "Support that is near you, and next to none in the county.",
        "Open to people from 16, from Monday to Friday, five minutes after you ring.",
        "Women who have moved away from home.",
        "A refuge in the county, with its own garden.",
    ],
)
def test_texts_of_a_refuge_that_give_no_place_away_pass(text: str) -> None:
    assert [name for name in _PLACES if re.search(_pattern(name), text, _flags(name))] == []


@pytest.mark.parametrize(
    "text",
    [
        "close to the shops",
        "Opposite St Madeup",
        "behind the old bus stop",
        "ten minutes' walk from the river",
        "200 yards from the market",
        "uprn 10001234",
        "///made.upp.words",
        "w3w.co/made.upp.words",
        "https://www.google.co.uk/maps/place/x",
        "9C3XGV2C+QX",
        "51.4545, -2.5879",
        "ST 5927 7279",
        "ZZ1 1ZZ",
        "12 Made Road",
    ],
)
def test_texts_that_lead_to_a_door_are_told(text: str) -> None:
    assert [name for name in _PLACES if re.search(_pattern(name), text, _flags(name))]


_PLACES = [
    *["HasPostcode", "HasNumberedStreet", "HasStreet", "HasCoordinates", "HasGridReference", "HasThreeWords"],
    *["HasPropertyNumber", "HasPlusCode", "HasMapLink", "HasLandmark", "HasNeighbour", "HasWalk"],
]


def _flags(name: str) -> re.RegexFlag:
    return re.IGNORECASE if shapes().one(pyoxigraph.NamedNode(SVSH + name), SH + "flags") else re.NOFLAG


def _pattern(name: str) -> str:
    return shapes().one(pyoxigraph.NamedNode(SVSH + name), SH + "pattern") or ""
