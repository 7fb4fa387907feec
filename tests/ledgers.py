"""What somebody with the database's own tools can do to a ledger."""

from __future__ import annotations

from taxonomy.publishing.ledger import Ledger


def alter(ledger: Ledger, *statements: str) -> None:
    """What somebody with the database's own tools does."""
    with ledger._engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def behind_its_back(ledger: Ledger, *statements: str) -> None:
    """The same, by somebody who knows how to switch off what the database refuses."""
    if ledger._engine.dialect.name == "postgresql":
        alter(ledger, "SET LOCAL session_replication_role = replica", *statements)
        return
    with ledger._engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (trigger,) in connection.exec_driver_sql(named).all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.exec_driver_sql(statement)
