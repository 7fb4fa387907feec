"""How Alembic reaches the ledger: over the connection that the ledger holds open."""

from __future__ import annotations

from alembic import context

from taxonomy.publishing.base import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
