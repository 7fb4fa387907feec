"""Cited answers: kept in a small file of the home, and asked again later to see whether they still hold.

No rows are kept, and nothing about who cited: the query, the release, and the hash of what came back. The releases
themselves give the rows again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal, Protocol

from taxonomy.errors import GoneError, LimitError, NotFoundError, QueryError, ReplacedError, StoreError
from taxonomy.questions import fingerprints
from taxonomy.questions.citation import Citation
from taxonomy.questions.results import Answer, Graph
from taxonomy.questions.terms import Terms
from taxonomy.store.numbers import ReleaseNumber


class Ask(Protocol):
    """What answers a query."""

    def __call__(self, query: str, /, *, graphs: str) -> Answer | Graph:
        """The answer; ``graphs`` is the syntax wanted of CONSTRUCT and DESCRIBE."""


State = Literal["unchanged", "changed", "not repeatable", "not answered"]

AN_HOUR: Final = 200  # new citations that a home takes in an hour, from everybody together
IN_ALL: Final = 20_000
LONGEST: Final = 16 * 2**10  # characters of a query that can be cited
_HOUR: Final = 3600.0
_GONE: Final = "gone"
_PATIENCE: Final = 5.0  # seconds to wait for another process that writes
_TABLE: Final = "CREATE TABLE IF NOT EXISTS citation (id TEXT PRIMARY KEY, kept REAL NOT NULL, facts TEXT NOT NULL)"


class Citations:
    """The cited answers of a home; safe to use from several processes at once.

    >>> import tempfile
    >>> Citations(Path(tempfile.mkdtemp()) / "citations.db").get("nothing")
    Traceback (most recent call last):
    taxonomy.errors.NotFoundError: No citation has the name 'nothing'.
    """

    def __init__(self, path: Path, *, an_hour: int = AN_HOUR, in_all: int = IN_ALL) -> None:
        self._path, self._an_hour, self._in_all = path, an_hour, in_all

    def keep(self, citation: Citation) -> Citation:
        """Keep a citation; what is kept already stays as it was first.

        Raises:
            QueryError: the query is too long to be kept.
            LimitError: as many as fit were kept in this hour, or in all.
            StoreError: the file cannot be written.
        """
        if len(citation.text) > LONGEST:
            raise QueryError(f"A query of {len(citation.text):,} characters cannot be cited; {LONGEST:,} are the most.")
        now = time.time()
        with self._file() as file:
            file.execute("BEGIN IMMEDIATE")
            if found := file.execute("SELECT facts FROM citation WHERE id = ?", (citation.id,)).fetchone():
                return _read(citation.id, found[0])
            lately = file.execute("SELECT COUNT(*) FROM citation WHERE kept > ?", (now - _HOUR,)).fetchone()[0]
            if lately >= self._an_hour:
                raise LimitError("busy", f"{self._an_hour} answers were cited here within an hour. Cite it later.")
            if file.execute("SELECT COUNT(*) FROM citation").fetchone()[0] >= self._in_all:
                raise LimitError("busy", f"{self._in_all:,} answers are cited here, and no more can be kept.")
            file.execute("INSERT INTO citation VALUES (?, ?, ?)", (citation.id, now, citation.to_json()))
        return citation

    def get(self, name: str) -> Citation:
        """A kept citation by its id.

        Raises:
            NotFoundError: there is none.
            GoneError: it had to be withdrawn; ReplacedError where all of its release was replaced.
            StoreError: the file cannot be read.
        """
        found = None
        if self._path.exists():
            with self._file() as file:
                found = file.execute("SELECT facts FROM citation WHERE id = ?", (name,)).fetchone()
        if found is None:
            raise NotFoundError("citation", name)
        return _read(name, found[0])

    def forget(self, replaced: Mapping[str, str], *, on: date, repeats: Callable[[str], bool]) -> int:
        """Destroy what is kept of answers from releases that were replaced, and of queries that repeat what went.

        That something was cited stays, and what stands in the release's place. A hash goes too: of few rows it can be
        guessed what they were. How many were forgotten.

        Raises:
            StoreError: the file cannot be read or written.
        """
        if not self._path.exists():
            return 0
        forgotten = 0
        with self._file() as file:
            file.execute("PRAGMA secure_delete = ON")
            file.execute("BEGIN IMMEDIATE")
            for name, facts in file.execute("SELECT id, facts FROM citation").fetchall():
                told = json.loads(facts)
                release = str(told.get("release", ""))
                if _GONE not in told and (release in replaced or repeats(facts) or repeats(told["text"])):
                    gone = {"release": release, "by": replaced.get(release, release), "on": on.isoformat()}
                    file.execute("UPDATE citation SET facts = ? WHERE id = ?", (json.dumps({_GONE: gone}), name))
                    forgotten += 1
            file.execute("COMMIT")
            file.execute("VACUUM")
        return forgotten

    @contextlib.contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        """The file, open for one transaction."""
        try:
            with contextlib.closing(sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)) as file:
                file.execute(_TABLE)
                yield file
                if file.in_transaction:
                    file.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"The citations in {self._path.name} cannot be read or written: {error}.") from error


def _read(name: str, facts: str) -> Citation:
    """A citation as it is kept.

    Raises:
        ReplacedError: its release was replaced, and nothing of the answer is kept.
        GoneError: it repeated something that had to be withdrawn.
    """
    if gone := json.loads(facts).get(_GONE):
        if gone["by"] == gone["release"]:
            raise GoneError("citation", name)
        raise ReplacedError(gone["release"], by=gone["by"], on=date.fromisoformat(gone["on"]))
    return Citation.from_json(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What a cited query gives in one release."""

    release: ReleaseNumber
    state: State
    detail: str = ""  # why it was not answered
    answer: Answer | None = None
    citation: Citation | None = None  # as it would be cited from this release


def ask_again(citation: Citation, ask: Ask, release: ReleaseNumber) -> Again:
    """Ask the query of a citation again of a release, and compare the rows with those that were cited.

    ``ask`` is the ``sparql`` of a knowledge graph, or stands for it.

    Raises:
        StoreError: the release cannot be read.
    """
    if citation.hash is None:
        return Again(release=release, state="not repeatable")
    try:
        result = ask(citation.text, graphs="application/n-triples")
    except (LimitError, QueryError) as error:
        return Again(release=release, state="not answered", detail=str(error))
    found = replace(result.citation, question=citation.question, given=citation.given)
    state: State = "unchanged" if found.hash == citation.hash else "changed"
    answer = result.table if isinstance(result, Graph) else result
    return Again(release=release, state=state, answer=answer, citation=found)


def differing(earlier: Answer, later: Answer) -> tuple[Answer, Answer]:
    """The rows that only the earlier answer has, and those that only the later one has."""
    return _without(earlier, later), _without(later, earlier)


def _without(answer: Answer, other: Answer) -> Answer:
    mine, theirs = answer.terms or Terms((), []), other.terms or Terms((), [])
    spare = Counter(fingerprints.lines(theirs)) if mine.columns == theirs.columns else Counter[str]()
    kept = []
    for place, line in enumerate(fingerprints.lines(mine)):
        if spare[line]:
            spare[line] -= 1
        else:
            kept.append(place)
    table = Terms(mine.columns, [mine.rows[place] for place in kept])
    return replace(answer, rows=tuple(answer.rows[place] for place in kept), terms=table)
