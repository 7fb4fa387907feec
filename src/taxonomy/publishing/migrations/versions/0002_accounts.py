"""Signing in: passwords, visits and failed tries; what a token may do, and for whom a person speaks.

Tokens from before may do all that their holder's roles allow, as they could; and whoever has submitted the record of an
organisation speaks for it.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ALL: Final = "people publish review submit withdraw"


def upgrade() -> None:
    """Make the tables, and the new columns of the tokens."""
    text, moment, number = sa.Text(), sa.DateTime(), sa.Integer()
    op.add_column("tokens", sa.Column("label", text, nullable=False, server_default=""))
    op.add_column("tokens", sa.Column("scopes", text, nullable=False, server_default=_ALL))
    op.add_column("tokens", sa.Column("expires", moment))
    op.create_table(
        "remits",
        sa.Column("person_id", number, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("kind", text, primary_key=True),
        sa.Column("key", text, primary_key=True),
        sa.CheckConstraint("kind IN ('organisation', 'area')", "kind"),
    )
    op.execute(
        "INSERT INTO remits (person_id, kind, key) SELECT DISTINCT submitted_by, 'organisation', owner FROM submissions"
    )
    op.create_table(
        "passwords",
        sa.Column("person_id", number, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("hash", text, nullable=False),
        sa.Column("changed", moment, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("sha256", text, primary_key=True),
        sa.Column("person_id", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("begun", moment, nullable=False),
        sa.Column("seen", moment, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", number, primary_key=True),
        sa.Column("name", text, nullable=False),
        sa.Column("address", text, nullable=False),
        sa.Column("both", text, nullable=False),
        sa.Column("when", moment, nullable=False),
    )
    op.create_table(
        "salt",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("made", moment, nullable=False),
    )
