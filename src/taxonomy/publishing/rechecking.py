"""Whether what is approved or public conforms to the rules as they are now: after an upgrade they may ask for more.

Each record is checked again once for each version of the rules; what was found is kept until they change again.
Nothing follows from it by itself: a record that no longer conforms stays as it was published until a steward decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import delete, select

from taxonomy import assets, intake
from taxonomy.context import Context
from taxonomy.publishing.ledger import Ledger, State, Submission
from taxonomy.publishing.tables import RecheckRow
from taxonomy.validation import Report, examine

KEPT: Final = (State.APPROVED, State.PUBLISHED)  # what is checked again
_RULES: Final = ("ontology", "shapes", "data/vocabularies")
_SAID: Final = ("rule", "message", "how_to_fix", "name", "field")  # of a finding; never the value


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """What came of checking one record by the rules in force."""

    submission: Submission
    conforms: bool
    findings: tuple[Mapping[str, Any], ...]  # what keeps it back, in the words of the rules
    checked: datetime


@cache
def rules_in_force() -> str:
    """The fingerprint of all that a record is checked by: it changes with any file of the rules or the words."""
    digest = hashlib.sha256()
    for folder in _RULES:
        for path in assets.files(folder, "**/*.ttl"):
            name = path.relative_to(assets.root()).as_posix().encode()
            data = path.read_bytes()
            digest.update(b"%d %s %d " % (len(name), name, len(data)) + data)
    return digest.hexdigest()


class Rechecking:
    """What was checked again of one ledger.

    >>> with Ledger(":memory:") as ledger:
    ...     Rechecking(ledger).refresh(Context.bundled), Rechecking(ledger).failing(), Rechecking(ledger).waiting()
    (0, (), 0)
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def refresh(self, context: Callable[[], Context], *, every: bool = False) -> int:
        """Check what was last checked by other rules, or ``every`` record; how many that were.

        Raises:
            EnginesDisagreeError: the two engines do not find the same.
            LimitError: it takes more than its share.
        """
        done = {} if every else self._kept()
        due = [each for each in self._ledger.submissions(*KEPT) if each.id not in done]
        known = context() if due else None
        for submission in due:
            content = self._ledger.content(submission.id)
            self._keep(submission, examine(intake.read_bytes(content, "record.nt", context=known), context=known))
        return len(due)

    def failing(self) -> tuple[Recheck, ...]:
        """What no longer conforms, in the order in which it came; what waits to be checked is not among it."""
        kept = self._kept()
        found = (kept[each.id] for each in self._ledger.submissions(*KEPT) if each.id in kept)
        return tuple(each for each in found if not each.conforms)

    def waiting(self) -> int:
        """How many records were not yet checked by the rules in force: it is not known whether they conform."""
        kept = self._kept()
        return sum(each.id not in kept for each in self._ledger.submissions(*KEPT))

    def _kept(self) -> dict[int, Recheck]:
        """What was found by the rules in force, by the number of the submission."""
        known = {each.id: each for each in self._ledger.submissions(*KEPT)}
        wanted = select(RecheckRow).where(RecheckRow.rules == rules_in_force())
        with self._ledger.session() as session:
            return {
                row.submission_id: Recheck(
                    submission=known[row.submission_id],
                    conforms=row.conforms,
                    findings=tuple(json.loads(row.findings)),
                    checked=row.checked,
                )
                for row in session.scalars(wanted)
                if row.submission_id in known
            }

    def conformed(self, submission: Submission) -> None:
        """Write down that a record conforms to the rules in force: it was checked by them as it came."""
        self._put(submission, conforms=True, findings=[])

    def _keep(self, submission: Submission, report: Report) -> None:
        found = [{name: getattr(each, name) for name in _SAID} for each in report.findings if each.level == "must"]
        self._put(submission, conforms=report.conforms, findings=found)

    def _put(self, submission: Submission, *, conforms: bool, findings: list[dict[str, Any]]) -> None:
        row = RecheckRow(
            submission_id=submission.id,
            rules=rules_in_force(),
            conforms=conforms,
            findings=json.dumps(findings, ensure_ascii=False),
            checked=datetime.now(UTC),
        )
        with self._ledger.session() as session:
            session.execute(delete(RecheckRow).where(RecheckRow.submission_id == submission.id))
            session.add(row)
