"""What if: all, part, a part that is not known, or not known at all; and never that a service would close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from taxonomy.analysis import funding, pathways, withdrawal
from taxonomy.analysis.rows import Named, Row
from taxonomy.analysis.withdrawal import After, Effect, Loss, Without
from taxonomy.namespaces import CONCEPT

Make = Callable[..., Row]

X = Without(thing=Named("x", "x"))
HELPLINE = "https://example.org/id/service/made-up-helpline"


def losses(rows: list[Row], supposed: Without | After = X, services: list[Row] | None = None) -> list[Loss]:
    money = funding.of(rows, services or (), label=str)
    return list(withdrawal.losses(money.agreements, supposed, money.provisions))


def test_a_service_with_one_funder_would_lose_all_recorded_money(flow: Make) -> None:
    [loss] = losses([flow("a", "part/1", funder="x")])
    assert (loss.effect, loss.lost, loss.sentence) == (Effect.ALL, None, "would lose all recorded money")


def test_a_part_is_said_with_its_figures(flow: Make) -> None:
    rows = [
        flow("a", "part/1", funder="x", amount=Decimal(262_333)),
        flow("a", "part/2", funder="y", amount=Decimal(80_000)),
    ]
    [loss] = losses(rows)
    assert loss.sentence == "would lose £262,333 of £342,333 recorded (76.6%)"


def test_a_part_of_which_an_amount_is_not_published_is_not_known(flow: Make) -> None:
    [loss] = losses([flow("a", "part/1", funder="x", amount=Decimal(5)), flow("a", "part/2", funder="y")])
    assert (loss.effect, loss.lost) == (Effect.UNKNOWN_PART, None)


def test_a_printed_total_of_several_funders_is_lost_in_a_part_that_is_not_known(flow: Make) -> None:
    printed = {"stated_amount": Decimal(9), "stated_basis": CONCEPT + "amount-basis/per-year"}
    rows = [flow("a", f"part/{payer}", funder=payer, **printed) for payer in "xy"]
    assert [loss.effect for loss in losses(rows)] == [Effect.UNKNOWN_PART]


def test_where_who_pays_is_not_stated_it_is_not_known_whether(flow: Make) -> None:
    [loss] = losses([flow("a", "part/1")])
    assert (loss.effect, [str(name) for name in loss.unsure]) == (Effect.NOT_KNOWN, ["a"])


def test_a_service_that_would_lose_nothing_is_left_out(flow: Make) -> None:
    assert losses([flow("a", "part/1", funder="y")]) == []


def test_an_agreement_can_be_thought_away(flow: Make) -> None:
    rows = [
        flow("a", "part/1", funder="x", amount=Decimal(1)),
        flow("b", "part/1", funder="x", amount=Decimal(3)),
    ]
    [loss] = losses(rows, Without(thing=Named("b", "b")))
    assert (loss.effect, loss.lost, loss.whole) == (Effect.PART, Decimal(3), Decimal(4))


def test_after_a_day_an_extension_is_told_and_an_unknown_end_is_not_an_end(flow: Make) -> None:
    extended = {"starts": date(2015, 4, 1), "initial_months": 36, "extension_months": 12}
    rows = [
        flow("a", "part/1", service="extended", **extended),
        flow("b", "part/1", service="ended", ends=date(2018, 6, 1)),
        flow("c", "part/1", service="unknown"),
        flow("d", "part/1", service="running", ends=date(2020, 1, 1)),
    ]
    found = {str(loss.service): loss.sentence for loss in losses(rows, After(day=date(2018, 6, 1)))}
    assert found == {
        "ended": "would lose all recorded money",
        "extended": "would lose all recorded money, unless it is extended",
        "unknown": "not known whether it would lose recorded money",
    }


def test_proposed_money_is_lost_apart_and_withdrawn_money_is_none(flow: Make) -> None:
    status = CONCEPT + "agreement-status/"
    rows = [
        flow("a", "part/1", funder="x"),
        flow("b", "part/1", funder="x", status=status + "proposed"),
        flow("c", "part/1", funder="x", status=status + "withdrawn"),
    ]
    assert [str(loss.standing) for loss in losses(rows)] == ["Awarded or committed", "Proposed"]


def provision(service: str, **cells: object) -> Row:
    return {"service": service, "provider": None, "leads": None, "rule": None} | cells


def test_who_would_be_touched_is_said_by_the_rules_of_the_service(flow: Make) -> None:
    rules = [provision(HELPLINE, rule=rule) for rule in ("from 18", "to 17, with a carer")]
    [loss] = losses([flow("a", "part/1", funder="x")], services=rules)
    assert loss.people == "from 18; to 17, with a carer"


def test_nobody_is_guessed_where_no_rule_is_stated(flow: Make) -> None:
    assert losses([flow("a", "part/1", funder="x")])[0].people == "not stated"


def test_open_steps_that_begin_or_end_with_the_service_depend_on_it_and_no_others(
    flow: Make, link: Make, service: Make
) -> None:
    ways = [
        link("person", HELPLINE),
        link("gp", HELPLINE, kind="refused"),
        link(HELPLINE, "centre", from_kind="service"),
        link("person", "centre"),
        link("person", "group", to_kind="group"),
    ]
    pathway = pathways.of(ways, [service(HELPLINE, group="group"), service("centre")], label=str)
    found = withdrawal.steps(pathway, losses([flow("a", "part/1", funder="x")]))
    assert {(step.edge.origin.name.label, step.edge.end.name.label) for step in found} == {
        ("person", HELPLINE),
        (HELPLINE, "centre"),
    }
    assert {"not stated"} == {step.people for step in found}


def test_a_service_without_a_step_of_its_own_is_named_with_its_groups(flow: Make, link: Make, service: Make) -> None:
    ways = [link("person", "group", to_kind="group")]
    pathway = pathways.of(ways, [service(HELPLINE, group="group")], label=str)
    [(name, groups)] = withdrawal.without_step(pathway, losses([flow("a", "part/1", funder="x")]))
    assert (str(name), [str(group) for group in groups]) == (HELPLINE, ["group"])


def test_the_words_never_say_that_a_service_would_close() -> None:
    assert not any("close" in effect for effect in Effect)
