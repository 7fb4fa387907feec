"""What stewards decided on organisations that records propose to the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REASON = "what was decided on a proposal is never changed"


def upgrade() -> None:
    """Make the table; its rows are added, and destroyed with what they repeat, but never changed."""
    text, number = sa.Text(), sa.Integer()
    op.create_table(
        "proposals",
        sa.Column("id", number, primary_key=True),
        sa.Column("iri", text, nullable=False),
        sa.Column("names", text, nullable=False),
        sa.Column("verdict", text, nullable=False),
        sa.Column("known", text, nullable=False),
        sa.Column("label", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("why", text, nullable=False),
        sa.Column("person_id", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("when", sa.DateTime(), nullable=False),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER proposals_no_update BEFORE UPDATE ON proposals BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION proposals_no_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{_REASON}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER proposals_no_update BEFORE UPDATE ON proposals "
        "FOR EACH ROW EXECUTE FUNCTION proposals_no_update()"
    )
