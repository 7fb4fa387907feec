"""What changed between two checks of the same records: what is fixed, what is left, and what is new.

A fault is known again by what it says of which thing, never by its place: rows may have moved. Where a safety rule
withholds the value, faults of one rule in one column of one thing are counted.
"""

from __future__ import annotations

from collections import Counter

from taxonomy import fields
from taxonomy.validation.findings import WITHHELD, Difference, Finding, Report
from taxonomy.validation.rules import rules

_Key = tuple[str, str, str, str]


def between(earlier: Report, later: Report) -> Difference:
    """What happened to each fault of the earlier report, and which ones of the later one are new."""
    before = Counter(map(identity, earlier.findings))
    new: list[int] = []
    for number, finding in enumerate(later.findings):
        key = identity(finding)
        if before[key]:
            before[key] -= 1
        else:
            new.append(number)
    gone: list[Finding] = []
    for finding in reversed(earlier.findings):  # of several alike, the first ones are those that are left
        key = identity(finding)
        if before[key]:
            before[key] -= 1
            gone.append(finding)
    looked_at = [each for each in reversed(gone) if not later.stopped or rules()[each.rule].of_columns]
    return Difference(
        fixed=tuple(looked_at),
        left=len(later.findings) - len(new),
        new=tuple(new),
        unseen=len(gone) - len(looked_at),
        since=earlier.checked_at,
        rules_changed=earlier.rules_version != later.rules_version,
    )


def identity(finding: Finding) -> _Key:
    """What a fault is known by from one check to the next: its thing, rule, column and value."""
    thing = fields.whole_of(finding.record) if finding.record else finding.name or finding.sheet or ""
    value = "" if finding.value in {None, WITHHELD} else str(finding.value)
    return thing, finding.rule, finding.field, value
