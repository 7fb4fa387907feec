"""One version of one record: as it arrives, and as the ledger tells of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taxonomy.publishing.tables import Sealed, State, SubmissionRow
from taxonomy.sealing import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One version of one record, without its bytes."""

    id: int
    owner: str  # IRI of the organisation
    graph: str  # IRI of the named graph
    file_name: str  # text to show, never a path to open; empty once it is erased
    sha256: str  # of the file as it came; empty once it is erased
    report: Mapping[str, Any]  # what its check found; empty once it is erased
    submitted_by: str  # a person's name to act by
    submitted: datetime
    state: State
    restricted: int = 0  # how many facts for the steward alone came with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the ledger keeps of a file that conformed."""

    owner: str
    graph: str
    file_name: str
    sha256: str
    file: bytes
    content: bytes  # N-Triples
    report: str  # JSON
    restricted: tuple[tuple[Sealed, Box], ...] = ()  # what is for the steward alone, sealed


def read(row: SubmissionRow) -> Submission:
    """A submission, as the ledger has it."""
    kept = row.contents
    return Submission(
        id=row.id,
        owner=row.owner,
        graph=row.graph,
        file_name=kept.file_name if kept else "",
        sha256=kept.sha256 if kept else "",
        report=json.loads(kept.report) if kept else {},
        submitted_by=row.submitter.name,
        submitted=row.submitted,
        state=State(row.state),
        restricted=sum(each.what == Sealed.FACT for each in kept.restricted) if kept else 0,
    )
