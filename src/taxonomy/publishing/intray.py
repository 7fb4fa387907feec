"""The intray of the desk: a file is checked, and where it conforms, kept for another person to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, parse

from taxonomy import intake, namespaces
from taxonomy.errors import InputError, NotAllowedError
from taxonomy.publishing import commissioning, restricted
from taxonomy.publishing.ledger import Arrival, Ledger, Submission
from taxonomy.publishing.person import Person, Role, Scope
from taxonomy.publishing.rechecking import Rechecking
from taxonomy.publishing.tables import Sealed
from taxonomy.sealing import Box
from taxonomy.store.releases import Home
from taxonomy.validation import Context, Report, examine
from taxonomy.validation.report import to_json
from taxonomy.validation.rules import rules_version
from taxonomy.validation.wire import Taken

_SUBMITTERS: Final = (Role.CONTRIBUTOR, Role.COMMISSIONER, Role.STEWARD)
_LONGEST_NAME: Final = 200  # characters of a file name that are worth showing


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came of handing in a file."""

    report: Report
    submission: Submission | None  # None: the record does not conform, and was not kept


class Intray:
    """What comes in at the desk of one home."""

    def __init__(self, home: Home, ledger: Ledger, context: Callable[[], Context]) -> None:
        self._home, self._ledger, self._context = home, ledger, context

    def submit(self, path: Path, by: Person) -> Receipt:
        """Check a file and, where it conforms, keep it for another person to look at.

        Raises:
            InputError: the file cannot be read, or is no record of one organisation.
            NotAllowedError: this person may not submit, not the record of this organisation, or not what was looked
                for in these areas or how services of others refer there; or the home takes no such records.
        """
        by.must_be("submit records", *_SUBMITTERS, scope=Scope.SUBMIT)
        context = self._context()
        read = intake.read(path, context=context, seal=restricted.seal_of(self._home))
        record = read.only
        if not by.sees(record.owner):
            raise NotAllowedError(f"{by.name} may not submit the record of {record.owner}: it is not theirs.")
        commissioning.must_be_theirs(record.triples, by, context)
        report = examine(read, context=context)
        if not report.conforms:
            return Receipt(report=report, submission=None)
        file = path.read_bytes()
        if hashlib.sha256(file).hexdigest() != read.sha256:
            raise InputError("The file changed while it was read.", where=path.name, hint="Submit it again.")
        taken = Taken(owner=record.owner, ntriples=record.ntriples)
        return Receipt(report=report, submission=self.keep(file, path.name, report, taken, by=by, boxes=read.boxes))

    def keep(
        self, file: bytes, name: str, report: Report, taken: Taken, *, by: Person, boxes: Sequence[Box] = ()
    ) -> Submission:
        """Keep a file that was checked already, and conforms, for another person to look at.

        ``boxes`` hold what is for the steward alone; where the check left it unread, it is sealed here. A file that
        holds such things is kept sealed, and in no other way.

        Raises:
            InputError: it does not conform, or is not the file that was checked.
            NotAllowedError: this person may not submit, not the record of this organisation, or not what was looked
                for in these areas or how services of others refer there; or the home takes no such records.
        """
        by.must_be("submit records", *_SUBMITTERS, scope=Scope.SUBMIT)
        if not by.sees(taken.owner):
            raise NotAllowedError(f"{by.name} may not submit the record of {taken.owner}: it is not theirs.")
        facts = [quad.triple for quad in parse(taken.ntriples, RdfFormat.N_TRIPLES)]
        commissioning.must_be_theirs(facts, by, self._context())
        sha256 = hashlib.sha256(file).hexdigest()
        if not report.conforms or sha256 != report.sha256:
            raise InputError("The file is not as it was checked.", hint="Check it again.")
        self._fits(taken)
        sealed = self._sealed(file, name, report, boxes)
        arrival = Arrival(
            owner=taken.owner,
            graph=namespaces.graph("record", taken.owner.slug),
            file_name=plain(name)[:_LONGEST_NAME],
            sha256=sha256,
            file=b"" if sealed else file,
            content=taken.ntriples,
            report=to_json(report),
            restricted=sealed,
        )
        added = self._ledger.add(arrival, by=by.id)
        if report.rules_version == rules_version():  # a draft may have been checked before an upgrade
            Rechecking(self._ledger).conformed(added)
        return added

    def _sealed(self, file: bytes, name: str, report: Report, boxes: Sequence[Box]) -> tuple[tuple[Sealed, Box], ...]:
        """What of a file is for the steward alone, and then the file itself; nothing where it holds no such thing.

        Raises:
            NotAllowedError: there is no key to seal it with.
            InputError: one of its rows says too little.
        """
        if not boxes and not holds_restricted(report):
            return ()
        seal = restricted.seal_of(self._home)
        if seal is None:
            raise NotAllowedError(
                "The file holds something for the steward alone, and this home has no key to seal it with. "
                "Nothing was kept. Whoever runs the home makes one with: svssv keys make --out FILE"
            )
        if not boxes:
            read = intake.read_bytes(file, name, context=self._context(), seal=seal)
            if wrong := next((each for each in read.problems if each.rule == "stewardRow"), None):
                where = f"{wrong.place.sheet}, row {wrong.place.row}"
                raise InputError("This row lacks what it is about, or its text.", where=where)
            boxes = read.boxes
        return (*((Sealed.FACT, box) for box in boxes), (Sealed.FILE, seal.close(file)))

    def _fits(self, record: Taken) -> None:
        """Made-up records in practice homes, and nowhere else.

        Raises:
            NotAllowedError: the record belongs in the other kind of home.
        """
        made_up = record.owner.startswith(namespaces.EXAMPLE)
        if self._home.practice and not made_up:
            raise NotAllowedError(
                f"This is a practice home, for made-up records under {namespaces.EXAMPLE}. "
                f"The file is the record of {record.owner}."
            )
        if not self._home.practice and (made_up or namespaces.EXAMPLE.encode() in record.ntriples):
            raise NotAllowedError(
                f"The record is made up: it speaks of {namespaces.EXAMPLE}. Try it in a practice home: "
                "svssv init --practice DIR"
            )


def holds_restricted(report: Report) -> bool:
    """Whether a check found something for the steward alone in a file, and left it unread."""
    return any(finding.rule == f"{namespaces.SVSH}Reading-stewardSheet" for finding in report.findings)


def plain(text: str) -> str:
    """Text that any database and terminal takes: no control characters, no halves of characters."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text.strip())
