"""Whether an approved submission is still fit for a release: rules, what it names, and other versions may change."""

from __future__ import annotations

from taxonomy import intake
from taxonomy.errors import NotAllowedError
from taxonomy.publishing.ledger import Ledger, State, Submission
from taxonomy.records import Record
from taxonomy.validation import Context, examine, suppression


def conforms_still(ledger: Ledger, submission: Submission, context: Context) -> None:
    """Make sure that an approved submission may go into the next release.

    Raises:
        NotAllowedError: it no longer conforms, or gives back a figure that is held back.
    """
    read = intake.read_bytes(ledger.content(submission.id), "record.nt", context=context)
    record = read.only
    if not examine(read, context=context).conforms:
        raise NotAllowedError(
            f"Submission {submission.id} no longer conforms to the rules or to the current release. "
            f"Return it: svssv review return {submission.id}"
        )
    _holds_back(ledger, record, submission, context)


def _holds_back(ledger: Ledger, record: Record, submission: Submission, context: Context) -> None:
    """Make sure that an earlier release does not give back what this holds back, nor this what that held back."""
    public = ledger.submissions(State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)
    for before in (each for each in public if each.owner == submission.owner):
        earlier = intake.read_bytes(ledger.content(before.id), "record.nt", context=context).only
        for one, other in ((record, earlier), (earlier, record)):
            if found := next(suppression.given_back_by(one, other), None):
                raise NotAllowedError(
                    f"Submission {submission.id} and {before.id}, which an earlier release holds, together give "
                    f"back {found.figure}, which is held back: hold back one more figure of its period."
                )
