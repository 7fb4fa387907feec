"""The database under the ledger: SQLite in the home, or a PostgreSQL server that several machines share."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from taxonomy.errors import InputError, StoreError

_PATIENCE: Final = 10.0  # seconds to wait for whoever else is opening a new file
_TURN: Final = 5_786_577_086  # the number of the lock under which a server's tables are made; any number would do


def opened(place: Path | str) -> Engine:
    """An engine over a ledger whose tables are those of this version; makes them, or brings them up to it.

    ``place`` is a file, ``":memory:"``, or the address of a PostgreSQL database (``postgresql+psycopg://…``).

    Raises:
        InputError: the address is not one of a database that a ledger can stand on.
        StoreError: it cannot be opened, is no ledger, or was made by a newer version.
    """
    engine = _engine(place)
    try:
        if isinstance(place, Path):
            place.touch(mode=0o600)  # what was submitted is not for every user of the machine
        with engine.begin() as connection:
            _upgrade(connection)
    except (DatabaseError, OSError, StoreError) as error:
        engine.dispose()
        detail = error.orig if isinstance(error, DatabaseError) else error
        raise StoreError(f"The ledger {engine.url.render_as_string()} cannot be opened: {detail}") from error
    return engine


def is_sqlite(engine: Engine) -> bool:
    """Whether the ledger is a file of this machine."""
    return engine.dialect.name == "sqlite"


def shred(engine: Engine) -> None:
    """See to it that what was deleted is in no file of the database any more.

    SQLite writes over what it deletes (``secure_delete``), and here empties its journal. PostgreSQL rewrites the
    tables; its own write-ahead log and backups are the operator's to let go of.

    Raises:
        StoreError: somebody reads the journal for so long that it cannot be emptied.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_sqlite(engine):
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if busy:
                raise StoreError("The ledger's journal is being read, and could not be emptied. Run: svssv doctor")
        else:
            connection.exec_driver_sql("VACUUM FULL contents, reasons, restricted, rechecks, drafts, proposals")


def _engine(place: Path | str) -> Engine:
    if isinstance(place, Path) or place == ":memory:":
        engine = create_engine(f"sqlite:///{place}", hide_parameters=True)  # errors repeat no value
        event.listen(engine, "connect", _prepare)
        return engine
    try:
        engine = create_engine(place, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        hint = "For example postgresql+psycopg://svssv@localhost/svssv (pip install 'psycopg[binary]')."
        raise InputError(f"This is no address of a ledger: {error}.", hint=hint) from error
    if engine.dialect.name != "postgresql":
        raise InputError(f"A ledger cannot stand on {engine.dialect.name}.", hint="Use a file, or PostgreSQL.")
    return engine


def _upgrade(connection: Connection) -> None:
    """Bring the tables up to this version; of several processes that do it at once, each waits its turn."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "taxonomy.publishing:migrations")
    found = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(config)
    if found == script.get_current_head():
        return
    if found is None and inspect(connection).get_table_names():
        raise StoreError("it holds other tables, or a ledger from before they were counted")
    if found is not None and found not in {each.revision for each in script.walk_revisions()}:
        raise StoreError(f"a newer version of svssv made it (its tables are of revision {found})")
    command.upgrade(config, "head")


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set up one connection to SQLite: a decision that was reported as taken outlives a power cut."""
    cursor = connection.cursor()
    for setting in ("busy_timeout = 10000", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
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
