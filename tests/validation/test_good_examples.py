"""What a rule gives as a good example is good: typed into its column, it does not break the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest

from taxonomy import fields
from taxonomy.validation import Rule, check, rules

TODAY = date(2026, 11, 23)
COLUMNS = {(field.sheet, field.heading) for field in fields.fields()}
Cell = tuple[str, str]


def typed() -> Mapping[Cell, list[Rule]]:
    """The rules of each column that look at it alone and give something to type; round brackets hold an explanation."""
    found: defaultdict[Cell, list[Rule]] = defaultdict(list)
    for rule in rules().values():
        single = not rule.also and rule.of_one_thing and not rule.good_example.startswith("(")
        for sheet in rule.sheets if single else ():
            if (sheet, rule.heading) in COLUMNS:
                found[sheet, rule.heading].append(rule)
    return found


BY_TURNS = [
    {cell: rule for cell, rule in zip(typed(), turn, strict=True) if rule} for turn in zip_longest(*typed().values())
]


@pytest.mark.parametrize("turn", BY_TURNS, ids=lambda turn: f"{len(turn)} columns")
def test_the_good_example_of_a_column_does_not_break_its_rule(
    turn: Mapping[Cell, Rule], fill: Callable[..., Path]
) -> None:
    report = check(fill({cell: rule.good_example for cell, rule in turn.items()}), today=TODAY)
    broken = {finding.rule for finding in report.findings}
    assert {rule.name for rule in turn.values() if rule.iri in broken} == set()


def test_every_column_has_a_rule_with_something_to_type() -> None:
    assert set(typed()) == COLUMNS
