"""The next release with what is public by the ledger: the records as a release takes them, and the build."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from taxonomy.errors import TaxonomyError
from taxonomy.publishing import purging, release
from taxonomy.publishing.alone import alone
from taxonomy.publishing.composing import ApprovedRecord
from taxonomy.publishing.ledger import Ledger, State, Submission
from taxonomy.publishing.proposals import Proposals
from taxonomy.publishing.rechecking import Rechecking
from taxonomy.publishing.release import Progress
from taxonomy.store.releases import Home, Manifest
from taxonomy.validation import Context

_log = logging.getLogger(__name__)


def rebuild(
    home: Home,
    *,
    note: str = "",
    progress: Progress | None = None,
    context: Callable[[], Context] = Context.bundled,
) -> Manifest:
    """Build the next release with what is public already, and nothing new through the desk.

    ``context`` gives what records are checked against, where the rules have changed since they were checked.

    Raises:
        ConflictError: somebody is publishing.
    """
    with alone(home):
        if not Ledger.begun(home):
            return release.build(home, note=note, progress=progress)
        with Ledger.of(home) as ledger:
            purging.resume(home, ledger)
            public = ledger.submissions(State.PUBLISHED)
            manifest = build(home, ledger, public, note=note, progress=progress)
            check_again(ledger, context)
            return manifest


def check_again(ledger: Ledger, context: Callable[[], Context]) -> None:
    """Check what is approved or public by the rules in force, where it was not yet; the release stands in any case."""
    try:
        Rechecking(ledger).refresh(context)
    except TaxonomyError as error:
        _log.warning("records could not be checked again; do it with: svssv review recheck. %s", error)


def build(
    home: Home, ledger: Ledger, public: Iterable[Submission], *, note: str, progress: Progress | None
) -> Manifest:
    """Build the next release with these records, and what was decided on the organisations that they propose.

    Raises:
        CurationError: a file or a record is not fit for a release; nothing is changed.
        GoneError: what a record said was erased.
    """
    records = tuple(approved(ledger, submission) for submission in public)
    settled = Proposals(ledger).settled().values()
    return release.build(home, note=note, progress=progress, records=records, seal=ledger.seal, settled=settled)


def approved(ledger: Ledger, submission: Submission) -> ApprovedRecord:
    """A submission, as a release takes it.

    Raises:
        GoneError: what it said was erased.
    """
    return ApprovedRecord(owner=submission.owner, graph_iri=submission.graph, ntriples=ledger.content(submission.id))
