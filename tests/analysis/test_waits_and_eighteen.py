"""How long people wait, and what changes at eighteen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from taxonomy.analysis import eligibility, pathways, turning, waits
from taxonomy.analysis.rows import Row
from taxonomy.analysis.turning import Change
from taxonomy.analysis.vocabulary import Terms
from taxonomy.namespaces import EXAMPLE, SV

PLACE = {"citation": EXAMPLE + "place", "locator": "page 1", "document": None, "as_at": None, "confirmed": True}
EMPTY = dict.fromkeys(("status", "value", "unit", "days", "printed", "waits_for", "measured_on"))


def wait(service: str, **cells: object) -> Row:
    return EMPTY | PLACE | {"service": service, "waiting": f"{service}/waiting"} | cells


def rule(owner: str, name: str, aspect: str, value: int) -> Row:
    return PLACE | {"owner": owner, "rule": f"{owner} {name}", "aspect": SV + aspect, "value": value}


def test_the_longest_wait_comes_first_whatever_its_unit_and_an_unknown_one_last() -> None:
    told = waits.of(
        [
            wait("a", value=Decimal(10), unit="days", days=Decimal(10)),
            wait("b", value=Decimal("2.0"), unit="Weeks", days=Decimal(14)),
            wait("c"),
        ],
        label=str,
    )
    assert [(each.service.label, each.length) for each in told] == [
        ("b", "2 weeks"),
        ("a", "10 days"),
        ("c", "how long is not known"),
    ]


def test_a_wait_is_told_as_printed() -> None:
    [told] = waits.of([wait("a", value=Decimal(3), unit="months", printed="three months or so")], label=str)
    assert told.length == "three months or so"


def test_a_wait_measured_after_the_day_is_left_out() -> None:
    rows = [wait("a", measured_on=date(2026, 2, 20))]
    assert waits.of(rows, label=str, day=date(2026, 2, 19)) == ()
    assert len(waits.of(rows, label=str, day=date(2026, 2, 20))) == 1


def test_what_ends_begins_changes_and_goes_on_at_eighteen_is_told_and_silence_apart(
    service: Callable[..., Row],
) -> None:
    names = ["ends", "begins", "changes", "goes on", "silent"]
    rules = eligibility.of(
        [
            rule("ends", "r", "maximumAge", 17),
            rule("begins", "r", "minimumAge", 18),
            rule("changes", "young", "maximumAge", 18),
            rule("changes", "older", "minimumAge", 18),
            rule("goes on", "r", "minimumAge", 13),
        ],
        label=str,
    )
    told = turning.of(pathways.of([], [service(name) for name in names], label=str), rules, Terms())
    assert {each.name.label: each.change for each in told.turnings} == {
        "ends": Change.ENDS,
        "begins": Change.BEGINS,
        "changes": Change.CHANGES,
        "goes on": Change.GOES_ON,
    }
    assert [name.label for name in told.silent] == ["silent"]


def test_a_way_that_leads_on_by_age_is_named(link: Callable[..., Row]) -> None:
    ways = [link("a", "b", mechanism=EXAMPLE + "concept/referral-mechanism/age-transition"), link("a", "c")]
    told = turning.of(pathways.of(ways, [], label=str), eligibility.Rules(), Terms())
    assert [edge.end.name.label for edge in told.transitions] == ["b"]
