"""Drafts: what a contributor has begun and not yet handed in. Each belongs to one person and one organisation.

A draft is not a submission: nobody else sees it, nothing is decided on it, and it is destroyed when it is handed in,
when its owner discards it, or when nobody has touched it for thirty days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from taxonomy.errors import ConflictError, StoreError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.tables import DraftRow

KEPT: Final = timedelta(days=30)  # after it was last changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody has begun for one organisation."""

    owner: str  # IRI of the organisation
    changed: datetime
    version: int  # counts its changes
    file_name: str = ""  # as the person's machine had it: text to show, never a path to open; empty without a file
    file: bytes = b""
    form: str = ""  # the form, as ``Form.to_json`` writes it; empty: it is a file, as it came
    report: bytes = b""  # what its check found, as ``wire.report_out`` writes it; empty: it is to be checked

    @property
    def until(self) -> datetime:
        """When it is destroyed, unless it is changed before."""
        return self.changed + KEPT


class Drafts:
    """The drafts of one ledger.

    >>> from taxonomy.publishing.people import People, Role
    >>> with Ledger(":memory:") as ledger:
    ...     robin, _ = People(ledger).add("robin", [Role.CONTRIBUTOR])
    ...     kept = Drafts(ledger).put(robin.id, Draft(owner="https://example.org/id/organisation/x", form="{}",
    ...                                               changed=datetime.now(UTC), version=0))
    ...     kept.version, len(Drafts(ledger).of(robin.id))
    (1, 1)
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def find(self, person: int, owner: str) -> Draft | None:
        """The draft of a person for an organisation, where there is one."""
        with self._ledger.session() as session:
            self._expire(session)
            row = session.scalar(select(DraftRow).where(DraftRow.person_id == person, DraftRow.owner == owner))
            return _draft(row) if row else None

    def of(self, person: int) -> dict[str, datetime]:
        """The organisations for which a person has a draft, each with the moment when it was last changed."""
        with self._ledger.session() as session:
            self._expire(session)
            rows = session.execute(select(DraftRow.owner, DraftRow.changed).where(DraftRow.person_id == person))
            return {row.owner: row.changed for row in rows}

    def put(self, person: int, draft: Draft) -> Draft:
        """Keep a draft in the place of the one with its version; with version 0, of none.

        Raises:
            ConflictError: it was changed, begun or handed in meanwhile, for example in another window.
        """
        values = {
            "changed": datetime.now(UTC),
            "version": draft.version + 1,
            "file_name": draft.file_name,
            "file": draft.file,
            "form": draft.form,
            "report": draft.report,
        }
        same = (DraftRow.person_id == person, DraftRow.owner == draft.owner, DraftRow.version == draft.version)
        try:
            with self._ledger.session() as session:
                if draft.version == 0:
                    session.add(DraftRow(person_id=person, owner=draft.owner, **values))
                elif session.scalar(update(DraftRow).where(*same).values(**values).returning(DraftRow.id)) is None:
                    raise ConflictError("This draft was changed or handed in meanwhile, for example in another window.")
        except StoreError as error:
            if isinstance(error.__cause__, IntegrityError):
                raise ConflictError(
                    "A draft of this record was begun meanwhile, for example in another window."
                ) from error
            raise
        kept = self.find(person, draft.owner)
        if kept is None:
            raise ConflictError("This draft was handed in meanwhile, for example in another window.")
        return kept

    def drop(self, person: int, owner: str) -> None:
        """Destroy a draft, where there is one."""
        with self._ledger.session() as session:
            session.execute(delete(DraftRow).where(DraftRow.person_id == person, DraftRow.owner == owner))

    def drop_all(self, owner: str) -> None:
        """Destroy every draft of an organisation, whoever began it: for when what it says has to go at once."""
        with self._ledger.session() as session:
            session.execute(delete(DraftRow).where(DraftRow.owner == owner))

    @staticmethod
    def _expire(session: Session) -> None:
        session.execute(delete(DraftRow).where(DraftRow.changed < datetime.now(UTC) - KEPT))


def _draft(row: DraftRow) -> Draft:
    return Draft(
        owner=row.owner,
        changed=row.changed,
        version=row.version,
        file_name=row.file_name,
        file=row.file,
        form=row.form,
        report=row.report,
    )
