"""What is for the steward alone: sealed in the ledger, opened one submission at a time, each opening on record.

The home holds the public key, which only closes. The private one is a file somewhere else, named to the desk by
``SVSSV_RESTRICTED_KEY_FILE``. Where it is lost, what was sealed is lost with it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from taxonomy.errors import GoneError, InputError, NotAllowedError, NotFoundError
from taxonomy.publishing import chain, decisions
from taxonomy.publishing.ledger import Ledger, row_of
from taxonomy.publishing.person import Person, Role
from taxonomy.publishing.tables import OpeningRow, RestrictedRow, Sealed
from taxonomy.sealing import Box, Key, Seal
from taxonomy.settings import Settings
from taxonomy.store import files
from taxonomy.store.releases import Home

SEAL: Final = "restricted.pub"  # the public key, in a home
SETTING: Final = "SVSSV_RESTRICTED_KEY_FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a provider told the steward alone."""

    about: str = field(repr=False)  # as the provider wrote it: the name of the organisation or of a service
    kind: str  # address, contact or other
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One time that somebody read what is sealed."""

    number: int
    submission: int
    what: str  # fact or file
    who: str
    when: datetime


class Restricted:
    """What is sealed in one ledger, for somebody who has the key."""

    def __init__(self, ledger: Ledger, key: Key) -> None:
        self._ledger, self._key = ledger, key

    def facts(self, number: int, by: Person) -> tuple[Fact, ...]:
        """What came with one submission for the steward alone. That it was opened is written down first.

        Raises:
            NotFoundError: there is no such submission.
            GoneError: it was erased, and this with it.
            NotAllowedError: this person is no steward, or it takes another key.
            StoreError: what is there is not what was sealed.
        """
        return tuple(Fact(**json.loads(self._key.open(box))) for box in self._boxes(number, Sealed.FACT, by))

    def file(self, number: int, by: Person) -> bytes:
        """The file of a submission, where it was sealed because such facts are in it. That is written down first.

        Raises:
            NotFoundError, GoneError, NotAllowedError, StoreError: as for its facts; or no file of it is sealed.
        """
        boxes = self._boxes(number, Sealed.FILE, by)
        if not boxes:
            raise NotFoundError("sealed file of submission", str(number))
        return self._key.open(boxes[0])

    def _boxes(self, number: int, what: Sealed, by: Person) -> list[Box]:
        by.must_be("open what is for the steward alone", Role.STEWARD)
        with self._ledger.session() as session:
            boxes = [_box(row) for row in _rows(session, number) if row.what == what]
            if boxes:
                self._key.open(boxes[0])  # a wrong key opens nothing, and leaves no entry that says so
                _write_down(session, number, what, by)
        return boxes


def openings(ledger: Ledger, number: int) -> tuple[Opening, ...]:
    """Who opened what is sealed of one submission, and when.

    Raises:
        NotFoundError: there is no such submission.
    """
    with ledger.session() as session:
        row_of(session, number)
        wanted = select(OpeningRow).where(OpeningRow.submission_id == number).order_by(OpeningRow.id)
        return tuple(
            Opening(number=row.id, submission=number, what=row.what, who=row.person.name, when=row.when)
            for row in session.scalars(wanted)
        )


def key() -> Key:
    """The private key that this process was given.

    Raises:
        NotAllowedError: it was given none.
        InputError: the file holds none, or others may read it.
    """
    path = Settings.read().restricted_key
    if path is None:
        raise NotAllowedError(f"This takes the private key: name its file in {SETTING}.")
    return Key.read(path)


def seal_of(home: Home) -> Seal | None:
    """The public key of a home; None where nobody has made one.

    Raises:
        InputError: its file holds none.
    """
    path = home.path / SEAL
    return Seal.told(path.read_text(encoding="ascii", errors="replace")) if path.is_file() else None


def make(home: Home, out: Path) -> Seal:
    """A new pair of keys: the private one in the file ``out``, the public one in the home.

    Raises:
        InputError: the home has one, or ``out`` is there already or lies in the home.
    """
    if seal_of(home):
        raise InputError("This home has a key.", hint="Exchange it with: svssv keys rotate --out FILE")
    return _made(home, out).seal


def rotate(
    home: Home, ledger: Ledger, old: Key, out: Path, *, progress: Callable[[int, int], object] | None = None
) -> int:
    """Seal everything anew for a new key, kept in ``out``; gives how many boxes there were.

    The old key opens none of them then. Where it was interrupted, the same call goes on: ``out`` is then the key of the
    home already.

    Raises:
        InputError: the home has no key, or ``out`` is another file.
        NotAllowedError: something was sealed for a key that is neither of the two.
    """
    seal = seal_of(home)
    if seal is None:
        raise InputError("This home has no key.", hint="Make one with: svssv keys make --out FILE")
    new = Key.read(out) if out.exists() else None
    if new is None or new.seal != seal:
        if seal != old.seal:
            raise InputError(f"The key given is {old.seal.name}, and the home's is {seal.name}.", where=SETTING)
        new = _made(home, out)  # refuses a file that is something else
    with ledger.session() as session:
        rows = session.scalars(select(RestrictedRow).where(RestrictedRow.key != new.seal.name)).all()
        for done, row in enumerate(rows, start=1):
            box = old.again(_box(row), new.seal)
            row.key, row.box = box.key, box.content
            if progress:
                progress(done, len(rows))
    ledger.shred()
    return len(rows)


def faults(home: Home, ledger: Ledger) -> Iterator[str]:
    """What is wrong with the keys of a home, in words."""
    seal = seal_of(home)
    with ledger.session() as session:
        keys = Counter(session.scalars(select(RestrictedRow.key)))
    for name, count in sorted(keys.items()):
        if seal is None or name != seal.name:
            yield (
                f"{count} boxes are sealed for the key {name}, which is not the home's: "
                "seal them anew with svssv keys rotate."
            )


def count(ledger: Ledger) -> int:
    """How many boxes a ledger holds."""
    with ledger.session() as session:
        return len(session.scalars(select(RestrictedRow.number)).all())


def _made(home: Home, out: Path) -> Key:
    if out.resolve().is_relative_to(home.path.resolve()):
        raise InputError("The private key would lie in the home.", where=str(out), hint="Keep it somewhere else.")
    made = Key.new()
    made.write(out)
    files.write(home.path / SEAL, made.seal.text + "\n")
    return made


def _rows(session: Session, number: int) -> list[RestrictedRow]:
    row = row_of(session, number)
    if row.contents is None:
        raise GoneError("submission", str(number))
    return row.contents.restricted


def _box(row: RestrictedRow) -> Box:
    return Box(key=row.key, commitment=row.commitment, content=row.box)


def _write_down(session: Session, number: int, what: Sealed, by: Person) -> None:
    """Add one entry; whoever does takes a turn with whoever adds to the chain of decisions."""
    decisions.wait_for_turn(session)
    last = session.scalar(select(OpeningRow).order_by(OpeningRow.id.desc()).limit(1))
    entry = OpeningRow(
        id=last.id + 1 if last else 1,
        submission_id=number,
        what=what,
        person_id=by.id,
        when=datetime.now(UTC),
    )
    entry.seal = entry.sealed_over(last.seal if last else chain.START)
    session.add(entry)
