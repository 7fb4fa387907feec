"""What every table of the ledger has in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import DateTime, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

MOST: Final = 2**31 - 1  # the largest number of a row: a larger one is nobody's, and no database takes it


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone: SQLite would forget the zone, so it is kept as UTC and read as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the base class names it
        """The moment as it is stored."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the base class names it
        """The moment as it was."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The tables of the ledger."""

    type_annotation_map = {datetime: UtcDateTime, str: Text, bytes: LargeBinary}  # noqa: RUF012  SQLAlchemy reads it from the class
