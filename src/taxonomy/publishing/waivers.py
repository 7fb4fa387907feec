"""What is decided about a public record that no longer conforms: it is kept for a while, or mending is asked for.

Either leaves the record as it was last published, and is a decision in the ledger's chain. It holds under the rules
that it was taken under; where these change again, somebody decides anew. Withdrawing it is the third way (``desk``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from taxonomy.errors import ConflictError, InputError, NotAllowedError
from taxonomy.publishing.decisions import ASKED, KEPT, Decision, Note
from taxonomy.publishing.intray import plain
from taxonomy.publishing.ledger import Ledger, State, Submission
from taxonomy.publishing.person import Person, Role, Scope
from taxonomy.publishing.rechecking import Rechecking, rules_in_force

DAY: Final = "Until which day"  # what the field is called in which the day stands
LONGEST: Final = timedelta(days=366)  # that a record may be kept as it is, by one decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A record that no longer conforms, and what was decided on it."""

    submission: Submission
    findings: tuple[Mapping[str, Any], ...]  # what is wrong now, in the words of the rules
    checked: datetime
    decided: Decision | None  # None: nobody has decided under these rules, or its day has come

    @property
    def asked(self) -> Decision | None:
        """The decision by which its organisation is asked to mend it; None where it is not."""
        return self.decided if self.decided and self.decided.note and self.decided.note.kind == ASKED else None


class Waivers:
    """What no longer conforms in one ledger, and what is decided on it.

    >>> with Ledger(":memory:") as ledger:
    ...     Waivers(ledger).list()
    ()
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def list(self, *, today: date | None = None) -> tuple[Lapse, ...]:
        """What is approved or published and no longer conforms; what is still to be decided on comes first."""
        day = today or datetime.now(UTC).date()
        found = [
            Lapse(
                submission=each.submission,
                findings=each.findings,
                checked=each.checked,
                decided=self._standing(each.submission.id, day),
            )
            for each in Rechecking(self._ledger).failing()
        ]
        return tuple(sorted(found, key=lambda each: each.decided is not None))

    def of(self, submission: Submission | None, *, today: date | None = None) -> Lapse | None:
        """One record, where it no longer conforms; None where it does, or is not known not to."""
        lapses = self.list(today=today) if submission else ()
        return next((each for each in lapses if submission and each.submission.id == submission.id), None)

    def keep(self, number: int, by: Person, until: date, reason: str, *, seen: int | None = None) -> None:
        """Decide that a public record stays as it is until a day, on which it comes back to the task list.

        ``seen`` is the number of the last decision on it that this person saw.

        Raises:
            InputError: there is no reason, or the day is past, today or more than a year away.
            NotAllowedError: this person is no steward, or submitted it.
            NotFoundError: there is no such submission.
            ConflictError: it is not public, conforms, or somebody decided on it since.
        """
        submission = self._decidable(number, by, reason, "keep records as they are", "it is kept")
        if submission.submitted_by == by.name:
            raise NotAllowedError(f"{by.name} submitted {number} and may not let it stay: it takes a second person.")
        today = datetime.now(UTC).date()
        if not today < until <= today + LONGEST:
            raise InputError("This is not within a year from now.", where=DAY, hint="Choose a day after today.")
        self._add(number, Note(kind=KEPT, rules=rules_in_force(), until=until), by, reason, seen)

    def ask(self, number: int, by: Person, reason: str, *, seen: int | None = None) -> None:
        """Ask the organisation for a mended version; what is public stays meanwhile. ``seen`` is as for ``keep``.

        Raises:
            InputError: there is no reason, which tells the organisation what to mend.
            NotAllowedError: this person is no steward.
            NotFoundError: there is no such submission.
            ConflictError: as for ``keep``.
        """
        self._decidable(number, by, reason, "ask for mended records", "it is to be mended")
        self._add(number, Note(kind=ASKED, rules=rules_in_force()), by, reason, seen)

    def _decidable(self, number: int, by: Person, reason: str, what: str, said: str) -> Submission:
        by.must_be(what, Role.STEWARD, scope=Scope.REVIEW)
        if not reason.strip():
            raise InputError(f"Nothing says why {said}.", hint="Say why.")
        submission = self._ledger.submission(number)
        if submission.state is not State.PUBLISHED:
            raise ConflictError(f"Submission {number} is {submission.state}, not published.")
        if self.of(submission) is None:
            raise ConflictError(f"Submission {number} is not known not to conform, so there is nothing to decide.")
        return submission

    def _add(self, number: int, note: Note, by: Person, reason: str, seen: int | None) -> None:
        self._ledger.remark(number, State.PUBLISHED, note, by=by.id, why=plain(reason), seen=seen)

    def _standing(self, number: int, today: date) -> Decision | None:
        """The last decision that left it as it was, where that holds still."""
        noted = [each for each in self._ledger.history(number) if each.note]
        last = noted[-1] if noted else None
        return last if last and last.note and last.note.holds(rules_in_force(), today) else None
