"""The tables of the ledger, and the triggers that keep them honest."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, LargeBinary, Text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from taxonomy.errors import StoreError

FORMAT: Final = 1  # raised when the tables change; an older or newer file is refused, not guessed at
_PATIENCE: Final = 10.0  # seconds to wait for whoever else is opening a new file


class State(StrEnum):
    """Where a submission stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # a later version of the same record was published


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone: SQLite would forget the zone, so it is kept as UTC and read as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment as it is stored."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment as it was."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The tables of the ledger."""

    type_annotation_map = {datetime: UtcDateTime, str: Text, bytes: LargeBinary}  # noqa: RUF012


class PersonRow(Base):
    """Somebody who may act here; a name to act by, not necessarily the name they were given."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    added: Mapped[datetime]
    disabled: Mapped[datetime | None] = mapped_column(default=None)
    roles: Mapped[list[RoleRow]] = relationship(lazy="selectin")


class RoleRow(Base):
    """One role of one person."""

    __tablename__ = "roles"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class TokenRow(Base):
    """The fingerprint of a token; the token itself is shown once and never kept."""

    __tablename__ = "tokens"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issued: Mapped[datetime]


class SubmissionRow(Base):
    """One version of one record, as it came and as it was read."""

    __tablename__ = "submissions"
    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in State)})"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]  # IRI of the organisation that the record is about
    graph: Mapped[str]  # IRI of the named graph it is published as
    file_name: Mapped[str]  # as the submitter's machine had it: text to show, never a path to open
    sha256: Mapped[str]  # of the file
    file: Mapped[bytes] = mapped_column(deferred=True)
    content: Mapped[bytes] = mapped_column(deferred=True)  # canonical N-Triples
    report: Mapped[str]  # the report it passed with, as JSON
    submitted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted: Mapped[datetime]
    state: Mapped[str]
    submitter: Mapped[PersonRow] = relationship(lazy="joined")


class DecisionRow(Base):
    """One thing that one person did to one submission. Added, never changed."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    what: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    why: Mapped[str]
    person: Mapped[PersonRow] = relationship(lazy="joined")


_AS_SUBMITTED = "id, owner, graph, file_name, sha256, file, content, report, submitted_by, submitted"
_REFUSED: Final = {
    "UPDATE ON decisions": "a decision is never changed",
    "DELETE ON decisions": "a decision is never deleted",
    f"UPDATE OF {_AS_SUBMITTED} ON submissions": "what was submitted is never changed",
    "DELETE ON submissions": "a submission is never deleted",
}


def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set up one connection to SQLite: a decision that was reported as taken outlives a power cut."""
    cursor = connection.cursor()
    for setting in ("busy_timeout = 10000", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {setting}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Keep a journal of what is written; SQLite does not wait its turn when several do this to a new file at once."""
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def create(connection: Connection) -> None:
    """Make the tables where there are none; two processes may do it at once.

    Raises:
        StoreError: the file holds something else, or tables of another version.
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
        Base.metadata.create_all(connection)
        for number, (change, reason) in enumerate(_REFUSED.items(), start=1):
            connection.exec_driver_sql(
                f"CREATE TRIGGER kept_{number} BEFORE {change} BEGIN SELECT RAISE(ABORT, '{reason}'); END"
            )
        connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
    elif found != FORMAT:
        raise StoreError(f"This ledger has format {found}, and this version of svssv reads format {FORMAT}.")
    connection.commit()
