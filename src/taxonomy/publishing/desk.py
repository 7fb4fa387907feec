"""The desk: the one way from a file to the public, and who may take which step of it.

A file that does not conform is not kept, only answered. One that does is submitted; another person, a steward, approves
or returns it; then it is published with the next release. Nobody approves what they submitted themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from taxonomy.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from taxonomy.publishing import purging
from taxonomy.publishing.alone import alone
from taxonomy.publishing.drafts import Drafts
from taxonomy.publishing.fitness import conforms_still
from taxonomy.publishing.intray import Intray, Receipt, holds_restricted, plain
from taxonomy.publishing.ledger import Decision, Ledger, State, Submission
from taxonomy.publishing.person import Person, Role, Scope
from taxonomy.publishing.purging import Purged
from taxonomy.publishing.rebuilding import build, check_again
from taxonomy.publishing.release import Progress
from taxonomy.sealing import Box
from taxonomy.store.releases import Home, Manifest
from taxonomy.validation import Context, Report
from taxonomy.validation.wire import Taken

__all__ = ["Desk", "Receipt", "holds_restricted"]


class Desk:
    """The desk of one home, working on its ledger. Close it, or use it in a ``with``."""

    def __init__(self, home: Home, *, context: Callable[[], Context] = Context.bundled) -> None:
        """Open the desk; ``context`` gives what records are checked against, best made from the current release."""
        self._home, self._context = home, context
        self.ledger = Ledger.of(home)
        self._intray = Intray(home, self.ledger, context)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the ledger."""
        self.ledger.close()

    def submit(self, path: Path, by: Person) -> Receipt:
        """Check a file and, where it conforms, keep it for another person to look at; as ``Intray.submit``."""
        return self._intray.submit(path, by)

    def keep(
        self, file: bytes, name: str, report: Report, taken: Taken, *, by: Person, boxes: Sequence[Box] = ()
    ) -> Submission:
        """Keep a file that was checked already, for another person to look at; as ``Intray.keep``."""
        return self._intray.keep(file, name, report, taken, by=by, boxes=boxes)

    @property
    def context(self) -> Context:
        """What records are checked against."""
        return self._context()

    def list(self, *states: State, to: Person | None = None) -> tuple[Submission, ...]:
        """Submissions in the order they came; only those in one of the states, where any is given.

        ``to`` is who looks: they see what is theirs to see. Without it, whoever can read the home sees all.
        """
        found = self.ledger.submissions(*states)
        return tuple(each for each in found if to.sees(each.owner)) if to else found

    def show(self, number: int, *, to: Person | None = None) -> Submission:
        """One submission; ``to`` is who looks, as for ``list``.

        Raises:
            NotFoundError: there is none with this number, or it is not theirs to see: the two look alike.
        """
        found = self.ledger.submission(number)
        if to and not to.sees(found.owner):
            raise NotFoundError("submission", str(number))
        return found

    def history(self, number: int, *, to: Person | None = None) -> tuple[Decision, ...]:
        """What was done with one submission, first to last; ``to`` is who looks, as for ``list``.

        Raises:
            NotFoundError: as for ``show``.
        """
        self.show(number, to=to)
        return self.ledger.history(number)

    def approve(self, number: int, by: Person, reason: str = "", *, seen: int | None = None) -> None:
        """Agree that a submission may become public.

        ``seen`` is the number of the last decision on it that this person saw.

        Raises:
            NotFoundError: there is no such submission.
            NotAllowedError: this person submitted it or is no steward.
            ConflictError: it is not waiting, or somebody decided on it since.
        """
        by.must_be("approve records", Role.STEWARD, scope=Scope.REVIEW)
        submission = self.show(number)
        if submission.submitted_by == by.name:
            raise NotAllowedError(f"{by.name} submitted {number} and may not approve it: it takes a second person.")
        self._expect(submission, State.SUBMITTED)
        self.ledger.move(number, State.SUBMITTED, State.APPROVED, by=by.id, why=plain(reason), seen=seen)

    def return_(self, number: int, by: Person, reason: str, *, seen: int | None = None) -> None:
        """Send a submission back; the reason says what to mend. ``seen`` is as for ``approve``.

        Raises:
            InputError: there is no reason.
            NotFoundError: there is no such submission.
            NotAllowedError: this person is no steward.
            ConflictError: it is neither waiting nor approved, somebody decided on it since, or somebody is publishing.
        """
        by.must_be("return records", Role.STEWARD, scope=Scope.REVIEW)
        if not reason.strip():
            raise InputError("Nothing says why it is returned.", hint="Say what to mend.")
        with alone(self._home):  # or it could be on its way into a release
            submission = self.show(number)
            if submission.state is State.PUBLISHED:
                raise ConflictError(
                    f"Submission {number} is published, so it cannot be returned. Withdraw it; or, where it no longer "
                    f"conforms, ask for a mended version (svssv review ask {number})."
                )
            self._expect(submission, State.SUBMITTED, State.APPROVED)
            self.ledger.move(number, submission.state, State.RETURNED, by=by.id, why=plain(reason), seen=seen)

    def publish(
        self, numbers: Iterable[int], by: Person, *, note: str = "", progress: Progress | None = None
    ) -> Manifest:
        """Build the next release with these approved submissions, beside all that is already published.

        They are marked as published only when the release is in service. A crash between the two leaves them approved
        and public; publishing them again mends it.

        Raises:
            NotFoundError: there is no such submission.
            NotAllowedError: one is not approved, no longer conforms or is older than the one in public; this person is
                no steward; or somebody else is publishing.
        """
        by.must_be("publish records", Role.STEWARD, scope=Scope.PUBLISH)
        chosen = sorted(set(numbers))
        with alone(self._home):
            purging.resume(self._home, self.ledger)
            context = self._context()
            public = {submission.owner: submission for submission in self.list(State.PUBLISHED)}
            for submission in map(self.show, chosen):
                self._expect(submission, State.APPROVED)
                if (before := public.get(submission.owner)) and before.id > submission.id:
                    raise NotAllowedError(f"{submission.id} is older than {before.id}, which is published already.")
                conforms_still(self.ledger, submission, context)
                public[submission.owner] = submission
            manifest = build(self._home, self.ledger, public.values(), note=note, progress=progress)
            self.ledger.publish(chosen, by=by.id, why=f"In release {manifest.number}.")
            check_again(self.ledger, self._context)
            return manifest

    def withdraw(
        self,
        numbers: Iterable[int],
        by: Person,
        reason: str,
        *,
        note: str = "",
        seen: int | None = None,
        progress: Progress | None = None,
    ) -> Manifest:
        """Build the next release without these published submissions; earlier releases keep what they said.

        ``seen`` is the number of the last decision on any of these that this person saw.

        Raises:
            ConflictError: one is not public, somebody decided on one of them since, or somebody else is publishing.
            InputError: there is no reason.
            NotFoundError: there is no such submission.
            NotAllowedError: this person is no steward.
        """
        chosen, reason = self._withdrawable(numbers, by, reason)
        with alone(self._home):
            self._as_seen(chosen, seen)
            purging.resume(self._home, self.ledger)
            for submission in map(self.show, chosen):
                self._expect(submission, State.PUBLISHED)
            kept = [submission for submission in self.list(State.PUBLISHED) if submission.id not in chosen]
            manifest = build(self._home, self.ledger, kept, note=note, progress=progress)
            for number in chosen:
                self.ledger.move(number, State.PUBLISHED, State.WITHDRAWN, by=by.id, why=reason)
            check_again(self.ledger, self._context)
            return manifest

    def purge(
        self,
        numbers: Iterable[int],
        by: Person,
        reason: str,
        *,
        instead: int | None = None,
        seen: int | None = None,
        progress: Progress | None = None,
    ) -> Purged:
        """Withdraw urgently: take every public version of these records out of all releases, and destroy what it said.

        It is in no answer from the first moment on. Not to be undone. ``instead`` is an approved version that is
        published right after, in the next release. ``seen`` is the number of the last decision on any of these that
        this person saw.

        Raises:
            ConflictError: somebody decided on one of them since.
            InputError: there is no reason, or it repeats what has to go.
            NotFoundError: there is no such submission.
            NotAllowedError: one was never public; the one instead is not approved, or of another record; or this person
                is no steward.
            StoreError: it could not be carried out whole. It is in no answer all the same; ``svssv doctor`` goes on.
        """
        chosen, reason = self._withdrawable(numbers, by, reason)
        self._as_seen(chosen, seen)
        if instead is not None:
            mended = self.show(instead)
            self._expect(mended, State.APPROVED)
            if mended.graph not in {self.show(number).graph for number in chosen if number != instead}:
                raise NotAllowedError(f"Submission {instead} is another record, and cannot be published instead.")
        for owner in {self.show(number).owner for number in chosen}:
            Drafts(self.ledger).drop_all(owner)  # what has to go may stand in one
        done = purging.withdraw(
            self._home, self.ledger, chosen, by=by, reason=reason, spared=instead, progress=progress
        )
        if instead is not None:
            self.publish([instead], by, progress=progress)
        return done

    def _as_seen(self, chosen: Sequence[int], seen: int | None) -> None:
        """Make sure that nobody decided on one of these since somebody looked at them."""
        if seen is not None and seen != max(self.history(number)[-1].number for number in chosen):
            raise ConflictError(f"Somebody decided on {', '.join(map(str, chosen))} meanwhile. Look at it again.")

    @staticmethod
    def _withdrawable(numbers: Iterable[int], by: Person, reason: str) -> tuple[Sequence[int], str]:
        by.must_be("withdraw records", Role.STEWARD, scope=Scope.WITHDRAW)
        if not reason.strip():
            raise InputError("Nothing says why it is withdrawn.", hint="Say why.")
        return sorted(set(numbers)), plain(reason)

    @staticmethod
    def _expect(submission: Submission, *states: State) -> None:
        if submission.state not in states:
            raise ConflictError(f"Submission {submission.id} is {submission.state}, not {' or '.join(states)}.")
