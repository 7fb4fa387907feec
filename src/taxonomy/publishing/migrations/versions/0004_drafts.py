"""Drafts: what contributors have begun and not yet handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    text, moment, number = sa.Text(), sa.DateTime(), sa.Integer()
    op.create_table(
        "drafts",
        sa.Column("id", number, primary_key=True),
        sa.Column("person_id", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("owner", text, nullable=False),
        sa.Column("changed", moment, nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("file_name", text, nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("form", text, nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("person_id", "owner"),
    )
